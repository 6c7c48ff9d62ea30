//! A registry at ARM: settings, admin account, usage, replications, builds.

use super::{Arm, Listed, Log, Source, upload};
use crate::{
    Error,
    azure::{
        RegistryId, ResourceName,
        arm::{
            credentials::{self, Login, Which},
            imports::{self, Import},
            registries::{self, Registry, Settings},
            replications::{self, Replication},
            runs::{self, Run},
            scoped_tokens::{self, ScopeMap, ScopedToken},
            tasks::{self, Build},
            usages::{self, Usage},
        },
        storage::LogRead,
    },
    client::Transport,
};
use alloc::{string::String, vec::Vec};

/// A registry by its name.
#[derive(Debug)]
pub struct ArmRegistry<T> {
    arm: Arm<T>,
    id: RegistryId,
}

impl<T> Clone for ArmRegistry<T> {
    fn clone(&self) -> Self {
        Self { arm: self.arm.clone(), id: self.id.clone() }
    }
}

impl<T: Transport> ArmRegistry<T> {
    pub(super) fn new(arm: Arm<T>, id: RegistryId) -> Self {
        Self { arm, id }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &RegistryId {
        &self.id
    }

    /// Creates it and waits until it is there.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn create(&self, location: &str, settings: &Settings) -> Result<Registry, Error> {
        self.arm.run(registries::create(&self.id, location, settings)).await
    }

    /// Shows it.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn show(&self) -> Result<Registry, Error> {
        self.arm.run(registries::show(&self.id)).await
    }

    /// Changes it.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn update(&self, settings: &Settings) -> Result<Registry, Error> {
        self.arm.run(registries::update(&self.id, settings)).await
    }

    /// Deletes it with all that is in it. False if there was none.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn delete(&self) -> Result<bool, Error> {
        self.arm.run(registries::delete(&self.id)).await
    }

    /// What it uses of what its tier allows.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn usages(&self) -> Result<Vec<Usage>, Error> {
        self.arm.run(usages::list(&self.id)).await
    }

    /// The admin account.
    ///
    /// # Errors
    /// As [`Arm::run`]; refused while the account is off.
    pub async fn credentials(&self) -> Result<Login, Error> {
        self.arm.run(credentials::list(&self.id)).await
    }

    /// Makes a new password for the admin account.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn regenerate(&self, which: Which) -> Result<Login, Error> {
        self.arm.run(credentials::regenerate(&self.id, which)).await
    }

    /// The replications.
    #[must_use]
    pub fn replications(&self) -> Listed<T, Replication> {
        self.arm.list(replications::list(&self.id))
    }

    /// Creates a replication in a region and waits until ARM is done. Its content comes after that.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn replicate(&self, location: &str) -> Result<Replication, Error> {
        let name = replications::name(location)?;
        self.arm.run(replications::create(&self.id, &name, location, true)).await
    }

    /// Shows the replication of a region.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn replication(&self, location: &str) -> Result<Replication, Error> {
        self.arm.run(replications::show(&self.id, &replications::name(location)?)).await
    }

    /// Says whether the global endpoint may lead to a region.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn set_region_endpoint(&self, location: &str, enabled: bool) -> Result<Replication, Error> {
        let name = replications::name(location)?;
        self.arm.run(replications::set_region_endpoint(&self.id, &name, enabled)).await
    }

    /// Deletes the replication of a region. False if there was none.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn delete_replication(&self, location: &str) -> Result<bool, Error> {
        self.arm.run(replications::delete(&self.id, &replications::name(location)?)).await
    }

    /// Imports an image from another registry and waits until all of it is there.
    ///
    /// # Errors
    /// As [`Arm::run`]; refused if a tag is there that has another image.
    pub async fn import(&self, import: &Import) -> Result<(), Error> {
        self.arm.run(imports::import(&self.id, import)).await
    }

    /// Creates or replaces a scope map: what tokens may do.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn create_scope_map(&self, name: &ResourceName, actions: &[&str]) -> Result<ScopeMap, Error> {
        self.arm.run(scoped_tokens::create_map(&self.id, name, actions)).await
    }

    /// Creates a token that may do what a scope map says, with its passwords, which are shown this once.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn create_token(&self, name: &ResourceName, map: &ResourceName) -> Result<(ScopedToken, Login), Error> {
        let token = self.arm.run(scoped_tokens::create(&self.id, name, map)).await?;
        Ok((token, self.arm.run(scoped_tokens::generate(&self.id, name)).await?))
    }

    /// Brings a build context (a gzipped tar archive) to where builds find it; returns the name that
    /// [`Build::source`] is to have.
    ///
    /// # Errors
    /// As [`Arm::run`], and whatever the source has to say.
    pub async fn upload(&self, context: impl Source) -> Result<String, Error> {
        let target = self.arm.run(tasks::upload_target(&self.id)).await?;
        upload(&self.arm.session, &target.url, context).await?;
        Ok(target.relative_path)
    }

    /// Asks for a build.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn schedule(&self, build: &Build) -> Result<Run, Error> {
        self.arm.run(tasks::schedule(&self.id, build)).await
    }

    /// The runs, the newest first.
    #[must_use]
    pub fn runs(&self) -> Listed<T, Run> {
        self.arm.list(runs::list(&self.id, None))
    }

    /// Shows a run.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn run(&self, run: &ResourceName) -> Result<Run, Error> {
        self.arm.run(runs::show(&self.id, run)).await
    }

    /// Waits until a run is over.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn wait(&self, run: &ResourceName) -> Result<Run, Error> {
        self.arm.run(runs::wait(&self.id, run)).await
    }

    /// Ends a run before its time.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn cancel(&self, run: &ResourceName) -> Result<(), Error> {
        self.arm.run(runs::cancel(&self.id, run)).await
    }

    /// Follows the log of a run, from its beginning to its end. Waits until there is something to read.
    ///
    /// # Errors
    /// As [`Arm::run`].
    pub async fn log(&self, run: &ResourceName) -> Result<Log<T>, Error> {
        let link = self.arm.run(runs::log_link(&self.id, run)).await?;
        let read = link.artifact.map_or_else(|| LogRead::follow(link.link), LogRead::whole);
        Ok(Log::new(self.arm.session.open(read).await?))
    }
}
