//! Access to directives: `$each`, `$item`, `$json` and `$case`.

use std::rc::Rc;

use super::data::{Entry, ExpressionSlot, Node, Role, Scalar, Value};

impl Node {
    /// Returns the variable of `$each` if the node is an item that is repeated.
    pub fn each_variable(&self) -> Option<&Rc<ExpressionSlot>> {
        let mut entries = self.entries()?.iter();
        let each = entries.find(|entry| entry.key.role == Role::Each)?;
        each.value.as_scalar()?.text.sole_slot()
    }

    /// Returns the tree that the mapping encodes with `$json`.
    pub fn json_source(&self) -> Option<&Self> {
        let mut entries = self.entries()?.iter();
        let json = entries.find(|entry| entry.key.role == Role::Json)?;
        Some(&json.value)
    }

    /// Returns the value that each repetition produces, if `$item` sets it.
    pub fn item(&self) -> Option<&Self> {
        let mut entries = self.entries()?.iter();
        let item = entries.find(|entry| entry.key.role == Role::Item)?;
        Some(&item.value)
    }

    /// Returns the expression and the options of a `$case`.
    pub fn case(&self) -> Option<(&Scalar, &[Entry])> {
        let (case, options) = self.entries()?.split_first()?;
        let is_case = case.key.role == Role::Case;
        is_case.then_some((case.value.as_scalar()?, options))
    }

    /// Returns the possible values of this node: those of a `$case`, or the node itself.
    pub fn outcomes(&self) -> Vec<&Self> {
        match self.case() {
            Some((_, options)) => {
                let values = options.iter().map(|option| &option.value);
                values.flat_map(Self::outcomes).collect()
            }
            None => vec![self],
        }
    }

    /// Returns the node with each of its possible values replaced.
    #[must_use]
    pub fn map_outcomes(&self, change: &dyn Fn(&Self) -> Self) -> Self {
        let Value::Mapping(entries) = &self.value else {
            return change(self);
        };
        if self.case().is_none() {
            return change(self);
        }
        let changed = |entry: &Entry| Entry {
            key: entry.key.clone(),
            value: match entry.key.role {
                Role::Case => entry.value.clone(),
                _ => entry.value.map_outcomes(change),
            },
        };
        let span = self.span;
        let value = Value::Mapping(entries.iter().map(changed).collect());
        Self { span, value }
    }

    /// Returns the value of a literal key that is not optional.
    pub fn get_definite(&self, key: &str) -> Option<&Self> {
        let entry = self.entry(key)?;
        (!entry.key.is_optional).then_some(&entry.value)
    }
}
