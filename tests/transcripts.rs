//! Every transcript through every native driver, one test each.
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

#[path = "replay/mod.rs"]
mod replay;

use libtest_mimic::{Arguments, Failed, Trial};
use replay::{client_driver::ClientDriver, core_driver::CoreDriver, play, script::Transcript, session};
use std::{fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut files = transcripts("tests/transcripts");
    if cfg!(feature = "azure") {
        files.extend(transcripts("tests/transcripts/azure"));
    }
    let trials = files.iter().flat_map(|file| {
        let name = file.file_stem().unwrap().to_string_lossy();
        let text = fs::read_to_string(file).unwrap();
        let other = text.clone();
        [
            Trial::test(format!("core::{name}"), move || {
                let transcript = Transcript::parse(&text);
                let mut driver = CoreDriver::new(session(&transcript));
                verdict(play(transcript, &mut driver))
            }),
            Trial::test(format!("client::{name}"), move || {
                let transcript = Transcript::parse(&other);
                let mut driver = ClientDriver::new(session(&transcript));
                verdict(play(transcript, &mut driver))
            }),
        ]
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn transcripts(folder: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
    files.sort();
    assert!(!files.is_empty(), "no transcripts");
    files
}

fn verdict(faults: Vec<String>) -> Result<(), Failed> {
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}
