//! Reading fields out of parsed JSON, with the path of whatever is wrong.

use crate::{Error, ProtocolError};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde_json::{Map, Value};

/// Where a value stands. Holds names from this crate only, so that it is safe to show.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    Root,
    Key(&'a Self, &'static str),
    Index(&'a Self, usize),
}

impl Path<'_> {
    pub(crate) fn invalid(&self, reason: &'static str) -> Error {
        ProtocolError::Document { path: self.to_string(), reason }.into()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// The fields of one object. What was taken is gone; [`Fields::rest`] is what nobody asked for.
///
/// `null` counts as absent throughout: Go programs write it for empty lists and maps.
pub(crate) struct Fields<'a> {
    map: Map<String, Value>,
    /// Keys whose values were taken. `Map::remove` would bring the rebalancing of trees into the wasm module.
    taken: Vec<&'static str>,
    path: &'a Path<'a>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(value: Value, path: &'a Path<'a>) -> Result<Self, Error> {
        match value {
            Value::Object(map) => Ok(Self { map, taken: Vec::new(), path }),
            _ => Err(path.invalid("not an object")),
        }
    }

    pub(crate) fn path(&self) -> &'a Path<'a> {
        self.path
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn peek(&self, key: &str) -> Option<&Value> {
        self.map.get(key)
    }

    pub(crate) fn take(&mut self, key: &'static str) -> Option<Value> {
        let value = self.map.get_mut(key)?.take();
        self.taken.push(key);
        Some(value).filter(|value| !value.is_null())
    }

    pub(crate) fn rest(self) -> Map<String, Value> {
        let mut rest = Map::new();
        for (key, value) in self.map {
            if !self.taken.iter().any(|taken| *taken == key) {
                rest.insert(key, value);
            }
        }
        rest
    }

    pub(crate) fn string(&mut self, key: &'static str) -> Result<Option<String>, Error> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Path::Key(self.path, key).invalid("not a string")),
        }
    }

    pub(crate) fn required_string(&mut self, key: &'static str) -> Result<String, Error> {
        self.string(key)?.ok_or_else(|| Path::Key(self.path, key).invalid("missing"))
    }

    pub(crate) fn flag(&mut self, key: &'static str) -> Result<bool, Error> {
        match self.take(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(Path::Key(self.path, key).invalid("neither true nor false")),
        }
    }

    /// A number of bytes. The specifications say int64, so nothing above fits anywhere else.
    pub(crate) fn size(&mut self, key: &'static str) -> Result<u64, Error> {
        let path = Path::Key(self.path, key);
        let value = self.take(key).ok_or_else(|| path.invalid("missing"))?;
        let number = value.as_number().ok_or_else(|| path.invalid("not a number"))?;
        match number.as_u64() {
            Some(size) if i64::try_from(size).is_ok() => Ok(size),
            Some(_) => Err(path.invalid("more than 2^63 - 1")),
            None if number.as_i64().is_some() => Err(path.invalid("negative")),
            None => Err(path.invalid("not a whole number")),
        }
    }

    pub(crate) fn list(&mut self, key: &'static str) -> Result<Vec<Value>, Error> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(Path::Key(self.path, key).invalid("not a list")),
        }
    }

    /// Reads every item of a list with `read`, which is given the item's path.
    pub(crate) fn items<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(Value, &Path<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let list = Path::Key(self.path, key);
        let items = self.list(key)?.into_iter().enumerate();
        items.map(|(index, item)| read(item, &Path::Index(&list, index))).collect()
    }

    pub(crate) fn strings(&mut self, key: &'static str) -> Result<Vec<String>, Error> {
        self.items(key, text)
    }

    pub(crate) fn string_map(&mut self, key: &'static str) -> Result<BTreeMap<String, String>, Error> {
        let path = Path::Key(self.path, key);
        let Some(value) = self.take(key) else {
            return Ok(BTreeMap::new());
        };
        // One by one: `collect` would sort first, and bring a second sort into the wasm module.
        let mut map = BTreeMap::new();
        for (key, value) in Fields::of(value, &path)?.rest() {
            let text = match value {
                Value::String(text) => text,
                // Go reads `null` as an empty string.
                Value::Null => String::new(),
                _ => return Err(path.invalid("a value is not a string")),
            };
            map.insert(key, text);
        }
        Ok(map)
    }
}

pub(crate) fn text(value: Value, path: &Path<'_>) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(path.invalid("not a string")),
    }
}
