//! Text from peers, made safe to show.

use alloc::string::String;
use core::fmt::Write as _;

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
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Like [`shown`], for bytes that should be UTF-8 and may not be.
#[must_use]
pub fn shown_bytes(bytes: &[u8], limit: usize) -> String {
    let head = bytes.get(..limit.saturating_add(4)).unwrap_or(bytes);
    shown(&String::from_utf8_lossy(head), limit)
}
