//! Words, quotes and variables, as Docker's shell-like lexer has them.

use alloc::{format, string::String, vec::Vec};
use core::{iter::Peekable, str::Chars};

/// Splits at white space that is not quoted; quotes and escapes stay.
pub(super) fn split(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match quote {
            None if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(core::mem::take(&mut word));
                }
                continue;
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        word.push(c);
        if c == escape && quote != Some('\'') {
            word.extend(rest.next());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What a variable stands for.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Resolves quotes, escapes and variables.
///
/// # Errors
/// A sentence about what cannot be resolved.
pub(crate) fn expand(word: &str, escape: char, lookup: Lookup<'_>) -> Result<String, String> {
    let mut lexer = Lexer { rest: word.chars().peekable(), escape, lookup };
    lexer.until(None)
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    escape: char,
    lookup: Lookup<'a>,
}

impl Lexer<'_> {
    /// Everything up to `end`, or to the end of the word.
    fn until(&mut self, end: Option<char>) -> Result<String, String> {
        let mut out = String::new();
        while let Some(c) = self.rest.next() {
            match c {
                _ if Some(c) == end => return Ok(out),
                '\'' => self.single(&mut out)?,
                '"' => self.double(&mut out)?,
                '$' => out.push_str(&self.dollar()?),
                _ if c == self.escape => out.push(self.rest.next().unwrap_or(c)),
                _ => out.push(c),
            }
        }
        if end.is_some() { Err("syntax error: missing '}'".into()) } else { Ok(out) }
    }

    fn single(&mut self, out: &mut String) -> Result<(), String> {
        for c in self.rest.by_ref() {
            if c == '\'' {
                return Ok(());
            }
            out.push(c);
        }
        Err("unexpected end of statement while looking for matching single-quote".into())
    }

    fn double(&mut self, out: &mut String) -> Result<(), String> {
        while let Some(c) = self.rest.next() {
            match c {
                '"' => return Ok(()),
                '$' => out.push_str(&self.dollar()?),
                _ if c == self.escape => match self.rest.next() {
                    Some(next) if next == self.escape || matches!(next, '"' | '$') => out.push(next),
                    next => {
                        out.push(c);
                        out.extend(next);
                    }
                },
                _ => out.push(c),
            }
        }
        Err("unexpected end of statement while looking for matching double-quote".into())
    }

    fn dollar(&mut self) -> Result<String, String> {
        if self.rest.next_if_eq(&'{').is_some() {
            return self.braces();
        }
        let name = self.name();
        if name.is_empty() { Ok("$".into()) } else { Ok((self.lookup)(&name).unwrap_or_default()) }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
        }
        name
    }

    /// `${name}`, `${name:-word}` and its kin.
    fn braces(&mut self) -> Result<String, String> {
        let name = self.name();
        if name.is_empty() {
            return Err("syntax error: bad substitution".into());
        }
        let found = (self.lookup)(&name);
        let mut sign = self.rest.next();
        if sign == Some('}') {
            return Ok(found.unwrap_or_default());
        }
        let colon = sign == Some(':');
        if colon {
            sign = self.rest.next();
        }
        // With a colon, an empty value counts as none.
        let value = found.filter(|value| !colon || !value.is_empty());
        let word = self.until(Some('}'))?;
        match (sign, value) {
            (Some('-'), value) => Ok(value.unwrap_or(word)),
            (Some('+'), value) => Ok(value.map_or_else(String::new, |_| word)),
            (Some('?'), Some(value)) => Ok(value),
            (Some('?'), None) if word.is_empty() => Err(format!("{name}: is not allowed to be unset")),
            (Some('?'), None) => Err(format!("{name}: {word}")),
            (sign, _) => Err(format!("unsupported modifier ({}) in substitution", sign.unwrap_or('}'))),
        }
    }
}
