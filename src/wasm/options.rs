//! The facade's options as the core's configuration.

use crate::{
    Endpoint, Error, Limits, RegistryConfig,
    auth::{Credential, RealmPolicy},
    http::Url,
};
use alloc::string::String;
use core::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Settings.module` of the facade.
    pub type Options;

    #[wasm_bindgen(method, getter)]
    fn username(this: &Options) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn password(this: &Options) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = identityToken)]
    fn identity_token(this: &Options) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = registryToken)]
    fn registry_token(this: &Options) -> Option<String>;
    /// One origin per line.
    #[wasm_bindgen(method, getter, js_name = trustedRealms)]
    fn trusted_realms(this: &Options) -> String;
    #[wasm_bindgen(method, getter, js_name = plainHttp)]
    pub(super) fn plain_http(this: &Options) -> bool;
    #[wasm_bindgen(method, getter)]
    fn limits(this: &Options) -> LimitOptions;

    pub type LimitOptions;

    #[wasm_bindgen(method, getter)]
    fn manifest(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn page(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn pages(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn items(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn redirects(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn attempts(this: &LimitOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &LimitOptions) -> Option<f64>;
}

/// The configuration for the registry at `url`.
pub(super) fn config(url: &str, options: &Options) -> Result<RegistryConfig, Error> {
    let endpoint: Endpoint = url.parse()?;
    let mut config = RegistryConfig::new(endpoint);
    config.credential = credential(options)?;
    config.plain_credentials = options.plain_http();
    config.limits = limits(&options.limits());
    for realm in options.trusted_realms().lines() {
        let realm = realm.parse::<Url>()?;
        let registry = config.endpoint.origin().clone();
        config.realms = RealmPolicy::trust(config.realms, registry, realm.origin().clone());
    }
    Ok(config)
}

fn credential(options: &Options) -> Result<Option<Credential>, Error> {
    Ok(if let Some(token) = options.registry_token() {
        Some(Credential::registry_token(token)?)
    } else if let Some(token) = options.identity_token() {
        Some(Credential::identity_token("", token)?)
    } else if let Some(username) = options.username() {
        Some(Credential::new(&username, options.password().unwrap_or_default())?)
    } else {
        None
    })
}

/// Casts from f64 saturate, and NaN is 0: nonsense becomes the strictest or the widest limit.
pub(super) fn limits(options: &LimitOptions) -> Limits {
    let default = Limits::DEFAULT;
    let size = |value: Option<f64>, default| value.map_or(default, |value| value as usize);
    let count = |value: Option<f64>, default| value.map_or(default, |value| value as u32);
    Limits {
        manifest: size(options.manifest(), default.manifest),
        page: size(options.page(), default.page),
        pages: count(options.pages(), default.pages),
        items: size(options.items(), default.items),
        redirects: count(options.redirects(), default.redirects),
        attempts: count(options.attempts(), default.attempts),
        retry_after: options.retry_after().map_or(default.retry_after, |s| Duration::from_secs(s as u64)),
        ..default
    }
}
