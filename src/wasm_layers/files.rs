//! The files of an image.

use super::{Index, Reading, columns::Columns, filter, index::report};
use crate::{
    Compression, Digest, Error, Limits,
    js::{encoded, error::thrown, record::Record},
    layers::{Checkpoint, Encoded, FileRead, Filter, ImageFiles, LayerFacts, LayerIndex, Listing, NodeId, TreemapSize},
};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

/// The files of an image, layer by layer.
#[wasm_bindgen]
pub struct Files {
    pub(super) files: ImageFiles,
    layers: Vec<Layer>,
    filter: Filter,
}

/// What is kept of a layer when its listing has gone into the tree.
struct Layer {
    facts: LayerFacts,
    diff_id: Option<String>,
    checkpoints: Vec<Checkpoint>,
}

#[wasm_bindgen]
impl Files {
    /// Without layers.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has constructors")]
    pub fn new() -> Self {
        Self { files: ImageFiles::new(&Limits::DEFAULT), layers: Vec::new(), filter: Filter::default() }
    }

    /// Lays a layer over those that are there. Throws if that went over a limit; part of it may be there then.
    pub fn push(&mut self, index: Index, diff_id: Option<String>) -> Result<(), JsValue> {
        let Index(index) = index;
        let digest = index.facts.digest.clone();
        self.layers.push(Layer { facts: index.facts, diff_id, checkpoints: index.checkpoints });
        self.files.push_layer(digest, index.listing).map_err(thrown)?;
        Ok(())
    }

    /// Lays on nothing in the place of a layer that could not be listed.
    #[wasm_bindgen(js_name = pushNothing)]
    pub fn push_nothing(&mut self, digest: &str) -> Result<(), JsValue> {
        let digest: Digest = digest.parse().map_err(thrown)?;
        self.push(Index::nothing(digest), None)
    }

    /// What is known of a layer now that it is one of an image: a `LayerReport`.
    pub fn layer(&self, place: usize, wasted: f64) -> Option<String> {
        let layer = self.layers.get(place)?;
        let counts = self.files.tree().layers().get(place)?;
        let record: Record = report(&layer.facts, layer.diff_id.as_deref());
        let record = record.number("entries", counts.entries as u64).number("content", counts.content);
        let record = record.number("added", counts.added as u64).number("changed", counts.changed as u64);
        Some(record.number("deleted", counts.deleted as u64).number("wasted", wasted as u64).end())
    }

    /// Files, directories and bytes of the merged view, and the bytes of each layer that it does not have.
    pub fn totals(&mut self) -> JsValue {
        let wasted = self.files.tree().wasted();
        let sum = self.files.view(&Filter::default()).sum();
        let mut columns = Columns::default();
        columns.size(u64::from(sum.files));
        columns.size(u64::from(sum.directories));
        columns.size(sum.size);
        columns.list(wasted.into_iter(), Columns::size);
        columns.end()
    }

    /// Sets the filter for what is asked next: see `RawFilter`.
    pub fn select(&mut self, layer: i32, changes: u8, deleted: bool, min_size: f64, kinds: u8) {
        self.filter = filter::filter(layer, changes, deleted, min_size, kinds);
    }

