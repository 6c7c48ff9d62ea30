//! `client::Registry` over `fetch`, for the facade's class of the same name.

use super::{
    clock::Clock,
    listing::{Names, Pages},
    options::{self, Options},
    promise::promise,
    records,
    stream::Blob,
    transport::FetchTransport,
};
use crate::{
    Error, Platform, ProtocolError, ReferenceTarget, RepositoryName,
    client::{self, Erased},
    js::{error::thrown, record::Record},
    op::{BlobRead, BlobSlice, Fetched, ManifestGet, ReferrersSource},
};
use alloc::string::String;
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// One registry. Text in, records out; see the facade for what they mean.
#[wasm_bindgen]
pub struct Registry(client::Registry<FetchTransport>);

#[wasm_bindgen]
impl Registry {
    /// A registry at `url`, over the caller's `fetch` and `clock` or the global ones.
    #[wasm_bindgen(constructor)]
    pub fn new(url: &str, options: &Options, fetch: Option<Function>, clock: Option<Clock>) -> Result<Self, JsValue> {
        let config = options::config(url, options).map_err(thrown)?;
        let plain = options.plain_http().then(|| String::from(config.endpoint.origin().host()));
        Ok(Self(client::Registry::new(FetchTransport::new(fetch, clock, plain), config)))
    }

    /// A `Ping`.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn ping(&self, signal: Option<AbortSignal>) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let pong = registry.ping().await?;
            Ok(Record::new()
                .text_if("apiVersion", pong.api_version.as_deref())
                .flag("authenticated", pong.authenticated)
                .end()
                .into())
        })
    }

    /// The repositories.
    pub fn repositories(&self, size: Option<u32>) -> Names {
        Names(Pages::Repositories(self.0.repositories(size)))
    }

    /// The tags of `repository`.
    pub fn tags(&self, repository: &str, size: Option<u32>) -> Result<Names, JsValue> {
        let repository: RepositoryName = repository.parse().map_err(thrown)?;
        Ok(Names(Pages::Tags(self.0.tags(&repository, size))))
    }

    /// A `ManifestHead`.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn head(&self, repository: String, target: String, signal: Option<AbortSignal>) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let (repository, target) = place(&repository, &target)?;
            let info = registry.head(&repository, &target).await?;
            Ok(records::head(&info).end().into())
        })
    }

    /// A manifest's record and its bytes. `expected`: the digest that the tag had before.
    #[wasm_bindgen(unchecked_return_type = "Promise<any[]>")]
    pub fn manifest(
        &self,
        repository: String,
        target: String,
        expected: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let (repository, target) = place(&repository, &target)?;
            let mut op = ManifestGet::new(&repository, target);
            if let Some(expected) = expected {
                op = op.expecting(expected.parse()?);
            }
            let Fetched { manifest, moved } = registry.run(op).await?;
            let record = records::manifest(&manifest, moved).end();
            Ok(Array::of2(&record.into(), &Uint8Array::from(manifest.bytes())).into())
        })
    }

    /// An image's record, and the bytes of its manifest, of its index and of its config.
    #[wasm_bindgen(unchecked_return_type = "Promise<any[]>")]
    pub fn image(
        &self,
        repository: String,
        target: String,
        platform: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let (repository, target) = place(&repository, &target)?;
            let platform: Option<Platform> = platform.map(|text| text.parse()).transpose()?;
            let image = registry.image(&repository, &target, platform.as_ref()).await?;
            let Some(manifest) = image.manifest.image() else {
                return Err(ProtocolError::Unsupported("the manifest is of no kind that has layers").into());
            };
            let record = records::image(&image, manifest).end();
            let index = image.index.as_ref().map(|index| Uint8Array::from(index.bytes()));
            let config = image.config.as_ref().map(|_| Uint8Array::from(image.config_bytes.as_slice()));
            let manifest = Uint8Array::from(image.manifest.bytes());
            Ok(Array::of4(&record.into(), &manifest, &index.into(), &config.into()).into())
        })
    }

    /// A blob whose head has come; with `end`, the stretch of it from `start` on, which then needs its size.
    #[wasm_bindgen(unchecked_return_type = "Promise<Blob>")]
    pub fn blob(
        &self,
        repository: String,
        digest: String,
        size: Option<u64>,
        start: u64,
        end: Option<u64>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let (repository, digest) = (repository.parse()?, digest.parse()?);
            let op = match end {
                Some(end) => Erased::new(BlobSlice::new(&repository, &digest, size.unwrap_or(end), start..end)).0,
                None => Erased::new(BlobRead::new(&repository, &digest, size)?).0,
            };
            registry.open_erased(op).await.map(|body| Blob(body).into())
        })
    }

    /// `Referrers`.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn referrers(
        &self,
        repository: String,
        digest: String,
        artifact_type: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Promise {
        let registry = self.0.clone();
        promise(signal, async move {
            let (repository, digest) = (repository.parse()?, digest.parse()?);
            let found = registry.referrers(&repository, &digest, artifact_type.as_deref()).await?;
            let source = match found.source {
                ReferrersSource::Api => "api",
                ReferrersSource::TagSchema => "tag-schema",
            };
            Ok(Record::new()
                .records("referrers", found.referrers.iter().map(records::descriptor))
                .text("source", source)
                .record_if("truncated", found.truncated.as_ref().map(records::truncated).as_ref())
                .end()
                .into())
        })
    }
}

fn place(repository: &str, target: &str) -> Result<(RepositoryName, ReferenceTarget), Error> {
    Ok((repository.parse()?, target.parse()?))
}
