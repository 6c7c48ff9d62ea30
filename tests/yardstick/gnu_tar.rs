//! What GNU tar lists of an archive.

use super::Seen;
use portolan::layers::EntryKind;
use std::{collections::BTreeMap, path::Path, process::Command};

/// One line of the listing: the name as it is in the archive, and what it is.
pub(crate) type Line = (Vec<u8>, Seen);

/// The entries of an archive in their order. tar finds out by itself how it is compressed; it needs the program for that.
///
/// An archive that breaks off gives what was before, as tar prints it.
///
/// # Panics
/// When there is no GNU tar, or it writes something else than we know.
pub(crate) fn list(archive: &Path) -> Vec<Line> {
    let mut tar = Command::new("tar");
    tar.args(["--list", "--verbose", "--full-time", "--utc", "--numeric-owner", "--absolute-names"]);
    tar.args(["--quoting-style=c", "--file"]).arg(archive).env("LC_ALL", "C");
    let output = tar.output().expect("GNU tar is installed");
    let text = String::from_utf8(output.stdout).expect("tar escapes everything else");
    assert!(output.status.success() || !text.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| parse(line).unwrap_or_else(|| panic!("a line of tar: {line}"))).collect()
}

/// `-rw-r--r-- 0/0  12 2026-01-02 03:04:05.67 "name"`, and for links `-> "target"` or `link to "target"`.
fn parse(line: &str) -> Option<Line> {
    let (fields, names) = line.split_at(line.find('"')?);
    let mut fields = fields.split_whitespace();
    let (mode, owner, size) = (fields.next()?, fields.next()?, fields.next()?);
    let mtime = seconds(fields.next()?, fields.next()?)?;
    let kind = kind(mode.chars().next()?)?;
    let (uid, gid) = owner.split_once('/')?;
    let (size, device) = match size.split_once(',') {
        Some((major, minor)) => (0, (major.parse().ok()?, minor.parse().ok()?)),
        None => (size.parse().ok()?, (0, 0)),
    };
    let (name, rest) = unquote(names)?;
    let target = rest.strip_prefix(" -> ").or_else(|| rest.strip_prefix(" link to "));
    let link = target.map_or(Some(Vec::new()), |target| Some(unquote(target)?.0))?;
    let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
    let xattrs = BTreeMap::new();
    Some((name, Seen { kind, mode: bits(mode)?, uid, gid, size, mtime, link, device, xattrs }))
}

fn kind(letter: char) -> Option<EntryKind> {
    Some(match letter {
        '-' | 'C' => EntryKind::File,
        'd' => EntryKind::Directory,
        'l' => EntryKind::Symlink,
        'h' => EntryKind::Hardlink,
        'c' => EntryKind::CharDevice,
        'b' => EntryKind::BlockDevice,
        'p' => EntryKind::Fifo,
        _ => return None,
    })
}

/// `-rwsr-x--T` as a number.
fn bits(text: &str) -> Option<u16> {
    let letters = text.get(1..10)?;
    let mut mode = 0;
    for (place, letter) in letters.chars().enumerate() {
        let bit = 0o400 >> place;
        let special = [0o4000, 0o2000, 0o1000][place / 3];
        mode |= match letter {
            '-' => 0,
            'r' | 'w' | 'x' => bit,
            's' | 't' => bit | special,
            'S' | 'T' => special,
            _ => return None,
        };
    }
    Some(mode)
}

/// A date and a time in seconds since 1970, fractions cut towards the past.
fn seconds(date: &str, time: &str) -> Option<i64> {
    let (year, rest) = date.rsplit_once('-').and_then(|(rest, day)| Some((rest.rsplit_once('-')?, day)))?;
    let (year, month, day): (i64, i64, i64) = (year.0.parse().ok()?, year.1.parse().ok()?, rest.parse().ok()?);
    let mut clock = time.split('.').next()?.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    // Days of the civil calendar, years beginning in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
            - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// A string of C at the beginning of `text`, and what follows it.
fn unquote(text: &str) -> Option<(Vec<u8>, &str)> {
    let mut bytes = text.strip_prefix('"')?.bytes().enumerate();
    let mut out = Vec::new();
    while let Some((place, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((out, &text[place + 2..])),
            b'\\' => out.push(escape(&mut bytes)?),
            _ => out.push(byte),
        }
    }
    None
}

fn escape(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Option<u8> {
    let (_, letter) = bytes.next()?;
    Some(match letter {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'0'..=b'3' => {
            let mut digit = || bytes.next().map(|(_, digit)| digit - b'0');
            (letter - b'0') << 6 | digit()? << 3 | digit()?
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::{parse, seconds};
    use portolan::layers::EntryKind;

    #[test]
    fn lines_of_tar_are_understood() {
        let (name, seen) = parse(r#"-rwsr-xr-T 0/7 12 2026-11-26 14:51:52.5 "a \"b\"\n\303\251" "#).unwrap();
        assert_eq!(name, b"a \"b\"\n\xc3\xa9");
        assert_eq!((seen.mode, seen.uid, seen.gid, seen.size, seen.kind), (0o5754, 0, 7, 12, EntryKind::File));
        let (name, seen) = parse(r#"lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 "x -> y" -> "z\\""#).unwrap();
        assert_eq!((name, seen.link, seen.mtime), (b"x -> y".to_vec(), b"z\\".to_vec(), 0));
        let (_, seen) = parse(r#"brw-r--r-- 0/0 259,1048575 1970-01-01 00:00:01 "b""#).unwrap();
        assert_eq!((seen.device, seen.kind, seen.mtime), ((259, 1_048_575), EntryKind::BlockDevice, 1));
    }

    #[test]
    fn dates_are_days() {
        assert_eq!(seconds("1965-04-03", "02:01:00"), Some(-149_810_340));
        assert_eq!(seconds("2000-03-01", "00:00:00"), Some(951_868_800));
        assert_eq!(seconds("2150-01-01", "00:00:00.0"), Some(5_680_281_600));
    }
}
