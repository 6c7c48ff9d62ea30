//! What two image configs say differently.

use super::ImageConfig;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde::Serialize;

/// One thing that two configs say differently. What was made when and by which steps is none.
///
/// ```
/// use portolan::{ConfigDifference, ImageConfig};
/// let left = ImageConfig { env: vec!["A=1".into()], ..ImageConfig::default() };
/// let right = ImageConfig { env: vec!["A=2".into()], user: Some("app".into()), ..ImageConfig::default() };
/// let all = ConfigDifference::between(&left, &right);
/// assert_eq!(all[0].to_string(), "user: (none) -> app");
/// assert_eq!(all[1].to_string(), "env A: 1 -> 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigDifference {
    /// The member, by its name in JSON; `env A` and `label A` for single ones, `port 80/tcp` and `volume /data` for members of sets.
    pub field: String,
    /// What the left has; nothing where it has none.
    pub left: Option<String>,
    /// What the right has.
    pub right: Option<String>,
}

impl ConfigDifference {
    /// All of them: what is run first, then environment, labels, ports and volumes by name.
    #[must_use]
    pub fn between(left: &ImageConfig, right: &ImageConfig) -> Vec<Self> {
        let mut all = Vec::new();
        for ((field, left), (_, right)) in scalars(left).into_iter().zip(scalars(right)) {
            push(&mut all, field.into(), left, right);
        }
        maps(&mut all, "env", &variables(&left.env), &variables(&right.env));
        maps(&mut all, "label", &borrowed(&left.labels), &borrowed(&right.labels));
        sets(&mut all, "port", &left.exposed_ports, &right.exposed_ports);
        sets(&mut all, "volume", &left.volumes, &right.volumes);
        all
    }
}

impl fmt::Display for ConfigDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "(none)".into());
        write!(f, "{}: {} -> {}", self.field, text(&self.left), text(&self.right))
    }
}

fn scalars(config: &ImageConfig) -> [(&'static str, Option<String>); 11] {
    [
        ("os", config.os.clone()),
        ("architecture", config.architecture.clone()),
        ("variant", config.variant.clone()),
        ("osVersion", config.os_version.clone()),
        ("user", config.user.clone()),
        ("entrypoint", words(&config.entrypoint)),
        ("cmd", words(&config.cmd)),
        ("workingDir", config.working_dir.clone()),
        ("stopSignal", config.stop_signal.clone()),
        ("shell", words(&config.shell)),
        ("onBuild", words(&config.on_build)),
    ]
}

/// As JSON, so that words with spaces stay apart.
fn words(words: &[String]) -> Option<String> {
    let text = serde_json::to_string(words).unwrap_or_default();
    (!words.is_empty()).then_some(text)
}

type Named<'a> = BTreeMap<&'a str, &'a str>;

/// The last one of a name counts, as it does for the process.
fn variables(env: &[String]) -> Named<'_> {
    env.iter().map(|variable| variable.split_once('=').unwrap_or((variable, ""))).collect()
}

fn borrowed(labels: &BTreeMap<String, String>) -> Named<'_> {
    labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn maps(all: &mut Vec<ConfigDifference>, what: &str, left: &Named<'_>, right: &Named<'_>) {
    for name in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        let side = |side: &Named<'_>| side.get(*name).map(|value| (*value).to_string());
        push(all, format!("{what} {name}"), side(left), side(right));
    }
}

fn sets(all: &mut Vec<ConfigDifference>, what: &str, left: &[String], right: &[String]) {
    for name in left.iter().chain(right).collect::<BTreeSet<_>>() {
        let side = |side: &[String]| side.contains(name).then(|| name.clone());
        push(all, format!("{what} {name}"), side(left), side(right));
    }
}

fn push(all: &mut Vec<ConfigDifference>, field: String, left: Option<String>, right: Option<String>) {
    if left != right {
        all.push(ConfigDifference { field, left, right });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_configs_differ_in_nothing() {
        let config =
            ImageConfig { env: ["A=1".into()].into(), volumes: ["/v".into()].into(), ..ImageConfig::default() };
        assert!(ConfigDifference::between(&config, &config.clone()).is_empty());
    }

    #[test]
    fn sets_and_maps_are_compared_by_member() {
        let left = ImageConfig {
            env: ["A=1".into(), "B=1".into(), "A=2".into()].into(),
            exposed_ports: ["80/tcp".into(), "81/tcp".into()].into(),
            cmd: ["sh".into(), "-c".into()].into(),
            ..ImageConfig::default()
        };
        let right = ImageConfig {
            env: ["B=1".into(), "A=2".into()].into(),
            exposed_ports: ["81/tcp".into()].into(),
            ..ImageConfig::default()
        };
        let all = ConfigDifference::between(&left, &right);
        let text: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(text, [r#"cmd: ["sh","-c"] -> (none)"#, "port 80/tcp: 80/tcp -> (none)"]);
    }
}
