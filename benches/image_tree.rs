//! An image of a million entries in one tree of paths, beside the plain way: a map of full paths, searched by looking at each. Prints
//! bytes an entry and times, in turns. `cargo bench --bench image_tree`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and a failure ends it")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "runs where std is")]

use portolan::{
    Digest, Limits,
    layers::{
        Comparison, Entry, EntryKind, Filter, ImageTree, Listing, Order, Page, Paths, Query, Selection, SortBy,
        TreemapSize,
    },
};
use std::{
    collections::BTreeMap,
    hint::black_box,
    sync::LazyLock,
    time::{Duration, Instant},
};

const ENTRIES: usize = 1_000_000;
const ROUNDS: usize = 7;

fn main() {
    let layers = layers();
    let before = resident();
    let peak = |what: &str, bytes: usize| println!("{what:<44} {:>7.1} bytes an entry", bytes as f64 / ENTRIES as f64);
    let listings: Vec<Listing> = layers.iter().map(|layer| listing(layer)).collect();
    peak("listings: by their own account", listings.iter().map(Listing::memory).sum());
    peak("listings: resident", resident() - before);
    let tree = push(listings);
    peak("tree: by its own account", tree.memory());
    peak("tree: resident, allocator's leavings and all", resident() - before);
    peak("peak, both together", high_water() - before);
    let plain = plain_map(&layers);
    println!("\n{:<44} {:>12}", "", "time");
    let show = |what: &str, time: Duration| println!("{what:<44} {:>9.2} ms", time.as_secs_f64() * 1e3);
    let filter = Filter::default;
    let merged = Selection::new(&tree, filter());
    let view = merged.view(&tree);
    let total = view.sum();
    println!("{} files, {} directories shown of {} paths", total.files, total.directories, tree.paths().len());
    show(
        "push two layers",
        median(|| layers.iter().map(|layer| listing(layer)).collect(), |listings| drop(push(listings))),
    );
    let lists = || drop(black_box(layers.iter().map(|layer| listing(layer)).collect::<Vec<_>>()));
    show("list two layers", median(|| (), |()| lists()));
    show("plain map of paths", median(|| (), |()| drop(black_box(plain_map(&layers)))));
    show("choose the merged view", median(|| (), |()| drop(black_box(Selection::new(&tree, filter())))));
    let of_layer = || Filter { layer: Some(1), ..Filter::default() };
    show("choose the changes of a layer", median(|| (), |()| drop(black_box(Selection::new(&tree, of_layer())))));
    let large = view.nodes().max_by_key(|node| view.children(*node).count()).unwrap();
    let order = Order { by: SortBy::Size, descending: true, ..Order::default() };
    let count = view.children(large).count();
    show(
        &format!("list {count} children, by name"),
        median(|| (), |()| drop(black_box(view.list(large, Order::default(), Page::default())))),
    );
    show(
        &format!("list {count} children, by size"),
        median(|| (), |()| drop(black_box(view.list(large, order, Page::default())))),
    );
    for words in ["a", "index", "lib node 12 .js", "package-12/lib", "nothing-has-this"] {
        let find = || view.find(Query::parse(words).unwrap(), Paths::ROOT);
        let by_tree = median(|| (), |()| drop(black_box(find())));
        let by_map = median(|| (), |()| _ = black_box(search_plain(&plain, words)));
        assert_eq!(find().len(), search_plain(&plain, words));
        let ratio = by_map.as_secs_f64() / by_tree.as_secs_f64();
        show(&format!("search \"{words}\": {} hits ({ratio:.1} x plain)", find().len()), by_tree);
        show(
            "  and a page of them, by name",
            median(find, |hits| drop(black_box(view.rows(hits, Order::default(), Page::default())))),
        );
    }
    show("treemap", median(|| (), |()| drop(black_box(view.treemap(large, TreemapSize::default())))));
    show("waste", median(|| (), |()| drop(black_box(tree.waste(100)))));
    let other = push(vec![listing(&layers[0])]);
    let others = Selection::new(&other, filter());
    let comparison = Comparison::new(others.view(&other), view);
    let differences = comparison.differences.len();
    show(
        &format!("compare: {differences} differences"),
        median(|| (), |()| drop(black_box(Comparison::new(others.view(&other), view)))),
    );
    show("compare with itself", median(|| (), |()| drop(black_box(Comparison::new(view, view)))));
}

