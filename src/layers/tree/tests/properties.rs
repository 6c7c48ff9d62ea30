//! Random layers: the tree and the model agree in everything.

use super::{
    super::{EntryKind, Filter, ImageTree, Selection},
    build::digest,
    model::{self, Files, Line},
};
use crate::{
    Limits,
    layers::{Change, Comparison, DifferenceKind},
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => prop::sample::select(&["a", "b", "c", "d"][..]),
        3 => prop::sample::select(&[".wh.a", ".wh.b", ".wh.c", ".wh.d"][..]),
        1 => Just(".wh..wh..opq"),
        1 => Just(".wh..wh.x"),
    ]
    .prop_map(String::from)
}

fn line() -> impl Strategy<Value = Line> {
    let kind = prop::sample::select(&[
        EntryKind::File,
        EntryKind::File,
        EntryKind::File,
        EntryKind::Directory,
        EntryKind::Directory,
        EntryKind::Symlink,
        EntryKind::Hardlink,
        EntryKind::Fifo,
    ]);
    let link = prop::sample::select(&["a", "b", "../c", "/a/b", "..", "/", "a/b", "../../d/a", "x/../c", "./b"][..]);
    let mode = prop::sample::select(&[0o700, 0o755][..]);
    (prop::collection::vec(name(), 0..4), kind, mode, 0..4_u64, link).prop_map(|(path, kind, mode, size, link)| Line {
        path,
        kind,
        mode,
        size: if kind == EntryKind::File { size } else { 0 },
        link: if matches!(kind, EntryKind::Symlink | EntryKind::Hardlink) { link.into() } else { String::new() },
    })
}

fn layers() -> impl Strategy<Value = Vec<Vec<Line>>> {
    prop::collection::vec(prop::collection::vec(line(), 0..12), 1..5)
}

/// The tree, and the model after each layer.
fn both(layers: &[Vec<Line>]) -> (ImageTree, Vec<Files>) {
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    let mut states = [model::empty()].to_vec();
    for (number, lines) in layers.iter().enumerate() {
        tree.push_layer(digest(number), model::listing(lines)).unwrap();
        let mut files = states.last().unwrap().clone();
        model::apply(&mut files, number, lines);
        states.push(files);
    }
    (tree, states)
}

fn path_of(tree: &ImageTree, node: u32) -> String {
    String::from_utf8(tree.paths().path(node)).unwrap()
}

fn shown(tree: &ImageTree) -> Vec<String> {
    let selection = Selection::new(tree, Filter::default());
    let view = selection.view(tree);
    let rows = view.nodes().map(|node| view.row(node).unwrap());
    let line = |row: crate::layers::FileRow<'_>| {
        let means = row.means();
        let found = row.kind != EntryKind::Hardlink || means.kind() != EntryKind::Hardlink;
        let link = String::from_utf8(means.link().into()).unwrap();
        let text = format!("{} {:o} {} {link}", means.kind().as_str(), means.mode(), means.size());
        let text = if found { text } else { String::new() };
        let path = String::from_utf8(row.path()).unwrap();
        format!("{path} {} [{text}] {} {}", row.kind.as_str(), row.layer, row.implied)
    };
    let mut lines: Vec<String> = rows.map(line).collect();
    lines.sort();
    lines
}

fn expected(files: &Files) -> Vec<String> {
    let mut lines: Vec<String> = files.iter().map(|(path, thing)| model::text(path, thing)).collect();
    lines.sort();
    lines
}

