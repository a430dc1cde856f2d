//! Changes of objects and of their fields.

use std::fmt;
use std::rc::Rc;

use crate::plan::Object;
use crate::tree::Node;

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Only the base has the object.
    Removed,
    /// Both have the object, with different contents.
    Changed,
    /// Only the head has the object.
    Added,
}

/// A key or an item on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a mapping.
    Key(Rc<str>),
    /// An item of a sequence, by the value of its `name`.
    Named(Rc<str>),
    /// An item of a sequence, by its number in the head, or in the base if it is removed.
    Item(usize),
    /// The YAML in a string, such as the values of a chart.
    Yaml,
}

/// The path of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(pub Vec<Step>);

/// A value that differs, after substitution. `None` means that the side does not have the field.
///
/// Both values are scalars or empty, except where one side has no value or a value of another kind.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The path.
    pub path: FieldPath,
    /// The number of steps to the part that only one side has: a field of a removed item has that of the item. That of
    /// the whole path if both sides have what contains the field.
    pub whole: usize,
    /// The value in the base.
    pub base: Option<Node>,
    /// The value in the head.
    pub head: Option<Node>,
    /// Whether the value is a secret because of a variable that it reads.
    pub is_secret: bool,
}

/// An object that differs, for the table of consequences.
#[derive(Clone, Copy, Debug)]
pub struct ObjectChange<'a> {
    /// The object in the base as written; its tree can contain expressions.
    pub base: Option<&'a Object>,
    /// The object in the head as written.
    pub head: Option<&'a Object>,
    /// The fields that differ; empty unless the object is changed.
    pub fields: &'a [FieldChange],
    /// Whether the object moves to another cell.
    pub is_moved: bool,
}

impl ObjectChange<'_> {
    /// Returns what happens to the object.
    pub fn action(&self) -> Action {
        match (self.base, self.head) {
            (_, None) => Action::Removed,
            (None, _) => Action::Added,
            _ => Action::Changed,
        }
    }
}

impl FieldPath {
    /// Returns `true` if the path begins with these keys; `*` matches any step.
    pub fn starts_with(&self, keys: &str) -> bool {
        let mut steps = self.0.iter();
        keys.split(' ').all(|key| {
            let step = steps.next();
            step.is_some_and(|step| key == "*" || matches!(step, Step::Key(name) if **name == *key))
        })
    }
}

impl fmt::Display for FieldPath {
    /// Shows the path as `spec.template.spec.containers[web].image`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', '/', '[', ']', '"']) => {
                    write!(out, "[\"{key}\"]")?;
                }
                Step::Key(key) if at == 0 => out.write_str(key)?,
                Step::Key(key) => write!(out, ".{key}")?,
                Step::Named(name) => write!(out, "[{name}]")?,
                Step::Item(number) => write!(out, "[{number}]")?,
                Step::Yaml => out.write_str("|")?,
            }
        }
        Ok(())
    }
}
