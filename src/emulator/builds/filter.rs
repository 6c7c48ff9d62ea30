//! `$filter` of the list of runs (OData): comparisons and `contains`, joined by `and` and `or`.

use super::{Refused, run::Run};
use crate::emulator::clock::Instant;
use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// What runs are wanted: all comparisons of one of the groups hold.
#[derive(Debug, Default)]
pub(super) struct Filter(Vec<Vec<Test>>);

#[derive(Debug)]
struct Test {
    field: String,
    comparison: Comparison,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Contains,
}

impl Filter {
    /// Reads a filter. Nothing wants everything.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        let mut words = tokens(text)?;
        let mut groups = Vec::new();
        if words.is_empty() {
            return Ok(Self::default());
        }
        words.reverse();
        let mut group = Vec::new();
        loop {
            group.push(test(&mut words).ok_or_else(|| wrong(text))?);
            match words.pop().map(|word| word.to_ascii_lowercase()).as_deref() {
                None => break,
                Some("and") => {}
                Some("or") => groups.push(core::mem::take(&mut group)),
                Some(_) => return Err(wrong(text)),
            }
        }
        groups.push(group);
        Ok(Self(groups))
    }

    pub(super) fn wants(&self, run: &Run) -> bool {
        self.0.is_empty() || self.0.iter().any(|group| group.iter().all(|test| test.holds(run)))
    }
}

impl Test {
    fn holds(&self, run: &Run) -> bool {
        let found = values(run, &self.field);
        let any = |test: &dyn Fn(&str) -> bool| found.iter().any(|value| test(value));
        match self.comparison {
            Comparison::Equal => any(&|value| value.eq_ignore_ascii_case(&self.value)),
            Comparison::Unequal => !any(&|value| value.eq_ignore_ascii_case(&self.value)),
            Comparison::Less => any(&|value| value < self.value.as_str()),
            Comparison::AtMost => any(&|value| value <= self.value.as_str()),
            Comparison::More => any(&|value| value > self.value.as_str()),
            Comparison::AtLeast => any(&|value| value >= self.value.as_str()),
            Comparison::Contains => any(&|value| value.contains(self.value.as_str())),
        }
    }
}

/// What a run has in a field; more than one thing for lists.
fn values(run: &Run, field: &str) -> Vec<String> {
    let time = |at: Option<Instant>| at.map(Instant::rfc3339).into_iter().collect();
    match &*field.to_ascii_lowercase() {
        "runid" => [run.id.clone()].into(),
        "runtype" => ["QuickRun".to_owned()].into(),
        "status" => [run.status.as_str().to_owned()].into(),
        "createtime" => time(Some(run.created)),
        "finishtime" => time(run.finished),
        "isarchiveenabled" => [run.archived.to_string()].into(),
        "outputimagemanifests" => {
            run.images.iter().map(|image| format!("{}@{}", image.repository, image.digest)).collect()
        }
        _ => Vec::new(),
    }
}

fn test(words: &mut Vec<String>) -> Option<Test> {
    let first = words.pop()?;
    if first.eq_ignore_ascii_case("contains") {
        let (field, value) = (words.pop()?, words.pop()?);
        return Some(Test { field, comparison: Comparison::Contains, value });
    }
    let comparison = match &*words.pop()?.to_ascii_lowercase() {
        "eq" => Comparison::Equal,
        "ne" => Comparison::Unequal,
        "lt" => Comparison::Less,
        "le" => Comparison::AtMost,
        "gt" => Comparison::More,
        "ge" => Comparison::AtLeast,
        _ => return None,
    };
    Some(Test { field: first, comparison, value: words.pop()? })
}

/// Words and quoted texts. Brackets belong to `contains` alone; groups are refused rather than misread.
fn tokens(text: &str) -> Result<Vec<String>, Refused> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text;
    loop {
        let separator = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',');
        let token = rest.trim_start_matches(separator);
        let (between, _) = rest.split_at(rest.len() - token.len());
        let groups = between.contains('(') && !tokens.last().is_some_and(|last| last.eq_ignore_ascii_case("contains"));
        if groups {
            return Err(wrong(text));
        }
        rest = token;
        if rest.is_empty() {
            return Ok(tokens);
        }
        let (token, after) = match rest.strip_prefix('\'') {
            Some(quoted) => quoted.split_once('\'').ok_or_else(|| wrong(text))?,
            None => rest.split_at(rest.find(separator).unwrap_or(rest.len())),
        };
        tokens.push(token.to_owned());
        rest = after;
    }
}

fn wrong(text: &str) -> Refused {
    Refused::bad("InvalidFilter", format!("The filter '{}' cannot be read.", crate::text::shown(text, 200)))
}
