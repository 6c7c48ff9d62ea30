//! What an image runs on.

use crate::{
    Error, ReferenceError,
    document::{Fields, Path},
};
use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, str::FromStr};
use serde_json::Value;

/// Longest part of a platform, in bytes.
const MAX_PART: usize = 64;

/// Operating system, processor architecture and its variant, by Go's names (`GOOS`, `GOARCH`).
///
/// Unknown values are kept. `FromStr` reads `os/architecture[/variant]`; Windows versions come from indexes only.
///
/// ```
/// use portolan::Platform;
/// let wanted: Platform = "linux/aarch64".parse()?;
/// let offered: Platform = "linux/arm64/v8".parse()?;
/// assert!(offered.matches(&wanted));
/// assert_eq!(offered.to_string(), "linux/arm64/v8");
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Platform {
    /// Operating system, such as `linux`; `unknown` where an index leaves it out.
    pub os: String,
    /// Architecture, such as `amd64`; `unknown` where an index leaves it out.
    pub architecture: String,
    /// Variant, such as `v7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Version of the operating system, such as `10.0.17763.1999`.
    #[serde(rename = "os.version", skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Features that the operating system must have, such as `win32k`.
    #[serde(rename = "os.features", skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
}

impl Platform {
    /// True if an image for this platform is what `requested` asks for.
    ///
    /// Other spellings (`x86_64`, `aarch64`, `armhf`) and default variants (`arm` is v7, `arm64` is v8) are the same.
    /// A version and features count only if `requested` names them; a version matches by its leading parts.
    #[must_use]
    pub fn matches(&self, requested: &Self) -> bool {
        self.normal() == requested.normal() && self.system_matches(requested)
    }

    /// How well an image for this platform serves `requested`: 0 is exactly; n is a variant n steps older, which newer
    /// processors of the same family run as well; `None` is not at all.
    pub(crate) fn distance(&self, requested: &Self) -> Option<u32> {
        let (os, architecture, offered) = self.normal();
        let (wanted_os, wanted_architecture, wanted) = requested.normal();
        if os != wanted_os || architecture != wanted_architecture || !self.system_matches(requested) {
            return None;
        }
        if offered == wanted {
            return Some(0);
        }
        let generation = |v: &str| v.strip_prefix('v')?.parse::<u32>().ok();
        generation(&wanted)?.checked_sub(generation(&offered)?)
    }

    /// True for the entries with which BuildKit attaches attestations to an index: `unknown/unknown`.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == UNKNOWN && self.architecture == UNKNOWN
    }

    pub(crate) fn from_json(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        let mut fields = Fields::of(value, path)?;
        let mut part = |key| match fields.string(key)? {
            Some(text) if text.is_empty() => Ok(None),
            Some(text) if !is_part(&text) => Err(Path::Key(path, key).invalid("not a platform's name")),
            part => Ok(part),
        };
        let unknown = || UNKNOWN.to_owned();
        Ok(Self {
            os: part("os")?.unwrap_or_else(unknown),
            architecture: part("architecture")?.unwrap_or_else(unknown),
            variant: part("variant")?,
            os_version: fields.string("os.version")?.filter(|version| !version.is_empty()),
            os_features: fields.strings("os.features")?,
        })
    }

    fn system_matches(&self, requested: &Self) -> bool {
        let version = match (&self.os_version, &requested.os_version) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(offered), Some(wanted)) => {
                offered.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        };
        version && requested.os_features.iter().all(|feature| self.os_features.contains(feature))
    }

    /// One spelling: names as Go has them, and the variant that is meant where none is said.
    fn normal(&self) -> (String, String, String) {
        let os = match self.os.to_ascii_lowercase().as_str() {
            "macos" => "darwin".to_owned(),
            os => os.to_owned(),
        };
        let architecture = self.architecture.to_ascii_lowercase();
        let variant = self.variant.as_deref().unwrap_or_default().to_ascii_lowercase();
        let (architecture, default) = match architecture.as_str() {
            "amd64" | "x86_64" | "x86-64" => ("amd64", "v1"),
            "i386" | "i686" | "x86" | "386" => ("386", ""),
            "aarch64" | "arm64" => ("arm64", "v8"),
            "armhf" | "arm" => ("arm", "v7"),
            "armel" => ("arm", "v6"),
            other => (other, ""),
        };
        let variant = match variant.as_str() {
            "" => default.to_owned(),
            // `7` is written for `v7`; `v8.0` is the first of `v8`.
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => ["v", digits].concat(),
            other => other.strip_suffix(".0").unwrap_or(other).to_owned(),
        };
        (os, architecture.to_owned(), variant)
    }
}

