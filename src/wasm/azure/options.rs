//! The facade's options as identities and clouds.

use super::super::options::{LimitOptions, limits};
use crate::{
    Error, Limits,
    azure::{
        Cloud,
        entra::{Entra, ManagedIdentity},
    },
};
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Settings` of the facade's `azure/options`.
    pub type AzureOptions;

    #[wasm_bindgen(method, getter)]
    fn cloud(this: &AzureOptions) -> String;
    #[wasm_bindgen(method, getter)]
    fn arm(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn authority(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn audience(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = identityEndpoint)]
    fn identity_endpoint(this: &AzureOptions) -> Option<String>;
    /// `secret`, `refresh`, `token`, `managed`; nothing for nobody.
    #[wasm_bindgen(method, getter)]
    fn kind(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn tenant(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = clientId)]
    fn client_id(this: &AzureOptions) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn secret(this: &AzureOptions) -> Option<String>;
    /// Seconds since 1970.
    #[wasm_bindgen(method, getter)]
    fn expires(this: &AzureOptions) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = limits)]
    fn limit_options(this: &AzureOptions) -> LimitOptions;
}

pub(super) fn cloud(options: &AzureOptions) -> Result<Cloud, Error> {
    let mut cloud = match options.cloud().as_str() {
        "china" => Cloud::china(),
        "usGovernment" => Cloud::us_government(),
        "germany" => Cloud::germany(),
        "custom" => {
            let text = |value: Option<String>| value.unwrap_or_default();
            let (arm, authority) = (text(options.arm()), text(options.authority()));
            Cloud::custom(&arm, &authority, &text(options.audience()), "azurecr.io")?
        }
        _ => Cloud::public(),
    };
    if let Some(endpoint) = options.identity_endpoint() {
        cloud.identity_endpoint = endpoint.parse()?;
    }
    Ok(cloud)
}

/// The identity, where there is one.
pub(super) fn identity(options: &AzureOptions) -> Result<Option<Entra>, Error> {
    let cloud = cloud(options)?;
    let text = |value: Option<String>| value.unwrap_or_default();
    let (tenant, client, secret) = (text(options.tenant()), text(options.client_id()), text(options.secret()));
    Ok(match options.kind().as_deref() {
        Some("secret") => Some(Entra::client_secret(&cloud, &tenant, &client, secret)?),
        Some("refresh") => Some(Entra::refresh_token(&cloud, &tenant, &client, secret)?),
        // A cast from f64 saturates.
        Some("token") => Some(Entra::token(&cloud, secret, options.expires().map(|end| end as u64))?),
        Some("managed") if client.is_empty() => Some(Entra::managed_identity(&cloud, ManagedIdentity::System)),
        Some("managed") => Some(Entra::managed_identity(&cloud, ManagedIdentity::Client(client))),
        _ => None,
    })
}

pub(super) fn bounds(options: &AzureOptions) -> Limits {
    limits(&options.limit_options())
}
