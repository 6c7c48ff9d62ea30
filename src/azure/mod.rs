//! Azure: ARM, Entra, and what ACR has beside the distribution API. Operations are values like those of [`op`](crate::op).
//!
//! ARM is a session like a registry's: [`Session::arm`](crate::Session::arm) makes one of an [`ArmConfig`], and any
//! [`Exchange`](crate::Exchange) carries an ARM operation through it, long-running ones to their end. ACR's own API
//! ([`acr`]) runs in the session of the registry, which an Entra identity may use as its credential.
//!
//! ```
//! use portolan::{Session, Exchange, Step, Tick, azure::{ArmConfig, Cloud, arm::groups, entra::Entra}};
//! let cloud = Cloud::public();
//! let identity = Entra::token(&cloud, "eyJ0", None)?;
//! let mut session = Session::arm(ArmConfig::new(cloud, identity));
//! let group = "00000000-0000-0000-0000-000000000001/myResourceGroup".parse()?;
//! let mut exchange = Exchange::new(groups::show(&group), &mut session);
//! let tick = Tick { monotonic: Default::default(), unix: 0, random: 0 };
//! let Step::Send(request) = exchange.poll(&mut session, tick) else { panic!() };
//! assert!(request.url.as_str().starts_with("https://management.azure.com/subscriptions/00000000-"));
//! # Ok::<(), portolan::Error>(())
//! ```

pub mod acr;
pub mod arm;
mod call;
mod cloud;
pub mod context;
pub mod endpoints;
pub mod entra;
mod list;
mod long;
mod names;
pub(crate) mod read;
pub mod storage;

pub use call::{Call, RawCall};
pub use cloud::{ArmConfig, Cloud};
pub use list::{Items, List, ListPage, RawItems, RawList};
pub use names::{GroupId, GroupName, RegistryId, RegistryName, ResourceName, SubscriptionId};
