//! Signing in with a device code.

use crate::{
    Endpoint, Error, Limits, Session,
    azure::{
        Cloud,
        entra::{DeviceCode, DeviceLogin, Entra},
    },
    client::{Registry, Transport},
};

/// Signs a person in: `show` is told code and address, and the future is done when they were used. The identity can be kept
/// and used for ARM and for registries.
///
/// # Errors
/// `Unauthorized` if the person declines or the code expires; else whatever the authority or the network has to say.
pub async fn sign_in<T: Transport>(
    transport: T,
    cloud: &Cloud,
    tenant: &str,
    client_id: &str,
    show: impl FnOnce(&DeviceLogin),
) -> Result<Entra, Error> {
    let code = DeviceCode::new(cloud, tenant, client_id)?;
    let authority = Endpoint::new(cloud.authority.origin().clone());
    let session = Registry::over(transport, Session::anonymous(authority, Limits::DEFAULT));
    let login = session.run(code).await?;
    show(&login);
    session.run(login.poll()).await
}
