//! Patterns of paths: `*`, `?` and `[a-z]` within a name, `**` over any number of them.

use alloc::{vec, vec::Vec};

/// A pattern, matched against whole paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Byte(u8),
    /// `?`: a character that is no slash.
    One,
    /// `*`: characters that are no slash.
    Any,
    /// `**`: characters.
    Deep,
    /// `[a-z]`, or its opposite.
    Class(bool, Vec<(u8, u8)>),
}

impl Pattern {
    /// Reads a pattern; what is not understood stands for itself.
    pub(crate) fn new(pattern: &[u8]) -> Self {
        let mut parts = Vec::new();
        for (at, name) in pattern.split(|byte| *byte == b'/').enumerate() {
            if at > 0 {
                parts.push(Part::Byte(b'/'));
            }
            if name == b"**" {
                parts.push(Part::Deep);
            } else {
                read_name(name, &mut parts);
            }
        }
        Self(parts)
    }

    /// True if it holds anything but characters that stand for themselves.
    #[cfg(feature = "emulator")]
    pub(crate) fn is_wild(&self) -> bool {
        self.0.iter().any(|part| !matches!(part, Part::Byte(_)))
    }

    /// True if `path` as a whole is such a path.
    ///
    /// All places that a part can lead to are kept at once, so that no pattern takes more steps than its length times the
    /// path's.
    pub(crate) fn matches(&self, path: &[u8]) -> bool {
        let mut places = vec![false; path.len() + 1];
        if let Some(first) = places.first_mut() {
            *first = true;
        }
        for part in &self.0 {
            places = part.advance(&places, path);
            if !places.contains(&true) {
                return false;
            }
        }
        places.last().copied().unwrap_or(false)
    }
}

impl Part {
    /// Where one gets by this part from `places`.
    fn advance(&self, places: &[bool], path: &[u8]) -> Vec<bool> {
        let mut next = vec![false; places.len()];
        let mut reached = false;
        for (at, here) in places.iter().enumerate() {
            reached |= here;
            if self.repeats() {
                mark(&mut next, at, reached);
                reached &= path.get(at).is_some_and(|byte| matches!(self, Self::Deep) || *byte != b'/');
            } else if *here && let Some(length) = self.length(path.get(at..).unwrap_or_default()) {
                mark(&mut next, at + length, true);
            }
        }
        next
    }

    fn repeats(&self) -> bool {
        matches!(self, Self::Any | Self::Deep)
    }

    /// Bytes that this part takes of `rest`, if it can begin there.
    fn length(&self, rest: &[u8]) -> Option<usize> {
        let first = *rest.first()?;
        match self {
            Self::Byte(byte) => (first == *byte).then_some(1),
            Self::One => (first != b'/').then(|| character(rest)),
            Self::Class(wanted, ranges) => {
                let found = ranges.iter().any(|(low, high)| (*low..=*high).contains(&first));
                (first != b'/' && found == *wanted).then(|| character(rest))
            }
            Self::Any | Self::Deep => None,
        }
    }
}

fn mark(places: &mut [bool], at: usize, value: bool) {
    if let Some(place) = places.get_mut(at) {
        *place |= value;
    }
}

/// Length of the character that `rest` begins with: the bytes of a UTF-8 sequence belong together.
fn character(rest: &[u8]) -> usize {
    1 + rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count().min(3)
}

/// Reads what lies between two slashes.
fn read_name(name: &[u8], parts: &mut Vec<Part>) {
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        parts.push(match (*first, after) {
            (b'*', _) => Part::Any,
            (b'?', _) => Part::One,
            (b'[', _) => read_class(&mut rest).unwrap_or(Part::Byte(b'[')),
            (b'\\', [escaped, after @ ..]) => {
                rest = after;
                Part::Byte(*escaped)
            }
            (byte, _) => Part::Byte(byte),
        });
    }
}

/// Reads a class after its `[`; nothing if it does not end.
fn read_class(rest: &mut &[u8]) -> Option<Part> {
    let end = rest.iter().skip(1).position(|byte| *byte == b']')? + 1;
    let (mut inside, after) = (rest.get(..end)?, rest.get(end + 1..)?);
    let wanted = !matches!(inside, [b'^', ..]);
    if !wanted {
        inside = inside.get(1..)?;
    }
    let mut ranges = Vec::new();
    while let [low, more @ ..] = inside {
        if let [b'-', high, more @ ..] = more {
            ranges.push((*low, *high));
            inside = more;
        } else {
            ranges.push((*low, *low));
            inside = more;
        }
    }
    *rest = after;
    Some(Part::Class(wanted, ranges))
}
