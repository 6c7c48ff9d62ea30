//! Listings as columns.

use super::{promise::lent, records, transport::FetchTransport};
use crate::{
    client,
    op::{Catalog, Tags},
};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

pub(super) enum Pages {
    Repositories(client::Pages<FetchTransport, Catalog>),
    Tags(client::Pages<FetchTransport, Tags>),
}

/// The pages of a listing.
#[wasm_bindgen]
pub struct Names(pub(super) Pages);

#[wasm_bindgen]
impl Names {
    /// The next page: names one per line (no name has a line break), how many were skipped, and the record of why the
    /// listing is not whole. Nothing at the end.
    #[wasm_bindgen(unchecked_return_type = "any[] | undefined")]
    pub async fn next(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let next = async {
            let page = match &mut self.0 {
                Pages::Repositories(pages) => pages.next().await?,
                Pages::Tags(pages) => pages.next().await?,
            };
            let Some(page) = page else { return Ok(JsValue::UNDEFINED) };
            let truncated = page.truncated.as_ref().map(|truncated| records::truncated(truncated).end());
            Ok(Array::of3(&page.names.join("\n").into(), &page.skipped.into(), &truncated.into()).into())
        };
        lent(signal, next).await
    }
}
