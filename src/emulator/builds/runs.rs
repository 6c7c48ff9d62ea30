//! The runs of a registry, kept in a file.

use super::run::{Run, Status};
use crate::emulator::{clock::Instant, files};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Most runs that are remembered of a registry.
const KEPT: usize = 1_000;

/// All runs of all registries.
pub(super) struct Runs {
    folder: PathBuf,
    registries: Mutex<BTreeMap<String, Registry>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Registry {
    /// How many there were.
    count: u64,
    /// Oldest first.
    runs: Vec<Run>,
}

impl Runs {
    /// Reads what is known. Runs that had not ended will not: nobody works on them.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, Vec<(String, Run)>)> {
        std::fs::create_dir_all(folder)?;
        let mut registries = BTreeMap::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let name = path.file_stem().and_then(|name| name.to_str()).map(String::from);
            if let (Some(name), true) = (name, path.extension().is_some_and(|kind| kind == "json")) {
                let registry: Registry = serde_json::from_slice(&std::fs::read(&path)?)?;
                registries.insert(name, registry);
            }
        }
        let runs = Self { folder: folder.into(), registries: Mutex::new(registries) };
        let lost = runs.give_up()?;
        Ok((runs, lost))
    }

    fn give_up(&self) -> io::Result<Vec<(String, Run)>> {
        let mut lost = Vec::new();
        let names: Vec<String> = self.lock().keys().cloned().collect();
        for name in names {
            let open: Vec<String> =
                self.all(&name).into_iter().filter(|run| !run.status.is_final()).map(|run| run.id).collect();
            for id in open {
                let change = |run: &mut Run| {
                    run.error = Some("the emulator ended while the run was under way".into());
                    run.step(Status::Error, Instant::now());
                };
                lost.extend(self.change(&name, &id, change)?.map(|run| (name.clone(), run)));
            }
        }
        Ok(lost)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Registry>> {
        self.registries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a run under the next number.
    pub(super) fn add(&self, registry: &str, make: impl FnOnce(String) -> Run) -> io::Result<Run> {
        let mut registries = self.lock();
        let known = registries.entry(registry.into()).or_default();
        known.count += 1;
        let run = make(format!("cf{}", known.count));
        known.runs.push(run.clone());
        if known.runs.len() > KEPT {
            known.runs.remove(0);
        }
        self.save(registry, known)?;
        Ok(run)
    }

    /// All runs, the newest first.
    pub(super) fn all(&self, registry: &str) -> Vec<Run> {
        self.lock().get(registry).map_or_else(Vec::new, |known| known.runs.iter().rev().cloned().collect())
    }

    pub(super) fn get(&self, registry: &str, id: &str) -> Option<Run> {
        self.lock().get(registry)?.runs.iter().find(|run| run.id == id).cloned()
    }

    /// Changes a run; what it is then.
    pub(super) fn change(&self, registry: &str, id: &str, change: impl FnOnce(&mut Run)) -> io::Result<Option<Run>> {
        let mut registries = self.lock();
        let Some(known) = registries.get_mut(registry) else { return Ok(None) };
        let Some(run) = known.runs.iter_mut().find(|run| run.id == id) else { return Ok(None) };
        change(run);
        let run = run.clone();
        self.save(registry, known)?;
        Ok(Some(run))
    }

    /// Forgets the runs of a registry that is no more.
    pub(super) fn forget(&self, registry: &str) -> io::Result<()> {
        self.lock().remove(registry);
        match std::fs::remove_file(self.path(registry)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn save(&self, registry: &str, known: &Registry) -> io::Result<()> {
        files::replace(&self.path(registry), &serde_json::to_vec(known)?)
    }

    fn path(&self, registry: &str) -> PathBuf {
        self.folder.join(format!("{registry}.json"))
    }
}
