//! A resource group, and the container groups in it.

use super::{Arm, ArmRegistry, Listed};
use crate::{
    Error,
    azure::{
        GroupId, GroupName, RegistryId, RegistryName, ResourceName,
        arm::{
            container_groups::{self, ContainerGroup, NewContainer},
            groups::{self, Group},
            registries::{self, Registry},
        },
    },
    client::Transport,
};

/// A resource group by its name.
#[derive(Debug)]
pub struct ArmGroup<T> {
    arm: Arm<T>,
    id: GroupId,
}

impl<T> Clone for ArmGroup<T> {
    fn clone(&self) -> Self {
        Self { arm: self.arm.clone(), id: self.id.clone() }
    }
}

impl<T: Transport> ArmGroup<T> {
    pub(super) fn new(arm: Arm<T>, name: GroupName) -> Self {
        let id = GroupId::new(arm.subscription.clone(), name);
        Self { arm, id }
    }

    /// Creates it.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn create(&self, location: &str) -> Result<Group, Error> {
        self.arm.run(groups::create(&self.id, location, &Default::default())).await
    }

    /// Shows it.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn show(&self) -> Result<Group, Error> {
        self.arm.run(groups::show(&self.id)).await
    }

    /// Deletes it and everything in it, and waits until it is gone. False if there was none.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn delete(&self) -> Result<bool, Error> {
        self.arm.run(groups::delete(&self.id)).await
    }

    /// A registry, whether it is there or not.
    #[must_use]
    pub fn registry(&self, name: RegistryName) -> ArmRegistry<T> {
        ArmRegistry::new(self.arm.clone(), RegistryId::new(self.id.clone(), name))
    }

    /// The registries.
    #[must_use]
    pub fn registries(&self) -> Listed<T, Registry> {
        self.arm.list(registries::list(&self.id))
    }

    /// A container group, whether it is there or not.
    #[must_use]
    pub fn container(&self, name: ResourceName) -> ArmContainer<T> {
        ArmContainer { arm: self.arm.clone(), group: self.id.clone(), name }
    }
}

/// A container group by its name.
#[derive(Debug)]
pub struct ArmContainer<T> {
    arm: Arm<T>,
    group: GroupId,
    name: ResourceName,
}

impl<T: Transport> ArmContainer<T> {
    /// Creates it and waits until it is there.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn create(&self, container: &NewContainer) -> Result<ContainerGroup, Error> {
        self.arm.run(container_groups::create(&self.group, &self.name, container)).await
    }

    /// Shows it.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn show(&self) -> Result<ContainerGroup, Error> {
        self.arm.run(container_groups::show(&self.group, &self.name)).await
    }

    /// Deletes it. False if there was none.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn delete(&self) -> Result<bool, Error> {
        self.arm.run(container_groups::delete(&self.group, &self.name)).await
    }
}
