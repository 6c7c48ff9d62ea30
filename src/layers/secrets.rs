//! Names that secrets have.
//!
//! Only names are looked at, and only of contents that a lower layer has and the merged view does not. Few false alarms matter more
//! than the last find, so nothing is said of
//!
//! - what packages bring: any name below `node_modules`, `site-packages` and the like, and below directories for tests and examples; and
//!   names that only may be secrets (`*.pem`, `*.key`, ...) below `usr/share`, `usr/lib`, `etc/ssl/certs` and their like;
//! - certificates and public keys, as far as names tell (`*cert*.pem`, `ca-*.pem`, `*.pub`), templates (`.env.example`), and keys that are the
//!   same for all (`root.key` of DNSSEC, Debian's `snakeoil`);
//! - `etc/shadow`, which package managers rewrite whenever they add a user, as long as the image has one;
//! - contents that show elsewhere in the merged view.

use super::search::contains;

/// How a name is told.
enum Fit {
    /// The last component.
    Name(&'static str),
    /// The directory that it must be in, and the last component.
    In(&'static str, &'static str),
    /// Begin and end of the last component.
    Around(&'static str, &'static str),
    /// End of the last component; other things have such names, too.
    Maybe(&'static str),
}

use Fit::{Around, In, Maybe, Name};

const TABLE: &[(Fit, &str)] = &[
    (Name("id_rsa"), "SSH private key"),
    (Name("id_dsa"), "SSH private key"),
    (Name("id_ecdsa"), "SSH private key"),
    (Name("id_ecdsa_sk"), "SSH private key"),
    (Name("id_ed25519"), "SSH private key"),
    (Name("id_ed25519_sk"), "SSH private key"),
    (Around("ssh_host_", "_key"), "SSH host key"),
    (Name(".env"), "environment with passwords"),
    (Around(".env.", ""), "environment with passwords"),
    (Name(".npmrc"), "npm token"),
    (Name(".yarnrc.yml"), "npm token"),
    (Name(".pypirc"), "PyPI password"),
    (Name(".netrc"), "passwords for hosts"),
    (Name("_netrc"), "passwords for hosts"),
    (Name(".git-credentials"), "Git password"),
    (Name(".pgpass"), "PostgreSQL password"),
    (Name(".my.cnf"), "MySQL password"),
    (Name(".htpasswd"), "password hashes"),
    (Name(".s3cfg"), "S3 key"),
    (Name(".boto"), "cloud storage key"),
    (Name(".vault-token"), "Vault token"),
    (Name(".dockercfg"), "registry password"),
    (In(".docker", "config.json"), "registry password"),
    (In("containers", "auth.json"), "registry password"),
    (In(".aws", "credentials"), "AWS key"),
    (In(".azure", "accessTokens.json"), "Azure token"),
    (In(".azure", "msal_token_cache.json"), "Azure token"),
    (Name("application_default_credentials.json"), "Google Cloud key"),
    (In("gcloud", "credentials.db"), "Google Cloud key"),
    (In(".kube", "config"), "Kubernetes credential"),
    (Name("kubeconfig"), "Kubernetes credential"),
    (Around("", ".kubeconfig"), "Kubernetes credential"),
    (In("gh", "hosts.yml"), "GitHub token"),
    (In(".cargo", "credentials"), "crates.io token"),
    (In(".cargo", "credentials.toml"), "crates.io token"),
    (In(".gem", "credentials"), "RubyGems key"),
    (In(".composer", "auth.json"), "Composer password"),
    (In(".m2", "settings.xml"), "Maven password"),
    (Name(".terraformrc"), "Terraform token"),
    (Name("credentials.tfrc.json"), "Terraform token"),
    (Around("", ".tfstate"), "Terraform state, which holds secrets"),
    (Name("shadow"), "password hashes"),
    (Maybe(".pem"), "private key, or a certificate"),
    (Maybe(".key"), "private key"),
    (Maybe(".ppk"), "PuTTY private key"),
    (Maybe(".p12"), "key store"),
    (Maybe(".pfx"), "key store"),
    (Maybe(".jks"), "key store"),
    (Maybe(".keystore"), "key store"),
    (Maybe(".kdbx"), "password database"),
];

/// Directories of packages, tests and examples, wherever they are.
const NOT_IN: &[&str] = &[
    "node_modules",
    "site-packages",
    "dist-packages",
    "gems",
    "vendor",
    "test",
    "tests",
    "testdata",
    "__tests__",
    "fixtures",
    "spec",
    "example",
    "examples",
    "doc",
    "docs",
];

/// Directories of distributions.
const NOT_BELOW: &[&str] = &[
    "etc/ca-certificates/",
    "etc/pki/",
    "etc/ssl/certs/",
    "usr/lib/",
    "usr/lib64/",
    "usr/libexec/",
    "usr/local/go/",
    "usr/local/lib/",
    "usr/local/share/",
    "usr/share/",
    "usr/src/",
    "var/lib/ca-certificates/",
];

/// Parts of names that are public, are templates, or are everybody's.
const NOT_NAMED: &[&str] = &[
    ".pub",
    "bundle",
    "ca-",
    "cacert",
    "cert",
    "chain",
    "dhparam",
    "public",
    "root.key",
    "snakeoil",
    "trusted-key",
    ".dist",
    "example",
    "sample",
    "template",
    "default",
];

/// True for last components that [`what`] has to look at.
pub(super) fn may_be(name: &[u8]) -> bool {
    TABLE.iter().any(|(fit, _)| fit.has_name(name))
}

/// What a path's name says it may be. `path` is below the root; `gone`: the image has nothing at that path.
pub(super) fn what(path: &[u8], gone: bool) -> Option<&'static str> {
    let slash = path.iter().rposition(|byte| *byte == b'/');
    let (directory, name) = slash.and_then(|at| Some((path.get(..at)?, path.get(at + 1..)?))).unwrap_or((b"", path));
    let (fit, what) = TABLE.iter().find(|(fit, _)| fit.has_name(name) && fit.has_directory(directory))?;
    let mut parts = directory.split(|byte| *byte == b'/');
    let packaged = parts.any(|part| NOT_IN.iter().any(|other| other.as_bytes() == part));
    let distributed = || NOT_BELOW.iter().any(|begin| path.starts_with(begin.as_bytes()));
    let doubtful = || match fit {
        Maybe(_) => distributed() || is_public(name),
        Around(".env.", _) => is_public(name),
        Name("shadow") => !gone || distributed(),
        _ => false,
    };
    (!packaged && !doubtful()).then_some(*what)
}

fn is_public(name: &[u8]) -> bool {
    NOT_NAMED.iter().any(|part| contains(name, part.as_bytes()))
}

impl Fit {
    fn has_name(&self, name: &[u8]) -> bool {
        match self {
            Name(whole) | In(_, whole) => name == whole.as_bytes(),
            Around(begin, end) => {
                let rest = name.strip_prefix(begin.as_bytes());
                rest.and_then(|rest| rest.strip_suffix(end.as_bytes())).is_some_and(|between| !between.is_empty())
            }
            Maybe(end) => {
                let begin = name.len().checked_sub(end.len()).filter(|begin| *begin > 0);
                begin.and_then(|begin| name.get(begin..)).is_some_and(|part| part.eq_ignore_ascii_case(end.as_bytes()))
            }
        }
    }

