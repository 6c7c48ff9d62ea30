//! Documents that are one long list.

use super::{Fault, Strict, faulty};
use crate::{Error, Limits};
use alloc::string::String;
use core::{cell::Cell, fmt};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Parses an object whose list `key` is long, by the same rules. Its items are handed out one by one and not kept, so that
/// each of them is bounded and not all of them together; the rest of the object is returned.
pub(crate) fn parse_items(
    bytes: &[u8],
    key: &'static str,
    limits: &Limits,
    take: &mut dyn FnMut(Value) -> Result<(), Error>,
) -> Result<Map<String, Value>, Error> {
    let (fault, mut refused) = (Cell::new(None), None);
    let strict = Strict { depth: 1, limits, fault: &fault, nodes: &Cell::new(0) };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let document = Document { strict, key, take, refused: &mut refused };
    let result = document.deserialize(&mut reader).and_then(|rest| reader.end().map(|()| rest));
    result.map_err(|error| refused.unwrap_or_else(|| faulty(bytes, &error, fault.get())))
}

struct Document<'a, 'b> {
    strict: Strict<'a>,
    key: &'static str,
    take: &'b mut dyn FnMut(Value) -> Result<(), Error>,
    /// What `take` said.
    refused: &'b mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = Map<String, Value>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { strict, key: long, take, refused } = self;
        let mut rest = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            strict.check_key(&rest, &key)?;
            let value = if key == long {
                map.next_value_seed(Items { strict, take: &mut *take, refused: &mut *refused })?;
                Value::Null
            } else {
                map.next_value_seed(strict)?
            };
            rest.insert(key, value);
        }
        Ok(rest)
    }
}

struct Items<'a, 'b> {
    strict: Strict<'a>,
    take: &'b mut dyn FnMut(Value) -> Result<(), Error>,
    refused: &'b mut Option<Error>,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    /// Go programs write `null` for an empty list.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let nodes = Cell::new(0);
        let item = Strict { nodes: &nodes, ..self.strict.deeper()? };
        while let Some(value) = seq.next_element_seed(item)? {
            nodes.set(0);
            if let Err(error) = (self.take)(value) {
                *self.refused = Some(error);
                return Err(item.fail(Fault::Duplicate));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, ProtocolError};
    use alloc::{string::ToString, vec::Vec};

    fn parsed(text: &str) -> Result<(Vec<Value>, Map<String, Value>), Error> {
        let mut items = Vec::new();
        let mut take = |item| {
            items.push(item);
            Ok(())
        };
        let rest = parse_items(text.as_bytes(), "list", &Limits::DEFAULT, &mut take)?;
        Ok((items, rest))
    }

    fn kind(text: &str) -> Kind {
        parsed(text).unwrap_err().kind()
    }

    #[test]
    fn items_are_handed_out_and_the_rest_is_returned() {
        let (items, rest) = parsed(r#"{"a":[1],"list":[{"x":1},2,null],"b":"c"}"#).unwrap();
        assert_eq!(items.len(), 3);
        assert_eq!(items[0]["x"], 1);
        assert_eq!(rest["b"], "c");
        assert_eq!(parsed(r#"{"list":null}"#).unwrap().0.len(), 0);
        assert_eq!(parsed("{}").unwrap().0.len(), 0);
    }

    #[test]
    fn j01_broken_documents_are_refused() {
        for text in ["", "[]", "{\"list\":[", "{\"list\":[]} x", "{\"list\":{}}", "{\"list\":[1,]}", "{\"list\":7}"] {
            assert_eq!(kind(text), Kind::InvalidJson, "{text}");
        }
    }

    #[test]
    fn j03_depth_is_bounded() {
        assert_eq!(kind(&("{\"list\":".to_string() + &"[".repeat(100_000))), Kind::LimitExceeded);
        assert_eq!(kind(&("{\"a\":".to_string() + &"[".repeat(100_000))), Kind::LimitExceeded);
        let deepest = "[".repeat(63) + &"]".repeat(63);
        assert!(parsed(&("{\"list\":".to_string() + &deepest + "}")).is_ok());
        assert_eq!(kind(&("{\"list\":[".to_string() + &deepest + "]}")), Kind::LimitExceeded);
    }

    #[test]
    fn j04_duplicate_keys_are_refused() {
        for text in [r#"{"list":[],"list":[]}"#, r#"{"a":1,"a":2}"#, r#"{"list":[{"a":1,"a":2}]}"#] {
            assert_eq!(kind(text), Kind::InvalidJson, "{text}");
        }
    }

    #[test]
    fn any_number_of_items_but_no_giants() {
        let many = "{\"list\":[".to_string() + &"{\"\":0},".repeat(200_000) + "{}]}";
        assert_eq!(parsed(&many).unwrap().0.len(), 200_001);
        let giant = "{\"list\":[[".to_string() + &"{},".repeat(200_000) + "{}]]}";
        assert_eq!(kind(&giant), Kind::LimitExceeded);
    }

    #[test]
    fn a_refusal_is_what_comes_of_it() {
        let refusal = ProtocolError::Unsupported("no");
        let mut take = |_| Err(refusal.clone().into());
        let error = parse_items(br#"{"list":[1]}"#, "list", &Limits::DEFAULT, &mut take).unwrap_err();
        assert_eq!(error, refusal.into());
    }
}
