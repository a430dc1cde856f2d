//! A generated fleet, and an edit of one entry of one of its lists.

use std::collections::BTreeMap;

use super::belongings::Belongings;
use super::choices::Choices;
use super::members::{Edit, List};
use super::platform::Platform;

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The first fleet is invalid.
    Invalid,
    /// The edit is rejected.
    Rejected,
    /// Both fleets are accepted.
    Compared,
}

/// A fleet before and after an edit.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) before: BTreeMap<String, String>,
    pub(crate) after: BTreeMap<String, String>,
    lists: Vec<List>,
    edit: Edit,
    has_spokes: bool,
}

impl Scenario {
    /// Generates a fleet and an edit.
    pub(crate) fn generate(bytes: &[u8]) -> Self {
        let mut choices = Choices::new(bytes);
        let mut lists = vec![List::generate(&mut choices, "users")];
        if choices.below(4) > 0 {
            lists.push(List::generate(&mut choices, "more"));
        }
        let mut edited = lists.clone();
        let edit = Edit::generate(&mut choices, &mut edited);
        let platform = Platform::generate(&mut choices, &lists);
        let with = |lists: &[List]| {
            let mut files = platform.files.clone();
            files.extend(lists.iter().flat_map(List::files));
            files
        };
        Self {
            before: with(&lists),
            after: with(&edited),
            lists,
            edit,
            has_spokes: platform.has_spokes,
        }
    }

    /// Checks that the edit removes, renames, moves and changes no object of another member.
    pub(crate) fn check(&self) -> Result<Outcome, String> {
        let outcome = self.check_applied(None)?;
        if self.has_spokes && outcome == Outcome::Compared {
            for name in ["a", "b", "c-a"] {
                self.check_applied(Some(name))?;
            }
        }
        Ok(outcome)
    }

    /// Checks the objects that the hub applies, or those that a spoke applies to itself.
    fn check_applied(&self, spoke: Option<&str>) -> Result<Outcome, String> {
        let Ok(before) = Belongings::compile(&self.before, spoke) else {
            return Ok(Outcome::Invalid);
        };
        let Ok(after) = Belongings::compile(&self.after, spoke) else {
            return Ok(Outcome::Rejected);
        };
        let is_edited = |(file, key): &(String, String)| self.edit.is_of(&self.lists, file, key);
        match before.lost(&after, is_edited) {
            Some(lost) => Err(lost),
            None => Ok(Outcome::Compared),
        }
    }
}
