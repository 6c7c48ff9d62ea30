//! What was asked: a query or a form, and perhaps Basic credentials.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tiny_http::Request;

/// Longest form that is read.
const FORM: u64 = 64 * 1024;

/// Decoded name and value pairs, in order.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of the part after `?`.
    pub(super) fn of_query(url: &str) -> Self {
        Self::parse(url.split_once('?').map_or("", |(_, query)| query))
    }

    /// Of the body; nothing when it is too long or no text.
    pub(super) fn of_body(request: &mut Request) -> Self {
        let mut body = String::new();
        let mut limited = std::io::Read::take(request.as_reader(), FORM);
        match std::io::Read::read_to_string(&mut limited, &mut body) {
            Ok(_) => Self::parse(&body),
            Err(_) => Self(Vec::new()),
        }
    }

    fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (decode(k), decode(v))).collect(),
        )
    }

    /// The first value of that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of that name, joined by spaces.
    pub(super) fn all(&self, name: &str) -> String {
        let values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.collect::<Vec<_>>().join(" ")
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex: Vec<u8> = rest.by_ref().take(2).collect();
                let value = core::str::from_utf8(&hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                bytes.push(value.unwrap_or(b'?'));
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Name and password of an `Authorization: Basic` header: nothing, broken, or both.
pub(super) fn basic(request: &Request) -> Option<Result<(String, String), ()>> {
    let header = request.headers().iter().find(|header| header.field.equiv("authorization"))?;
    let value = header.value.as_str();
    let decoded = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let decoded = decoded.and_then(|(_, text)| STANDARD.decode(text.trim()).ok());
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = text.and_then(|text| text.split_once(':').map(|(name, password)| (name.into(), password.into())));
    Some(pair.ok_or(()))
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn decodes_and_joins() {
        let fields = Fields::of_query("/token?service=a+b&scope=repository%3Ax%3Apull&scope=y&z");
        assert_eq!(fields.get("service"), Some("a b"));
        assert_eq!(fields.all("scope"), "repository:x:pull y");
        assert_eq!(fields.get("z"), Some(""));
        assert_eq!(fields.get("none"), None);
    }
}
