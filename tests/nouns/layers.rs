//! The join of layers and history.

use portolan::{Digest, HistoryEntry, ImageConfig, ImageLayers, ImageManifest, Limits, Manifest, command};
use serde_json::json;

fn image(layers: u64) -> ImageManifest {
    let descriptor = |size| json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": Digest::sha256(b""), "size": size });
    let document = json!({ "config": descriptor(0), "layers": (0..layers).map(descriptor).collect::<Vec<_>>() });
    Manifest::parse(document.to_string().into_bytes(), None, &Limits::DEFAULT).unwrap().image().unwrap().clone()
}

fn config(diff_ids: u8, history: &[(&str, bool)]) -> ImageConfig {
    let entry = |(by, empty): &(&str, bool)| HistoryEntry {
        created_by: Some((*by).into()),
        empty_layer: *empty,
        ..HistoryEntry::default()
    };
    ImageConfig {
        diff_ids: (0..diff_ids).map(|n| Digest::sha256(&[n])).collect(),
        history: history.iter().map(entry).collect(),
        ..ImageConfig::default()
    }
}

#[test]
fn rows_have_their_commands_and_steps_their_layers() {
    let history =
        [("ADD x /", false), ("/bin/sh -c #(nop) CMD [\"a\"]", true), ("/bin/sh -c make", false), ("ENV A=b", true)];
    let layers = ImageLayers::join(&image(2), &config(2, &history));
    assert!(layers.history_matches() && layers.diff_ids_match());
    let commands: Vec<_> = layers.rows().iter().map(|row| row.command.as_deref().unwrap()).collect();
    assert_eq!(commands, ["ADD x /", "RUN make"]);
    assert_eq!(layers.rows()[1].created_by.as_deref(), Some("/bin/sh -c make"));
    assert_eq!(layers.rows()[1].diff_id, Some(Digest::sha256(&[1])));
    let steps: Vec<_> = layers.steps().iter().map(|step| (step.command.as_deref().unwrap(), step.layer)).collect();
    assert_eq!(steps, [("ADD x /", Some(0)), ("CMD [\"a\"]", None), ("RUN make", Some(1)), ("ENV A=b", None)]);
}

#[test]
fn j12_counts_that_differ_leave_it_unknown() {
    for (layers, diff_ids, history) in [
        (0, 3, vec![("a", false)]),
        (3, 0, vec![]),
        (1, 2, vec![("a", false), ("b", false)]),
        (2, 1, vec![("a", false), ("b", true)]),
    ] {
        let joined = ImageLayers::join(&image(layers), &config(diff_ids, &history));
        assert!(!joined.history_matches() && !joined.diff_ids_match());
        assert_eq!(joined.rows().len() as u64, layers);
        assert!(
            joined.rows().iter().all(|row| row.command.is_none() && row.created_by.is_none() && row.diff_id.is_none())
        );
        assert_eq!(joined.steps().len(), history.len());
        assert!(joined.steps().iter().all(|step| step.layer.is_none() && step.command.is_some()));
    }
}

#[test]
fn one_side_may_match_alone() {
    let joined = ImageLayers::join(&image(1), &config(1, &[]));
    assert!(!joined.history_matches() && joined.diff_ids_match());
    assert!(joined.rows()[0].diff_id.is_some());
}

#[test]
fn commands_lose_what_builders_wrap_around_them() {
    for (by, expected) in [
        ("", None),
        ("  ", None),
        ("/bin/sh -c #(nop) ", None),
        ("/bin/sh -c", None),
        ("/bin/sh -c #(nop) ADD file:abc in / ", Some("ADD file:abc in /")),
        ("|2 A=x y B=z /bin/sh -c make all", Some("RUN make all")),
        ("|0 /bin/sh -c true", Some("RUN true")),
        ("RUN /bin/sh -c echo a # b # buildkit", Some("RUN echo a # b")),
        ("RUN make", Some("RUN make")),
        ("cmd /S /C #(nop)  ENV A=b", Some("ENV A=b")),
        ("cmd /S /C dir", Some("RUN dir")),
        ("powershell -Command Get-Date", Some("powershell -Command Get-Date")),
        ("/bin/shell -c x", Some("/bin/shell -c x")),
        ("|x", Some("|x")),
        ("|1 A=\u{e9}", Some("|1 A=\u{e9}")),
        ("bazel build ...", Some("bazel build ...")),
        ("COPY /a /b # buildkit", Some("COPY /a /b")),
    ] {
        assert_eq!(command(by).as_deref(), expected, "{by:?}");
    }
}

#[test]
fn rows_are_written_in_the_specifications_words() {
    let layers = ImageLayers::join(&image(1), &config(1, &[("RUN make", false)]));
    let text = serde_json::to_value(&layers).unwrap();
    assert_eq!(text["rows"][0]["descriptor"]["mediaType"], "application/vnd.oci.image.layer.v1.tar");
    assert_eq!(text["rows"][0]["diffId"], Digest::sha256(&[0]).as_str());
    assert_eq!(text["steps"][0]["createdBy"], "RUN make");
    assert_eq!((&text["historyMatches"], &text["diffIdsMatch"]), (&json!(true), &json!(true)));
}
