//! The parts of an explanation: levels in rising precedence, and the value that they result in.

use serde_json::Value as Json;

use crate::source::Span;

/// An explanation.
#[derive(Debug)]
pub struct Explanation {
    /// The thing that is explained, as the user wrote it.
    pub subject: String,
    /// The parts.
    pub sections: Vec<Section>,
}

/// A value or a list of facts, with its levels.
#[derive(Debug)]
pub struct Section {
    /// The name of the value, or the noun of the facts.
    pub title: String,
    /// The value after substitution; `None` for facts, and for a value that is not set.
    pub value: Option<Json>,
    /// The levels, in rising precedence.
    pub levels: Vec<Level>,
}

/// A place that can set a value, or a fact.
#[derive(Clone, Debug)]
pub struct Level {
    /// The kind of the level, such as `layer`.
    pub kind: &'static str,
    /// The name of the level as written, such as a path with variables.
    pub name: String,
    /// The name after substitution, if it differs.
    pub resolved: Option<String>,
    /// The contribution of the level.
    pub state: State,
    /// The value that the level sets.
    pub value: Option<Json>,
    /// The location of the value, or of the level.
    pub span: Option<Span>,
    /// The rule or reason.
    pub note: Option<String>,
}

/// The contribution of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It sets the value.
    Wins,
    /// It sets a value that a later level overrides.
    Overridden,
    /// It exists, and does not set the value.
    NotSet,
    /// Its file does not exist.
    NotFound,
    /// It does not apply to the cluster.
    NotSelected,
    /// It is a fact, or it applies.
    Applies,
}

impl State {
    /// Returns the state as output shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wins => "wins",
            Self::Overridden => "overridden",
            Self::NotSet => "not set",
            Self::NotFound => "not found",
            Self::NotSelected => "not selected",
            Self::Applies => "applies",
        }
    }
}

impl Section {
    /// Returns a section without a value.
    pub fn facts(title: impl Into<String>, levels: Vec<Level>) -> Self {
        Self {
            title: title.into(),
            value: None,
            levels,
        }
    }
}

impl Level {
    /// Returns `true` if the level could set the value, and does not.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.state, State::NotSet | State::NotFound) && self.kind != "fields"
    }

    /// Returns a level that applies, without a value.
    pub fn new(kind: &'static str, name: impl Into<String>, span: impl Into<Option<Span>>) -> Self {
        Self {
            kind,
            name: name.into(),
            resolved: None,
            state: State::Applies,
            value: None,
            span: span.into(),
            note: None,
        }
    }

    /// Sets the name after substitution, if it differs.
    #[must_use]
    pub fn resolved(mut self, name: &str) -> Self {
        self.resolved = (self.name != name).then(|| name.to_owned());
        self
    }

    /// Sets the state.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Sets the value.
    #[must_use]
    pub fn value(mut self, value: impl Into<Json>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Sets the rule or reason.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Marks the last level with a value as the winner, and earlier ones as overridden.
pub(super) fn mark_winner(levels: &mut [Level]) {
    let mut has_winner = false;
    for level in levels.iter_mut().rev() {
        if level.value.is_some() && level.state == State::Applies {
            let state = if has_winner {
                State::Overridden
            } else {
                State::Wins
            };
            level.state = state;
            has_winner = true;
        }
    }
}
