//! What a descriptor says of a table of contents.

use super::{Step, estargz, zstd_chunked};
use crate::{Descriptor, Digest, Error, Limits, ProtocolError};

const ESTARGZ: &str = "containerd.io/snapshot/stargz/toc.digest";
/// Of containers/storage, and the name that it and others used before.
const CHECKSUM: [&str; 2] =
    ["io.github.containers.zstd-chunked.manifest-checksum", "io.containers.zstd-chunked.manifest-checksum"];
const POSITION: [&str; 2] =
    ["io.github.containers.zstd-chunked.manifest-position", "io.containers.zstd-chunked.manifest-position"];

/// The first step to the table, if one is announced. Tools that write zstd:chunked give the digest of eStargz, too.
pub(super) fn step(layer: &Descriptor, limits: &Limits) -> Result<Option<Step>, Error> {
    if let Some(checksum) = annotation(layer, &CHECKSUM) {
        let step = match annotation(layer, &POSITION) {
            Some(position) => zstd_chunked::Step::at(position, digest(checksum)?, layer.size, limits)?,
            None => zstd_chunked::Step::footer(digest(checksum)?, layer.size),
        };
        return Ok(Some(Step::ZstdChunked(step)));
    }
    let estargz = annotation(layer, &[ESTARGZ]).map(digest).transpose()?;
    Ok(estargz.map(|digest| Step::Estargz(estargz::Step::tail(digest, layer.size))))
}

fn annotation<'a>(layer: &'a Descriptor, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| layer.annotations.get(*name)).map(|value| value.as_str())
}

fn digest(text: &str) -> Result<Digest, Error> {
    let digest: Digest = text.parse()?;
    if digest.is_verifiable() {
        return Ok(digest);
    }
    Err(ProtocolError::Unsupported("a table of contents whose digest has an unknown algorithm").into())
}
