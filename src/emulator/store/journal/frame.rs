//! Records with a length and a checksum, one after the other.
//!
//! ```text
//! record = length checksum payload      length, checksum: 32 bits, little endian; checksum: CRC-32 of the payload
//! ```

use alloc::vec::Vec;

/// Longest record accepted, bytes: what lies behind a longer one is noise.
const MAX_LEN: u32 = 256 << 20;
/// Bytes before the payload.
const HEAD: usize = 8;

/// Adds a record to `out`. One that nothing could read back is not written.
pub(crate) fn write(out: &mut Vec<u8>, payload: &[u8]) -> bool {
    let Some(length) = u32::try_from(payload.len()).ok().filter(|length| *length <= MAX_LEN) else {
        return false;
    };
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(payload).to_le_bytes());
    out.extend_from_slice(payload);
    true
}

/// The first record's payload and what follows it; nothing if it is not whole.
pub(crate) fn read(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (checksum, rest) = rest.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    let length = usize::try_from(length).ok().filter(|_| length <= MAX_LEN)?;
    let (payload, rest) = rest.split_at_checked(length)?;
    (crc32fast::hash(payload) == u32::from_le_bytes(*checksum)).then_some((payload, rest))
}

/// The payloads of whole records from the start on, and how many bytes they take.
pub(crate) fn read_all(mut bytes: &[u8]) -> (Vec<&[u8]>, usize) {
    let (mut payloads, mut taken) = (Vec::new(), 0);
    while let Some((payload, rest)) = read(bytes) {
        payloads.push(payload);
        taken += HEAD + payload.len();
        bytes = rest;
    }
    (payloads, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_torn_anywhere_has_the_records_before() {
        let payloads: [&[u8]; 4] = [b"first", b"", b"third one", &[0; 300]];
        let mut bytes = Vec::new();
        let mut ends = alloc::vec![0];
        for payload in payloads {
            assert!(write(&mut bytes, payload));
            ends.push(bytes.len());
        }
        for cut in 0..=bytes.len() {
            let (read, taken) = read_all(&bytes[..cut]);
            let whole = ends.iter().filter(|end| **end <= cut).count() - 1;
            assert_eq!(read, payloads[..whole], "cut at {cut}");
            assert_eq!(taken, ends[whole]);
        }
    }

    #[test]
    fn a_flipped_bit_ends_the_journal() {
        let mut bytes = Vec::new();
        write(&mut bytes, b"first");
        let end = bytes.len();
        write(&mut bytes, b"second");
        for at in end..bytes.len() {
            for bit in 0..8 {
                let mut broken = bytes.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(read_all(&broken).1, end, "byte {at}, bit {bit}");
            }
        }
    }
}
