//! Azure's instance metadata service, which knows the identities of the machine.
//!
//! `GET http://169.254.169.254/metadata/identity/oauth2/token`; numbers in its answer are strings.

use crate::{
    Error, Limits,
    http::{Form, Method, Request, Url},
};
use alloc::{format, string::String};

/// Where the metadata service answers, in plain http: a link-local address that never leaves the machine's host. A transport
/// that refuses plain http has to be told (`ReqwestBuilder::plain_http_host`).
pub const METADATA_HOST: &str = "169.254.169.254";

/// Which of the machine's identities.
///
/// ```
/// use portolan::azure::{Cloud, entra::{Entra, ManagedIdentity}};
/// let entra = Entra::managed_identity(&Cloud::public(), ManagedIdentity::System);
/// assert_eq!(entra.tenant(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManagedIdentity {
    /// The machine's own, or the only one it has.
    System,
    /// By client id.
    Client(String),
    /// By object id.
    Object(String),
    /// By resource id.
    Resource(String),
}

impl ManagedIdentity {
    pub(super) fn request(&self, endpoint: &Url, audience: &str, limits: &Limits) -> Result<Request, Error> {
        let mut query = Form::default();
        query.add("api-version", "2018-02-01").add("resource", audience);
        match self {
            Self::System => {}
            Self::Client(id) => _ = query.add("client_id", id),
            Self::Object(id) => _ = query.add("object_id", id),
            Self::Resource(id) => _ = query.add("msi_res_id", id),
        }
        let url = endpoint.join(&format!("?{}", query.finish()))?;
        let mut request = Request::new(Method::Get, url, limits);
        request.headers.push("Accept", "application/json");
        // Without it the service answers nobody: pages and redirects cannot send it.
        request.headers.push("Metadata", "true");
        Ok(request)
    }
}
