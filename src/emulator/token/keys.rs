//! The key, and what is signed with it.

use super::{super::files, kid};
use crate::{Limits, base64::URL_SAFE, json};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use getrandom::SysRng;
use ring::{
    rand::SystemRandom,
    rsa::{KeyPair, PublicKeyComponents},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use rsa::{PrivateKey, pkcs8::EncodePrivateKey as _};
use serde_json::{Value, json};
use std::{io, path::Path};

/// Bits of the modulus, as Entra and ACR have them.
const BITS: usize = 2048;

/// Longest token that is looked at.
const MAX_TOKEN: usize = 32 << 10;

/// A key pair with its name.
pub(crate) struct Keys {
    pair: KeyPair,
    kid: String,
    random: SystemRandom,
}

impl Keys {
    /// Takes the key from `folder`, or makes it there; without a folder it lives as long as this process.
    pub(crate) fn load(folder: Option<&Path>) -> io::Result<Self> {
        let file = folder.map(|folder| folder.join("token-key.der"));
        let kept = file.as_deref().map(files::read).transpose()?.flatten();
        let der = match kept {
            Some(der) => der,
            None => made(file.as_deref())?,
        };
        let pair = KeyPair::from_pkcs8(&der).map_err(|error| io::Error::other(format!("the token key: {error}")))?;
        let kid = kid::of(pair.public_key().as_ref());
        Ok(Self { pair, kid, random: SystemRandom::new() })
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> io::Result<String> {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.kid });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &self.random, text.as_bytes(), &mut signature)
            .map_err(|_| io::Error::other("a token could not be signed"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that we signed and whose time it is (`now`, seconds since 1970).
    pub(crate) fn verify(&self, token: &str, now: u64) -> Option<Value> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let (text, signature) = token.rsplit_once('.')?;
        let (header, claims) = text.split_once('.')?;
        let parse = |part| json::parse(&crate::base64::decode(part, URL_SAFE)?, &Limits::DEFAULT).ok();
        let header: Value = parse(header)?;
        if header.get("alg")? != "RS256" {
            return None;
        }
        let signature = crate::base64::decode(signature, URL_SAFE)?;
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        public.verify(text.as_bytes(), &signature).ok()?;
        let claims = parse(claims)?;
        let (begins, ends) = (claims.get("nbf")?.as_u64()?, claims.get("exp")?.as_u64()?);
        (begins <= now.saturating_add(1) && now < ends).then_some(claims)
    }

    /// The public half for others (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        let public = PublicKeyComponents::<Vec<u8>>::from(self.pair.public());
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": URL_SAFE_NO_PAD.encode(public.n), "e": URL_SAFE_NO_PAD.encode(public.e),
        }]})
    }
}

fn made(file: Option<&Path>) -> io::Result<Vec<u8>> {
    let fail = |error: &dyn core::fmt::Display| io::Error::other(error.to_string());
    let key = PrivateKey::new(&mut SysRng, BITS).map_err(|error| fail(&error))?;
    let der = key.to_pkcs8_der().map_err(|error| fail(&error))?;
    if let Some(file) = file {
        files::replace_secret(file, der.as_bytes())?;
    }
    Ok(der.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_ours_whole_and_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load(Some(folder.path())).unwrap();
        let claims = json!({ "sub": "x", "nbf": 100, "exp": 200 });
        let token = keys.sign(&claims).unwrap();
        assert_eq!(keys.verify(&token, 150), Some(claims.clone()));
        // The same key after a restart.
        assert_eq!(Keys::load(Some(folder.path())).unwrap().verify(&token, 150), Some(claims));
        for now in [98, 200, 201] {
            assert_eq!(keys.verify(&token, now), None, "{now}");
        }
        let (text, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = text.split_once('.').unwrap();
        let other = URL_SAFE_NO_PAD.encode(r#"{"sub":"y","nbf":100,"exp":200}"#);
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for bad in [format!("{header}.{other}.{signature}"), format!("{none}.{other}."), "a.b.c".into(), "".into()] {
            assert_eq!(keys.verify(&bad, 150), None, "{bad}");
        }
        assert_eq!(Keys::load(None).unwrap().verify(&token, 150), None);
    }
}
