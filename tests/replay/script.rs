//! The file format: see tests/transcripts/README.md.

use portolan::Digest;
use std::{collections::VecDeque, time::Duration};

/// One transcript.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    pub(crate) registry: String,
    /// ARM and authority, in place of a registry.
    pub(crate) azure: Vec<String>,
    pub(crate) credential: Vec<String>,
    pub(crate) trust: Vec<String>,
    pub(crate) limits: Vec<(String, u64)>,
    pub(crate) calls: Vec<Call>,
}

/// One call with its traffic and what comes of it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Call {
    pub(crate) words: Vec<String>,
    pub(crate) traffic: VecDeque<Traffic>,
    pub(crate) expected: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Traffic {
    Request { method: String, url: String, fields: Vec<(String, String)>, body: Option<String> },
    Answer { status: u16, fields: Vec<(String, String)>, chunks: VecDeque<Vec<u8>>, fault: Option<String> },
    NoAnswer(String),
    Wait { time: Duration, about: bool },
}

impl Transcript {
    pub(crate) fn parse(text: &str) -> Self {
        let mut transcript = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = expand(line);
            if line.trim().is_empty() || line.starts_with('#') || line.starts_with("native") {
                continue;
            }
            transcript.line(&line).unwrap_or_else(|| panic!("line {}: {line}", number + 1));
        }
        transcript
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words = || rest.split(' ').map(String::from).collect::<Vec<_>>();
        match word {
            "registry" => self.registry = rest.into(),
            "azure" => self.azure = words(),
            "credential" => self.credential = words(),
            "trust" => self.trust.push(rest.into()),
            "limit" => {
                let (name, value) = rest.split_once(' ')?;
                self.limits.push((name.into(), value.parse().ok()?));
            }
            "call" => self.calls.push(Call { words: words(), ..Call::default() }),
            _ => self.calls.last_mut()?.line(word, rest)?,
        }
        Some(())
    }
}

impl Call {
    fn line(&mut self, word: &str, rest: &str) -> Option<()> {
        match (word, self.traffic.back_mut()) {
            (">", last) => match (rest.split_once(": "), last) {
                (Some((name, value)), Some(Traffic::Request { fields, .. })) if !name.contains(' ') => {
                    fields.push((name.into(), value.into()));
                }
                (_, Some(Traffic::Request { body, .. })) if rest.starts_with("body ") => {
                    *body = Some(rest.strip_prefix("body ")?.into());
                }
                _ => {
                    let (method, url) = rest.split_once(' ')?;
                    let (method, url) = (method.into(), url.into());
                    self.traffic.push_back(Traffic::Request { method, url, fields: Vec::new(), body: None });
                }
            },
            ("<", last) => match (rest.split_once(':'), last) {
                (Some((name, value)), Some(Traffic::Answer { fields, .. })) => {
                    fields.push((name.into(), value.trim_start().into()));
                }
                _ => self.traffic.push_back(Traffic::Answer {
                    status: rest.parse().ok()?,
                    fields: Vec::new(),
                    chunks: VecDeque::new(),
                    fault: None,
                }),
            },
            ("|", Some(Traffic::Answer { chunks, .. })) => {
                let mut chunk = rest.as_bytes().to_vec();
                if !chunks.is_empty() {
                    chunk.insert(0, b'\n');
                }
                chunks.push_back(chunk);
            }
            ("|*", Some(Traffic::Answer { chunks, .. })) => {
                let (count, text) = rest.split_once(' ')?;
                chunks.push_back(text.repeat(count.parse().ok()?).into_bytes());
            }
            ("!", Some(Traffic::Answer { fault, .. })) if matches!(rest, "reset" | "stall") => {
                *fault = Some(rest.into())
            }
            ("!", _) => self.traffic.push_back(Traffic::NoAnswer(rest.into())),
            ("wait", _) => {
                let (about, time) = rest.strip_prefix('~').map_or((false, rest), |rest| (true, rest));
                let time = match time.strip_suffix("ms") {
                    Some(milliseconds) => Duration::from_millis(milliseconds.parse().ok()?),
                    None => Duration::from_secs(time.strip_suffix('s')?.parse().ok()?),
                };
                self.traffic.push_back(Traffic::Wait { time, about });
            }
            ("=", _) => self.expected.push(rest.into()),
            _ => return None,
        }
        Some(())
    }
}

/// Replaces `{sha256:TEXT}`, `{len:TEXT}` and `{jwt:ISSUED EXPIRES}`.
fn expand(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((at, name)) =
        ["{sha256:", "{len:", "{jwt:"].iter().filter_map(|name| Some((rest.find(name)?, *name))).min()
    {
        let end = at + rest[at..].find('}').expect("a closing brace");
        let text = rest[at + name.len()..end].replace("\\n", "\n");
        out.push_str(&rest[..at]);
        match name {
            "{len:" => out.push_str(&text.len().to_string()),
            "{jwt:" => out.push_str(&jwt(&text)),
            _ => out.push_str(Digest::sha256(text.as_bytes()).as_ref()),
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

/// A token that says from when to when it is good.
fn jwt(times: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let (issued, expires) = times.split_once(' ').expect("two times");
    format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(format!("{{\"iat\":{issued},\"exp\":{expires}}}")))
}
