//! JSON that can be read in one way only: bounded depth and keys, no duplicate keys, nothing after the value.
//!
//! The grammar is `serde_json`'s; this seed adds what it lets pass (J01, J03, J04).

#[cfg(feature = "layers")]
mod items;

#[cfg(feature = "layers")]
pub(crate) use items::parse_items;

use crate::{Error, LimitExceeded, Limits, ProtocolError};
use alloc::{string::String, vec::Vec};
use core::{
    cell::Cell,
    fmt::{self, Write as _},
};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Objects and arrays in one document. An object of a few bytes takes hundreds in memory; an index of as many
/// descriptors as [`Limits`] allows has a tenth of this.
const MAX_NODES: usize = 1 << 17;

/// Parses one JSON document.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    let fault = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict { depth: 0, limits, fault: &fault, nodes: &Cell::new(0) };
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|e| faulty(bytes, &e, fault.get()))
}

fn faulty(bytes: &[u8], e: &serde_json::Error, fault: Option<Fault>) -> Error {
    match fault {
        Some(Fault::Limit(limit)) => limit.into(),
        Some(Fault::Duplicate) => invalid(bytes, e, "duplicate key"),
        None => invalid(bytes, e, reason(e)),
    }
}

#[derive(Clone, Copy)]
enum Fault {
    Duplicate,
    Limit(FaultLimit),
}

type FaultLimit = (&'static str, usize);

impl From<FaultLimit> for Error {
    fn from((which, limit): FaultLimit) -> Self {
        LimitExceeded { which, limit: limit as u64 }.into()
    }
}

fn reason(e: &serde_json::Error) -> &'static str {
    match e.classify() {
        serde_json::error::Category::Eof => "ends too early",
        _ => "not JSON",
    }
}

fn invalid(bytes: &[u8], e: &serde_json::Error, reason: &'static str) -> Error {
    ProtocolError::Json { offset: offset(bytes, e.line(), e.column()), reason }.into()
}

/// `serde_json` counts lines and columns from 1, in bytes.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(line - 2).map_or(0, |(i, _)| i + 1),
    };
    start.saturating_add(column.saturating_sub(1)).min(bytes.len())
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    limits: &'a Limits,
    fault: &'a Cell<Option<Fault>>,
    nodes: &'a Cell<usize>,
}

impl Strict<'_> {
    fn fail<E: serde::de::Error>(&self, fault: Fault) -> E {
        self.fault.set(Some(fault));
        E::custom("")
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth >= self.limits.json_depth {
            return Err(self.fail(Fault::Limit(("JSON depth", self.limits.json_depth))));
        }
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() > MAX_NODES {
            return Err(self.fail(Fault::Limit(("objects of one JSON document", MAX_NODES))));
        }
        Ok(Self { depth: self.depth + 1, ..*self })
    }

    /// Another key of an object.
    fn check_key<E: serde::de::Error>(&self, object: &Map<String, Value>, key: &str) -> Result<(), E> {
        if object.contains_key(key) {
            return Err(self.fail(Fault::Duplicate));
        }
        if object.len() >= self.limits.json_keys {
            return Err(self.fail(Fault::Limit(("keys of one JSON object", self.limits.json_keys))));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.check_key(&object, &key)?;
            let value = map.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// Writes `value` without spaces. `serde_json`'s own serialiser is 4 KB of the wasm module.
pub(crate) fn compact(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        // Writing to a String cannot fail.
        Value::Number(number) => _ = write!(out, "{number}"),
        Value::String(text) => quote(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                compact(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                quote(out, key);
                out.push(':');
                compact(item, out);
            }
            out.push('}');
        }
    }
}

/// `text` as a JSON string (RFC 8259 section 7).
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..='\u{1f}' => {
                let digit = |value: u32| char::from_digit(value, 16).unwrap_or('0');
                out.push_str("\\u00");
                out.push(digit(u32::from(c) >> 4));
                out.push(digit(u32::from(c) & 15));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use alloc::string::ToString;

    fn kind(text: &str) -> Kind {
        parse(text.as_bytes(), &Limits::DEFAULT).unwrap_err().kind()
    }

    #[test]
    fn j01_broken_json_names_the_offset() {
        for (text, at) in [("{\"a\":1", 6), ("{\"a\":1} x", 8), ("[1,\n2,}", 6), ("", 0), ("nul", 3)] {
            match parse(text.as_bytes(), &Limits::DEFAULT).unwrap_err().cause() {
                crate::Cause::Protocol(ProtocolError::Json { offset, .. }) => {
                    assert!(offset.abs_diff(at) <= 1, "{text}: {offset}")
                }
                other => panic!("{other}"),
            }
        }
    }

    #[test]
    fn j03_depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert_eq!(kind(&deep), Kind::LimitExceeded);
        let ok = "[".repeat(64) + &"]".repeat(64);
        assert!(parse(ok.as_bytes(), &Limits::DEFAULT).is_ok());
    }

    #[test]
    fn j04_duplicate_keys_are_refused_however_spelled() {
        assert_eq!(kind(r#"{"a":1,"a":1}"#), Kind::InvalidJson);
        assert_eq!(kind(r#"{"a":1,"\u0061":1}"#), Kind::InvalidJson);
        assert_eq!(kind(r#"{"x":{"a":1,"b":2,"a":3}}"#), Kind::InvalidJson);
    }

    #[test]
    fn compact_text_is_read_back() {
        let text = r#"{"a":[1,-2,1.5,true,false,null,{}],"b":{"c":"x\"\\y","d":[]}}"#;
        let value = parse(text.as_bytes(), &Limits::DEFAULT).unwrap();
        let mut out = String::new();
        compact(&value, &mut out);
        assert_eq!(out, text);
        let mut out = String::new();
        let odd = Value::String("\0\u{1f}\n\u{7f}é".into());
        compact(&odd, &mut out);
        assert_eq!(parse(out.as_bytes(), &Limits::DEFAULT).unwrap(), odd);
    }

    #[test]
    fn j02_small_objects_are_bounded() {
        let many = |count: usize| "[".to_string() + &"{\"\":0},".repeat(count) + "{}]";
        assert_eq!(kind(&many(500_000)), Kind::LimitExceeded);
        assert!(parse(many(100_000).as_bytes(), &Limits::DEFAULT).is_ok());
    }

    #[test]
    fn keys_are_bounded() {
        let limits = Limits { json_keys: 3, ..Limits::DEFAULT };
        let error = parse(br#"{"a":1,"b":2,"c":3,"d":4}"#, &limits).unwrap_err();
        assert!(error.to_string().contains("keys of one JSON object"));
    }
}
