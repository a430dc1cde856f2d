//! Decisions about optional keys and `$case`.

use super::scope::{Scope, lookup};
use super::text::plain;
use crate::diagnostic::{is_secret_key, join_or};
use crate::template::error::{FillError, FillErrorKind};
use crate::tree::expression::{Expression, Operation, Segment};
use crate::tree::{Entry, Node, Scalar, Text, Value};

/// The result of a `$case`.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// The expression refers to a variable that is not bound yet.
    Unknown,
    /// The expression refers to a variable that is not set, or cannot be evaluated.
    Unset,
    /// No key equals the value of the expression.
    NoOption,
    /// The value of the key that equals the value of the expression.
    Value(&'a Node),
}

/// Returns `false` if an optional key with this value is omitted, and `None` if that depends on variables
/// that are not bound yet.
///
/// The key is omitted if an expression in the value refers to something that is not set and has no default
/// for it. This does not apply to optional keys in the value, to the body of items with `$each` (only the
/// sequence counts), and to values that a `$case` does not select.
pub fn is_set(value: &Node, scope: &dyn Scope) -> Option<bool> {
    match value.case() {
        // A value without an option omits the key only if `$case` is the whole value of the key.
        Some((selector, options)) => match choose(selector, options, scope, &mut Vec::new()) {
            Choice::NoOption => Some(false),
            _ => is_set_below(value, scope),
        },
        None => is_set_below(value, scope),
    }
}

fn is_set_below(value: &Node, scope: &dyn Scope) -> Option<bool> {
    if let Some((selector, options)) = value.case() {
        return match choose(selector, options, scope, &mut Vec::new()) {
            Choice::Value(value) => is_set_below(value, scope),
            _ => is_text_set(&selector.text, scope),
        };
    }
    match &value.value {
        Value::Scalar(scalar) => is_text_set(&scalar.text, scope),
        Value::Sequence(items) => all(items.iter().map(|item| match item.each_variable() {
            Some(list) => is_expression_set(&list.expression, scope),
            None => is_set_below(item, scope),
        })),
        Value::Mapping(entries) => all(entries.iter().map(|entry| {
            let key = is_text_set(&entry.key.text, scope);
            if entry.key.is_optional {
                return key;
            }
            all([key, is_set_below(&entry.value, scope)].into_iter())
        })),
    }
}

/// Selects an option of a `$case`, and pushes errors to `problems`.
pub fn choose<'a>(
    selector: &Scalar,
    options: &'a [Entry],
    scope: &dyn Scope,
    problems: &mut Vec<FillError>,
) -> Choice<'a> {
    let is_open = || {
        selector
            .text
            .slots()
            .any(|slot| !is_known(&slot.expression, scope))
    };
    if is_text_set(&selector.text, scope) != Some(false) && is_open() {
        return Choice::Unknown;
    }
    let before = problems.len();
    let value = plain(&selector.text, scope, problems);
    if problems.len() > before {
        return Choice::Unset;
    }
    let mut known = options.iter();
    if let Some(option) = known.find(|option| option.key.text.literal() == Some(&value)) {
        return Choice::Value(&option.value);
    }
    if let Some(slot) = selector.text.slots().next() {
        let is_secret = slot.expression.path.iter().any(|name| is_secret_key(name));
        let value = (!is_secret).then(|| value.to_string());
        let keys = options
            .iter()
            .filter_map(|option| option.key.text.literal());
        let kind = FillErrorKind::NoOption(value, join_or(keys));
        let span = slot.span;
        problems.push(FillError { span, kind });
    }
    Choice::NoOption
}

fn is_text_set(text: &Text, scope: &dyn Scope) -> Option<bool> {
    all(text
        .slots()
        .map(|slot| is_expression_set(&slot.expression, scope)))
}

fn is_expression_set(expression: &Expression, scope: &dyn Scope) -> Option<bool> {
    let all_set = |segments: &[Segment]| {
        all(segments.iter().map(|segment| match segment {
            Segment::Text(_) | Segment::Dollar(_) => Some(true),
            Segment::Expression(expression) => is_expression_set(expression, scope),
        }))
    };
    let value = Known::at(&expression.path, scope);
    match &expression.operation {
        Operation::Default(default) if !default.is_empty() => match value {
            Known::Full => Some(true),
            Known::Unset | Known::Empty => all_set(default),
            Known::Unbound => all_set(default).filter(|is_set| *is_set),
        },
        Operation::None | Operation::Default(_) => value.is_set(),
        Operation::Call { arguments, .. } => {
            let arguments = arguments.iter().map(|argument| all_set(argument));
            all(std::iter::once(value.is_set()).chain(arguments))
        }
    }
}

/// Returns `true` if the value of an expression depends on no variable that is not bound yet.
fn is_known(expression: &Expression, scope: &dyn Scope) -> bool {
    let are_known = |segments: &[Segment]| {
        segments.iter().all(|segment| match segment {
            Segment::Text(_) | Segment::Dollar(_) => true,
            Segment::Expression(expression) => is_known(expression, scope),
        })
    };
    match (Known::at(&expression.path, scope), &expression.operation) {
        (Known::Unbound, _) => false,
        (Known::Full, Operation::None | Operation::Default(_)) | (_, Operation::None) => true,
        (_, Operation::Default(default)) => are_known(default),
        (_, Operation::Call { arguments, .. }) => {
            arguments.iter().all(|argument| are_known(argument))
        }
    }
}

/// The state of a variable's value.
enum Known {
    Unbound,
    Unset,
    Empty,
    Full,
}

impl Known {
    fn at(path: &[String], scope: &dyn Scope) -> Self {
        if path.first().is_some_and(|name| !scope.is_bound(name)) {
            return Self::Unbound;
        }
        if path == ["CLUSTERS"] && scope.clusters(&mut |_| {}) {
            return Self::Full;
        }
        if let Some(text) = scope.text(path) {
            return if text.is_empty() {
                Self::Empty
            } else {
                Self::Full
            };
        }
        match lookup(scope, path) {
            None => Self::Unset,
            Some(value) if value.text() == Some("") => Self::Empty,
            Some(_) => Self::Full,
        }
    }

    fn is_set(&self) -> Option<bool> {
        match self {
            Self::Unbound => None,
            Self::Unset => Some(false),
            Self::Empty | Self::Full => Some(true),
        }
    }
}

/// Returns `Some(false)` if an answer is `Some(false)`, otherwise `None` if an answer is `None`.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return answer,
            None => all = None,
        }
    }
    all
}
