//! Text from peers, made safe to show.

use alloc::string::String;

/// True for characters that would steer a terminal or reorder a line: controls, bidi marks and overrides,
/// line separators, and zero-width characters that hide in names.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Copies `text` with unsafe characters as `\u{..}` escapes, cut at `limit` bytes of output.
///
/// ```
/// assert_eq!(portolan::text::shown("a\u{1b}[31mb", 100), "a\\u{1b}[31mb");
/// assert_eq!(portolan::text::shown("abcdef", 3), "abc…");
/// ```
#[must_use]
pub fn shown(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() + c.len_utf8() > limit {
            out.push('…');
            break;
        }
        if is_unsafe(c) {
            out.push_str("\\u{");
            out.push_str(&hexadecimal(u64::from(u32::from(c)), 1));
            out.push('}');
        } else {
            out.push(c);
        }
    }
    out
}

/// A number in decimal digits. Unlike `Display` it brings little code along.
#[cfg(any(
    test,
    all(
        any(feature = "wasm", feature = "wasm-azure", feature = "wasm-layers", feature = "wasm-layers-extra"),
        target_arch = "wasm32"
    )
))]
pub(crate) fn decimal(number: u64) -> String {
    digits(number, 10, 1)
}

/// A number in so many hexadecimal digits (1 to 16), or more.
pub(crate) fn hexadecimal(number: u64, width: u32) -> String {
    digits(number, 16, width)
}

fn digits(number: u64, base: u64, width: u32) -> String {
    let mut text = String::new();
    let mut unit = base.pow(width - 1);
    while number / unit >= base {
        unit *= base;
    }
    while unit > 0 {
        let digit = (number / unit % base) as u32;
        text.push(char::from_digit(digit, 16).unwrap_or_default());
        unit /= base;
    }
    text
}

/// Like [`shown`], for bytes that should be UTF-8 and may not be.
#[must_use]
pub fn shown_bytes(bytes: &[u8], limit: usize) -> String {
    let head = bytes.get(..limit.saturating_add(4)).unwrap_or(bytes);
    shown(&String::from_utf8_lossy(head), limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn numbers_are_those_of_display() {
        for number in [0, 7, 10, 4096, 1_234_567_890_123, u64::MAX] {
            assert_eq!(decimal(number), format!("{number}"));
            assert_eq!(hexadecimal(number, 1), format!("{number:x}"));
            assert_eq!(hexadecimal(number, 16), format!("{number:016x}"));
        }
    }
}
