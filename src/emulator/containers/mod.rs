//! Container groups: what `az container create` makes. The image is pulled out of the emulator's registry with the credentials
//! given, and every byte held against its digest. Where `buildah` is installed the containers run (a changed root, and
//! the machine's own network); elsewhere they do not, and both events and logs say so.

mod address;
mod door;
mod group;
mod instance;
mod log;
mod request;
mod runtime;
mod start;
#[cfg(test)]
mod tests;

pub(crate) use super::refused::Refused;
pub(crate) use door::Door;

use super::{clock::Instant, files, images::Images, mounts, scratch::Scratch};
use address::Addresses;
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::time::Duration;
use group::{Group, Key};
use instance::Instance;
use request::Request;
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How often the last containers are asked whether they have ended: five seconds.
const PATIENCE: u32 = 100;

/// Whether containers are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Runtime {
    /// By `buildah` where it is installed.
    #[default]
    Found,
    /// Not at all.
    Nothing,
}

/// Where a group is, as its path names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// `/subscriptions/.../resourceGroups/...`
    pub(crate) parent: &'a str,
    /// Name of the resource group.
    pub(crate) resource_group: &'a str,
    /// Name of the container group.
    pub(crate) name: &'a str,
}

impl Place<'_> {
    fn key(&self) -> Key {
        (self.resource_group.to_ascii_lowercase(), self.name.to_ascii_lowercase())
    }
}

/// All container groups.
pub(crate) struct Containers {
    file: PathBuf,
    work: PathBuf,
    runtime: Runtime,
    images: Arc<dyn Images>,
    door: Arc<dyn Door>,
    groups: Mutex<BTreeMap<Key, Group>>,
    addresses: Addresses,
    /// Whoever makes or runs containers holds another one.
    busy: Arc<()>,
}

impl Containers {
    /// Opens what is kept in `folder`. What ran in a process that was killed does not run.
    pub(crate) fn open(
        folder: &Path,
        images: Arc<dyn Images>,
        door: Arc<dyn Door>,
        runtime: Runtime,
    ) -> io::Result<Arc<Self>> {
        fs::create_dir_all(folder)?;
        let (file, work) = (folder.join("groups.json"), folder.join("work"));
        let kept: Vec<Group> =
            files::read(&file)?.map_or_else(|| Ok(Vec::new()), |kept| serde_json::from_slice(&kept))?;
        mounts::renew(&work)?;
        let addresses = Addresses::besides(kept.iter().map(|group| group.address));
        let groups = kept.into_iter().map(|group| (group.key(), group.stopped())).collect();
        let groups = Mutex::new(groups);
        Ok(Arc::new(Self { file, work, runtime, images, door, groups, addresses, busy: Arc::default() }))
    }

    /// Makes a group, or makes it anew. True with it if it is new. To be called where tasks can be spawned.
    pub(crate) fn put(self: &Arc<Self>, place: &Place<'_>, body: &Value) -> Result<(bool, Value), Refused> {
        let request = Request::read(body, place.name)?;
        let pulls = start::check(self, &request, place.name)?;
        let mut groups = self.lock();
        let known = groups.remove(&place.key());
        let new = known.is_none();
        let address = known.map_or_else(|| self.addresses.take(), |known| known.end())?;
        let group = Group::new(place, &request, address);
        let shown = group.shown();
        let started = start::Start::new(self, place.key(), pulls, group.generation);
        groups.insert(place.key(), group);
        self.save(&groups)?;
        drop(groups);
        tokio::spawn(started.run());
        Ok((new, shown))
    }

    /// One group.
    pub(crate) fn get(&self, place: &Place<'_>) -> Result<Value, Refused> {
        self.lock().get(&place.key()).map(Group::shown).ok_or_else(|| missing(place))
    }

    /// All groups, or those of one resource group.
    pub(crate) fn list(&self, resource_group: Option<&str>) -> Value {
        let groups = self.lock();
        let wanted = groups
            .values()
            .filter(|group| resource_group.is_none_or(|name| group.resource_group.eq_ignore_ascii_case(name)));
        json!({ "value": wanted.map(Group::listed).collect::<Vec<_>>() })
    }

    /// Ends and forgets a group; what it was, if it was there.
    pub(crate) fn delete(&self, place: &Place<'_>) -> Result<Option<Value>, Refused> {
        let mut groups = self.lock();
        let Some(group) = groups.remove(&place.key()) else { return Ok(None) };
        self.save(&groups)?;
        let shown = group.shown();
        self.addresses.give_back(group.end()?);
        Ok(Some(shown))
    }

