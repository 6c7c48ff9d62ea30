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
use core::{net::SocketAddr, time::Duration};
use ring::hmac;

/// How long an address is good.
const GOOD_FOR: Duration = Duration::from_secs(20 * 60);

/// Where the blob is for the next minutes. `asked` is the `Host` that the request came to.
pub(super) fn location(site: &Site, region: &Region, scheme: &str, asked: &str, digest: &Digest) -> String {
    let origin = format!("{scheme}://{}", host(&region.data_endpoint, asked));
    address(site, &region.name, &origin, digest, Instant::now().after(GOOD_FOR))
}

/// Another host than the registry's, as in Azure: clients that take their credentials along to other ports of the same
/// host, Go's among them, leave them behind here too.
fn host(endpoint: &str, asked: &str) -> String {
    let name = asked.rsplit_once(':').map_or(asked, |(name, _)| name);
    match endpoint.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() && !name.eq_ignore_ascii_case("localhost") => {
            format!("localhost:{}", address.port())
        }
        _ => endpoint.into(),
    }
}

fn address(site: &Site, region: &str, origin: &str, digest: &Digest, end: Instant) -> String {
    let end = seconds(end);
    let signature = hmac::sign(site.key(), signed(region, digest, &end).as_bytes());
    let (algorithm, encoded) = (digest.algorithm(), digest.encoded());
    let shard = encoded.get(..2).unwrap_or(encoded);
    let signature = URL_SAFE_NO_PAD.encode(signature);
    format!(
        "{origin}/docker/registry/v2/blobs/{algorithm}/{shard}/{encoded}/data?se={end}&sig={signature}&sp=r&sr=b&sv=2018-03-28"
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

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_data_endpoint_has_another_host() {
        assert_eq!(host("127.0.0.1:5001", "127.0.0.1:5000"), "localhost:5001");
        assert_eq!(host("[::1]:5001", "[::1]:5000"), "localhost:5001");
        assert_eq!(host("127.0.0.1:5001", "localhost:5000"), "127.0.0.1:5001");
        assert_eq!(host("127.0.0.1:5001", ""), "localhost:5001");
        assert_eq!(host("data.example:443", "127.0.0.1"), "data.example:443");
    }
}
