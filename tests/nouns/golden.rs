//! Every document in `tests/golden` says what its expectation says.

use portolan::{Error, ImageConfig, Limits, Manifest};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

#[test]
fn manifests() {
    check("manifests", |path, bytes| {
        let content_type = fs::read_to_string(path.with_extension("type")).ok();
        outcome(Manifest::parse(bytes, content_type.as_deref(), &Limits::DEFAULT))
    });
}

#[test]
fn configs() {
    check("configs", |_, bytes| outcome(ImageConfig::parse(&bytes, &Limits::DEFAULT)));
}

fn outcome<T: Serialize>(result: Result<T, Error>) -> Value {
    match result {
        Ok(value) => serde_json::to_value(value).unwrap(),
        Err(error) => json!({ "kind": error.kind().as_str(), "error": error.to_string() }),
    }
}

fn check(folder: &str, read: impl Fn(&Path, Vec<u8>) -> Value) {
    let documents = documents(folder);
    assert!(documents.len() >= 5, "{folder} is almost empty");
    let mut wrong = Vec::new();
    for path in documents {
        let actual = serde_json::to_string_pretty(&read(&path, fs::read(&path).unwrap())).unwrap() + "\n";
        let expectation = path.with_extension("expected.json");
        if env::var("GOLDEN").is_ok_and(|mode| mode == "update") {
            fs::write(&expectation, &actual).unwrap();
        } else if fs::read_to_string(&expectation).unwrap_or_default() != actual {
            wrong.push(format!("{} is read as\n{actual}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn documents(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> = files
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".json") && !name.ends_with(".expected.json")
        })
        .collect();
    documents.sort();
    documents
}
