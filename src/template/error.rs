//! Why something in a template cannot be filled: each error with its message and its help.

use super::built_in::available_in;
use crate::diagnostic::{Code, Problem};
use crate::source::Span;
use crate::tree::Node;

/// Why something cannot be filled, and the location in the template that requires it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FillError {
    /// The expression or key.
    pub span: Span,
    /// The cause.
    pub kind: FillErrorKind,
}

/// What is wrong with the value of a variable, or that it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FillErrorKind {
    /// The variable, with the keys that lead into it, is not set.
    Missing(String),
    /// The variable is a sequence or a mapping, and is part of a string.
    NotText(String),
    /// A function cannot use its arguments, or a limit is exceeded; the reason.
    Failed(String),
    /// The value of `<<` is not a mapping.
    NotMap(String),
    /// The value of `$each` or `with` is not a sequence.
    NotList(String),
    /// A `$case` has no key that equals a value; the value, if it may be shown, and the keys.
    NoOption(Option<String>, String),
    /// The value of `$json` is not a mapping or a sequence, or has keys next to it; the reason.
    NotJson(&'static str),
    /// The value of the variable in a file needs another variable, which only a shell has.
    Unknown(String, String),
    /// The mapping already has a key that is filled.
    DuplicateKey(String),
    /// A filled key is longer than Go's YAML parsers accept.
    LongKey,
    /// A filled key is not preserved; the reason.
    LostKey(&'static str),
}

impl FillError {
    /// Returns the error of a variable that is not set.
    pub(super) fn missing(span: Span, path: &[String]) -> Self {
        let kind = FillErrorKind::Missing(path.join("."));
        Self { span, kind }
    }

    /// Returns the error of a value that is not a string: it is a sequence or a mapping, or its file needs
    /// a variable that is not set.
    pub(super) fn not_text(span: Span, path: &[String], value: &Node) -> Self {
        let open = value
            .as_scalar()
            .and_then(|scalar| scalar.text.slots().next());
        let kind = match open {
            Some(slot) => FillErrorKind::Unknown(path.join("."), slot.expression.path.join(".")),
            None => FillErrorKind::NotText(path.join(".")),
        };
        Self { span, kind }
    }
}

impl FillErrorKind {
    /// Returns the code, the message and the help for the subjects that have the error. `similar` is a
    /// variable that was probably meant.
    pub fn describe(&self, subjects: &str, similar: Option<&str>) -> (Code, Problem) {
        match self {
            Self::Missing(name) => {
                let message = format!("the variable `{name}` is not set for {subjects}");
                let help = match (similar, available_in(name)) {
                    (Some(similar), _) => format!("did you mean `{similar}`?"),
                    (None, Some(place)) => format!("`{name}` is known {place}"),
                    (None, None) => format!(
                        "set `{name}` in `variables`, let members say it, or write a default: ${{{name}:=…}}; the text itself is $${{{name}}}"
                    ),
                };
                (Code::MissingVariable, Problem::new(message).help(help))
            }
            Self::NotText(name) => {
                let message = format!(
                    "the variable `{name}` is a list or a map, and stands inside a text for {subjects}"
                );
                let help = format!(
                    "let `${{{name}}}` stand alone and unquoted, or reach into it: `${{{name}.key}}`"
                );
                (Code::NotAText, Problem::new(message).help(help))
            }
            Self::Failed(why) => {
                let message = format!("this expression fails for {subjects}: {why}");
                (Code::ExpressionFailed, Problem::new(message))
            }
            Self::NotMap(name) => {
                let message =
                    format!("`<<` takes a map, and the variable `{name}` is none for {subjects}");
                let help = format!("let `{name}` hold a mapping, or write the entries themselves");
                (Code::InvalidMerge, Problem::new(message).help(help))
            }
            Self::NotList(name) => {
                let message = format!(
                    "`$each` and `with` take a list, and the variable `{name}` is none for {subjects}"
                );
                let help = format!("let `{name}` hold a list, or write the items themselves");
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
                let help = format!("write the value without `${needed}`: no shell is asked");
                (Code::MissingVariable, Problem::new(message).help(help))
            }
            Self::DuplicateKey(key) => {
                let message = format!(
                    "the key `{key}` is said twice in one mapping, once by a variable for {subjects}"
                );
                (Code::DuplicateKey, Problem::new(message))
            }
            Self::LongKey => {
                let message = format!(
                    "this key cannot be used for {subjects}: it is longer than the 1,022 characters that Argo CD's reader accepts"
                );
                (
                    Code::KeyTooLong,
                    Problem::new(message).help("shorten the value"),
                )
            }
            Self::LostKey(why) => {
                let message = format!("this key cannot be used for {subjects}: {why}");
                (Code::InvalidKey, Problem::new(message))
            }
        }
    }
}
