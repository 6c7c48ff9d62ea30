//! What is different between two images.

use super::{Files, columns::Columns, filter};
use crate::layers::{Comparison, DifferenceFilter, Filter, Selection, SharedLayers};
use wasm_bindgen::prelude::*;

/// Two images, compared.
#[wasm_bindgen]
pub struct Differences {
    comparison: Comparison,
    left: Selection,
    right: Selection,
}

#[wasm_bindgen]
impl Differences {
    /// Compares the merged views.
    #[wasm_bindgen(constructor)]
    pub fn new(left: &Files, right: &Files) -> Self {
        let (here, there) = (left.files.tree(), right.files.tree());
        let (left, right) = (Selection::new(here, Filter::default()), Selection::new(there, Filter::default()));
        Self { comparison: Comparison::new(left.view(here), right.view(there)), left, right }
    }

    /// Totals, layers, and a page of the differences. The images must be those that were compared.
    #[expect(clippy::too_many_arguments, reason = "plain values: an object would have to be taken apart here")]
    pub fn page(
        &self,
        left: &Files,
        right: &Files,
        kinds: u8,
        search: &str,
        largest_first: bool,
        offset: f64,
        limit: f64,
    ) -> JsValue {
        let (here, there) = (left.files.tree(), right.files.tree());
        let (here_view, there_view) = (self.left.view(here), self.right.view(there));
        let mut columns = Columns::default();
        let layers = SharedLayers::of(here.layers(), there.layers());
        columns.list(layers.shared.iter(), |columns, shared| {
            columns.count(shared.left);
            columns.count(shared.right);
        });
        columns.list(layers.only_left.iter(), |columns, place| columns.count(*place));
        columns.list(layers.only_right.iter(), |columns, place| columns.count(*place));
        columns.size(self.comparison.left_size);
        columns.size(self.comparison.right_size);
        for sum in [self.comparison.added, self.comparison.removed, self.comparison.changed] {
            columns.count(sum.count);
            columns.float(sum.delta as f64);
        }
        columns.count(self.comparison.unknown);
        let wanted = DifferenceFilter { kinds: filter::kinds(kinds), search: search.into(), largest_first };
        let (rows, total) = self.comparison.page(here_view, there_view, &wanted, filter::page(offset, limit));
        columns.count(total);
        columns.list(rows.iter(), |columns, row| {
            columns.count(row.difference.kind as usize);
            columns.size(u64::from(row.difference.aspects.bits()));
            columns.float(row.difference.delta as f64);
            columns.row_if(row.left);
            columns.row_if(row.right);
        });
        columns.end()
    }
}
