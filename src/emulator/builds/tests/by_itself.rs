use super::*;

const DOCKERFILE: &str = r#"# A bit of everything.
ARG VERSION=1
FROM scratch AS files
COPY src /src
COPY *.txt docs/*.md /texts/

FROM scratch
ARG VERSION
ARG TARGETARCH
ENV APP=/app V="v ${VERSION}" ARCH=$TARGETARCH
LABEL org.example.a="b c" plain=1
WORKDIR $APP
WORKDIR sub
COPY --from=files --chown=7:8 --chmod=640 /src/lib lib/
COPY --from=0 /texts/a.txt ./renamed.txt
COPY src/link /etc/
ADD more.tar /unpacked/
EXPOSE 80 53/udp
VOLUME /data
USER 7
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s CMD true
ENTRYPOINT ["/app/run"]
CMD serve --port 80
"#;

const FILES: &[(&str, &str)] = &[
    ("Dockerfile", DOCKERFILE),
    ("a.txt", "text a"),
    ("b.txt", "text b"),
    ("docs/c.md", "text c"),
    ("docs/d.no", "not"),
    ("src/lib/deep/x.js", "x"),
    ("src/lib/y.js", "y"),
    ("src/link", "-> lib/y.js"),
    ("more.tar", "replaced"),
];

/// The files, with a real archive among them.
fn files(archive: &str) -> Vec<(&'static str, &str)> {
    FILES.iter().map(|(path, text)| (*path, if *text == "replaced" { archive } else { *text })).collect()
}

fn archive() -> String {
    let mut tar = crate::azure::context::Tar::new();
    tar.begin(&Entry::file("in/tar.txt", 2)).unwrap();
    tar.write(b"hi").unwrap();
    tar.finish().unwrap();
    String::from_utf8(tar.take()).unwrap()
}

#[tokio::test]
async fn a_dockerfile_without_run_becomes_an_image() {
    let held = held(Builder::Direct);
    let archive = archive();
    let ended = held.build(&files(&archive), json!({ "arguments": [{ "name": "VERSION", "value": "2.5" }] })).await;
    ended.succeeded();
    let image = held.image("app:v1");
    let run = &image.config["config"];
    assert_eq!(
        run["Env"],
        json!([
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "APP=/app",
            "V=v 2.5",
            "ARCH=amd64"
        ])
    );
    assert_eq!(run["Labels"], json!({ "org.example.a": "b c", "plain": "1" }));
    assert_eq!(
        (&run["WorkingDir"], &run["User"], &run["StopSignal"]),
        (&json!("/app/sub"), &json!("7"), &json!("SIGQUIT"))
    );
    assert_eq!(
        (&run["ExposedPorts"], &run["Volumes"]),
        (&json!({ "80/tcp": {}, "53/udp": {} }), &json!({ "/data": {} }))
    );
    assert_eq!(run["Healthcheck"], json!({ "Test": ["CMD-SHELL", "true"], "Interval": 30_000_000_000_u64 }));
    assert_eq!((&run["Entrypoint"], &run["Cmd"]), (&json!(["/app/run"]), &json!(["/bin/sh", "-c", "serve --port 80"])));
    assert_eq!((&image.config["os"], &image.config["architecture"]), (&json!("linux"), &json!("amd64")));
    assert_eq!(
        image.config["history"].as_array().unwrap().iter().filter(|step| step["empty_layer"].is_null()).count(),
        4
    );
    let lib = BTreeMap::from([
        ("app/".into(), "755 0:0 ".into()),
        ("app/sub/".into(), "755 0:0 ".into()),
        ("app/sub/lib/".into(), "640 7:8 ".into()),
        ("app/sub/lib/deep/".into(), "640 7:8 ".into()),
        ("app/sub/lib/deep/x.js".into(), "640 7:8 x".into()),
        ("app/sub/lib/y.js".into(), "640 7:8 y".into()),
    ]);
    assert_eq!(image.layer(0), lib);
    assert_eq!(image.layer(1), BTreeMap::from([("app/sub/renamed.txt".into(), "644 0:0 text a".into())]));
    assert_eq!(
        image.layer(2),
        BTreeMap::from([("etc/".into(), "755 0:0 ".into()), ("etc/link".into(), "644 0:0 y".into())])
    );
    let unpacked = ["unpacked/", "unpacked/in/", "unpacked/in/tar.txt"];
    assert_eq!(image.layer(3).keys().collect::<Vec<_>>(), unpacked);
    assert_eq!(image.layers.len(), 4);
    let digest = image.manifest.digest().to_string();
    let output = json!([{ "registry": "made.azurecr.io", "repository": "app", "tag": "v1", "digest": digest }]);
    assert_eq!(ended.run["outputImages"], output);
    let lines = ended.lines();
    let end = [
        "- image:",
        "    registry: made.azurecr.io",
        "    repository: app",
        "    tag: v1",
        &format!("    digest: {digest}"),
        "  git: {}",
        "",
    ];
    assert!(lines.windows(end.len()).any(|window| window == end), "{}", ended.log);
    assert!(lines.iter().rev().nth(1).unwrap().starts_with("Run ID: cf1 was successful after "), "{}", ended.log);
}

#[tokio::test]
async fn the_same_context_gives_the_same_layers() {
    let (one, two) = (held(Builder::Direct), held(Builder::Direct));
    let archive = archive();
    one.build(&files(&archive), json!({})).await.succeeded();
    two.build(&files(&archive), json!({})).await.succeeded();
    let layers = |held: &Held| held.image("app:v1").manifest.image().unwrap().layers.clone();
    assert_eq!(layers(&one), layers(&two));
}

#[tokio::test]
async fn images_are_built_on_images() {
    let held = held(Builder::Direct);
    let base = "FROM scratch\nENV A=1 PATH=/bin\nCMD [\"base\"]\nCOPY a.txt /usr/lib/a.txt\nCOPY lib /lib\nONBUILD COPY b.txt /b.txt\n";
    let files = [("Dockerfile", base), ("a.txt", "a"), ("lib", "-> usr/lib")];
    held.build(&files, json!({ "imageNames": ["base:1"] })).await.failed();
    // A link as a source means what it leads to; as a member of a directory it stays a link.
    let base = base.replace("COPY lib /lib", "COPY links /");
    let files = [("Dockerfile", &*base), ("a.txt", "a"), ("links/lib", "-> usr/lib")];
    held.build(&files, json!({ "imageNames": ["base:1"] })).await.succeeded();
    let upper = "FROM made.azurecr.io/base:1\nENV B=$A$A\nENTRYPOINT [\"upper\"]\nCOPY b.txt /lib/\n";
    let ended = held.build(&[("Dockerfile", upper), ("b.txt", "b")], json!({})).await;
    ended.succeeded();
    let (base, image) = (held.image("base:1"), held.image("app:v1"));
    assert_eq!(image.layers[..2], base.layers[..]);
    assert_eq!(image.layer(2), BTreeMap::from([("b.txt".into(), "644 0:0 b".into())]));
    // The parent is a link in the base: the file belongs to where it leads, or the link would be lost.
    assert_eq!(image.layer(3), BTreeMap::from([("usr/lib/b.txt".into(), "644 0:0 b".into())]));
    let run = &image.config["config"];
    assert_eq!(
        (&run["Env"], &run["Cmd"], &run["OnBuild"]),
        (&json!(["PATH=/bin", "A=1", "B=11"]), &Value::Null, &Value::Null)
    );
    let digest = format!("    digest: {}", base.manifest.digest());
    assert!(
        ended.log.contains(
            "  runtime-dependency:\r\n    registry: made.azurecr.io\r\n    repository: base\r\n    tag: 1\r\n"
        )
    );
    assert!(ended.lines().contains(&&*digest), "{}", ended.log);
}

#[tokio::test]
async fn what_cannot_be_built_is_said_clearly() {
    let held = held(Builder::Direct);
    for (dockerfile, said) in [
        (
            "FROM scratch\nRUN make\n",
            "line 2: 'RUN' in stage 'scratch' needs a program that can run containers: install buildah",
        ),
        (
            "FROM alpine\n",
            "docker.io/library/alpine:latest: this emulator pulls from its own registries only and does not contact 'docker.io'",
        ),
        ("FROM made.azurecr.io/none:1\n", "manifest for made.azurecr.io/none:1 not found: manifest unknown"),
        (
            "FROM scratch\nCOPY nothing /\n",
            "line 2: COPY failed: file not found in build context: stat nothing: file does not exist",
        ),
        ("FROM scratch\nCOPY *.none /\n", "line 2: COPY failed: file not found"),
        ("FROM scratch\nCOPY a.txt b.txt /x\n", "the destination must be a directory and end with a /"),
        ("FROM scratch\nADD https://example.com/x /\n", "'https://example.com/x' is not fetched"),
        ("FROM scratch\nCOPY --chown=app a.txt /\n", "--chown=app: names of users need buildah"),
        ("FROM scratch\nCOPY --chmod=u+x a.txt /\n", "invalid chmod parameter: 'u+x'"),
        ("FROM scratch\nCOPY <<E /x\nhi\nE\n", "line 2: here-documents need buildah"),
        ("FROM scratch\nCOPY loop/a /x\n", "too many levels of symbolic links"),
        ("FROM scratch\nENV A=\"${B:?not set}\"\n", "line 2: B: not set"),
        ("FROM scratch\nNOPE\n", "dockerfile parse error on line 2: unknown instruction: NOPE"),
    ] {
        let files = [("Dockerfile", dockerfile), ("a.txt", "a"), ("b.txt", "b"), ("loop/a", "-> a")];
        let ended = held.build(&files, json!({})).await;
        assert!(ended.failed().contains(said), "{}", ended.run["runErrorMessage"]);
        assert!(ended.lines().iter().rev().nth(1).unwrap().contains(said), "{}", ended.log);
    }
    let ended = held.build(&[("a.txt", "a")], json!({})).await;
    assert!(ended.failed().contains("unable to find Dockerfile 'Dockerfile'"));
    let ended = held.build(&[("Dockerfile", "FROM scratch\n")], json!({ "target": "nope" })).await;
    assert!(ended.failed().contains("target stage \"nope\" could not be found"));
}

#[tokio::test]
async fn stages_that_are_not_needed_may_run_things() {
    let held = held(Builder::Direct);
    let dockerfile =
        "FROM scratch AS test\nRUN make test\nFROM scratch AS app\nCOPY a.txt /\nFROM scratch AS last\nRUN x\n";
    let ended = held.build(&[("Dockerfile", dockerfile), ("a.txt", "a")], json!({ "target": "app" })).await;
    ended.succeeded();
    assert_eq!(held.image("app:v1").layers.len(), 1);
}

#[tokio::test]
async fn secrets_are_not_in_the_log() {
    let held = held(Builder::Direct);
    let dockerfile = "FROM scratch\nARG KEY\nENV OPEN=${KEY:+yes}\nENV A=${KEY}${KEY:?}\nCOPY ${KEY} /x/\n";
    let secret = json!({ "arguments": [{ "name": "KEY", "value": "hunter2", "isSecret": true }] });
    let ended = held.build(&[("Dockerfile", dockerfile)], secret).await;
    assert!(ended.failed().contains("stat ***: file does not exist"), "{}", ended.run);
    assert!(!ended.log.contains("hunter2") && !ended.run.to_string().contains("hunter2"), "{}", ended.log);
    let kept = std::fs::read_to_string(held.folder.path().join("runs/made.json")).unwrap();
    assert!(!kept.contains("hunter2"), "{kept}");
}

#[tokio::test]
async fn l06_contexts_stay_in_their_folder() {
    let held = held(Builder::Direct);
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &[u8], text: &str| {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).unwrap();
    };
    add(b"../../escaped", "x");
    add(b"/Dockerfile", "FROM scratch\nCOPY ../../escaped /\n");
    let archive = tar.into_inner().unwrap();
    let location = held.upload(archive).await;
    let request = json!({
        "type": "DockerBuildRequest", "dockerFilePath": "Dockerfile", "imageNames": ["app:v1"],
        "platform": { "os": "Linux" }, "sourceLocation": location,
    });
    let run = held.builds.schedule(&TARGET, &request).unwrap();
    held.ended(run["name"].as_str().unwrap()).await.succeeded();
    assert_eq!(held.image("app:v1").layer(0), BTreeMap::from([("escaped".into(), "644 0:0 x".into())]));
}