/// What is written where a platform is not known.
const UNKNOWN: &str = "unknown";

crate::checked::checked_conversions!(Platform);

impl FromStr for Platform {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('/');
        let mut part = || match parts.next() {
            None => Ok(None),
            Some(part) if is_part(part) => Ok(Some(part.to_string())),
            Some(_) => Err(ReferenceError::Platform("parts are letters, digits, '.', '_', '-' and '+'")),
        };
        match (part()?, part()?, part()?, part()?) {
            (Some(os), Some(architecture), variant, None) => {
                Ok(Self { os, architecture, variant, os_version: None, os_features: Vec::new() })
            }
            _ => Err(ReferenceError::Platform("is os/architecture or os/architecture/variant")),
        }
    }
}

fn is_part(text: &str) -> bool {
    (1..=MAX_PART).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+'))
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(text: &str) -> Platform {
        text.parse().unwrap()
    }

    #[test]
    fn spellings_and_defaults_are_the_same_platform() {
        for (offered, requested, matches) in [
            ("linux/amd64", "linux/x86_64", true),
            ("linux/amd64", "Linux/AMD64/v1", true),
            ("linux/arm64", "linux/aarch64/v8", true),
            ("linux/arm64/v8.0", "linux/arm64", true),
            ("linux/arm", "linux/arm/v7", true),
            ("linux/arm/7", "linux/armhf", true),
            ("linux/arm/v6", "linux/armel", true),
            ("linux/386", "linux/i386", true),
            ("darwin/arm64", "macos/arm64", true),
            ("linux/riscv64", "linux/riscv64", true),
            ("linux/arm/v6", "linux/arm", false),
            ("linux/amd64/v3", "linux/amd64", false),
            ("linux/arm64", "linux/arm", false),
            ("windows/amd64", "linux/amd64", false),
        ] {
            assert_eq!(platform(offered).matches(&platform(requested)), matches, "{offered} for {requested}");
        }
    }

    #[test]
    fn older_variants_serve_newer_processors() {
        let distance = |offered, requested| platform(offered).distance(&platform(requested));
        assert_eq!(distance("linux/arm/v6", "linux/arm/v7"), Some(1));
        assert_eq!(distance("linux/amd64", "linux/amd64/v3"), Some(2));
        assert_eq!(distance("linux/arm/v7", "linux/arm/v6"), None);
        assert_eq!(distance("linux/s390x/z15", "linux/s390x/z16"), None);
    }

    #[test]
    fn windows_versions_match_by_leading_parts() {
        let mut offered = platform("windows/amd64");
        offered.os_version = Some("10.0.17763.1999".into());
        let mut wanted = platform("windows/amd64");
        assert!(offered.matches(&wanted));
        wanted.os_version = Some("10.0.17763".into());
        assert!(offered.matches(&wanted));
        wanted.os_version = Some("10.0.1776".into());
        assert!(!offered.matches(&wanted));
    }

    #[test]
    fn malformed_platforms_are_refused() {
        for text in
            ["", "linux", "/", "linux/", "/amd64", "a/b/c/d", "a/b/", "linux /amd64", "linux/a\u{1b}", &"a".repeat(70)]
        {
            assert!(matches!(text.parse::<Platform>(), Err(ReferenceError::Platform(_))), "{text}");
        }
    }
}
