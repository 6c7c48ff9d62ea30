//! Records for JavaScript: one JSON text each, because a string crosses the boundary faster than an object does.

use crate::{json::quote, text::decimal};
use alloc::{collections::BTreeMap, string::String};

/// A JSON object under construction. Keys are this crate's own; absent values are left out.
pub(crate) struct Record(String);

impl Record {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        quote(&mut self.0, value);
        self
    }

    pub(crate) fn text_if(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// A number that JavaScript holds exactly.
    pub(crate) fn number(mut self, key: &str, value: u64) -> Self {
        self.key(key);
        self.0.push_str(&decimal(value));
        self
    }

    pub(crate) fn flag(mut self, key: &str, value: bool) -> Self {
        self.key(key);
        self.0.push_str(if value { "true" } else { "false" });
        self
    }

    /// A size: a string, because JavaScript's numbers end at 2^53.
    pub(crate) fn size(mut self, key: &str, value: u64) -> Self {
        self.key(key);
        self.0.push('"');
        self.0.push_str(&decimal(value));
        self.0.push('"');
        self
    }

    pub(crate) fn record(mut self, key: &str, value: &Self) -> Self {
        self.key(key);
        self.0.push_str(&value.0);
        self.0.push('}');
        self
    }

    pub(crate) fn record_if(self, key: &str, value: Option<&Self>) -> Self {
        match value {
            Some(value) => self.record(key, value),
            None => self,
        }
    }

    pub(crate) fn records(self, key: &str, values: impl Iterator<Item = Self>) -> Self {
        self.list(key, values, |out, value| {
            out.push_str(&value.0);
            out.push('}');
        })
    }

    pub(crate) fn texts(self, key: &str, values: &[impl AsRef<str>]) -> Self {
        self.list(key, values.iter(), |out, value| quote(out, value.as_ref()))
    }

    pub(crate) fn map(self, key: &str, values: &BTreeMap<String, String>) -> Self {
        let mut map = Self::new();
        for (name, value) in values {
            map = map.text(name, value);
        }
        self.record(key, &map)
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, key);
        self.0.push(':');
    }

    fn list<T>(mut self, key: &str, values: impl Iterator<Item = T>, mut each: impl FnMut(&mut String, T)) -> Self {
        self.key(key);
        self.0.push('[');
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            each(&mut self.0, value);
        }
        self.0.push(']');
        self
    }
}
