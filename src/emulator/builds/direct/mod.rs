//! Building an image without any other program: everything but `RUN`.
//!
//! Stages are trees of files in memory, whose contents are files in the build's own folder; what an instruction adds becomes a
//! layer, written in the order of names with the times that the context has, so that the same context gives the same layers.

mod archive;
mod config;
mod configure;
mod copy;
mod layer;
mod stage;
mod tree;

pub(super) use archive::{BYTES, MEMBERS, decompressed, too_large};

use super::{
    dockerfile::Dockerfile,
    image::{Base, Built},
    work::Work,
};
use crate::emulator::failure::Failure;
use alloc::{format, vec::Vec};
use stage::Stage;
use std::fs::{self, File};
use tree::Tree;

/// Builds what the request asks for.
pub(super) fn build(work: &Work<'_>) -> Result<Built, Failure> {
    let context = read_context(work)?;
    let file = dockerfile(work, &context)?;
    let target = file.target(work.request.target.as_deref()).map_err(Failure::Failed)?;
    let needed = file.needed(target, &work.request.arguments())?;
    refuse_runs(&file, &needed)?;
    let mut builder = Builder { work, file: &file, context, stages: Vec::new(), bases: Vec::new() };
    for at in needed {
        let stage = builder.stage(at)?;
        builder.stages.push((at, stage));
    }
    let (_, last) = builder.stages.pop().ok_or_else(|| Failure::Failed("there is nothing to build".into()))?;
    let image = last.finish(work)?;
    work.log.line(&format!("Successfully built {}", image.short_id()))?;
    Ok(Built { image: image.image, bases: builder.bases })
}

/// What all stages of a build share.
struct Builder<'a> {
    work: &'a Work<'a>,
    file: &'a Dockerfile,
    context: Tree,
    stages: Vec<(usize, Stage)>,
    bases: Vec<Base>,
}

/// The context's archive as a tree.
fn read_context(work: &Work<'_>) -> Result<Tree, Failure> {
    let mut context = Tree::default();
    let reading = archive::Reading { whiteouts: false, spool: Some(work.scratch), stop: work.stop };
    archive::read(File::open(&work.archive)?, &mut context, &reading)?;
    Ok(context)
}

fn dockerfile(work: &Work<'_>, context: &Tree) -> Result<Dockerfile, Failure> {
    let path = work.request.docker_file_path.trim_start_matches('/');
    let content = context.content(path.as_bytes());
    let content =
        content.ok_or_else(|| Failure::Failed(format!("unable to find Dockerfile '{path}' in the context")))?;
    let text = fs::read_to_string(content).map_err(|_| Failure::Failed(format!("'{path}' is not UTF-8")))?;
    Ok(Dockerfile::read(&text)?)
}

/// Without a builder that can run programs, it is better to say so before anything else is done.
fn refuse_runs(file: &Dockerfile, needed: &[usize]) -> Result<(), Failure> {
    let stages = needed.iter().filter_map(|at| file.stages.get(*at));
    match stages.filter_map(|stage| Some((stage, stage.runs()?))).next() {
        None => Ok(()),
        Some((stage, step)) => Err(Failure::Failed(format!(
            "line {}: 'RUN' in stage '{}' needs a program that can run containers: install buildah on the machine of the \
             emulator, or use a Dockerfile without RUN",
            step.line,
            stage.shown()
        ))),
    }
}
