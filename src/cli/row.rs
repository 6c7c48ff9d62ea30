//! One path, in JSON and as a line.

use super::{output::size, time::utc};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portolan::{
    layers::{EntryKind, FileRow, ImageTree},
    text::shown_bytes,
};
use serde::Serialize;

/// Longest path or link that a line shows, in bytes.
const MAX_PATH: usize = 8_192;

/// A path as `--json` has it: `docs/cli.md`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<u32>,
    mode: String,
    uid: u32,
    gid: u32,
    modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    xattrs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flags: Vec<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    implied: bool,
    layer: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer_digest: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_by: Option<usize>,
}

impl<'a> Row<'a> {
    pub(super) fn new(tree: &'a ImageTree, row: &FileRow<'_>) -> Self {
        let path = row.path();
        let text = String::from_utf8_lossy(&path).into_owned();
        let directory = row.kind == EntryKind::Directory;
        let entry = row.means();
        let device = matches!(row.kind, EntryKind::BlockDevice | EntryKind::CharDevice).then(|| entry.device());
        Self {
            path_bytes: (text.as_bytes() != path).then(|| STANDARD.encode(&path)),
            path: text,
            kind: row.kind.as_str(),
            size: row.size,
            files: directory.then_some(row.files),
            mode: format!("{:04o}", row.mode),
            uid: row.uid,
            gid: row.gid,
            modified: utc(row.mtime),
            link: (!row.link.is_empty()).then(|| String::from_utf8_lossy(row.link).into_owned()),
            device: device.map(|(major, minor)| format!("{major}:{minor}")),
            xattrs: entry.xattrs().iter().map(|xattr| String::from_utf8_lossy(&xattr.name).into_owned()).collect(),
            flags: row.flags.words().collect(),
            implied: row.implied,
            layer: row.layer,
            layer_digest: tree.layers().get(row.layer).map(|layer| layer.digest.as_str()),
            deleted_by: row.deleted_by,
        }
    }
}

/// A path as a line, in the manner of `tar -tv`.
pub(super) fn line(row: &FileRow<'_>) -> String {
    let kind = match row.kind {
        EntryKind::File => '-',
        EntryKind::Directory => 'd',
        EntryKind::Symlink => 'l',
        EntryKind::Hardlink => 'h',
        EntryKind::CharDevice => 'c',
        EntryKind::BlockDevice => 'b',
        EntryKind::Fifo => 'p',
    };
    let owner = format!("{}/{}", row.uid, row.gid);
    let time = utc(row.mtime);
    let time = time.get(..16).unwrap_or(&time).replace('T', " ");
    let path = shown_bytes(&row.path(), MAX_PATH);
    let arrow = match row.kind {
        EntryKind::Symlink => " -> ",
        EntryKind::Hardlink => " link to ",
        _ => "",
    };
    let link = if arrow.is_empty() { String::new() } else { shown_bytes(row.link, MAX_PATH) };
    let gone = row.deleted_by.map(|layer| format!("  (deleted by layer {})", layer + 1)).unwrap_or_default();
    format!("{kind}{} {owner:<9} {:>9} {time} {path}{arrow}{link}{gone}", mode(row.mode), size(row.size))
}

/// `rwxr-xr-x`, with set-id and sticky bits where `ls` has them.
fn mode(mode: u16) -> String {
    let triple = |shift: u16, special: u16, (small, capital): (char, char)| {
        let bit = |bit: u16, letter| if mode >> shift & bit != 0 { letter } else { '-' };
        let last = match (mode & special != 0, mode >> shift & 1 != 0) {
            (false, _) => bit(1, 'x'),
            (true, true) => small,
            (true, false) => capital,
        };
        [bit(4, 'r'), bit(2, 'w'), last]
    };
    [triple(6, 0o4000, ('s', 'S')), triple(3, 0o2000, ('s', 'S')), triple(0, 0o1000, ('t', 'T'))]
        .iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mode;

    #[test]
    fn modes_as_ls_writes_them() {
        for (bits, text) in [
            (0o755, "rwxr-xr-x"),
            (0o4755, "rwsr-xr-x"),
            (0o4644, "rwSr--r--"),
            (0o2750, "rwxr-s---"),
            (0o1777, "rwxrwxrwt"),
            (0o1776, "rwxrwxrwT"),
            (0, "---------"),
        ] {
            assert_eq!(mode(bits), text);
        }
    }
}
