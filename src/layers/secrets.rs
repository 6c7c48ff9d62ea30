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

/// How a name is told.
enum Fit {
    /// The last component.
    Name(&'static str),
    /// The last components.
    Path(&'static str),
    /// Begin and end of the last component.
    Around(&'static str, &'static str),
    /// End of the last component; other things have such names, too.
    Maybe(&'static str),
}

use Fit::{Around, Maybe, Name, Path};

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
    (Path(".docker/config.json"), "registry password"),
    (Path("containers/auth.json"), "registry password"),
    (Path(".aws/credentials"), "AWS key"),
    (Path(".azure/accessTokens.json"), "Azure token"),
    (Path(".azure/msal_token_cache.json"), "Azure token"),
    (Name("application_default_credentials.json"), "Google Cloud key"),
    (Path("gcloud/credentials.db"), "Google Cloud key"),
    (Path(".kube/config"), "Kubernetes credential"),
    (Name("kubeconfig"), "Kubernetes credential"),
    (Around("", ".kubeconfig"), "Kubernetes credential"),
    (Path("gh/hosts.yml"), "GitHub token"),
    (Path(".cargo/credentials"), "crates.io token"),
    (Path(".cargo/credentials.toml"), "crates.io token"),
    (Path(".gem/credentials"), "RubyGems key"),
    (Path(".composer/auth.json"), "Composer password"),
    (Path(".m2/settings.xml"), "Maven password"),
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

/// What a path's name says it may be. `path` is below the root; `gone`: the image has nothing at that path.
pub(super) fn what(path: &[u8], gone: bool) -> Option<&'static str> {
    let path = core::str::from_utf8(path).ok()?;
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (fit, what) = TABLE.iter().find(|(fit, _)| fit.fits(path, name))?;
    let packaged = directory.split('/').any(|part| NOT_IN.contains(&part));
    let doubtful = || match fit {
        Maybe(_) => NOT_BELOW.iter().any(|begin| path.starts_with(begin)) || is_public(name),
        Around(".env.", _) => is_public(name),
        Name("shadow") => !gone || NOT_BELOW.iter().any(|begin| path.starts_with(begin)),
        _ => false,
    };
    (!packaged && !doubtful()).then_some(*what)
}

fn is_public(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NOT_NAMED.iter().any(|part| name.contains(part))
}

impl Fit {
    fn fits(&self, path: &str, name: &str) -> bool {
        match self {
            Name(whole) => name == *whole,
            Path(end) => path.strip_suffix(end).is_some_and(|begin| begin.is_empty() || begin.ends_with('/')),
            Around(begin, end) => name
                .strip_prefix(begin)
                .and_then(|rest| rest.strip_suffix(end))
                .is_some_and(|between| !between.is_empty()),
            Maybe(end) => {
                let begin = name.len().checked_sub(end.len()).filter(|begin| *begin > 0);
                begin.and_then(|begin| name.get(begin..)).is_some_and(|part| part.eq_ignore_ascii_case(end))
            }
        }
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
            "etc/passwd",
            ".key",
            ".env.",
            "",
        ] {
            assert_eq!(what(path.as_bytes(), true), None, "{path}");
        }
        assert_eq!(what(b"etc/shadow", false), None);
        assert_eq!(what(b"\xff/id_rsa", true), None);
    }
}
