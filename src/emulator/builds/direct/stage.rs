//! One stage, instruction by instruction.

use super::{
    Builder, archive,
    config::Config,
    configure::{Words, configure},
    copy::{self, Copy},
    layer,
    tree::Tree,
};
use crate::{
    Digest, MediaType,
    emulator::{
        builds::{
            bases,
            dockerfile::{Arguments, Copying, Dockerfile, Instruction, Step},
            image::ImageSource,
            work::Work,
        },
        failure::Failure,
        images::{Image, Pulled, Source},
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use serde_json::{Value, json};
use std::fs;

/// What a stage has become so far.
pub(super) struct Stage {
    tree: Tree,
    config: Config,
    /// Descriptors, and where the bytes are.
    layers: Vec<(Value, Digest, Source)>,
    /// Arguments that were declared.
    arguments: Arguments,
}

/// An image that was made of a stage.
pub(super) struct Finished {
    pub(super) image: Image,
    config: Digest,
}

impl Finished {
    /// As `docker build` calls it.
    pub(super) fn short_id(&self) -> &str {
        self.config.encoded().get(..12).unwrap_or_default()
    }
}

impl<'a> Builder<'a> {
    /// Builds a stage of the file.
    pub(super) fn stage(&mut self, at: usize) -> Result<Stage, Failure> {
        let nothing = || Failure::Failed("there is no such stage".into());
        let file = self.file;
        let plan = file.stages.get(at).ok_or_else(nothing)?;
        let given = self.work.request.arguments();
        let image = file.image(plan, &given)?;
        let steps = plan.steps.len() + 1;
        self.work.log.line(&format!("Step 1/{steps} : FROM {}", plan.shown()))?;
        let mut stage = self.begin(&image, at)?;
        for (number, step) in plan.steps.iter().enumerate() {
            self.work.stop.check()?;
            self.work.log.line(&format!("Step {}/{steps} : {}", number + 2, step.text))?;
            self.step(&mut stage, step, at)?;
        }
        Ok(stage)
    }

    /// What a stage begins with: nothing, another stage, or an image.
    fn begin(&mut self, image: &str, at: usize) -> Result<Stage, Failure> {
        let created = self.work.created;
        if image == "scratch" {
            let platform = &self.work.request.platform;
            let config = Config::scratch(&platform.os, &platform.architecture, platform.variant.as_deref(), created);
            return Ok(Stage { tree: Tree::default(), config, layers: Vec::new(), arguments: Arguments::new() });
        }
        if let Some(earlier) = self.file.find(image, at).and_then(|earlier| self.built(earlier)) {
            let (tree, config, layers) = (earlier.tree.clone(), earlier.config.clone(), earlier.layers.clone());
            return Ok(Stage { tree, config, layers, arguments: Arguments::new() });
        }
        let pulled = bases::pull(self.work, image, &mut self.bases)?;
        let mut stage = Stage {
            tree: self.files(&pulled, false)?,
            config: Config::of(&pulled.config, created)?,
            layers: base_layers(&pulled)?,
            arguments: Arguments::new(),
        };
        for trigger in stage.config.take_triggers() {
            self.work.log.line(&format!("# Executing build trigger: {trigger}"))?;
            let file = Dockerfile::read(&format!("FROM scratch\n{trigger}"))?;
            for step in file.stages.iter().flat_map(|stage| &stage.steps) {
                self.step(&mut stage, step, at)?;
            }
        }
        Ok(stage)
    }

    fn built(&self, at: usize) -> Option<&Stage> {
        self.stages.iter().find(|(number, _)| *number == at).map(|(_, stage)| stage)
    }

    /// The files of an image. Contents are kept only if they are to be copied.
    fn files(&self, pulled: &Pulled, contents: bool) -> Result<Tree, Failure> {
        let mut tree = Tree::default();
        // A base's files may be copied from the stage that is built on it.
        let contents = contents || self.file.stages.len() > 1;
        let spool = contents.then_some(self.work.scratch);
        for layer in &pulled.image.layers {
            let reading = archive::Reading { whiteouts: true, spool, stop: self.work.stop };
            archive::read(pulled.open(self.work.images, layer)?, &mut tree, &reading)?;
        }
        Ok(tree)
    }

    fn step(&mut self, stage: &mut Stage, step: &Step, at: usize) -> Result<(), Failure> {
        let words = stage.words(self.file.escape, step.line);
        let mut layer = None;
        match &step.instruction {
            Instruction::Arg(arguments) => self.declare(stage, arguments, step)?,
            Instruction::Copy(copying) => layer = self.copy(stage, copying, false, step.line, at)?,
            Instruction::Add(copying) => layer = self.copy(stage, copying, true, step.line, at)?,
            other => configure(&mut stage.config, other, &words)?,
        }
        stage.config.history(&step.text, layer.as_ref());
        Ok(())
    }

    /// `ARG`: a value that was given, the default, or what it was before the first stage.
    fn declare(&self, stage: &mut Stage, arguments: &[(String, Option<String>)], step: &Step) -> Result<(), Failure> {
        let given = self.work.request.arguments();
        let global = self.file.global(&given)?;
        for (name, default) in arguments {
            let words = stage.words(self.file.escape, step.line);
            let default = default.as_ref().map(|default| words.word(default)).transpose()?;
            let value = given.get(name).cloned().or(default).or_else(|| global.get(name).cloned());
            if let Some(value) = value.or_else(|| self.work.request.platform.argument(name)) {
                stage.arguments.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    /// `COPY` and `ADD`; the layer that came of it.
    fn copy(
        &mut self,
        stage: &mut Stage,
        copying: &Copying,
        unpacks: bool,
        line: usize,
        at: usize,
    ) -> Result<Option<Digest>, Failure> {
        let copy = self.copying(stage, copying, unpacks, line).map_err(|failure| failure.at(line))?;
        let other;
        let from = match &copying.from {
            None => &self.context,
            Some(name) => match self.file.find(name, at).and_then(|earlier| self.built(earlier)) {
                Some(earlier) => &earlier.tree,
                None => {
                    let pulled = bases::pull(self.work, name, &mut self.bases)?;
                    other = self.files(&pulled, true)?;
                    &other
                }
            },
        };
        let added = copy.run(from, &mut stage.tree).map_err(|failure| failure.at(line))?;
        if added.is_empty() {
            return Ok(None);
        }
        let layer = layer::write(&added, self.work.scratch, self.work.stop)?;
        let descriptor = descriptor(&MediaType::DOCKER_LAYER_GZIP, &layer.digest, layer.size);
        stage.layers.push((descriptor, layer.digest, Source::File(layer.path)));
        Ok(Some(layer.diff_id))
    }

    /// The words of a `COPY` or `ADD`, resolved.
    fn copying(&self, stage: &Stage, copying: &Copying, unpacks: bool, line: usize) -> Result<Copy<'a>, Failure> {
        let words = stage.words(self.file.escape, line);
        let sources = copying.sources.iter().map(|word| words.word(word)).collect::<Result<Vec<_>, _>>()?;
        refuse_remote(copying, &sources, unpacks)?;
        let chown = copying.chown.as_ref().map(|word| words.word(word)).transpose()?;
        let chmod = copying.chmod.as_ref().map(|word| words.word(word)).transpose()?;
        Ok(Copy {
            sources,
            destination: copy::absolute(&words.word(&copying.destination)?, &stage.config.workdir()),
            owner: copy::owner(chown.as_deref())?,
            mode: copy::mode(chmod.as_deref())?,
            unpacks,
            scratch: self.work.scratch,
            stop: self.work.stop,
        })
    }
}

/// What cannot be had without the network or another builder.
fn refuse_remote(copying: &Copying, sources: &[String], unpacks: bool) -> Result<(), Failure> {
    if copying.heredoc {
        return Err(Failure::Failed("here-documents need buildah on the machine of the emulator".into()));
    }
    let remote = |source: &&String| unpacks && (source.contains("://") || source.starts_with("git@"));
    match sources.iter().find(remote) {
        None => Ok(()),
        Some(remote) => {
            let reason = format!("'{remote}' is not fetched: this emulator reaches nothing beyond its own machine");
            Err(Failure::Failed(reason))
        }
    }
}

impl Stage {
    /// `$name` stands for what the environment has, else the arguments.
    fn words(&self, escape: char, line: usize) -> Words {
        let mut variables = self.arguments.clone();
        variables.extend(self.config.env());
        Words { variables, escape, line }
    }

    /// Writes config and manifest.
    pub(super) fn finish(self, work: &Work<'_>) -> Result<Finished, Failure> {
        let config = self.config.finish();
        let digest = Digest::sha256(&config);
        let path = work.scratch.fresh()?;
        fs::write(&path, &config)?;
        let layers: Vec<&Value> = self.layers.iter().map(|(descriptor, ..)| descriptor).collect();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MediaType::DOCKER_MANIFEST.as_ref(),
            "config": descriptor(&MediaType::DOCKER_CONFIG, &digest, config.len() as u64),
            "layers": layers,
        });
        let manifest = manifest.to_string().into_bytes();
        let mut blobs: Vec<ImageSource> = self.layers.into_iter().map(|(_, digest, source)| (digest, source)).collect();
        blobs.push((digest.clone(), Source::File(path)));
        let image = Image { media_type: MediaType::DOCKER_MANIFEST, manifest, blobs };
        Ok(Finished { image, config: digest })
    }
}

fn descriptor(media_type: &MediaType, digest: &Digest, size: u64) -> Value {
    json!({ "mediaType": media_type.as_ref(), "size": size, "digest": digest.as_str() })
}

/// The layers of a base image as an image of Docker's form has them.
fn base_layers(pulled: &Pulled) -> Result<Vec<(Value, Digest, Source)>, Failure> {
    let layer = |layer: &crate::Descriptor| {
        let media_type = bases::docker_layer(&layer.media_type)?;
        Ok((descriptor(&media_type, &layer.digest, layer.size), layer.digest.clone(), pulled.source()))
    };
    pulled.image.layers.iter().map(layer).collect()
}
