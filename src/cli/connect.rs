//! From arguments to a registry that can be asked.

use super::{exit::Failure, target::Place};
use clap::Args;
use portolan::{
    RegistryConfig,
    cache::Identity,
    client::{Registry, ReqwestTransport},
    credentials::CredentialStore,
    http::{Scheme, Url},
};
use std::path::PathBuf;

/// How to reach a registry. Credentials come from where Docker and Podman keep them, or from the environment: other users
/// of the machine can read arguments.
#[derive(Args)]
pub(super) struct Connection {
    /// Speaks http in place of https to the registry that the command names.
    #[arg(long)]
    pub(super) plain_http: bool,
    /// Trusts the certificates in this PEM file beside the platform's.
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<PathBuf>,
    /// Lets the token service at this address have the registry's credential, where the registry names it.
    #[arg(long, value_name = "URL")]
    trust_realm: Vec<Url>,
}

/// A registry, and who we are there.
pub(super) struct Connected {
    pub(super) registry: Registry<ReqwestTransport>,
    pub(super) identity: Identity,
}

impl Connection {
    pub(super) async fn open(&self, place: &Place, repository: Option<&str>) -> Result<Connected, Failure> {
        let mut transport = ReqwestTransport::builder().environment_proxy();
        for file in &self.ca_file {
            let pem = std::fs::read(file).map_err(|e| Failure::Usage(format!("{}: {e}", file.display())))?;
            transport = transport.ca_pem(pem);
        }
        if self.plain_http && place.origin().scheme() == Scheme::Http {
            transport = transport.plain_http_host(place.origin().authority());
        }
        let mut config = RegistryConfig::new(place.endpoint.clone());
        for realm in &self.trust_realm {
            config.realms = config.realms.trust(place.origin().clone(), realm.origin().clone());
        }
        let host = place.origin().authority();
        config.credential = CredentialStore::from_environment().lookup(&host, repository).await?;
        let identity = Identity::new(&config.endpoint, config.credential.as_ref());
        Ok(Connected { registry: Registry::new(transport.build()?, config), identity })
    }
}