    /// The number of a path, shown or not.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        self.files.tree().paths().find(path.as_bytes())
    }

    /// One row, or none.
    pub fn stat(&mut self, node: NodeId) -> JsValue {
        let mut columns = Columns::default();
        columns.row_if(self.files.stat(node, &self.filter));
        columns.end()
    }

    /// A page of what a directory holds.
    pub fn list(&mut self, node: NodeId, sort: u8, directories_first: bool, offset: f64, limit: f64) -> JsValue {
        let order = filter::order(sort, directories_first);
        let rows = self.files.list(node, &self.filter, order, filter::page(offset, limit));
        let mut columns = Columns::default();
        columns.rows(&rows);
        columns.end()
    }

    /// A page of what has all words.
    pub fn search(
        &mut self,
        words: &str,
        below: NodeId,
        sort: u8,
        directories_first: bool,
        offset: f64,
        limit: f64,
    ) -> Result<JsValue, JsValue> {
        let order = filter::order(sort, directories_first);
        let rows = self.files.search(words, &self.filter, below, order, filter::page(offset, limit)).map_err(thrown)?;
        let mut columns = Columns::default();
        columns.rows(&rows);
        Ok(columns.end())
    }

    /// A directory as boxes, each with the place of the one it is in.
    pub fn treemap(&mut self, node: NodeId, depth: usize, boxes: usize) -> JsValue {
        let boxes = self.files.treemap(node, &self.filter, TreemapSize { depth, boxes });
        let mut columns = Columns::default();
        columns.list(boxes.iter(), |columns, each| {
            columns.count(each.parent);
            columns.size(u64::from(each.row.id));
            columns.size(each.size);
            columns.count(each.row.kind as usize);
            columns.count(each.row.layer);
            columns.change(each.row.change);
            columns.size(each.rest.size);
            columns.count(each.rest.count);
            columns.text(each.row.name);
        });
        columns.end()
    }

    /// What every layer did to a path.
    pub fn history(&self, node: NodeId) -> JsValue {
        let mut columns = Columns::default();
        columns.list(self.files.tree().history(node).iter(), |columns, event| {
            columns.count(event.layer);
            columns.change(Some(event.change));
            columns.count(event.kind as usize);
            columns.size(event.size);
            columns.size(u64::from(event.mode));
            columns.flag(event.above);
        });
        columns.end()
    }

    /// What squashing would save.
    pub fn waste(&self, limit: f64) -> JsValue {
        let tree = self.files.tree();
        let waste = tree.waste(limit as usize);
        let mut columns = Columns::default();
        columns.size(waste.total);
        columns.size(waste.kept);
        columns.float(waste.score());
        columns.count(waste.count);
        columns.list(waste.paths.iter(), |columns, path| {
            columns.size(u64::from(path.id));
            columns.size(path.bytes);
            columns.count(path.copies);
            columns.list(path.writers.iter(), |columns, writer| columns.count(*writer));
            columns.count(path.remover);
            columns.flag(path.present);
            columns.text(&tree.paths().path(path.id));
        });
        columns.list(waste.secrets.iter(), |columns, secret| {
            columns.size(u64::from(secret.id));
            columns.count(secret.layer);
            columns.count(secret.removed_by);
            columns.size(secret.size);
            columns.text(&tree.paths().path(secret.id));
            columns.text(secret.what.as_bytes());
        });
        columns.end()
    }

    /// Begins to read a file of the selected view, or its first `limit` bytes; nothing where there is no such path.
    pub fn read(&mut self, node: NodeId, limit: f64) -> Result<Option<Reading>, JsValue> {
        self.plan(node, limit as u64).map_err(thrown)
    }

    fn plan(&mut self, node: NodeId, limit: u64) -> Result<Option<Reading>, Error> {
        let Some(row) = self.files.stat(node, &self.filter) else { return Ok(None) };
        let layer = row.content_layer();
        let Some(Layer { facts, checkpoints, .. }) = self.layers.get(layer) else { return Ok(None) };
        let (size, limit) = (row.size, Some(limit).filter(|limit| *limit < row.size));
        let read = FileRead::plan_entry(facts, checkpoints, row.means(), limit, &Limits::DEFAULT)?;
        let elsewhere = matches!(facts.compression, Compression::Zstd)
            .then(|| encoded::bytes(&Encoded::of(&LayerIndex::of_entry(facts, checkpoints, row.means()))));
        Ok(Some(Reading { read, layer, size, elsewhere }))
    }
}

impl Index {
    fn nothing(digest: Digest) -> Self {
        let facts = LayerFacts {
            digest,
            size: 0,
            compression: Compression::Uncompressed,
            diff_id: None,
            unpacked: None,
            source: crate::layers::Source::Layer,
            partial: None,
            notes: Vec::new(),
        };
        Self(LayerIndex { facts, listing: Listing::new(), checkpoints: Vec::new() })
    }
}
