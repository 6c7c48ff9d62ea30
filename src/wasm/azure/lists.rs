//! Lists by their names, and their pages.

use super::{
    super::{promise::lent, transport::FetchTransport},
    unknown,
};
use crate::{
    Error,
    azure::{
        RawList,
        acr::{Order, manifest, repository, tag},
        arm::{groups, registries, replications, runs, scoped_tokens},
    },
    client::Registry,
    js::record::Record,
    json,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use js_sys::Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// The list `name` with these arguments.
pub(super) fn list(name: &str, args: &[String]) -> Result<RawList, Error> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let size = |text: &str| text.parse().ok();
    Ok(match (name, &args[..]) {
        ("groups", [subscription]) => groups::list(&subscription.parse()?).raw(),
        ("registries", [id]) if id.contains('/') => registries::list(&id.parse()?).raw(),
        ("registries", [subscription]) => registries::list_all(&subscription.parse()?).raw(),
        ("replications", [id]) => replications::list(&id.parse()?).raw(),
        ("runs", [id]) => runs::list(&id.parse()?, None).raw(),
        ("tokens", [id]) => scoped_tokens::list(&id.parse()?).raw(),
        ("scopeMaps", [id]) => scoped_tokens::list_maps(&id.parse()?).raw(),
        ("acr.repositories", [n]) => repository::list(size(n)).raw(),
        ("acr.tags", [name, by, n]) => tag::list(&name.parse()?, order(by), size(n), None).raw(),
        ("acr.manifests", [name, by, n]) => manifest::list(&name.parse()?, order(by), size(n)).raw(),
        _ => return Err(unknown()),
    })
}

fn order(by: &str) -> Order {
    match by {
        "newest" => Order::NewestFirst,
        "oldest" => Order::OldestFirst,
        _ => Order::Name,
    }
}

/// The pages of a list.
#[wasm_bindgen]
pub struct Records {
    pub(super) session: Registry<FetchTransport>,
    pub(super) list: RawList,
}

#[wasm_bindgen]
impl Records {
    /// The next page: a JSON list, how many entries were skipped, and the record of why the list is not whole. Nothing at the
    /// end.
    #[wasm_bindgen(unchecked_return_type = "any[] | undefined")]
    pub async fn next(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let next = async {
            let Some(op) = self.list.next_page() else { return Ok(JsValue::UNDEFINED) };
            let answer = self.session.run(op).await;
            let page = self.list.accept(answer, &self.session.limits())?;
            let mut items = String::new();
            json::compact(&Value::Array(page.items), &mut items);
            let truncated = page.truncated.map(|truncated| {
                let record = Record::new().text("kind", truncated.error.kind().as_str());
                record.text("message", &truncated.error.to_string()).number("page", u64::from(truncated.page)).end()
            });
            Ok(Array::of3(&items.into(), &page.skipped.into(), &truncated.into()).into())
        };
        lent(signal, next).await
    }
}
