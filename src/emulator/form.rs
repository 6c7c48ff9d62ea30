//! What stands in a query or a form (WHATWG URL, `application/x-www-form-urlencoded`).

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

/// Names and values, decoded, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `a=b&c=d`.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decode(name, true), decode(value, true))).collect())
    }

    /// The first value of that name; upper and lower case are one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first value of that name that says something.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All values of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Undoes percent-encoding; what is no encoding stays. `plus` stands for a space in forms, and for itself in paths.
pub(crate) fn decode(text: &str, plus: bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, escaped(tail)) {
            (b'%', Some(byte)) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) if plus => out.push(b' '),
            _ => out.push(*first),
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).to_string())
}

fn escaped(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? << 4 | digit(*low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let form = Fields::parse("Scope=a%3Ab&scope=c+d&&empty=&flag&bad=%zz%4");
        assert_eq!(form.all("scope").collect::<Vec<_>>(), ["a:b", "c d"]);
        assert_eq!(form.get("empty"), Some(""));
        assert_eq!(form.filled("empty"), None);
        assert_eq!(form.get("flag"), Some(""));
        assert_eq!(form.get("bad"), Some("%zz%4"));
        assert_eq!(form.get("none"), None);
        assert_eq!(decode("a+b%2Bc", false), "a+b+c");
    }
}
