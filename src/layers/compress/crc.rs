//! The CRC-32 of gzip (RFC 1952, section 8).

/// A running CRC.
#[derive(Clone, Default)]
pub(super) struct Crc(#[cfg(feature = "zlib")] u32, #[cfg(not(feature = "zlib"))] crc32fast::Hasher);

#[cfg(feature = "zlib")]
impl Crc {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0 = zlib_rs::crc32::crc32(self.0, bytes);
    }

    /// The CRC of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0
    }
}

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
    use super::Crc;

    #[test]
    fn is_the_crc_of_rfc_1952() {
        let mut crc = Crc::default();
        assert_eq!(crc.value(), 0);
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.value(), 0xcbf4_3926);
    }
}
