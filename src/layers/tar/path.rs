//! Names of entries, made into paths below the root.

use crate::layers::Flags;
use alloc::vec::Vec;

/// Writes the path that `name` means: no `/` at either end, no empty part, no `.`, and `..` taken up, at the root at the
/// latest. Says what was odd.
pub(in crate::layers) fn clean(name: &[u8], path: &mut Vec<u8>) -> Flags {
    let mut flags = Flags::default();
    path.clear();
    if name.starts_with(b"/") {
        flags.insert(Flags::ABSOLUTE);
    }
    if name.contains(&0) {
        flags.insert(Flags::NUL);
    }
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if path.is_empty() => flags.insert(Flags::ESCAPES),
            b".." => up(path),
            part => down(path, part),
        }
    }
    flags
}

fn down(path: &mut Vec<u8>, part: &[u8]) {
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(part);
}

fn up(path: &mut Vec<u8>) {
    let parent = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
    path.truncate(parent);
}

/// True if `target`, followed from a directory `depth` levels below the root, leads above it. An absolute target begins at
/// the root of the image.
pub(in crate::layers) fn escapes(target: &[u8], depth: usize) -> bool {
    let mut depth = if target.starts_with(b"/") { 0 } else { depth };
    for part in target.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if depth == 0 => return true,
            b".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

/// Levels of directories that a path is below.
pub(in crate::layers) fn depth(path: &[u8]) -> usize {
    path.iter().filter(|byte| **byte == b'/').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l06_names_are_clamped_to_the_root() {
        let none = Flags::default();
        for (name, expected, odd) in [
            (&b"etc/hostname"[..], &b"etc/hostname"[..], none),
            (b"./etc//./hostname/", b"etc/hostname", none),
            (b"./", b"", none),
            (b"", b"", none),
            (b"/etc", b"etc", Flags::ABSOLUTE),
            (b"//", b"", Flags::ABSOLUTE),
            (b"a/../b", b"b", none),
            (b"a/b/../../..", b"", Flags::ESCAPES),
            (b"../../etc/passwd", b"etc/passwd", Flags::ESCAPES),
            (b"/../x", b"x", Flags::ABSOLUTE | Flags::ESCAPES),
            (b"..a/...", b"..a/...", none),
            (b"a\0b", b"a\0b", Flags::NUL),
            (b"a\\..\\b", b"a\\..\\b", none),
        ] {
            let mut path = Vec::from(b"before");
            assert_eq!(clean(name, &mut path), odd, "{name:?}");
            assert_eq!(path, expected, "{name:?}");
        }
    }

    #[test]
    fn l06_links_that_escape_are_seen() {
        for (path, target, expected) in [
            (&b"etc/mtab"[..], &b"../proc/mounts"[..], false),
            (b"etc/mtab", b"../../proc/mounts", true),
            (b"mtab", b"../x", true),
            (b"a/b/c", b"d/../../../x", false),
            (b"a/b/c", b"/x/../y", false),
            (b"a/b/c", b"/..", true),
            (b"a", b"", false),
        ] {
            assert_eq!(escapes(target, depth(path)), expected, "{path:?} -> {target:?}");
        }
    }
}
