//! Conditions of role assignments (Azure ABAC), in the one shape that is made for repositories:
//!
//! ```text
//! ((!(ActionMatches{'.../content/read'}) AND !(ActionMatches{'.../metadata/read'}))
//!   OR (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team/'
//!       OR @Request[...] StringEqualsIgnoreCase 'app'))
//! ```

use super::{Actions, Pattern, action_of};
use alloc::{string::ToString as _, vec::Vec};

/// What a condition says.
pub(super) struct Condition {
    /// The actions that it is about; others are allowed everywhere.
    pub(super) actions: Actions,
    /// Where those are allowed.
    pub(super) repositories: Vec<Pattern>,
}

const ACTION: &str = "!(ActionMatches{'";
const NAME: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";

/// Reads a condition; nothing if it has another shape.
pub(super) fn read(text: &str) -> Option<Condition> {
    let mut condition = Condition { actions: Actions::new(), repositories: Vec::new() };
    let mut rest = skip(text, &["AND", "OR"]);
    while let Some(after) = rest.strip_prefix(ACTION) {
        let (action, after) = after.split_once("'})")?;
        let permission = action.strip_prefix("Microsoft.ContainerRegistry/registries/repositories/")?;
        condition.actions.extend(action_of(permission));
        rest = skip(after, &["AND", "OR"]);
    }
    while let Some(after) = rest.strip_prefix(NAME) {
        let (operator, after) = after.trim_start().split_once([' ', '\t', '\n'])?;
        let (name, after) = after.trim_start().strip_prefix('\'')?.split_once('\'')?;
        condition.repositories.push(pattern(operator, name)?);
        // Between names, AND would mean something else.
        rest = skip(after, &["OR"]);
    }
    (rest.is_empty() && !condition.repositories.is_empty()).then_some(condition)
}

fn pattern(operator: &str, name: &str) -> Option<Pattern> {
    // Names of repositories have no capitals.
    match operator {
        "StringEquals" => Some(Pattern::Exactly(name.to_string())),
        "StringEqualsIgnoreCase" => Some(Pattern::Exactly(name.to_ascii_lowercase())),
        "StringStartsWith" => Some(Pattern::Beginning(name.to_string())),
        "StringStartsWithIgnoreCase" => Some(Pattern::Beginning(name.to_ascii_lowercase())),
        _ => None,
    }
}

/// Without blanks, parentheses and these words at the front.
fn skip<'a>(mut text: &'a str, words: &[&str]) -> &'a str {
    loop {
        let next = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '(' || c == ')');
        let next = words.iter().find_map(|word| next.strip_prefix(word)).unwrap_or(next);
        if next.len() == text.len() {
            return text;
        }
        text = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::access::Action;

    const SHAPE: &str = "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) AND \
        !(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/metadata/read'})) OR (";

    fn with(tests: &str) -> alloc::string::String {
        [SHAPE, &tests.replace("NAME", NAME), "))"].concat()
    }

    #[test]
    fn names_are_read() {
        let text = with("NAME StringStartsWithIgnoreCase 'Team/' OR NAME StringEquals 'app'");
        let condition = read(&text).unwrap();
        assert_eq!(condition.actions, Actions::from([Action::Pull, Action::MetadataRead]));
        let wanted = [Pattern::Beginning("team/".into()), Pattern::Exactly("app".into())];
        assert_eq!(condition.repositories, wanted);
    }

    #[test]
    fn other_shapes_are_not_guessed() {
        for tests in [
            "NAME StringEquals 'a' AND NAME StringEquals 'b'",
            "NAME StringNotEquals 'a'",
            "!NAME StringEquals 'a'",
            "@Request[other:name] StringEquals 'a'",
            "NAME StringEquals 'a",
            "",
        ] {
            assert!(read(&with(tests)).is_none(), "{tests}");
        }
    }
}
