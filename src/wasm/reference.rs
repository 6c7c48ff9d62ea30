//! References taken apart.

use crate::{
    Reference,
    js::{error::thrown, record::Record},
};
use alloc::string::String;
use wasm_bindgen::prelude::*;

/// The parts of `text` as a record: `host`, `repository`, `tag`, `digest`.
#[wasm_bindgen(js_name = parseReference)]
pub fn parse_reference(text: &str) -> Result<String, JsValue> {
    let reference: Reference = text.parse().map_err(thrown)?;
    Ok(Record::new()
        .text("host", reference.host().as_str())
        .text("repository", reference.repository().as_str())
        .text_if("tag", reference.tag().map(|tag| tag.as_str()))
        .text_if("digest", reference.digest().map(crate::Digest::as_str))
        .end())
}
