//! `POST /v2/<name>/blobs/uploads/`: begin an upload, push a blob at once, or mount one.

use super::{call::Call, refusal::Refusal, upload};
use crate::{
    Digest, RepositoryName,
    emulator::access::{Action, Need},
};
use axum::{body::Body, http::Method, response::Response};

pub(super) async fn answer(call: &Call, body: Body, name: &RepositoryName) -> Result<Response, Refusal> {
    if *call.method() != Method::POST {
        return Err(Refusal::unsupported());
    }
    if let Some(digest) = enter(call, name).await? {
        return Ok(upload::created(name, &digest));
    }
    let digest = call.query("digest").map(|text| text.parse::<Digest>().map_err(|_| Refusal::digest_invalid()));
    let digest = digest.transpose()?;
    let algorithm = digest.as_ref().map(|digest| digest.algorithm().into()).or_else(|| call.query("digest-algorithm"));
    let id = call.store().start_upload(name, algorithm.as_deref().unwrap_or("sha256"))?;
    let Some(digest) = digest else {
        return Ok(upload::accepted(name, &id, 0));
    };
    let store = call.store();
    let pushed = store.write_upload(name, &id, Some(0), body.into_data_stream()).await;
    if let Err(error) = pushed {
        // Nobody was told where it could be resumed.
        store.cancel_upload(name, &id).await?;
        return Err(error.into());
    }
    store.finish_upload(name, &id, &digest).await?;
    Ok(upload::created(name, &digest))
}

/// Lets in who may push. Returns what was mounted; nothing if it can't be, or may not be pulled: then an upload begins.
async fn enter(call: &Call, name: &RepositoryName) -> Result<Option<Digest>, Refusal> {
    let push = Need::Repository(name.as_str(), &[Action::Push]);
    let Some((digest, from)) = source(call)? else {
        return call.require(&[push]).map(|_| None);
    };
    let pull = Need::Repository(from.as_str(), &[Action::Pull]);
    if let Err(refusal) = call.require(&[push, pull]) {
        return if call.ask(&[push]).is_ok() { Ok(None) } else { Err(refusal) };
    }
    let mounted = call.store().mount(name, &digest, &from).await?;
    Ok(mounted.then_some(digest))
}

/// The blob to mount, and the repository to mount it from.
fn source(call: &Call) -> Result<Option<(Digest, RepositoryName)>, Refusal> {
    let Some(digest) = call.query("mount") else { return Ok(None) };
    let digest: Digest = digest.parse().map_err(|_| Refusal::digest_invalid())?;
    let from = call.query("from").and_then(|from| from.parse().ok());
    Ok(from.map(|from| (digest, from)))
}
