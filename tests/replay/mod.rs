//! Replays transcripts through any driver.

#[cfg(feature = "azure")]
mod azure;
pub(crate) mod client_driver;
pub(crate) mod core_driver;
pub(crate) mod script;
pub(crate) mod server;

use portolan::{
    Error, Limits, RegistryConfig, Session,
    auth::Credential,
    http::Url,
    op::{
        BlobRead, BlobSlice, Catalog, ManifestGet, ManifestHead, Names, Operation, Pager, Ping, Referrers,
        ReferrersSource, Tags,
    },
};
use script::{Call, Transcript};
use serde_json::{Value, json};
use server::Server;
use std::time::Duration;

/// Carries one operation to its end; also returns what was streamed.
pub(crate) trait Driver {
    fn server<R>(&mut self, act: impl FnOnce(&mut Server) -> R) -> R;
    fn run<O: Operation + Send + 'static>(&mut self, op: O) -> (Result<O::Output, Error>, Vec<u8>)
    where
        O::Output: Send;
}

/// The session that a transcript begins with.
pub(crate) fn session(transcript: &Transcript) -> Session {
    #[cfg(feature = "azure")]
    if let Some(session) = azure::session(transcript) {
        return session;
    }
    Session::new(config(transcript))
}

fn config(transcript: &Transcript) -> RegistryConfig {
    let mut config = RegistryConfig::new(transcript.registry.parse().expect("a registry"));
    config.credential = match transcript.credential.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => None,
        ["basic", user, password] => Some(Credential::new(user, password).unwrap()),
        ["identity", token] => Some(Credential::identity_token("", token).unwrap()),
        ["token", token] => Some(Credential::registry_token(token).unwrap()),
        #[cfg(feature = "azure")]
        ["entra", ref words @ ..] => Some(Credential::Entra(Box::new(azure::identity(transcript, words)))),
        ref other => panic!("credential {other:?}"),
    };
    let registry = config.endpoint.origin().clone();
    for realm in &transcript.trust {
        let realm = realm.parse::<Url>().expect("an origin").origin().clone();
        config.realms = std::mem::take(&mut config.realms).trust(registry.clone(), realm);
    }
    config.limits = limits(&transcript.limits);
    config
}

fn limits(set: &[(String, u64)]) -> Limits {
    let mut limits = Limits::DEFAULT;
    for (name, value) in set {
        match name.as_str() {
            "attempts" => limits.attempts = *value as u32,
            "pages" => limits.pages = *value as u32,
            "items" => limits.items = *value as usize,
            "manifest" => limits.manifest = *value as usize,
            "page" => limits.page = *value as usize,
            "redirects" => limits.redirects = *value as u32,
            "retryAfter" => limits.retry_after = Duration::from_secs(*value),
            other => panic!("limit {other}"),
        }
    }
    limits
}

/// Plays all calls; returns what was not as written.
pub(crate) fn play(transcript: Transcript, driver: &mut impl Driver) -> Vec<String> {
    let limits = limits(&transcript.limits);
    for call in transcript.calls {
        driver.server(|server| server.traffic = call.traffic.clone());
        let result = perform(&call, driver, &limits);
        driver.server(|server| {
            if !server.traffic.is_empty() {
                let left = format!("never happened: {:?}", server.traffic);
                server.faults.push(left);
            }
            server.faults.extend(compare(&call, result));
        });
    }
    driver.server(|server| std::mem::take(&mut server.faults))
}

fn compare(call: &Call, result: Result<Value, Error>) -> Vec<String> {
    let mut faults = Vec::new();
    for expected in &call.expected {
        let (word, rest) = expected.split_once(' ').unwrap_or((expected, ""));
        let message = || result.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let fits = match word {
            "error" => result.as_ref().is_err_and(|e| e.kind().as_str() == rest),
            "contains" => message().contains(rest),
            "lacks" => !message().contains(rest),
            _ => result.as_ref().is_ok_and(|v| *v == serde_json::from_str::<Value>(expected).expect("JSON")),
        };
        if !fits {
            faults.push(format!("{:?}: {result:?}, not {expected}", call.words));
        }
    }
    assert!(!call.expected.is_empty(), "{:?}: nothing is expected of it", call.words);
    faults
}

fn perform(call: &Call, driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
    match words[..] {
        ["ping"] => Ok(json!({ "authenticated": driver.run(Ping::new()).0?.authenticated })),
        ["repositories", ref rest @ ..] => list(Catalog::new(), rest, driver, limits),
        ["tags", repository, ref rest @ ..] => list(Tags::of(&repository.parse()?), rest, driver, limits),
        ["head", repository, target] => {
            let info = driver.run(ManifestHead::new(&repository.parse()?, target.parse()?)).0?;
            Ok(json!({ "digest": info.digest, "mediaType": info.media_type }))
        }
        ["manifest", repository, target, ref expected @ ..] => {
            let mut op = ManifestGet::new(&repository.parse()?, target.parse()?);
            if let Some(expected) = expected.first() {
                op = op.expecting(expected.parse()?);
            }
            let fetched = driver.run(op).0?;
            let (manifest, kind) = (&fetched.manifest, fetched.manifest.kind().as_str());
            let mut result = json!({ "digest": manifest.digest(), "mediaType": manifest.media_type(), "kind": kind });
            if fetched.moved {
                result["moved"] = true.into();
            }
            Ok(result)
        }
        ["blob", repository, digest, ref size @ ..] => {
            let size = size.first().map(|size| size.parse().expect("a size"));
            let (result, bytes) = driver.run(BlobRead::new(&repository.parse()?, &digest.parse()?, size)?);
            result.map(|_| json!({ "text": String::from_utf8_lossy(&bytes) }))
        }
        ["slice", repository, digest, size, first, end] => {
            let [size, first, end] = [size, first, end].map(|number| number.parse().expect("a number"));
            let op = BlobSlice::new(&repository.parse()?, &digest.parse()?, size, first..end);
            let (result, bytes) = driver.run(op);
            result.map(|()| json!({ "text": String::from_utf8_lossy(&bytes) }))
        }
        ["referrers", repository, digest, ref wanted @ ..] => {
            let op = Referrers::of(&repository.parse()?, &digest.parse()?, wanted.first().copied());
            let found = driver.run(op).0?;
            let digests: Vec<_> = found.referrers.iter().map(|d| &d.digest).collect();
            let source = if found.source == ReferrersSource::Api { "api" } else { "tag-schema" };
            Ok(json!({ "digests": digests, "source": source }))
        }
        #[cfg(feature = "azure")]
        ref other => azure::perform(other, driver, limits),
        #[cfg(not(feature = "azure"))]
        ref other => panic!("call {other:?}"),
    }
}

fn list<L: Names + Send + 'static>(
    list: L,
    size: &[&str],
    driver: &mut impl Driver,
    limits: &Limits,
) -> Result<Value, Error> {
    let size = size.first().map(|size| size.parse().expect("a page size"));
    let mut pager = Pager::new(list, size, limits.clone());
    let (mut names, mut skipped) = (Vec::new(), 0);
    while let Some(op) = pager.next_page() {
        let page = pager.accept(driver.run(op).0)?;
        names.extend(page.names);
        skipped += page.skipped;
        if let Some(truncated) = page.truncated {
            return Ok(json!({ "names": names, "skipped": skipped, "truncated": truncated.error.kind().as_str() }));
        }
    }
    Ok(json!({ "names": names, "skipped": skipped }))
}
