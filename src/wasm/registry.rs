//! `client::Registry` over `fetch`, for the facade's class of the same name.

use super::{
    abort::until_aborted,
    clock::Clock,
    error::thrown,
    listing::{Names, Pages},
    options::{self, Options},
    record::Record,
    records,
    stream::Blob,
    transport::FetchTransport,
};
use crate::{
    Digest, Platform, ProtocolError, ReferenceTarget, RepositoryName, client,
    op::{Fetched, ManifestGet, ReferrersSource},
};
use alloc::string::String;
use js_sys::{Array, Function, Uint8Array};
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
    pub async fn ping(&self, signal: Option<AbortSignal>) -> Result<String, JsValue> {
        let pong = until_aborted(signal, self.0.ping()).await.map_err(thrown)?;
        Ok(Record::new()
            .text_if("apiVersion", pong.api_version.as_deref())
            .plain("authenticated", pong.authenticated)
            .end())
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
    pub async fn head(&self, repository: &str, target: &str, signal: Option<AbortSignal>) -> Result<String, JsValue> {
        let (repository, target) = place(repository, target)?;
        let info = until_aborted(signal, self.0.head(&repository, &target)).await.map_err(thrown)?;
        Ok(records::head(&info).end())
    }

    /// A manifest's record and its bytes. `expected`: the digest that the tag had before.
    pub async fn manifest(
        &self,
        repository: &str,
        target: &str,
        expected: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Result<Array, JsValue> {
        let (repository, target) = place(repository, target)?;
        let mut op = ManifestGet::new(&repository, target);
        if let Some(expected) = expected {
            op = op.expecting(expected.parse().map_err(thrown)?);
        }
        let fetched = until_aborted(signal, self.0.run(op)).await.map_err(thrown)?;
        let Fetched { manifest, moved } = fetched;
        let record = records::manifest(&manifest, moved).end();
        Ok(Array::of2(&record.into(), &Uint8Array::from(manifest.bytes())))
    }

    /// An image's record, and the bytes of its manifest, of its index and of its config.
    pub async fn image(
        &self,
        repository: &str,
        target: &str,
        platform: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Result<Array, JsValue> {
        let (repository, target) = place(repository, target)?;
        let platform: Option<Platform> = platform.map(|text| text.parse()).transpose().map_err(thrown)?;
        let image = until_aborted(signal, self.0.image(&repository, &target, platform.as_ref()));
        let image = image.await.map_err(thrown)?;
        let Some(manifest) = image.manifest.image() else {
            return Err(thrown(ProtocolError::Unsupported("the manifest is of no kind that has layers")));
        };
        let record = records::image(&image, manifest).end();
        let index = image.index.as_ref().map(|index| Uint8Array::from(index.bytes()));
        let config = image.config.as_ref().map(|_| Uint8Array::from(image.config_bytes.as_slice()));
        Ok(Array::of4(&record.into(), &Uint8Array::from(image.manifest.bytes()), &index.into(), &config.into()))
    }

    /// A blob whose head has come.
    pub async fn blob(
        &self,
        repository: &str,
        digest: &str,
        size: Option<u64>,
        signal: Option<AbortSignal>,
    ) -> Result<Blob, JsValue> {
        let repository: RepositoryName = repository.parse().map_err(thrown)?;
        let digest: Digest = digest.parse().map_err(thrown)?;
        until_aborted(signal, self.0.blob(&repository, &digest, size)).await.map(Blob).map_err(thrown)
    }

    /// `Referrers`.
    pub async fn referrers(
        &self,
        repository: &str,
        digest: &str,
        artifact_type: Option<String>,
        signal: Option<AbortSignal>,
    ) -> Result<String, JsValue> {
        let repository: RepositoryName = repository.parse().map_err(thrown)?;
        let digest: Digest = digest.parse().map_err(thrown)?;
        let found = until_aborted(signal, self.0.referrers(&repository, &digest, artifact_type.as_deref()));
        let found = found.await.map_err(thrown)?;
        let source = match found.source {
            ReferrersSource::Api => "api",
            ReferrersSource::TagSchema => "tag-schema",
        };
        Ok(Record::new()
            .records("referrers", found.referrers.iter().map(records::descriptor))
            .text("source", source)
            .record_if("truncated", found.truncated.as_ref().map(records::truncated).as_ref())
            .end())
    }
}

fn place(repository: &str, target: &str) -> Result<(RepositoryName, ReferenceTarget), JsValue> {
    Ok((repository.parse().map_err(thrown)?, target.parse().map_err(thrown)?))
}
