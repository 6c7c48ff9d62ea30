//! Signed tokens: RS256, one key for all that the emulator issues, told apart by `iss`.

mod keys;
mod kid;

pub(crate) use keys::Keys;