fn changes(tree: &ImageTree, layer: usize) -> BTreeMap<String, &'static str> {
    let filter = Filter { layer: Some(layer), changes: Some(Change::ALL.to_vec()), ..Filter::default() };
    let selection = Selection::new(tree, filter);
    let view = selection.view(tree);
    let rows = view.nodes().filter_map(|node| view.row(node));
    rows.map(|row| (path_of(tree, row.id), row.change.unwrap().as_str())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn l10_the_merged_view_is_that_of_the_model(layers in layers()) {
        let (tree, states) = both(&layers);
        prop_assert_eq!(shown(&tree), expected(states.last().unwrap()));
    }

    #[test]
    fn l10_changes_are_those_of_the_model(layers in layers()) {
        let (tree, states) = both(&layers);
        for (number, state) in states.windows(2).enumerate() {
            let expected = model::changes(&state[0], &state[1], number);
            prop_assert_eq!(changes(&tree, number), expected.clone(), "layer {}", number);
            let layer = &tree.layers()[number];
            let count = |word: &str| expected.values().filter(|change| **change == word).count();
            let counts = [layer.added, layer.changed, layer.deleted, layer.unchanged];
            prop_assert_eq!(counts, ["added", "changed", "deleted", "unchanged"].map(count));
        }
    }

    #[test]
    fn histories_have_every_change(layers in layers()) {
        let (tree, states) = both(&layers);
        let mut expected: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
        for (number, state) in states.windows(2).enumerate() {
            for (path, change) in model::changes(&state[0], &state[1], number) {
                expected.entry(path).or_default().push((number, change));
            }
        }
        for node in tree.node_ids() {
            let events = tree.history(node).into_iter().map(|event| (event.layer, event.change.as_str()));
            let path = path_of(&tree, node);
            prop_assert_eq!(events.collect::<Vec<_>>(), expected.remove(&path).unwrap_or_default(), "{}", path);
        }
    }

    #[test]
    fn directories_hold_what_the_model_counts(layers in layers()) {
        let (tree, states) = both(&layers);
        let files = states.last().unwrap();
        let selection = Selection::new(&tree, Filter::default());
        let directories = files.iter().filter(|(_, thing)| thing.kind == EntryKind::Directory);
        for (path, _) in directories {
            let node = tree.find(path.join("/").as_bytes()).unwrap();
            let total = selection.view(&tree).total(node).unwrap();
            prop_assert_eq!((total.size, total.files), model::total(files, path), "{:?}", path);
        }
    }

    #[test]
    fn waste_is_what_is_not_kept_and_the_layers_add_up(layers in layers()) {
        let (tree, states) = both(&layers);
        let waste = tree.waste(usize::MAX);
        let lines = layers.iter().flatten().filter(|line| !line.path.last().is_some_and(|name| name.starts_with(".wh.")));
        let total: u64 = lines.filter(|line| !line.path.is_empty()).map(|line| line.size).sum();
        prop_assert_eq!(waste.total, total);
        prop_assert_eq!(waste.kept, model::total(states.last().unwrap(), &[]).0);
        prop_assert_eq!(waste.total, waste.kept + waste.reclaimable());
        prop_assert_eq!(waste.layers.iter().sum::<u64>(), waste.reclaimable());
        prop_assert_eq!(&waste.layers, &tree.wasted());
        prop_assert_eq!(waste.paths.iter().map(|path| path.bytes).sum::<u64>(), waste.reclaimable());
        prop_assert_eq!(waste.paths.len(), waste.count);
        for path in &waste.paths {
            prop_assert_eq!(path.present, states.last().unwrap().contains_key(&split(&path_of(&tree, path.id))));
            prop_assert!(path.writers.iter().all(|writer| *writer <= path.remover));
        }
    }

    #[test]
    fn deleted_paths_are_those_some_layer_had(layers in layers()) {
        let (tree, states) = both(&layers);
        let last = states.last().unwrap();
        let mut expected = BTreeMap::new();
        for (number, state) in states.windows(2).enumerate() {
            for path in state[0].keys().filter(|path| !state[1].contains_key(*path)) {
                expected.insert(path.join("/"), (state[0][path].layer, number));
            }
        }
        expected.retain(|path, _| !last.contains_key(&split(path)));
        let selection = Selection::new(&tree, Filter { deleted: true, ..Filter::default() });
        let view = selection.view(&tree);
        let gone = view.nodes().filter_map(|node| view.row(node)).filter_map(|row| Some((row.id, row.layer, row.deleted_by?)));
        let gone: BTreeMap<_, _> = gone.map(|(id, layer, by)| (path_of(&tree, id), (layer, by))).collect();
        prop_assert_eq!(gone, expected);
    }

    #[test]
    fn comparing_is_what_the_models_say(left in layers(), right in layers()) {
        let ((left, a), (right, b)) = (both(&left), both(&right));
        let (a, b) = (a.last().unwrap(), b.last().unwrap());
        let merged = [&left, &right].map(|tree| Selection::new(tree, Filter::default()));
        let (left, right) = (merged[0].view(&left), merged[1].view(&right));
        let comparison = Comparison::new(left, right);
        let found: BTreeMap<String, DifferenceKind> = comparison.differences.iter()
            .map(|difference| (String::from_utf8(difference.path(left, right)).unwrap(), difference.kind)).collect();
        let mut expected = BTreeMap::new();
        for path in a.keys().chain(b.keys()) {
            let kind = match (a.get(path), b.get(path)) {
                (Some(a), Some(b)) if model::same_things(a, b) => continue,
                (Some(_), Some(_)) => DifferenceKind::Changed,
                (Some(_), None) => DifferenceKind::Removed,
                _ => DifferenceKind::Added,
            };
            expected.insert(path.join("/"), kind);
        }
        prop_assert_eq!(comparison.differences.len(), found.len());
        prop_assert_eq!(found, expected);
        let paths: Vec<_> = comparison.differences.iter().map(|difference| split(core::str::from_utf8(&difference.path(left, right)).unwrap())).collect();
        prop_assert!(paths.is_sorted());
        let same = Comparison::new(left, left);
        prop_assert!(same.differences.is_empty() && same.unknown == 0);
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(ToString::to_string).collect()
}