/// A path, and the size of its file; none for directories.
type Made = (String, Option<u64>);

/// A base of packages and documents, and a layer that upgrades some and removes others.
fn layers() -> [Vec<Made>; 2] {
    let (mut base, mut top) = (Vec::new(), Vec::new());
    let words = ["index", "main", "utils", "types", "core", "parser", "config", "README", "LICENSE", "helpers"];
    for package in 0.. {
        let directory = format!("usr/lib/node_modules/package-{package}/lib");
        let mut files: Vec<Made> = vec![(directory.clone(), None)];
        for (word, size) in words.iter().zip(700..) {
            files.push((format!("{directory}/{word}.js"), Some(size)));
            files.push((format!("{directory}/{word}-{package}.map"), Some(90)));
        }
        if package % 7 == 0 {
            files.push((format!("usr/share/doc/package-{package}.txt"), Some(40)));
        }
        if package % 4 == 0 {
            top.extend(files.iter().map(|(path, size)| (path.clone(), size.map(|size| size + 1))));
        } else if package % 9 == 0 {
            top.push((format!("usr/lib/node_modules/.wh.package-{package}"), Some(0)));
        }
        base.extend(files);
        if base.len() + top.len() >= ENTRIES {
            return [base, top];
        }
    }
    unreachable!()
}

fn listing(layer: &[Made]) -> Listing {
    let mut listing = Listing::new();
    for (path, size) in layer {
        let kind = if size.is_some() { EntryKind::File } else { EntryKind::Directory };
        let size = size.unwrap_or(0);
        let row = listing.push(&Entry { path: path.as_bytes(), kind, size, stored: size, ..Entry::default() });
        listing.set_print(row.unwrap(), size + 1);
    }
    listing
}

fn push(listings: Vec<Listing>) -> ImageTree {
    let mut tree = ImageTree::new(&Limits { entries: 2 * ENTRIES, ..Limits::DEFAULT });
    for (at, listing) in listings.into_iter().enumerate() {
        tree.push_layer(Digest::sha256(at.to_string().as_bytes()), listing).unwrap();
    }
    tree
}

/// What a small program would do: full paths in a map, the same overlay on them.
fn plain_map(layers: &[Vec<Made>]) -> BTreeMap<String, u64> {
    let mut map = BTreeMap::new();
    for layer in layers {
        for (path, size) in layer {
            if let Some((directory, name)) = path.rsplit_once("/.wh.") {
                let hidden = format!("{directory}/{name}");
                let below: Vec<String> = map
                    .range(hidden.clone()..format!("{hidden}0"))
                    .map(|(path, _): (&String, &u64)| path.clone())
                    .collect();
                below
                    .iter()
                    .filter(|path| **path == hidden || path[hidden.len()..].starts_with('/'))
                    .for_each(|path| _ = map.remove(path));
                continue;
            }
            for (at, _) in path.match_indices('/') {
                if !map.contains_key(&path[..at]) {
                    map.insert(path[..at].to_string(), 0);
                }
            }
            map.insert(path.clone(), size.unwrap_or(0));
        }
    }
    map
}

fn search_plain(map: &BTreeMap<String, u64>, words: &str) -> usize {
    let words: Vec<String> = words.split(' ').map(str::to_ascii_lowercase).collect();
    map.keys()
        .filter(|path| {
            let path = path.to_ascii_lowercase();
            words.iter().all(|word| path.contains(word.as_str()))
        })
        .count()
}

fn median<T>(prepare: impl Fn() -> T, run: impl Fn(T)) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let prepared = prepare();
            let begin = clock();
            run(prepared);
            clock() - begin
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// Time this thread ran, where Linux tells: others on the machine count less then.
fn clock() -> Duration {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let ran = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = ran.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| BEGIN.elapsed(), Duration::from_nanos)
}

fn resident() -> usize {
    status("VmRSS:")
}

fn high_water() -> usize {
    status("VmHWM:")
}

/// Bytes, from Linux' own account; 0 elsewhere.
fn status(field: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
}
