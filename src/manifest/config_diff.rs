//! What is different between two image configs.

use super::ImageConfig;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;
use serde::Serialize;
use serde_json::{Map, Value};

/// Something that two image configs have differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigDifference {
    /// The field of [`ImageConfig`], as in JSON: `env`, `cmd`, `exposedPorts`, ...
    pub field: String,
    /// Which of many: the name of a variable or label, a port, a volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the left has; lists as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// What the right has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

impl ImageConfig {
    /// What is different about how `other` is run, seen from here: field by field, keys in order. Times, history and layers are not
    /// among it.
    ///
    /// ```
    /// use portolan::ImageConfig;
    /// let old = ImageConfig { env: vec!["A=1".into(), "B=2".into()], ..Default::default() };
    /// let new = ImageConfig { env: vec!["B=3".into()], user: Some("app".into()), ..Default::default() };
    /// let differences = old.differences(&new);
    /// let line = |at: usize| (&*differences[at].field, differences[at].left.as_deref(), differences[at].right.as_deref());
    /// assert_eq!(line(0), ("user", None, Some("app")));
    /// assert_eq!(line(1), ("env", Some("1"), None));
    /// assert_eq!(line(2), ("env", Some("2"), Some("3")));
    /// # assert_eq!(differences.len(), 3);
    /// ```
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<ConfigDifference> {
        let mut found = Vec::new();
        for ((field, left), (_, right)) in self.single().into_iter().zip(other.single()) {
            if left != right {
                found.push(ConfigDifference { field: field.to_string(), key: None, left, right });
            }
        }
        for ((field, left), (_, right)) in self.many().into_iter().zip(other.many()) {
            join(field, left, right, &mut found);
        }
        found
    }

    fn single(&self) -> [(&'static str, Option<String>); 13] {
        let list = |list: &[String]| (!list.is_empty()).then(|| Value::from(list).to_string());
        [
            ("architecture", self.architecture.clone()),
            ("os", self.os.clone()),
            ("variant", self.variant.clone()),
            ("osVersion", self.os_version.clone()),
            ("author", self.author.clone()),
            ("user", self.user.clone()),
            ("entrypoint", list(&self.entrypoint)),
            ("cmd", list(&self.cmd)),
            ("workingDir", self.working_dir.clone()),
            ("stopSignal", self.stop_signal.clone()),
            ("shell", list(&self.shell)),
            ("onBuild", list(&self.on_build)),
            ("osFeatures", list(&self.os_features)),
        ]
    }

    fn many(&self) -> [(&'static str, Vec<(String, String)>); 6] {
        let variable = |variable: &String| {
            let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
            (name.to_string(), value.to_string())
        };
        let set = |set: &[String]| set.iter().map(|item| (item.clone(), item.clone())).collect();
        let json = |map: &Map<String, Value>| map.iter().map(|(key, value)| (key.clone(), value.to_string())).collect();
        [
            ("env", self.env.iter().map(variable).collect()),
            ("exposedPorts", set(&self.exposed_ports)),
            ("volumes", set(&self.volumes)),
            ("labels", self.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
            ("configExtra", json(&self.config_extra)),
            ("extra", json(&self.extra)),
        ]
    }
}

/// Walks both lists by key. Of a key that comes twice the last one counts, as for variables in a container.
fn join(field: &str, left: Vec<(String, String)>, right: Vec<(String, String)>, found: &mut Vec<ConfigDifference>) {
    let (mut left, mut right) = (sorted(left).peekable(), sorted(right).peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a.0.cmp(&b.0),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return,
        };
        let a = if order.is_le() { left.next() } else { None };
        let b = if order.is_ge() { right.next() } else { None };
        let key = a.as_ref().or(b.as_ref()).map(|(key, _)| key.clone());
        let (left, right) = (a.map(|(_, value)| value), b.map(|(_, value)| value));
        if left != right {
            found.push(ConfigDifference { field: field.to_string(), key, left, right });
        }
    }
}

fn sorted(mut pairs: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    pairs.reverse();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    pairs.dedup_by(|a, b| a.0 == b.0);
    pairs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};
    use serde_json::json;

    fn lines(left: &ImageConfig, right: &ImageConfig) -> Vec<String> {
        let line = |d: ConfigDifference| {
            let text = |text: Option<String>| text.unwrap_or_else(|| "-".into());
            format!("{} {} {} {}", d.field, text(d.key), text(d.left), text(d.right))
        };
        left.differences(right).into_iter().map(line).collect()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).into()).collect()
    }

    #[test]
    fn every_field_is_compared() {
        let left = ImageConfig {
            cmd: words(&["sh"]),
            env: words(&["PATH=/a", "A=1", "A=2", "LONE"]),
            exposed_ports: words(&["80/tcp", "81/tcp"]),
            labels: [("a".into(), "1".into())].into(),
            config_extra: json!({ "Healthcheck": { "Test": ["CMD"] } }).as_object().unwrap().clone(),
            ..ImageConfig::default()
        };
        let right = ImageConfig {
            entrypoint: words(&["/run", "it"]),
            env: words(&["A=2", "PATH=/b"]),
            exposed_ports: words(&["81/tcp", "82/tcp"]),
            volumes: words(&["/data"]),
            working_dir: Some("/app".into()),
            ..ImageConfig::default()
        };
        assert_eq!(
            lines(&left, &right),
            [
                "entrypoint - - [\"/run\",\"it\"]",
                "cmd - [\"sh\"] -",
                "workingDir - - /app",
                "env LONE  -",
                "env PATH /a /b",
                "exposedPorts 80/tcp 80/tcp -",
                "exposedPorts 82/tcp - 82/tcp",
                "volumes /data - /data",
                "labels a 1 -",
                "configExtra Healthcheck {\"Test\":[\"CMD\"]} -",
            ]
        );
        assert_eq!(lines(&left, &left), [""; 0]);
    }

    #[test]
    fn order_matters_for_words_and_not_for_sets() {
        let config = |text: &[&str]| ImageConfig { cmd: words(text), volumes: words(text), ..ImageConfig::default() };
        assert_eq!(lines(&config(&["a", "b"]), &config(&["b", "a"])), vec!["cmd - [\"a\",\"b\"] [\"b\",\"a\"]"]);
    }
}
