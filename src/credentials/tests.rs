use super::*;
use alloc::string::ToString as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fs;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new(config: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::write(place.path("config.json"), config).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn store(&self) -> CredentialStore {
        CredentialStore::from_file(self.path("config.json")).with_helpers_in(self.0.path())
    }

    fn lookup(&self, host: &str, repository: Option<&str>) -> Result<Option<Credential>, Error> {
        run(&self.store(), host, repository)
    }
}

fn run(store: &CredentialStore, host: &str, repository: Option<&str>) -> Result<Option<Credential>, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(store.lookup(host, repository))
}

fn basic(username: &str, password: &str) -> Option<Credential> {
    Some(Credential::new(username, password).unwrap())
}

fn auth(pair: &str) -> String {
    format!(r#"{{"auth":"{}"}}"#, STANDARD.encode(pair))
}

#[test]
fn auths_of_all_shapes_are_read() {
    let token = |user: &str| Some(Credential::identity_token(user, "refresh").unwrap());
    let guid = "00000000-0000-0000-0000-000000000000";
    let azure = format!(r#"{{"auth":"{}","identitytoken":"refresh"}}"#, STANDARD.encode(format!("{guid}:")));
    for (entry, expected) in [
        (auth("me:pass:word"), basic("me", "pass:word")),
        (auth("me:pass\0\0"), basic("me", "pass")),
        (auth("me:x").replace('=', ""), basic("me", "x")),
        (r#"{"username":"me","password":"p"}"#.into(), basic("me", "p")),
        (r#"{"identitytoken":"refresh"}"#.into(), token("")),
        (azure, token(guid)),
        (auth(&format!("{guid}:refresh")), token(guid)),
        (auth("<token>:refresh"), token("<token>")),
        (r#"{"registrytoken":"t","identitytoken":"x"}"#.into(), Some(Credential::registry_token("t").unwrap())),
        ("{}".into(), None),
        (r#"{"auth":""}"#.into(), None),
        (r#"{"email":"a@b"}"#.into(), None),
    ] {
        let place = Place::new(&format!(r#"{{"auths":{{"r.example":{entry}}}}}"#));
        assert_eq!(place.lookup("r.example", None).unwrap(), expected, "{entry}");
    }
}

#[test]
fn unusable_entries_are_errors_without_their_secret() {
    for entry in [r#"{"auth":"hunter2!"}"#.into(), auth("hunter2"), auth("a:hunter2\r\nX: 1"), auth("<token>:a b")] {
        let place = Place::new(&format!(r#"{{"auths":{{"r.example":{entry}}}}}"#));
        let error = place.lookup("r.example", None).unwrap_err();
        assert_eq!(error.kind(), crate::Kind::InvalidCredential, "{entry}");
        assert_eq!(error.stage(), Some(Stage::Credential));
        assert!(error.to_string().contains("config.json"), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a13_a_host_that_is_not_named_gets_nothing() {
    let place = Place::new(&format!(r#"{{"auths":{{"r.example":{},"*":{}}}}}"#, auth("a:b"), auth("c:d")));
    for host in ["r.exampl", "r.example.evil.example", "evil.example", "r.example:5000", "x.r.example"] {
        assert_eq!(place.lookup(host, None).unwrap(), None, "{host}");
    }
    for host in ["", "*", "r.example/x", "u@r.example"] {
        assert!(place.lookup(host, None).is_err(), "{host}");
    }
}

#[test]
fn the_hub_has_many_names() {
    let place = Place::new(&format!(r#"{{"auths":{{"https://index.docker.io/v1/":{}}}}}"#, auth("me:p")));
    for host in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
        assert_eq!(place.lookup(host, Some("library/x")).unwrap(), basic("me", "p"), "{host}");
    }
}

#[test]
fn the_longest_namespace_counts() {
    let entries = ["r.example/team/app", "r.example/team", "https://r.example/v2/", "r.example", "s.example/team"];
    let entries: Vec<_> =
        entries.iter().map(|key| format!("{key:?}:{}", auth(&format!("u:{key}").replace("://", "_")))).collect();
    let place = Place::new(&format!(r#"{{"auths":{{{},"r.example/team/app/empty":{{}}}}}}"#, entries.join(",")));
    for (repository, expected) in [
        (Some("team/app/x"), "r.example/team/app"),
        (Some("team/app/empty"), "r.example/team/app"),
        (Some("team/other"), "r.example/team"),
        (Some("teams"), "r.example"),
        (None, "r.example"),
    ] {
        assert_eq!(place.lookup("r.example", repository).unwrap(), basic("u", expected), "{repository:?}");
    }
    assert_eq!(place.lookup("s.example", None).unwrap(), None);
}

#[test]
fn broken_files_are_errors() {
    let long = format!("{{{}}}", " ".repeat(4 << 20));
    for config in ["{", "[]", r#"{"auths":[]}"#, r#"{"auths":{},"auths":{}}"#, r#"{"credHelpers":"x"}"#, &long] {
        let error = Place::new(config).lookup("r.example", None).unwrap_err();
        assert_eq!(error.kind(), crate::Kind::InvalidCredential, "{config:.30}");
    }
    for config in ["", "\n", "{}", r#"{"auths":null,"HttpHeaders":{"a":"b"},"proxies":{}}"#] {
        assert_eq!(Place::new(config).lookup("r.example", None).unwrap(), None, "{config}");
    }
    let missing = CredentialStore::from_file("/nowhere/config.json");
    assert!(run(&missing, "r.example", None).is_err());
}

#[test]
fn files_are_asked_in_order() {
    let (first, second) = (Place::new("{}"), Place::new("{}"));
    let both = format!(r#"{{"auths":{{"r.example":{}}}}}"#, auth("second:p"));
    fs::write(second.path("config.json"), both).unwrap();
    let variable = |name: &str| match name {
        "REGISTRY_AUTH_FILE" => Some(first.path("missing.json").into()),
        "DOCKER_CONFIG" => Some(second.path("").into()),
        "PORTOLAN_REGISTRY" => Some("own.example".into()),
        "PORTOLAN_USERNAME" => Some("env".into()),
        "PORTOLAN_PASSWORD" => Some("p".into()),
        _ => None,
    };
    let lookup = |host: &str| run(&locate::from_variables(variable), host, None).unwrap();
    assert_eq!(lookup("r.example"), basic("second", "p"));
    assert_eq!(lookup("own.example"), basic("env", "p"));
    assert_eq!(lookup("other.example"), None);
    fs::write(first.path("missing.json"), format!(r#"{{"auths":{{"r.example":{}}}}}"#, auth("first:p"))).unwrap();
    assert_eq!(lookup("r.example"), basic("first", "p"));
}

#[cfg(unix)]
mod helpers {
    use super::*;
    use core::time::Duration;
    use std::{
        os::unix::fs::PermissionsExt as _,
        sync::{Mutex, MutexGuard, PoisonError},
        time::Instant,
    };

    /// A script that another thread's child holds open for writing cannot be run: one test at a time.
    static ALONE: Mutex<()> = Mutex::new(());

    struct Scripts(Place, #[expect(dead_code, reason = "held until the test ends")] MutexGuard<'static, ()>);

    impl Scripts {
        fn new(config: &str, scripts: &[(&str, &str)]) -> Self {
            let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
            let place = Place::new(config);
            for (name, body) in scripts {
                let path = place.path(&format!("docker-credential-{name}"));
                fs::write(&path, format!("#!/bin/sh\ncd '{}'\n{body}\n", place.0.path().display())).unwrap();
                fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
            }
            Self(place, alone)
        }

        fn lookup(&self, host: &str) -> Result<Option<Credential>, Error> {
            self.0.lookup(host, None)
        }
    }

    const STORE: &str = r#"{"credsStore":"x"}"#;
    const ECHO: &str =
        r#"read -r server || :; printf '{"ServerURL":"%s","Username":"me","Secret":"%s"}' "$server" "$1""#;

    #[test]
    fn a_helper_is_asked_for_the_host() {
        let scripts = Scripts::new(STORE, &[("x", &format!("{ECHO}\nprintf '%s' \"$server\" >asked"))]);
        for (host, server) in [("r.example:5000", "r.example:5000"), ("docker.io", "https://index.docker.io/v1/")] {
            assert_eq!(scripts.lookup(host).unwrap(), basic("me", "get"), "{host}");
            assert_eq!(fs::read_to_string(scripts.0.path("asked")).unwrap(), server);
        }
    }

    #[test]
    fn a_helper_may_give_an_identity_token_or_nothing() {
        let token = Some(Credential::identity_token("<token>", "t").unwrap());
        for (script, expected) in [
            (r#"cat >/dev/null; echo '{"Username":"<token>","Secret":"t"}'"#, token),
            (r#"echo '{"ServerURL":"https://R.example:443/v2/","Username":"me","Secret":"p"}'"#, basic("me", "p")),
            (r#"echo '{"ServerURL":"","Username":"","Secret":""}'"#, None),
            ("echo 'credentials not found in native keychain'; exit 1", None),
            ("echo 'Credentials not found'; exit 2", None),
        ] {
            let scripts = Scripts::new(STORE, &[("x", script)]);
            assert_eq!(scripts.lookup("r.example").unwrap(), expected, "{script}");
        }
    }

    #[test]
    fn c01_bad_answers_are_refused() {
        for (script, words) in [
            (r#"echo '{"ServerURL":"s.example","Username":"me","Secret":"hunter2"}'"#, "another host"),
            (r#"echo '{"ServerURL":"https://r.example.evil/","Username":"me","Secret":"hunter2"}'"#, "another host"),
            (r#"echo '{"ServerURL":"?","Username":"me","Secret":"hunter2"}'"#, "another host"),
            (r#"printf '%s' '{"Username":"me","Secret":"hunter2\r\n"}'"#, "control character"),
            (r#"echo '{"Username":"me","Secret":"hunter2"'"#, "no JSON"),
            (r#"echo '{"Username":"me","Secret":"hunter2"}'; exit 3"#, "exit status: 3"),
            ("echo 'the \x1b[31mkeychain is locked'; exit 1", "the \\u{1b}[31mkeychain is locked"),
            ("exit 1", "exit status: 1"),
            ("kill -9 $$", "signal: 9"),
            ("head -c 70000 /dev/zero; exec sleep 60", "too much"),
            ("yes", "too much"),
        ] {
            let scripts = Scripts::new(STORE, &[("x", script)]);
            let error = scripts.lookup("r.example").unwrap_err();
            assert_eq!(error.kind(), crate::Kind::InvalidCredential, "{script}");
            assert!(error.to_string().contains(words), "{script}: {error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn c01_helper_names_are_names() {
        for name in ["a/b", "../x", "a\\\\b", "a;b", "a\\nb", "a b", "$(x)", "é"] {
            let config = format!(r#"{{"credHelpers":{{"r.example":"{name}"}}}}"#);
            let error = Place::new(&config).lookup("r.example", None).unwrap_err();
            assert!(error.to_string().contains("not the name of a credential helper"), "{error}");
            assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn c01_a_hanging_helper_is_killed() {
        let scripts = Scripts::new(STORE, &[("x", "echo $$ >pid; exec sleep 60")]);
        let mut store = scripts.0.store();
        store.helpers.patience = Duration::from_millis(500);
        let start = Instant::now();
        let error = run(&store, "r.example", None).unwrap_err();
        assert!(error.to_string().contains("took too long"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(30));
        let pid = fs::read_to_string(scripts.0.path("pid")).unwrap();
        let mut alive = std::process::Command::new("kill");
        alive.args(["-0", pid.trim()]).stderr(std::process::Stdio::null());
        assert!(!alive.status().unwrap().success());
        assert_eq!(Helpers::default().patience, Duration::from_secs(10));
    }

    #[test]
    fn the_host_s_own_helper_is_the_only_one_asked() {
        let config = format!(
            r#"{{"credHelpers":{{"r.example":"own","s.example":"gone"}},"credsStore":"x","auths":{{"r.example":{},"t.example":{},"u.example/team":{}}}}}"#,
            auth("file:p"),
            auth("file:p"),
            auth("team:p")
        );
        let none = "echo 'credentials not found in native keychain'; exit 1";
        let scripts = Scripts::new(&config, &[("own", none), ("x", ECHO)]);
        assert_eq!(scripts.lookup("r.example").unwrap(), None);
        assert!(
            scripts.lookup("s.example").unwrap_err().to_string().contains("docker-credential-gone is not installed")
        );
        assert_eq!(scripts.lookup("t.example").unwrap(), basic("me", "get"));
        assert_eq!(scripts.0.lookup("u.example", Some("team/app")).unwrap(), basic("team", "p"));
        assert_eq!(scripts.0.lookup("u.example", Some("other")).unwrap(), basic("me", "get"));
    }

    #[test]
    fn a_store_that_is_gone_matters_to_hosts_it_has() {
        let config = format!(r#"{{"credsStore":"x","auths":{{"r.example":{{}},"s.example":{}}}}}"#, auth("file:p"));
        let scripts = Scripts::new(&config, &[]);
        assert!(scripts.lookup("r.example").unwrap_err().to_string().contains("docker-credential-x"));
        assert_eq!(scripts.lookup("s.example").unwrap(), basic("file", "p"));
        assert_eq!(scripts.lookup("public.example").unwrap(), None);
    }
}
