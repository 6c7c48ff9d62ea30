//! Stages, and what they build on.

use super::{DockerfileError, Instruction, Step, expand, lines};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dockerfile {
    /// The character that escapes.
    pub(crate) escape: char,
    /// `ARG`s before the first stage, for the names of images.
    pub(crate) arguments: Vec<(String, Option<String>)>,
    /// At least one.
    pub(crate) stages: Vec<Stage>,
}

/// From one `FROM` to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    pub(crate) line: usize,
    /// As it was written.
    pub(crate) image: String,
    pub(crate) platform: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) steps: Vec<Step>,
}

/// Arguments that were given to the build.
pub(crate) type Arguments = BTreeMap<String, String>;

impl Dockerfile {
    /// Reads a Dockerfile.
    pub(crate) fn read(text: &str) -> Result<Self, DockerfileError> {
        let (lines, escape) = lines::logical(text)?;
        let mut file = Self { escape, arguments: Vec::new(), stages: Vec::new() };
        for line in &lines {
            let step = Step::read(line, escape)?;
            file.take(step)?;
        }
        if file.stages.is_empty() {
            return Err(DockerfileError::new(lines.last().map_or(1, |line| line.number), "file with no instructions"));
        }
        Ok(file)
    }

    fn take(&mut self, step: Step) -> Result<(), DockerfileError> {
        match (step.instruction, self.stages.last_mut()) {
            (Instruction::From { image, platform, name }, _) => {
                self.stages.push(Stage { line: step.line, image, platform, name, steps: Vec::new() });
            }
            (Instruction::Arg(arguments), None) => self.arguments.extend(arguments),
            (_, None) => return Err(DockerfileError::new(step.line, "no build stage in current context")),
            (instruction, Some(stage)) => stage.steps.push(Step { instruction, ..step }),
        }
        Ok(())
    }

    /// The values of the arguments before the first stage.
    pub(crate) fn global(&self, given: &Arguments) -> Result<Arguments, DockerfileError> {
        let mut known = Arguments::new();
        for (name, default) in &self.arguments {
            let value = match (given.get(name), default) {
                (Some(value), _) => value.clone(),
                (None, Some(default)) => self.expanded(default, &known, 1)?,
                (None, None) => continue,
            };
            known.insert(name.clone(), value);
        }
        Ok(known)
    }

    fn expanded(&self, word: &str, known: &Arguments, line: usize) -> Result<String, DockerfileError> {
        expand(word, self.escape, &|name| known.get(name).cloned()).map_err(|reason| DockerfileError::new(line, reason))
    }

    /// The image that a stage begins with, by its full name.
    pub(crate) fn image(&self, stage: &Stage, given: &Arguments) -> Result<String, DockerfileError> {
        let image = self.expanded(&stage.image, &self.global(given)?, stage.line)?;
        if image.is_empty() {
            let reason = format!("base name ({}) should not be blank", stage.image);
            return Err(DockerfileError::new(stage.line, reason));
        }
        Ok(image)
    }

    /// The stage that is wanted: by name or number, or the last one.
    pub(crate) fn target(&self, target: Option<&str>) -> Result<usize, String> {
        let last = self.stages.len().saturating_sub(1);
        match target.filter(|target| !target.is_empty()) {
            None => Ok(last),
            Some(target) => self
                .find(target, self.stages.len())
                .ok_or_else(|| format!("target stage \"{target}\" could not be found")),
        }
    }

    /// The stage before `before` that is called so, or has this number.
    pub(crate) fn find(&self, name: &str, before: usize) -> Option<usize> {
        let earlier = self.stages.get(..before)?;
        let named =
            earlier.iter().rposition(|stage| stage.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)));
        named.or_else(|| name.parse().ok().filter(|number| *number < before))
    }

    /// The stages that are needed for the one at `target`, in order.
    pub(crate) fn needed(&self, target: usize, given: &Arguments) -> Result<Vec<usize>, DockerfileError> {
        let mut needed = alloc::collections::BTreeSet::new();
        let mut open = alloc::vec![target];
        while let Some(at) = open.pop() {
            let Some(stage) = self.stages.get(at).filter(|_| needed.insert(at)) else { continue };
            let names = stage.sources().chain([self.image(stage, given)?]);
            open.extend(names.filter_map(|name| self.find(&name, at)));
        }
        Ok(needed.into_iter().collect())
    }

    /// Images that are no stages of this file, for all the stages that are needed.
    pub(crate) fn images(&self, target: usize, given: &Arguments) -> Result<Vec<String>, DockerfileError> {
        let mut images = Vec::new();
        for at in self.needed(target, given)? {
            let Some(stage) = self.stages.get(at) else { continue };
            for name in [self.image(stage, given)?].into_iter().chain(stage.sources()) {
                if name != "scratch" && self.find(&name, at).is_none() && !images.contains(&name) {
                    images.push(name);
                }
            }
        }
        Ok(images)
    }
}

impl Stage {
    /// What files are copied or mounted from beside the context.
    fn sources(&self) -> impl Iterator<Item = String> {
        self.steps.iter().flat_map(|step| match &step.instruction {
            Instruction::Copy(copying) | Instruction::Add(copying) => copying.from.iter().cloned().collect(),
            Instruction::Run(images) => images.clone(),
            _ => Vec::new(),
        })
    }

    /// The first instruction that runs something.
    pub(crate) fn runs(&self) -> Option<&Step> {
        self.steps.iter().find(|step| matches!(step.instruction, Instruction::Run(_)))
    }

    /// How it is called in the log.
    pub(crate) fn shown(&self) -> String {
        self.name.as_ref().map_or_else(|| self.image.to_string(), |name| format!("{} AS {name}", self.image))
    }
}
