//! The CRC-32 of gzip (RFC 1952, section 8), by whoever does it best here.

#[cfg(any(test, fuzzing, target_arch = "wasm32"))]
pub(super) mod tables;

#[cfg(target_arch = "wasm32")]
pub(super) use tables::Crc;

/// A running CRC.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Default)]
pub(super) struct Crc(#[cfg(feature = "zlib")] u32, #[cfg(not(feature = "zlib"))] crc32fast::Hasher);

#[cfg(all(feature = "zlib", not(target_arch = "wasm32")))]
impl Crc {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0 = zlib_rs::crc32::crc32(self.0, bytes);
    }

    /// The CRC of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0
    }

    /// Begins anew.
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(all(not(feature = "zlib"), not(target_arch = "wasm32")))]
impl Crc {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The CRC of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0.clone().finalize()
    }

    /// Begins anew.
    pub(super) fn reset(&mut self) {
        self.0.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::{Crc, tables};

    #[test]
    fn is_the_crc_of_rfc_1952() {
        let mut crc = Crc::default();
        assert_eq!(crc.value(), 0);
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.value(), 0xcbf4_3926);
        crc.reset();
        assert_eq!(crc.value(), 0);
    }

    #[test]
    fn tables_made_on_the_spot_give_the_same() {
        let bytes: alloc::vec::Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(at) >> 3) as u8).collect();
        for length in [0, 1, 7, 8, 9, 16, 99, 999, 1000, 16_383, 16_384, 30_000, 66_000, 100_000] {
            let (part, rest) = bytes.get(..length).unwrap().split_at(length / 3);
            let (mut crc, mut ours) = (Crc::default(), tables::Crc::default());
            ours.update(b"before");
            ours.reset();
            for bytes in [part, rest] {
                crc.update(bytes);
                ours.update(bytes);
            }
            assert_eq!(ours.value(), crc.value(), "{length}");
        }
    }
}
