//! Passwords and client secrets.

use super::random;
use alloc::string::String;
use std::io;

/// 52 characters, as long as ACR's; letters and digits, so that no shell minds them.
pub(crate) fn new() -> io::Result<String> {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len()).map_or('x', |letter| char::from(*letter));
    Ok(random::bytes::<52>()?.into_iter().map(letter).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn passwords_differ() {
        assert_ne!(super::new().unwrap(), super::new().unwrap());
        assert_eq!(super::new().unwrap().len(), 52);
    }
}
