//! The header of a zstd frame, RFC 8878, section 3.1.1.1.
//!
//! ```text
//! 28 b5 2f fd   descriptor   [window descriptor]   [dictionary id 0-4]   [content size 0-8]
//! ```

/// Length of the magic number, and of the descriptor behind it.
pub(super) const BEGIN: usize = 5;

/// What a header says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Bytes that must be kept while the frame is decompressed.
    pub(super) window: u64,
    /// Bytes that come out.
    pub(super) content: Option<u64>,
    /// Whether a checksum follows the frame.
    pub(super) checksum: bool,
    /// Whether a dictionary is needed.
    pub(super) dictionary: bool,
}

/// Lengths of its parts by the descriptor: window descriptor, dictionary id, content size.
fn lengths(descriptor: u8) -> (usize, usize, usize) {
    let single = is_single_segment(descriptor);
    let dictionary = match descriptor & 3 {
        3 => 4,
        length => usize::from(length),
    };
    let content = match descriptor >> 6 {
        0 => usize::from(single),
        1 => 2,
        2 => 4,
        _ => 8,
    };
    (usize::from(!single), dictionary, content)
}

fn is_single_segment(descriptor: u8) -> bool {
    descriptor & 0x20 != 0
}

/// Length of a header that begins so; nothing if its descriptor is none.
pub(super) fn length(begin: &[u8]) -> Option<usize> {
    let descriptor = begin.get(BEGIN - 1).filter(|descriptor| **descriptor & 8 == 0)?;
    let (window, dictionary, content) = lengths(*descriptor);
    Some(BEGIN + window + dictionary + content)
}

impl Header {
    /// Reads a header of the right length.
    pub(super) fn read(header: &[u8]) -> Option<Self> {
        let descriptor = *header.get(BEGIN - 1)?;
        let (window_length, dictionary_length, content_length) = lengths(descriptor);
        let (window, rest) = header.get(BEGIN..)?.split_at_checked(window_length)?;
        let (dictionary, content) = rest.split_at_checked(dictionary_length)?;
        let content = (content_length > 0).then(|| {
            // With two bytes it begins at 256: smaller ones fit into one.
            little_endian(content).saturating_add(if content_length == 2 { 256 } else { 0 })
        });
        Some(Self {
            window: window.first().map(|descriptor| window_size(*descriptor)).or(content).unwrap_or_default(),
            content,
            checksum: descriptor & 4 != 0,
            dictionary: little_endian(dictionary) != 0,
        })
    }
}

fn window_size(descriptor: u8) -> u64 {
    let base = 1_u64 << (10 + (descriptor >> 3));
    base + base / 8 * u64::from(descriptor & 7)
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &[u8]) -> Header {
        let header = [&[0x28, 0xb5, 0x2f, 0xfd], rest].concat();
        assert_eq!(length(&header[..BEGIN]), Some(header.len()));
        Header::read(&header).unwrap()
    }

    #[test]
    fn all_parts_are_read() {
        let none = Header::default();
        assert_eq!(read(&[0x00, 0x00]), Header { window: 1024, ..none });
        assert_eq!(read(&[0x04, 0x59]), Header { window: (2 << 20) + (256 << 10), checksum: true, ..none });
        assert_eq!(read(&[0x20, 9]), Header { window: 9, content: Some(9), ..none });
        assert_eq!(read(&[0x60, 1, 0]), Header { window: 257, content: Some(257), ..none });
        assert_eq!(
            read(&[0xa1, 7, 0, 0, 1, 0]),
            Header { window: 65536, content: Some(65536), dictionary: true, ..none }
        );
        assert_eq!(
            read(&[0xc3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
            Header { window: 1024, content: Some(1), ..none }
        );
    }

    #[test]
    fn l02_the_largest_window_does_not_overflow() {
        assert_eq!(read(&[0x00, 0xff]).window, (1 << 41) + 7 * (1 << 38));
        assert_eq!(read(&[0xe0, 255, 255, 255, 255, 255, 255, 255, 255]).window, u64::MAX);
    }

    #[test]
    fn a_reserved_bit_is_refused() {
        assert_eq!(length(&[0x28, 0xb5, 0x2f, 0xfd, 8]), None);
    }
}
