//! Addresses at a data endpoint that need no credentials: signed, and good for a while.

use crate::{
    Digest,
    emulator::{
        clock::Instant,
        site::{Region, Site},
    },
};
use alloc::{format, string::String};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use core::time::Duration;
use ring::hmac;

/// How long an address is good.
const GOOD_FOR: Duration = Duration::from_secs(20 * 60);

/// Where the blob is for the next minutes.
pub(super) fn location(site: &Site, region: &Region, scheme: &str, digest: &Digest) -> String {
    address(site, region, scheme, digest, Instant::now().after(GOOD_FOR))
}

fn address(site: &Site, region: &Region, scheme: &str, digest: &Digest, end: Instant) -> String {
    let end = seconds(end);
    let signature = hmac::sign(site.key(), signed(&region.name, digest, &end).as_bytes());
    let (algorithm, encoded) = (digest.algorithm(), digest.encoded());
    let shard = encoded.get(..2).unwrap_or(encoded);
    format!(
        "{scheme}://{}/docker/registry/v2/blobs/{algorithm}/{shard}/{encoded}/data?se={end}&sig={}&sp=r&sr=b&sv=2018-03-28",
        region.data_endpoint,
        URL_SAFE_NO_PAD.encode(signature)
    )
}

/// The digest that a path means.
pub(super) fn digest(path: &str) -> Option<Digest> {
    let mut parts = path.strip_prefix("/docker/registry/v2/blobs/")?.split('/');
    let (algorithm, shard, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = (parts.next()?, parts.next());
    if rest != ("data", None) || !encoded.starts_with(shard) {
        return None;
    }
    format!("{algorithm}:{encoded}").parse().ok()
}

/// True if the address is one of ours, and still good.
pub(super) fn is_good(site: &Site, region: &str, digest: &Digest, end: &str, signature: &str) -> bool {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let signed = signed(region, digest, end);
    // The text of a later instant is greater: all have the same length.
    hmac::verify(site.key(), signed.as_bytes(), &signature).is_ok() && *end > *seconds(Instant::now())
}

fn signed(region: &str, digest: &Digest, end: &str) -> String {
    format!("r\n{region}\n{digest}\n{end}")
}

/// As storage writes it: without fractions.
fn seconds(instant: Instant) -> String {
    let text = instant.rfc3339();
    format!("{}Z", text.split('.').next().unwrap_or_default())
}
