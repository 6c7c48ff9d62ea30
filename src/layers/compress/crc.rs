//! The CRC-32 of gzip (RFC 1952, section 8).

/// A running CRC.
#[derive(Clone, Default)]
pub(super) struct Crc(#[cfg(feature = "zlib")] u32, #[cfg(not(feature = "zlib"))] crc32fast::Hasher);

#[cfg(feature = "zlib")]
impl Crc {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0 = continued(self.0, bytes);
    }

    /// The CRC of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0
    }
}

#[cfg(all(feature = "zlib", not(target_arch = "wasm32")))]
use zlib_rs::crc32::crc32 as continued;

#[cfg(any(test, all(feature = "zlib", target_arch = "wasm32")))]
mod tables;
#[cfg(all(feature = "zlib", target_arch = "wasm32"))]
use tables::continued;

#[cfg(not(feature = "zlib"))]
impl Crc {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The CRC of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0.clone().finalize()
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
    }

    #[test]
    fn tables_made_on_the_spot_give_the_same() {
        let bytes: alloc::vec::Vec<u8> = (0..1000_u32).map(|at| (at * at >> 3) as u8).collect();
        for length in [0, 1, 7, 8, 9, 16, 999, 1000] {
            let (part, whole) = (bytes.get(..length / 3).unwrap(), bytes.get(..length).unwrap());
            let mut crc = Crc::default();
            crc.update(whole);
            let rest = whole.get(part.len()..).unwrap();
            assert_eq!(tables::continued(tables::continued(0, part), rest), crc.value(), "{length}");
        }
    }
}
