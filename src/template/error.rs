//! The errors of substitution, with their messages and help.

use super::built_in::available_in;
use super::engine::Danger;
use crate::diagnostic::{Code, Problem};
use crate::source::Span;
use crate::tree::Node;

/// An error of substitution, and its location in the template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FillError {
    /// The expression or key.
    pub span: Span,
    /// The cause.
    pub kind: FillErrorKind,
}

/// The cause of an error of substitution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FillErrorKind {
    /// The variable, with the path of keys in its value, is not set.
    Missing(String),
    /// The variable is a sequence or a mapping, and is part of a string.
    NotString(String),
    /// An argument of a function is invalid, or a limit is exceeded; the reason.
    Failed(String),
    /// The value of `<<` is not a mapping.
    NotMapping(String),
    /// The value of `$each` or `with` is not a sequence.
    NotSequence(String),
    /// A `$case` has no key that equals a value; the value, unless it is secret, and the keys.
    NoOption(Option<String>, String),
    /// The value of `$json` is not a mapping or a sequence, or has keys next to it; the reason.
    NotJson(&'static str),
    /// The value of the variable in a `.env` file refers to another variable, which the file does not set.
    Unknown(String, String),
    /// The mapping has another key that equals a substituted key.
    DuplicateKey(String),
    /// A substituted key is longer than Go YAML parsers accept.
    LongKey,
    /// A substituted key is not preserved; the reason.
    LostKey(&'static str),
    /// A value of a member completes a marker of another template engine, or could change an expression around it.
    Engine {
        /// The marker.
        marker: &'static str,
        /// Whether the value lies in an expression that the platform wrote.
        is_inside: bool,
        /// The variable with the value.
        variable: String,
    },
    /// An entry of a member sets a variable that fleet.yaml sets or restricts; its name, and where that is.
    Fixed(String, Span),
}

impl FillError {
    /// Returns the error of a variable that is not set.
    pub(super) fn missing(span: Span, path: &[String]) -> Self {
        let kind = FillErrorKind::Missing(path.join("."));
        Self { span, kind }
    }

    /// Returns the error of a value that is not a string: the value is a sequence or a mapping, or its file
    /// refers to a variable that is not set.
    pub(super) fn not_text(span: Span, path: &[String], value: &Node) -> Self {
        let open = value
            .as_scalar()
            .and_then(|scalar| scalar.text.slots().next());
        let kind = match open {
            Some(slot) => FillErrorKind::Unknown(path.join("."), slot.expression.path.join(".")),
            None => FillErrorKind::NotString(path.join(".")),
        };
        Self { span, kind }
    }
}

impl FillErrorKind {
    /// Returns the error of a dangerous part of a string, which comes from a variable.
    pub(super) fn engine(danger: Danger, variable: String) -> Self {
        Self::Engine {
            marker: danger.marker,
            variable,
            is_inside: danger.is_inside,
        }
    }

    /// Returns the code, the message and the help for the subjects that have the error.
    ///
    /// `similar` is an existing variable with a similar name.
    pub fn describe(&self, subjects: &str, similar: Option<&str>) -> (Code, Problem) {
        match self {
            Self::Missing(name) => {
                let message = format!("variable `{name}` is not set for {subjects}");
                let help = help_for_missing(name, similar);
                (Code::MissingVariable, Problem::new(message).help(help))
            }
            Self::NotString(name) => {
                let message = format!(
                    "variable `{name}` is a sequence or mapping and cannot be part of a string for {subjects}"
                );
                let help = format!(
                    "write `${{{name}}}` unquoted as the whole value, or select a field: `${{{name}.key}}`"
                );
                (Code::NotAText, Problem::new(message).help(help))
            }
            Self::Failed(why) => {
                let message = format!("this expression fails for {subjects}: {why}");
                let help = "change the expression or the values of its variables";
                (Code::ExpressionFailed, Problem::new(message).help(help))
            }
            Self::NotMapping(name) => {
                let message = format!(
                    "the value of `<<` must be a mapping, but variable `{name}` is not a mapping for {subjects}"
                );
                let help =
                    format!("set `{name}` to a mapping, or write the entries instead of `<<`");
                (Code::InvalidMerge, Problem::new(message).help(help))
            }
            Self::NotSequence(name) => {
                let message = format!(
                    "the value of `$each` or `with` must be a sequence, but variable `{name}` is not a sequence for {subjects}"
                );
                let help = format!("set `{name}` to a sequence");
                (Code::InvalidEach, Problem::new(message).help(help))
            }
            Self::NoOption(value, keys) => {
                let value = match value {
                    Some(value) => format!("`{value}`"),
                    None => "for this value".to_owned(),
                };
                let message = format!("`$case` has no key {value} for {subjects}");
                (
                    Code::InvalidCase,
                    Problem::new(message).help(format!("use {keys}")),
                )
            }
            Self::NotJson(why) => {
                let help = "write `policy: {$json: {Version: \"2012-10-17\"}}`";
                let message = format!("{why} for {subjects}");
                (Code::InvalidJson, Problem::new(message).help(help))
            }
            Self::Unknown(name, needed) => {
                let message = format!(
                    "the value of `{name}` needs `${needed}`, which its file does not set for {subjects}"
                );
                let help = format!(
                    "replace `${needed}` with its value: `.env` files are not evaluated by a shell"
                );
                (Code::MissingVariable, Problem::new(message).help(help))
            }
            Self::DuplicateKey(key) => {
                let message = format!("duplicate key `{key}`, set by a variable for {subjects}");
                let help = "rename one of the keys, or change the variable";
                (Code::DuplicateKey, Problem::new(message).help(help))
            }
            Self::LongKey => {
                let message = format!(
                    "this key cannot be used for {subjects}: it is longer than the 1,022 characters that Argo CD's YAML parser accepts"
                );
                (
                    Code::KeyTooLong,
                    Problem::new(message).help("shorten the value of the variable"),
                )
            }
            Self::Engine {
                marker,
                variable,
                is_inside,
            } => {
                let problem = describe_engine(marker, variable, *is_inside, subjects);
                (Code::MemberExpression, problem)
            }
            Self::Fixed(name, _) => {
                let message = format!(
                    "entry of a member must not set `{name}`, which the platform sets or restricts for {subjects}"
                );
                let help = "rename the key in the entries and in the template";
                (Code::FixedVariable, Problem::new(message).help(help))
            }
            Self::LostKey(why) => {
                let message = format!("this key cannot be used for {subjects}: {why}");
                let help = "change the variable in the key";
                (Code::InvalidKey, Problem::new(message).help(help))
            }
        }
    }
}

/// Returns the problem of a member's value that completes a marker, or is inside of an expression.
fn describe_engine(marker: &str, variable: &str, is_inside: bool, subjects: &str) -> Problem {
    let (message, help) = if is_inside {
        (
            format!(
                "in an expression that begins with `{marker}`, the value of `{variable}` must contain only letters, digits and `_.-/:@` for {subjects}: another template engine evaluates it"
            ),
            format!(
                "change the value, or declare `{variable}` in `fields` with `pattern: '^[A-Za-z0-9_./:@-]*$'`"
            ),
        )
    } else {
        (
            format!(
                "the value of `{variable}` must not create `{marker}` for {subjects}: another template engine might evaluate it"
            ),
            format!(
                "change the value, or declare `{variable}` in `fields` with a `pattern` that excludes braces"
            ),
        )
    };
    Problem::new(message).help(help)
}

/// Returns the help for a variable that is not set. `similar` is an existing variable with a similar name.
fn help_for_missing(name: &str, similar: Option<&str>) -> String {
    match (similar, available_in(name)) {
        (Some(similar), _) => format!("did you mean `{similar}`?"),
        (None, Some(position)) => format!("use `{name}` only {position}"),
        (None, None) if let Some(field) = name.strip_prefix("WITH.") => format!(
            "set `{field}` in each entry of the sequence, or write a default: `${{{name}:=VALUE}}`"
        ),
        (None, None) => format!(
            "set `{name}` in `variables` or in each member, or write a default: `${{{name}:=VALUE}}`; for the literal string, write `$${{{name}}}`"
        ),
    }
}
