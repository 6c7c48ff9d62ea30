//! One instruction.

use super::{Command, DockerfileError, command::array, lines::Line, words::split};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use core::time::Duration;

/// All instructions.
const NAMES: [&str; 18] = [
    "FROM",
    "ARG",
    "ENV",
    "LABEL",
    "COPY",
    "ADD",
    "WORKDIR",
    "USER",
    "EXPOSE",
    "VOLUME",
    "STOPSIGNAL",
    "CMD",
    "ENTRYPOINT",
    "SHELL",
    "HEALTHCHECK",
    "ONBUILD",
    "MAINTAINER",
    "RUN",
];

/// An instruction with the place and text it has in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) instruction: Instruction,
}

/// What an instruction says. Words that may hold variables are as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    From {
        image: String,
        platform: Option<String>,
        name: Option<String>,
    },
    Arg(Vec<(String, Option<String>)>),
    Env(Vec<(String, String)>),
    Label(Vec<(String, String)>),
    Copy(Copying),
    Add(Copying),
    Workdir(String),
    User(String),
    Expose(Vec<String>),
    Volume(Vec<String>),
    StopSignal(String),
    Cmd(Command),
    Entrypoint(Command),
    Shell(Vec<String>),
    /// Nothing for `NONE`.
    Healthcheck(Option<Health>),
    OnBuild(String),
    Maintainer(String),
    /// Runs something; these images are mounted.
    Run(Vec<String>),
}

/// `COPY` and `ADD`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copying {
    pub(crate) sources: Vec<String>,
    pub(crate) destination: String,
    pub(crate) from: Option<String>,
    pub(crate) chown: Option<String>,
    pub(crate) chmod: Option<String>,
    /// A here-document is among the sources.
    pub(crate) heredoc: bool,
}

/// `HEALTHCHECK`; times in nanoseconds, as images have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) command: Command,
    pub(crate) times: Vec<(&'static str, u64)>,
    pub(crate) retries: Option<u64>,
}

/// Flags before the arguments of an instruction.
struct Flags(Vec<(String, String)>);

impl Flags {
    /// Takes the flags off `text`.
    fn take(text: &str) -> (Self, &str) {
        let mut flags = Vec::new();
        let mut rest = text.trim_start();
        while rest.starts_with("--") {
            let (flag, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
            flags.push((name.trim_start_matches('-').to_string(), value.to_string()));
            rest = after.trim_start();
        }
        (Self(flags), rest)
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn only(&self, known: &[&str]) -> Result<(), String> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("unknown flag: --{name}")),
            None => Ok(()),
        }
    }
}

impl Step {
    pub(super) fn read(line: &Line, escape: char) -> Result<Self, DockerfileError> {
        let instruction = Instruction::read(line, escape);
        let instruction = instruction.map_err(|reason| DockerfileError::new(line.number, reason))?;
        Ok(Self { line: line.number, text: line.text.clone(), instruction })
    }
}

