//! A subscription.

use super::{ArmGroup, Listed};
use crate::{
    Error, Session,
    azure::{
        ArmConfig, GroupName, List, RegistryName, SubscriptionId,
        arm::{
            groups,
            groups::Group,
            registries::{self, NameCheck, Registry as RegistryRecord},
        },
    },
    client::{MaybeSend, Registry, Transport},
    op::Operation,
};

/// A subscription at ARM. Clones share tokens, back-off and connections.
#[derive(Debug)]
pub struct Arm<T> {
    pub(super) session: Registry<T>,
    pub(super) subscription: SubscriptionId,
}

impl<T> Clone for Arm<T> {
    fn clone(&self) -> Self {
        Self { session: self.session.clone(), subscription: self.subscription.clone() }
    }
}

impl<T: Transport> Arm<T> {
    /// A subscription; nothing is sent yet.
    ///
    /// A managed identity is asked over plain http: allow
    /// [`METADATA_HOST`](crate::azure::entra::METADATA_HOST) to the transport.
    pub fn new(transport: T, config: ArmConfig, subscription: SubscriptionId) -> Self {
        Self { session: Registry::over(transport, Session::arm(config)), subscription }
    }

    /// Drives any operation of ARM's to its end.
    ///
    /// # Errors
    /// Whatever the operation, ARM, the authority or the network has to say.
    pub async fn run<O>(&self, op: O) -> Result<O::Output, Error>
    where
        O: Operation + MaybeSend,
        O::Output: MaybeSend,
    {
        self.session.run(op).await
    }

    /// Reads any list of ARM's.
    #[must_use]
    pub fn list<R: MaybeSend>(&self, list: List<R>) -> Listed<T, R> {
        Listed::new(self.session.clone(), list)
    }

    /// A resource group, whether it is there or not.
    #[must_use]
    pub fn group(&self, name: GroupName) -> ArmGroup<T> {
        ArmGroup::new(self.clone(), name)
    }

    /// The resource groups.
    #[must_use]
    pub fn groups(&self) -> Listed<T, Group> {
        self.list(groups::list(&self.subscription))
    }

    /// The registries of all groups.
    #[must_use]
    pub fn registries(&self) -> Listed<T, RegistryRecord> {
        self.list(registries::list_all(&self.subscription))
    }

    /// Asks whether a registry's name is free.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn check_name(&self, name: &RegistryName) -> Result<NameCheck, Error> {
        self.run(registries::check_name(&self.subscription, name)).await
    }
}
