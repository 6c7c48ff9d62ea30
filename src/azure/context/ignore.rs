//! Which files belong into a context, as `az` decides it (`_archive_utils.py` of azure-cli 2.91).
//!
//! It is not quite Docker's way. The last rule that matches decides, and what it decides for a directory holds for all in it
//! but where a later rule says otherwise. Slashes at the ends of a rule are dropped only after a `!`, so that `build/` leaves
//! nothing out; `**/name` means any directory but the root. In two things this differs from az: what has a meaning
//! only to regular expressions (`+`, `(`, `|`) stands for itself, and a lone `!` is no error.

use super::{ContextError, pattern::Pattern};
use alloc::vec::Vec;

/// Left out by name, wherever they are. What a rule brings back of a directory's contents comes along.
const VERSION_CONTROL: [&[u8]; 7] = [b".git", b".gitignore", b".bzr", b"bzrignore", b".hg", b".hgignore", b".svn"];

/// Directories that are not even looked into.
const SKIPPED: [&[u8]; 1] = [b".venv"];

/// The rules of an ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The last rule of the file comes first: it weighs most.
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    pattern: Pattern,
    leaves_out: bool,
}

/// What is to be done with a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// It belongs into the context.
    pub packed: bool,
    /// If it is a directory: its members are to be asked for, whether it is packed or not.
    pub descend: bool,
    /// The rule that decided; no weightier one matched.
    rule: usize,
}

impl Ignore {
    /// Where there is no ignore file: only what belongs to version control is left out.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads `.dockerignore`. A byte order mark is dropped; empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`ContextError::IgnoreText`] if it is not UTF-8.
    pub fn parse(text: &[u8]) -> Result<Self, ContextError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let text = core::str::from_utf8(text).map_err(|error| {
            let good = text.get(..error.valid_up_to()).unwrap_or_default();
            ContextError::IgnoreText { line: 1 + good.iter().filter(|byte| **byte == b'\n').count() }
        })?;
        let mut rules: Vec<Rule> = text.lines().filter_map(Rule::read).collect();
        rules.reverse();
        Ok(Self { rules })
    }

    /// Reads `<Dockerfile>.dockerignore`, which is used in place of `.dockerignore` and leaves that out.
    ///
    /// # Errors
    /// As [`Ignore::parse`].
    pub fn parse_own(text: &[u8]) -> Result<Self, ContextError> {
        let mut ignore = Self::parse(text)?;
        ignore.rules.extend(Rule::read(".dockerignore"));
        Ok(ignore)
    }

    /// The verdict on the folder itself, with which the verdicts on its members begin.
    #[must_use]
    pub fn root(&self) -> Verdict {
        self.decide(Verdict { packed: true, descend: true, rule: self.rules.len() }, b"", true)
    }

    /// The verdict on a member of a directory on which `parent` is the verdict.
    #[must_use]
    pub fn decide(&self, parent: Verdict, path: &[u8], directory: bool) -> Verdict {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        if directory && SKIPPED.contains(&name) {
            return Verdict { packed: false, descend: false, ..parent };
        }
        if VERSION_CONTROL.contains(&name) {
            return Verdict { packed: false, descend: true, ..parent };
        }
        let weightier = self.rules.iter().take(parent.rule).enumerate();
        let mut matching = weightier.filter(|(_, rule)| rule.pattern.matches(path));
        matching.next().map_or(Verdict { descend: true, ..parent }, |(at, rule)| Verdict {
            packed: !rule.leaves_out,
            descend: true,
            rule: at,
        })
    }

    /// True if the file or directory at `path` belongs into the context, all the directories above it considered.
    #[must_use]
    pub fn includes(&self, path: impl AsRef<[u8]>, directory: bool) -> bool {
        let path = path.as_ref();
        let mut verdict = self.root();
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for end in ends {
            verdict = self.decide(verdict, path.get(..end).unwrap_or_default(), true);
            if !verdict.descend {
                return false;
            }
        }
        self.decide(verdict, path, directory).packed
    }
}

impl Rule {
    /// Reads a line; nothing if it has no rule.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let Some(kept) = line.strip_prefix('!') else {
            return Some(Self { pattern: Pattern::new(line.as_bytes()), leaves_out: true });
        };
        let kept = kept.strip_prefix('/').unwrap_or(kept).trim_end_matches('/');
        (!kept.is_empty()).then(|| Self { pattern: Pattern::new(kept.as_bytes()), leaves_out: false })
    }
}