impl Instruction {
    fn read(line: &Line, escape: char) -> Result<Self, String> {
        let (name, rest) = line.text.split_once(char::is_whitespace).unwrap_or((&line.text, ""));
        let name = name.to_ascii_uppercase();
        let rest = rest.trim();
        if !NAMES.contains(&&*name) {
            return Err(format!("unknown instruction: {name}"));
        }
        if rest.is_empty() && name != "CMD" && name != "ENTRYPOINT" {
            return Err(format!("{name} requires at least one argument"));
        }
        Ok(match &*name {
            "FROM" => from(rest)?,
            "ARG" => Self::Arg(split(rest, escape).iter().map(|word| argument(word)).collect()),
            "ENV" => Self::Env(pairs(rest, escape, "ENV")?),
            "LABEL" => Self::Label(pairs(rest, escape, "LABEL")?),
            "COPY" => Self::Copy(copying(rest, line.heredoc, "COPY")?),
            "ADD" => Self::Add(copying(rest, line.heredoc, "ADD")?),
            "WORKDIR" => Self::Workdir(rest.to_string()),
            "USER" => Self::User(rest.to_string()),
            "EXPOSE" => Self::Expose(words(rest)),
            "VOLUME" => Self::Volume(array(rest).unwrap_or_else(|| words(rest))),
            "STOPSIGNAL" => Self::StopSignal(rest.to_string()),
            "CMD" => Self::Cmd(Command::read(rest)),
            "ENTRYPOINT" => Self::Entrypoint(Command::read(rest)),
            "SHELL" => Self::Shell(array(rest).ok_or("SHELL requires the arguments to be in JSON form")?),
            "HEALTHCHECK" => Self::Healthcheck(health(rest)?),
            "ONBUILD" => Self::OnBuild(rest.to_string()),
            "MAINTAINER" => Self::Maintainer(rest.to_string()),
            _ => Self::Run(mounted(rest)),
        })
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(String::from).collect()
}

fn from(text: &str) -> Result<Instruction, String> {
    let (flags, rest) = Flags::take(text);
    flags.only(&["platform"])?;
    let platform = flags.get("platform");
    match *rest.split_whitespace().collect::<Vec<_>>() {
        [image] => Ok(Instruction::From { image: image.into(), platform, name: None }),
        [image, by, name] if by.eq_ignore_ascii_case("as") => {
            Ok(Instruction::From { image: image.into(), platform, name: Some(name.to_ascii_lowercase()) })
        }
        _ => Err("FROM requires either one or three arguments".into()),
    }
}

fn argument(word: &str) -> (String, Option<String>) {
    word.split_once('=').map_or_else(|| (word.into(), None), |(name, value)| (name.into(), Some(value.into())))
}

/// `a=b c="d e"`, or the older `a the rest`.
fn pairs(text: &str, escape: char, name: &str) -> Result<Vec<(String, String)>, String> {
    let words = split(text, escape);
    if words.first().is_some_and(|first| !first.contains('=')) {
        let (key, value) =
            text.split_once(char::is_whitespace).ok_or_else(|| format!("{name} must have two arguments"))?;
        return Ok(vec![(key.into(), value.trim().into())]);
    }
    let pair = |word: &String| {
        let pair = word
            .split_once('=')
            .ok_or_else(|| format!("Syntax error - can't find = in \"{word}\". Must be of the form: name=value"))?;
        if pair.0.is_empty() {
            Err(format!("{name} names can not be blank"))
        } else {
            Ok((pair.0.into(), pair.1.into()))
        }
    };
    words.iter().map(pair).collect()
}

fn copying(text: &str, heredoc: bool, name: &str) -> Result<Copying, String> {
    let (flags, rest) = Flags::take(text);
    flags.only(&["from", "chown", "chmod", "link", "parents", "exclude", "keep-git-dir", "checksum"])?;
    let mut sources = array(rest).unwrap_or_else(|| words(rest));
    let destination = sources.pop().filter(|_| !sources.is_empty());
    let destination = destination.ok_or_else(|| format!("{name} requires at least two arguments"))?;
    for unknown in ["parents", "exclude", "checksum"] {
        if flags.get(unknown).is_some() {
            return Err(format!("{name} --{unknown} is not known to this emulator"));
        }
    }
    let (from, chown, chmod) = (flags.get("from"), flags.get("chown"), flags.get("chmod"));
    Ok(Copying { sources, destination, from, chown, chmod, heredoc })
}

/// The images that `RUN --mount=...,from=` names.
fn mounted(text: &str) -> Vec<String> {
    let (flags, _) = Flags::take(text);
    let mounts = flags.0.iter().filter(|(name, _)| name == "mount");
    mounts
        .flat_map(|(_, value)| value.split(','))
        .filter_map(|part| part.strip_prefix("from="))
        .map(String::from)
        .collect()
}

fn health(text: &str) -> Result<Option<Health>, String> {
    let (flags, rest) = Flags::take(text);
    flags.only(&["interval", "timeout", "start-period", "start-interval", "retries"])?;
    let (kind, command) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if kind.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    if !kind.eq_ignore_ascii_case("cmd") || command.trim().is_empty() {
        return Err(format!("Unknown type \"{kind}\" in HEALTHCHECK (try CMD)"));
    }
    let mut times = Vec::new();
    let known = [
        ("Interval", "interval"),
        ("Timeout", "timeout"),
        ("StartPeriod", "start-period"),
        ("StartInterval", "start-interval"),
    ];
    for (key, flag) in known {
        if let Some(value) = flags.get(flag) {
            times.push((key, nanoseconds(&value)?));
        }
    }
    let number = |value: String| value.parse().map_err(|_| format!("\"{value}\" is no number of retries"));
    let retries = flags.get("retries").map(number).transpose()?;
    Ok(Some(Health { command: Command::read(command.trim()), times, retries }))
}

fn nanoseconds(text: &str) -> Result<u64, String> {
    let time: Option<Duration> = crate::http::go_duration(text);
    time.and_then(|time| u64::try_from(time.as_nanos()).ok())
        .ok_or_else(|| format!("time: invalid duration \"{text}\""))
}
