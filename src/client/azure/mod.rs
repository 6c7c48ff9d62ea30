//! Azure, driven: ARM from resource groups down to builds, ACR's own API, signing in with a device code.
//!
//! ```no_run
//! # #[cfg(feature = "reqwest")]
//! # async fn run() -> Result<(), portolan::Error> {
//! use portolan::{azure::{ArmConfig, Cloud, entra::Entra, arm::registries::{Settings, Sku}}};
//! use portolan::client::{ReqwestTransport, azure::Arm};
//!
//! let cloud = Cloud::public();
//! let me = Entra::client_secret(&cloud, "contoso.example", "app", "secret")?;
//! let arm = Arm::new(ReqwestTransport::new()?, ArmConfig::new(cloud, me), "SUBSCRIPTION".parse()?);
//! let group = arm.group("myResourceGroup".parse()?);
//! group.create("eastus").await?;
//! let registry = group.registry("mycontainerregistry".parse()?);
//! registry.create("eastus", &Settings { sku: Some(Sku::Premium), ..Settings::default() }).await?;
//! registry.replicate("japaneast").await?;
//! for replication in registry.replications().all().await? {
//!     println!("{} {}", replication.name, replication.display_status.as_deref().unwrap_or(""));
//! }
//! # Ok(())
//! # }
//! ```

mod acr;
mod arm;
#[cfg(not(target_arch = "wasm32"))]
pub mod context;
mod group;
mod list;
mod log;
mod login;
mod registry;
mod upload;

pub use acr::Acr;
pub use arm::Arm;
pub use group::{ArmContainer, ArmGroup};
pub use list::Listed;
pub use log::Log;
pub use login::sign_in;
pub use registry::ArmRegistry;
#[cfg(feature = "wasm-azure")]
pub(crate) use upload::Upload;
pub use upload::{Source, Whole, upload};
