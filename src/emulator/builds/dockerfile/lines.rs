//! From lines to instructions: directives, comments, continuations, here-documents.

use super::DockerfileError;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// An instruction, its continuation lines joined.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins, counted from one.
    pub(super) number: usize,
    /// Its text.
    pub(super) text: String,
    /// It has a here-document, whose lines are not part of `text`.
    pub(super) heredoc: bool,
}

/// The instructions, and the character that escapes.
pub(super) fn logical(text: &str) -> Result<(Vec<Line>, char), DockerfileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = escape(text)?;
    let mut lines = Vec::new();
    let mut rest = text.lines().enumerate();
    while let Some((at, first)) = rest.next() {
        if is_silent(first) {
            continue;
        }
        let mut line = Line { number: at + 1, text: String::new(), heredoc: false };
        let mut next = Some(first);
        while let Some(piece) = next {
            let (piece, more) = continued(piece, escape);
            line.text.push_str(piece);
            // Comments and empty lines between continuation lines are dropped.
            next = if more { rest.by_ref().map(|(_, line)| line).find(|line| !is_silent(line)) } else { None };
        }
        line.text = line.text.trim().to_string();
        for end in heredocs(&line.text) {
            line.heredoc = true;
            let missing = || DockerfileError::new(line.number, format!("unterminated heredoc '{}'", end.word));
            rest.by_ref().find(|(_, line)| end.is(line)).ok_or_else(missing)?;
        }
        lines.push(line);
    }
    Ok((lines, escape))
}

/// Comments and empty lines.
fn is_silent(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// A line without its escape at the end, and whether it had one.
fn continued(line: &str, escape: char) -> (&str, bool) {
    line.trim_end_matches([' ', '\t']).strip_suffix(escape).map_or((line, false), |line| (line, true))
}

/// Parser directives stand before everything else.
fn escape(text: &str) -> Result<char, DockerfileError> {
    let mut escape = None;
    for (at, line) in text.lines().enumerate() {
        let directive = line.trim().strip_prefix('#').and_then(|line| line.split_once('='));
        let Some((key, value)) = directive.map(|(key, value)| (key.trim(), value.trim())) else { break };
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        if key.eq_ignore_ascii_case("escape") {
            let wrong = || DockerfileError::new(at + 1, format!("invalid ESCAPE '{value}'. Must be ` or \\"));
            if escape.is_some() {
                return Err(DockerfileError::new(at + 1, "only one escape parser directive can be used"));
            }
            escape =
                Some(value.chars().next().filter(|c| matches!(c, '`' | '\\') && value.len() == 1).ok_or_else(wrong)?);
        }
    }
    Ok(escape.unwrap_or('\\'))
}

struct End {
    word: String,
    tabs: bool,
}

impl End {
    fn is(&self, line: &str) -> bool {
        let line = if self.tabs { line.trim_start_matches('\t') } else { line };
        line == self.word
    }
}

/// The here-documents that an instruction begins.
fn heredocs(text: &str) -> Vec<End> {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if !["run", "copy", "add"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Vec::new();
    }
    let words = rest.split_whitespace().filter_map(|word| {
        let word = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
        let (word, tabs) = word.strip_prefix('-').map_or((word, false), |word| (word, true));
        let word: String = word.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        let name = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        name.then_some(End { word, tabs })
    });
    words.collect()
}
