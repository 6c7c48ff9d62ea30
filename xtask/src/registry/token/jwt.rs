//! JSON Web Tokens signed with ES256, their key proven by a certificate in `x5c`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

/// Allowed difference between two clocks of one machine.
const SKEW: u64 = 5;

/// A key with its self-signed certificate.
pub(super) struct Signer {
    issuer: &'static str,
    key: EcdsaKeyPair,
    random: SystemRandom,
    header: String,
    certificate: String,
}

impl Signer {
    /// Makes a key and a certificate.
    ///
    /// # Errors
    /// When the random source or the encoding fails.
    pub(super) fn new(issuer: &'static str) -> Result<Self> {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.distinguished_name.push(DnType::CommonName, issuer);
        let certificate = params.self_signed(&pair)?;
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.serialize_der(), &random)
            .map_err(|error| anyhow!("the token key was refused: {error}"))?;
        let header = json!({ "typ": "JWT", "alg": "ES256", "x5c": [STANDARD.encode(certificate.der())] });
        Ok(Self {
            issuer,
            key,
            random,
            header: URL_SAFE_NO_PAD.encode(header.to_string()),
            certificate: certificate.pem(),
        })
    }

    /// The certificate as PEM.
    pub(super) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A token for `subject` that allows `access`.
    ///
    /// # Errors
    /// When signing fails.
    pub(super) fn sign(&self, subject: &str, audience: &str, access: &Value, expires_in: u64) -> Result<String> {
        let now = now()?.as_secs();
        let claims = json!({
            "iss": self.issuer,
            "sub": subject,
            "aud": audience,
            "iat": now,
            "nbf": now.saturating_sub(SKEW),
            "exp": now.saturating_add(expires_in),
            "jti": identifier()?,
            "access": access,
        });
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature =
            self.key.sign(&self.random, signed.as_bytes()).map_err(|error| anyhow!("cannot sign: {error}"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Time since 1970.
///
/// # Errors
/// When the clock stands before that.
pub(super) fn now() -> Result<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")
}

/// A fresh unguessable word.
///
/// # Errors
/// When the random source fails.
pub(super) fn identifier() -> Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|error| anyhow!("no random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
