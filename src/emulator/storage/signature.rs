//! Signed links: whoever has one may do what it says until it ends.

use super::BlobName;
use crate::{
    emulator::{clock::Instant, files, random},
    http::query_value,
};
use alloc::{format, string::String};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use std::{io, path::Path};

/// Version of the storage service that links name.
const VERSION: &str = "2021-08-06";

/// What a link allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// To read.
    Read,
    /// To create, or write anew.
    Write,
}

impl Permission {
    const fn letters(self) -> &'static str {
        match self {
            Self::Read => "r",
            Self::Write => "cw",
        }
    }
}

/// Why a link does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// There is no signature, it is another one, or its time is over.
    Forged,
    /// It allows something else.
    Forbidden,
}

/// What the query of a link says.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    se: String,
    #[serde(default)]
    sp: String,
    #[serde(default)]
    sig: String,
    /// Which of the things that can be done with a blob.
    #[serde(default)]
    pub(super) comp: Option<String>,
    /// Which block.
    #[serde(default)]
    pub(super) blockid: Option<String>,
}

/// Has the key.
pub(super) struct Signer(hmac::Key);

impl Signer {
    /// The key kept at `path`; a new one if there is none.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let key = match files::read(path)? {
            Some(key) if key.len() == 32 => key,
            _ => {
                let key = random::bytes::<32>()?;
                files::replace_secret(path, &key)?;
                key.to_vec()
            }
        };
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// The query of a link.
    pub(super) fn query(&self, name: &BlobName, permission: Permission, until: Instant) -> String {
        let (sp, se) = (permission.letters(), ending(until));
        let signature = STANDARD.encode(hmac::sign(&self.0, signed(name, sp, &se).as_bytes()));
        format!("sv={VERSION}&se={}&sr=b&sp={sp}&sig={}", query_value(&se), query_value(&signature))
    }

    /// Checks that a link allows `permission` now.
    pub(super) fn check(&self, name: &BlobName, link: &Link, wanted: Permission, now: Instant) -> Result<(), Closed> {
        let signature = STANDARD.decode(&link.sig).map_err(|_| Closed::Forged)?;
        let text = signed(name, &link.sp, &link.se);
        hmac::verify(&self.0, text.as_bytes(), &signature).map_err(|_| Closed::Forged)?;
        // Both are written alike, so that their order as texts is their order in time.
        if link.se <= ending(now) {
            return Err(Closed::Forged);
        }
        if link.sp == wanted.letters() { Ok(()) } else { Err(Closed::Forbidden) }
    }
}

/// A time as links have it: whole seconds.
fn ending(at: Instant) -> String {
    let text = at.rfc3339();
    format!("{}Z", text.get(..19).unwrap_or(&text))
}

fn signed(name: &BlobName, permissions: &str, ending: &str) -> String {
    format!("{permissions}\n{ending}\n/blob/{}/{name}\n{VERSION}\nb", super::ACCOUNT)
}