    fn has_directory(&self, directory: &[u8]) -> bool {
        let In(end, _) = self else { return true };
        directory.strip_suffix(end.as_bytes()).is_some_and(|begin| begin.is_empty() || begin.ends_with(b"/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for (path, expected) in [
            ("root/.ssh/id_rsa", "SSH private key"),
            ("id_ed25519", "SSH private key"),
            ("etc/ssh/ssh_host_rsa_key", "SSH host key"),
            ("app/.env", "environment with passwords"),
            ("app/.env.production", "environment with passwords"),
            ("root/.docker/config.json", "registry password"),
            ("home/u/.aws/credentials", "AWS key"),
            ("root/.kube/config", "Kubernetes credential"),
            ("etc/ssl/private/server.key", "private key"),
            ("app/KEY.PEM", "private key, or a certificate"),
            ("etc/shadow", "password hashes"),
            ("srv/terraform.tfstate", "Terraform state, which holds secrets"),
        ] {
            assert_eq!(what(path.as_bytes(), true), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_images_are_full_of_is_no_secret() {
        for path in [
            "etc/ssl/certs/ca-certificates.pem",
            "usr/share/doc/x/server.key",
            "usr/lib/python3/dist-packages/certifi/cacert.pem",
            "app/node_modules/tls/test/id_rsa",
            "app/node_modules/tls/.npmrc",
            "app/.env.example",
            "app/server-cert.pem",
            "etc/unbound/root.key",
            "etc/ssl/private/ssl-cert-snakeoil.key",
            "root/.ssh/id_rsa.pub",
            "etc/config.json",
            "config.json",
            "x.docker/config.json",
            "etc/passwd",
            ".key",
            ".env.",
            "",
        ] {
            assert_eq!(what(path.as_bytes(), true), None, "{path}");
        }
        assert_eq!(what(b"etc/shadow", false), None);
        assert_eq!(what(b"\xff/id_rsa", true), Some("SSH private key"));
    }

    #[test]
    fn what_has_to_be_looked_at_is_told_by_the_last_component() {
        assert!(may_be(b"config.json") && may_be(b"a.pem") && may_be(b"shadow"));
        assert!(!may_be(b"index.js") && !may_be(b""));
    }
}
