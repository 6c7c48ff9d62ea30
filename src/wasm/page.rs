//! The page or worker that this runs in. Node and edge runtimes have none, and no same-origin policy.

use crate::http::Origin;
use alloc::string::{String, ToString};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Where this runs in a browser.
pub(super) struct Page {
    pub(super) origin: String,
    pub(super) offline: bool,
}

impl Page {
    pub(super) fn current() -> Option<Self> {
        let global = js_sys::global();
        let origin = get(&get(&global, "location"), "origin").as_string()?;
        let offline = get(&get(&global, "navigator"), "onLine") == JsValue::FALSE;
        Some(Self { origin, offline })
    }

    pub(super) fn owns(&self, origin: &Origin) -> bool {
        self.origin == origin.to_string()
    }
}

/// True for the origin that the page itself came from.
pub(super) fn is_own(origin: &Origin) -> bool {
    Page::current().is_some_and(|page| page.owns(origin))
}

/// A property, or undefined: also of what is no object.
pub(super) fn get(object: &JsValue, key: &str) -> JsValue {
    if !object.is_object() && !object.is_function() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &JsValue::from_str(key)).unwrap_or_default()
}