    /// Ends and forgets all that a resource group has.
    pub(crate) fn delete_all(&self, resource_group: &str) -> Result<(), Refused> {
        let mut groups = self.lock();
        let gone: Vec<Key> =
            groups.keys().filter(|(name, _)| name.eq_ignore_ascii_case(resource_group)).cloned().collect();
        for group in gone.iter().filter_map(|key| groups.remove(key)).collect::<Vec<_>>() {
            self.addresses.give_back(group.end()?);
        }
        self.save(&groups)?;
        Ok(())
    }

    /// Starts a group that does not run, from the images that it had.
    pub(crate) fn start(self: &Arc<Self>, place: &Place<'_>) -> Result<(), Refused> {
        let mut groups = self.lock();
        let group = groups.get_mut(&place.key()).ok_or_else(|| missing(place))?;
        let pulls = group.pulls.clone();
        if pulls.is_empty() {
            return Err(Refused::bad(
                "ContainerGroupNotStartable",
                format!(
                    "The container group '{}' was made before the emulator was started anew, and its credentials are not kept: create it again.",
                    place.name
                ),
            ));
        }
        group.begin_again();
        let started = start::Start::new(self, place.key(), pulls, group.generation);
        drop(groups);
        tokio::spawn(started.run());
        Ok(())
    }

    /// Ends the containers of a group.
    pub(crate) fn stop(&self, place: &Place<'_>) -> Result<(), Refused> {
        let mut groups = self.lock();
        groups.get_mut(&place.key()).ok_or_else(|| missing(place))?.stop();
        Ok(())
    }

    /// Ends the containers of a group and starts them.
    pub(crate) fn restart(self: &Arc<Self>, place: &Place<'_>) -> Result<(), Refused> {
        self.stop(place)?;
        self.start(place)
    }

    /// What a container has said; the last `tail` lines of it.
    pub(crate) fn logs(
        &self,
        place: &Place<'_>,
        container: &str,
        tail: Option<usize>,
        times: bool,
    ) -> Result<Value, Refused> {
        let groups = self.lock();
        let group = groups.get(&place.key()).ok_or_else(|| missing(place))?;
        let found = group.instances.iter().find(|instance| instance.name.eq_ignore_ascii_case(container));
        let instance = found.ok_or_else(|| {
            let message = format!("The container '{container}' of the container group '{}' was not found.", place.name);
            Refused::not_found("ContainerNotFound", message)
        })?;
        Ok(json!({ "content": instance.log.text(tail, times) }))
    }

    /// Where the making of a group stands: `provisioningState`; nothing if it is gone.
    pub(crate) fn provisioning(&self, place: &Place<'_>) -> Option<&'static str> {
        self.lock().get(&place.key()).map(|group| group.provisioning.as_str())
    }

    /// Ends all containers, and waits a little until they have: the process is about to end.
    pub(crate) async fn end(&self) {
        self.lock().values_mut().for_each(Group::stop);
        for _ in 0..PATIENCE {
            if Arc::strong_count(&self.busy) == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self, groups: &BTreeMap<Key, Group>) -> io::Result<()> {
        files::replace(&self.file, &serde_json::to_vec(&groups.values().collect::<Vec<_>>())?)
    }

    /// Keeps groups as they are shown. Should that fail, what is shown is right all the same.
    fn write_down(&self) {
        let groups = self.lock();
        let _ = self.save(&groups);
    }

    fn scratch(&self) -> io::Result<Scratch> {
        Scratch::below(&self.work)
    }

    /// Changes a group, if it is still the one that was meant.
    fn change(&self, key: &Key, generation: u64, change: impl FnOnce(&mut Group)) -> bool {
        let mut groups = self.lock();
        let group = groups.get_mut(key).filter(|group| group.generation == generation);
        group.map(change).is_some()
    }

    /// Changes a container of a group, if it is still the one that was meant.
    fn change_one(&self, key: &Key, generation: u64, at: usize, change: impl FnOnce(&mut Instance)) -> bool {
        self.change(key, generation, |group| {
            if let Some(instance) = group.instances.get_mut(at) {
                change(instance);
            }
        })
    }
}

fn missing(place: &Place<'_>) -> Refused {
    let message = format!(
        "The Resource 'Microsoft.ContainerInstance/containerGroups/{}' under resource group '{}' was not found. For more details \
         please go to https://aka.ms/ARMResourceNotFoundFix",
        place.name, place.resource_group
    );
    Refused::not_found("ResourceNotFound", message)
}

/// A time as container groups have it: whole seconds.
fn seconds(at: Instant) -> String {
    let text = at.rfc3339();
    format!("{}Z", text.get(..19).unwrap_or(&text)).to_string()
}
