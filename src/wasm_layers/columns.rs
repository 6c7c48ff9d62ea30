//! Rows on their way to JavaScript.

use crate::layers::{Change, FileRow, Rows};
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float64Array};
use wasm_bindgen::JsValue;

/// All text of an answer one after the other, and its numbers in the order of reading; lengths of texts, in the units of
/// JavaScript, are among them.
#[derive(Default)]
pub(super) struct Columns {
    text: String,
    numbers: Vec<f64>,
}

impl Columns {
    pub(super) fn float(&mut self, number: f64) {
        self.numbers.push(number);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.count(usize::from(flag));
    }

    pub(super) fn count(&mut self, count: usize) {
        self.size(count as u64);
    }

    /// Exact below 2^53: layers that are accepted are not larger.
    pub(super) fn size(&mut self, size: u64) {
        self.float(size as f64);
    }

    /// A place; -1 for none.
    pub(super) fn place(&mut self, place: Option<usize>) {
        self.float(place.map_or(-1.0, |place| place as f64));
    }

    /// The one place where names become text: what is no UTF-8 is replaced.
    pub(super) fn text(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        self.count(text.encode_utf16().count());
        self.text.push_str(&text);
    }

    /// Its number, from 1; 0 for none.
    pub(super) fn change(&mut self, change: Option<Change>) {
        self.count(change.map_or(0, |change| change as usize + 1));
    }

    pub(super) fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.count(items.len());
        items.for_each(|item| each(self, item));
    }

    pub(super) fn row(&mut self, row: &FileRow<'_>) {
        self.size(u64::from(row.id));
        self.count(row.kind as usize);
        self.size(row.size);
        for number in [row.files, u32::from(row.mode), row.uid, row.gid] {
            self.size(u64::from(number));
        }
        self.float(row.mtime as f64);
        self.count(row.layer);
        self.change(row.change);
        self.place(row.deleted_by);
        self.flag(row.implied);
        self.size(u64::from(row.flags.bits()));
        self.text(&row.path());
        self.text(row.link);
    }

    pub(super) fn row_if(&mut self, row: Option<FileRow<'_>>) {
        self.list(row.iter(), Self::row);
    }

    pub(super) fn rows(&mut self, rows: &Rows<'_>) {
        self.count(rows.total);
        self.list(rows.rows.iter(), Self::row);
    }

    pub(super) fn end(self) -> JsValue {
        Array::of2(&self.text.into(), &Float64Array::from(self.numbers.as_slice())).into()
    }
}
