//! `WWW-Authenticate` (RFC 9110, section 11.6.1), read as registries write it.

use crate::{AuthError, Limits};
use alloc::{borrow::ToOwned, string::String, vec::Vec};

/// More than any server has reason to send.
const MAX_CHALLENGES: usize = 64;

/// One way in which a registry would let us prove who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// User name and password with every request (RFC 7617).
    Basic {
        /// For people; may be empty.
        realm: String,
    },
    /// A token from the service at `realm`.
    Bearer {
        /// Address of the token service, as written; never empty. See [`RealmPolicy`](super::RealmPolicy).
        realm: String,
        /// Name by which the token service knows the registry.
        service: Option<String>,
        /// What the registry says the request needs. A hint: requests ask for what the operation needs.
        scope: Option<String>,
        /// Why the token presented was refused, as `invalid_token`.
        error: Option<String>,
    },
    /// A scheme that portolan does not speak, or a Bearer challenge without a realm.
    Other {
        /// Its name, as written.
        scheme: String,
    },
}

impl Challenge {
    /// Reads the challenges of all `WWW-Authenticate` fields of one answer, in their order.
    ///
    /// Several challenges in one field, any case, unquoted addresses, stray commas and a missing last quote are read;
    /// what has no clear meaning is left out. Of a repeated parameter the first counts.
    ///
    /// ```
    /// use portolan::{Limits, auth::Challenge};
    /// let all = Challenge::parse_all(["basic realm=x, BEARER realm=\"https://a/t\""].into_iter(), &Limits::DEFAULT)?;
    /// assert!(matches!(portolan::auth::choose(&all), Some(Challenge::Bearer { realm, .. }) if realm == "https://a/t"));
    /// # Ok::<(), portolan::AuthError>(())
    /// ```
    ///
    /// # Errors
    /// If the fields are longer than [`Limits::header_bytes`] together, or hold more than 64 challenges.
    pub fn parse_all<'a>(values: impl Iterator<Item = &'a str>, limits: &Limits) -> Result<Vec<Self>, AuthError> {
        let mut challenges = Vec::new();
        let mut total = 0_usize;
        for value in values {
            total = total.saturating_add(value.len());
            if total > limits.header_bytes {
                return Err(AuthError::Challenge("too long"));
            }
            Parser::default().read(value, &mut challenges)?;
        }
        Ok(challenges)
    }
}

/// The challenge to answer: the first Bearer, else the first Basic.
#[must_use]
pub fn choose(challenges: &[Challenge]) -> Option<&Challenge> {
    let bearer = challenges.iter().find(|c| matches!(c, Challenge::Bearer { .. }));
    bearer.or_else(|| challenges.iter().find(|c| matches!(c, Challenge::Basic { .. })))
}

/// A challenge whose parameters are still coming.
#[derive(Default)]
struct Draft {
    scheme: String,
    realm: Option<String>,
    service: Option<String>,
    scope: Option<String>,
    error: Option<String>,
}

impl Draft {
    fn set(&mut self, name: &str, value: String) {
        let fields = [
            ("realm", &mut self.realm),
            ("service", &mut self.service),
            ("scope", &mut self.scope),
            ("error", &mut self.error),
        ];
        for (field, slot) in fields {
            if field.eq_ignore_ascii_case(name) && slot.is_none() && !value.is_empty() {
                *slot = Some(value);
                return;
            }
        }
    }

    fn finish(self) -> Challenge {
        let Self { scheme, realm, service, scope, error } = self;
        match realm {
            realm if scheme.eq_ignore_ascii_case("basic") => Challenge::Basic { realm: realm.unwrap_or_default() },
            Some(realm) if scheme.eq_ignore_ascii_case("bearer") => Challenge::Bearer { realm, service, scope, error },
            _ => Challenge::Other { scheme },
        }
    }
}

/// State within one field.
#[derive(Default)]
struct Parser {
    draft: Option<Draft>,
    /// The parameter before was an unquoted `scope`, whose actions are separated by the list's own comma.
    open_scope: bool,
}

impl Parser {
    fn read(mut self, field: &str, out: &mut Vec<Challenge>) -> Result<(), AuthError> {
        let mut rest = field;
        let mut after_comma = true;
        loop {
            rest = rest.trim_ascii_start();
            let (word, tail) = split_word(rest);
            let next = tail.trim_ascii_start();
            if let Some(value) = next.strip_prefix('=').filter(|_| !word.is_empty()) {
                rest = self.parameter(word, value.trim_ascii_start());
            } else if !word.is_empty() {
                // A word that follows no comma is a token68, or the rest of a value that should have been quoted.
                if after_comma {
                    self.bare(word, next.is_empty() || next.starts_with(','), out)?;
                }
                rest = tail;
            } else if next.starts_with('"') {
                rest = quoted(next, '"').1;
            } else if next.is_empty() {
                return self.flush(out);
            } else {
                // A comma, or an `=` with nothing before it.
                after_comma = next.starts_with(',');
                rest = next.get(1..).unwrap_or_default();
                continue;
            }
            after_comma = false;
        }
    }

    /// Reads the value at the start of `text`; returns what follows.
    fn parameter<'a>(&mut self, name: &str, text: &'a str) -> &'a str {
        let single = text.strip_prefix('\'').and_then(|t| t.find(['\'', '"']).and_then(|i| t.get(i..)));
        let (value, rest, is_quoted) = if text.starts_with('"') {
            let (value, rest) = quoted(text, '"');
            (value, rest, true)
        } else if single.is_some_and(|t| t.starts_with('\'')) {
            let (value, rest) = quoted(text, '\'');
            (value, rest, true)
        } else {
            let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
            let (value, rest) = text.split_at(end);
            (value.trim_end_matches('"').to_owned(), rest, false)
        };
        self.open_scope = !is_quoted && name.eq_ignore_ascii_case("scope");
        if let Some(draft) = &mut self.draft {
            draft.set(name, value);
        }
        rest
    }

    /// A word after a comma and without `=`: the next scheme, or one more action of an unquoted scope.
    fn bare(&mut self, word: &str, alone: bool, out: &mut Vec<Challenge>) -> Result<(), AuthError> {
        let action = word.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'*'));
        let scheme = word.eq_ignore_ascii_case("basic") || word.eq_ignore_ascii_case("negotiate");
        if self.open_scope
            && alone
            && action
            && !scheme
            && let Some(scope) = self.draft.as_mut().and_then(|d| d.scope.as_mut())
        {
            scope.push(',');
            scope.push_str(word);
            return Ok(());
        }
        self.flush(out)?;
        self.draft = is_token(word).then(|| Draft { scheme: word.to_owned(), ..Draft::default() });
        Ok(())
    }

    fn flush(&mut self, out: &mut Vec<Challenge>) -> Result<(), AuthError> {
        self.open_scope = false;
        let Some(draft) = self.draft.take() else {
            return Ok(());
        };
        if out.len() >= MAX_CHALLENGES {
            return Err(AuthError::Challenge("too many challenges"));
        }
        out.push(draft.finish());
        Ok(())
    }
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find([' ', '\t', '\r', '\n', '\x0c', ',', '=', '"']).unwrap_or(text.len()))
}

/// RFC 9110, section 5.6.2.
fn is_token(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// The quoted-string at the start of `text`, and what follows it. A missing last quote is taken as read.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        if c == quote {
            return (value, text.get(i + 1..).unwrap_or_default());
        }
        match c {
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
