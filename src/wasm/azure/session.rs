//! A session with ARM, with a registry, or with the authority.

use super::{
    super::{
        clock::Clock,
        options::{self as registry_options, Options},
        promise::promise,
        transport::FetchTransport,
    },
    AzureOptions, Log, Login, Records, Upload, calls, lists, options, texts,
};
use crate::{
    AuthError, Endpoint, Error, Session,
    auth::Credential,
    azure::{
        ArmConfig,
        acr::token::{Exchange, Shown},
        arm::{runs, tasks},
        entra::{DeviceCode, TokenRequest},
        storage::LogRead,
    },
    client::Registry,
    js::error::thrown,
    json,
};
use alloc::{
    boxed::Box,
    string::{String, ToString},
};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// One session. Text in, documents out; see the facade for what they mean.
#[wasm_bindgen]
pub struct Azure(pub(super) Registry<FetchTransport>);

#[wasm_bindgen]
impl Azure {
    /// With ARM, over the caller's `fetch` and `clock` or the global ones.
    pub fn arm(options: &AzureOptions, fetch: Option<Function>, clock: Option<Clock>) -> Result<Self, JsValue> {
        Self::open_arm(options, fetch, clock).map_err(thrown)
    }

    fn open_arm(options: &AzureOptions, fetch: Option<Function>, clock: Option<Clock>) -> Result<Self, Error> {
        let missing = || AuthError::Credential("ARM wants an identity".to_string());
        let identity = options::identity(options)?.ok_or_else(missing)?;
        let cloud = options::cloud(options)?;
        // The machine's own identity is asked for in plain text, at an address that does not leave the machine.
        let plain = cloud.identity_endpoint.origin().host().to_string();
        let mut config = ArmConfig::new(cloud, identity);
        config.limits = options::bounds(options);
        Ok(Self(Registry::over(FetchTransport::new(fetch, clock, Some(plain)), Session::arm(config))))
    }

    /// With the registry at `url`, as an identity of Entra or by the registry's own options.
    pub fn registry(
        url: &str,
        registry: &Options,
        options: &AzureOptions,
        fetch: Option<Function>,
        clock: Option<Clock>,
    ) -> Result<Self, JsValue> {
        let open = || -> Result<Self, Error> {
            let mut config = registry_options::config(url, registry)?;
            if let Some(identity) = options::identity(options)? {
                config.credential = Some(Credential::Entra(Box::new(identity.for_registries())));
            }
            let plain = registry.plain_http().then(|| String::from(config.endpoint.origin().host()));
            Ok(Self(Registry::new(FetchTransport::new(fetch, clock, plain), config)))
        };
        open().map_err(thrown)
    }

    /// With the authority, or with a registry, as nobody: for tokens by hand.
    pub fn anonymous(
        url: Option<String>,
        options: &AzureOptions,
        fetch: Option<Function>,
        clock: Option<Clock>,
    ) -> Result<Self, JsValue> {
        let open = || -> Result<Self, Error> {
            let cloud = options::cloud(options)?;
            let plain = cloud.identity_endpoint.origin().host().to_string();
            let authority = || Ok(Endpoint::new(cloud.authority.origin().clone()));
            let endpoint = url.map_or_else(authority, |url| url.parse())?;
            let session = Session::anonymous(endpoint, options::bounds(options));
            Ok(Self(Registry::over(FetchTransport::new(fetch, clock, Some(plain)), session)))
        };
        open().map_err(thrown)
    }

    /// Makes a call: its document, or nothing where there was nothing to answer for.
    #[wasm_bindgen(unchecked_return_type = "Promise<string | undefined>")]
    pub fn call(&self, name: String, args: &Array, signal: Option<AbortSignal>) -> Promise {
        let (session, args) = (self.0.clone(), texts(args));
        promise(signal, async move {
            let answer = session.run(calls::call(&name, &args)?).await?;
            Ok(answer.map_or(JsValue::UNDEFINED, |answer| {
                let mut text = String::new();
                json::compact(&answer, &mut text);
                text.into()
            }))
        })
    }

    /// A list.
    pub fn list(&self, name: &str, args: &Array) -> Result<Records, JsValue> {
        let list = lists::list(name, &texts(args)).map_err(thrown)?;
        Ok(Records { session: self.0.clone(), list })
    }

    /// A place for the build context of a registry, `SUBSCRIPTION/GROUP/REGISTRY`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Upload>")]
    pub fn upload(&self, registry: String, signal: Option<AbortSignal>) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let target = session.run(tasks::upload_target(&registry.parse()?)).await?;
            Ok(Upload::new(session, target).into())
        })
    }

    /// An upload to a signed address.
    #[wasm_bindgen(js_name = uploadTo)]
    pub fn upload_to(&self, url: &str) -> Result<Upload, JsValue> {
        let url = crate::azure::storage::SignedUrl::parse(url).map_err(thrown)?;
        let target = tasks::UploadTarget { url, relative_path: String::new() };
        Ok(Upload::new(self.0.clone(), target))
    }

    /// The log of a run, from its beginning.
    #[wasm_bindgen(unchecked_return_type = "Promise<Log>")]
    pub fn log(&self, registry: String, run: String, signal: Option<AbortSignal>) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let link = session.run(runs::log_link(&registry.parse()?, &run.parse()?)).await?;
            let read = link.artifact.map_or_else(|| LogRead::follow(link.link), LogRead::whole);
            Ok(Log::new(session.open(read).await?).into())
        })
    }

    /// The log at a signed address.
    #[wasm_bindgen(js_name = logAt, unchecked_return_type = "Promise<Log>")]
    pub fn log_at(&self, url: String, signal: Option<AbortSignal>) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let read = LogRead::follow(crate::azure::storage::SignedUrl::parse(&url)?);
            Ok(Log::new(session.open(read).await?).into())
        })
    }

    /// A code for a person to sign in with; in a session with the authority.
    #[wasm_bindgen(unchecked_return_type = "Promise<Login>")]
    pub fn device(
        &self,
        options: AzureOptions,
        tenant: String,
        client: String,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let code = DeviceCode::new(&options::cloud(&options)?, &tenant, &client)?;
            let login = session.run(code).await?;
            Ok(Login::new(session, login).into())
        })
    }

    /// A token of the identity; in a session with the authority. Its lifetime comes after it.
    #[wasm_bindgen(unchecked_return_type = "Promise<any[]>")]
    pub fn token(&self, options: AzureOptions, registries: bool, signal: Option<AbortSignal>) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let missing = || AuthError::Credential("there is no identity".to_string());
            let identity = options::identity(&options)?.ok_or_else(missing)?;
            let identity = if registries { identity.for_registries() } else { identity };
            let answer = session.run(TokenRequest::new(identity)).await?;
            Ok(Array::of2(&answer.token.expose().into(), &(answer.lifetime.as_secs() as f64).into()).into())
        })
    }

    /// A registry's refresh token for an Entra token; in an anonymous session with the registry. Its lifetime comes after it.
    #[wasm_bindgen(unchecked_return_type = "Promise<any[]>")]
    pub fn exchange(
        &self,
        service: String,
        token: String,
        tenant: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let session = self.0.clone();
        promise(signal, async move {
            let answer = session.run(Exchange::new(Shown::AccessToken(token.into()), service, tenant)).await?;
            Ok(Array::of2(&answer.refresh_token.expose().into(), &(answer.lifetime.as_secs() as f64).into()).into())
        })
    }
}
