//! rustls with ring, the platform's certificates and the caller's.

use crate::{Error, TransportError};
use alloc::{format, string::ToString, sync::Arc, vec, vec::Vec};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;

pub(super) fn config(ca_pem: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    let extra = certificates(ca_pem)?;
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| TransportError::Tls(e.to_string()))?;
    let mut config = match verifier(extra, provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        // A machine without certificates (a bare container) can still reach a registry on loopback; https fails when asked.
        Err(NoVerifier::NoRoots) => builder.with_root_certificates(RootCertStore::empty()),
        Err(NoVerifier::Unusable(e)) => return Err(TransportError::Tls(format!("CA certificates: {e}")).into()),
    }
    .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

enum NoVerifier {
    NoRoots,
    Unusable(rustls::Error),
}

fn verifier(extra: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, NoVerifier> {
    let none_given = extra.is_empty();
    Verifier::new_with_extra_roots(extra, provider)
        .map_err(|e| if none_given { NoVerifier::NoRoots } else { NoVerifier::Unusable(e) })
}

fn certificates(ca_pem: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut all = Vec::new();
    for pem in ca_pem {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            all.push(certificate.map_err(|e| TransportError::Tls(format!("CA certificates: {e}")))?);
        }
        if all.len() == before {
            return Err(TransportError::Tls("CA certificates: the file holds none".into()).into());
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn unusable_certificates_are_an_error() {
        for pem in ["", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert_eq!(config(&[pem.into()]).unwrap_err().kind(), Kind::Tls, "{pem}");
        }
        assert_eq!(config(&[]).unwrap().alpn_protocols, [&b"h2"[..], b"http/1.1"]);
    }
}
