//! A certification authority of our own, made at first start and kept with the data, and the certificate of this run.

use super::files;
use alloc::{
    string::{String, ToString as _},
    sync::Arc,
    vec,
    vec::Vec,
};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use std::{io, path::Path};

/// Names that a certificate of ours may have; `docs/emulator.md` says the same. No wildcard: rustls refuses those of one label.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What listeners and clients need of the authority.
pub(crate) struct Tls {
    /// For listeners.
    pub(crate) server: Arc<ServerConfig>,
    /// The authority's certificate, for clients.
    pub(crate) authority: String,
}

impl Tls {
    /// Takes the authority from `folder`, or makes it there; without a folder it lives as long as this process.
    pub(crate) fn load(folder: Option<&Path>) -> io::Result<Self> {
        let (certificate, key) = match folder {
            Some(folder) => kept(folder)?,
            None => made()?,
        };
        let server = server(&KeyPair::from_pem(&key).map_err(io::Error::other)?)?;
        Ok(Self { server: Arc::new(server), authority: certificate })
    }
}

fn kept(folder: &Path) -> io::Result<(String, String)> {
    let (certificate, key) = (folder.join("ca.pem"), folder.join("ca-key.pem"));
    if let (Some(certificate), Some(key)) = (files::read(&certificate)?, files::read(&key)?) {
        let text = |bytes| String::from_utf8(bytes).map_err(io::Error::other);
        return Ok((text(certificate)?, text(key)?));
    }
    let made = made()?;
    files::replace_secret(&key, made.1.as_bytes())?;
    files::replace(&certificate, made.0.as_bytes())?;
    Ok(made)
}

fn made() -> io::Result<(String, String)> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = authority()?.self_signed(&key).map_err(io::Error::other)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

/// The authority's certificate but for its key. Whoever trusts it trusts it for this machine and nothing else.
fn authority() -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, "portolan emulator");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let mut loopback = [0; 16];
    loopback[15] = 1;
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_string()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(CidrSubnet::V6(loopback, [255; 16])),
        ],
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

/// A certificate of this run.
fn server(authority_key: &KeyPair) -> io::Result<ServerConfig> {
    let issuer = Issuer::new(authority()?, authority_key);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let names: Vec<String> = NAMES.iter().map(|name| name.to_string()).collect();
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, "portolan emulator on this machine");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    let certificate: CertificateDer<'static> = params.signed_by(&key, &issuer).map_err(io::Error::other)?.into();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
