//! Why something cannot be filled.

use std::fmt::Write as _;

use crate::source::Span;
use crate::template::function::ProblemKind;
use crate::tree::Node;

/// Why something cannot be filled, and where the template asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The expression or key.
    pub span: Span,
    /// What is wrong.
    pub kind: Trouble,
}

/// What is wrong with a variable's value, or that it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The variable, with the keys that lead into it, is not set.
    Missing(String),
    /// The variable is a list or a map, and stands inside a text.
    NotText(String),
    /// A function refused.
    Failed(String),
    /// `<<` was given something other than a map.
    NotMap(String),
    /// `$each` was given something other than a list.
    NotList(String),
    /// A `$case` has no key that equals a value; the value, if it may be shown, and the keys.
    NoOption(Option<String>, String),
    /// `$json` was given something other than a map or a list, or stands beside other keys; why.
    NotJson(&'static str),
    /// A file has a variable that only a shell knows; the variable, then what it needs.
    Unknown(String, String),
    /// A filled key is there already.
    DuplicateKey(String),
    /// A filled key is longer than Go's YAML readers take.
    LongKey,
    /// A filled key does not arrive; why.
    LostKey(&'static str),
}

impl Trouble {
    /// The trouble in words.
    pub fn message(&self) -> String {
        let mut message = String::new();
        let _ = match self {
            Self::Missing(name) => write!(message, "the variable `{name}` is not set"),
            Self::NotText(name) => write!(
                message,
                "the variable `{name}` is a list or a map, and stands inside a text"
            ),
            Self::Failed(why) => write!(message, "{why}"),
            Self::NotMap(name) => write!(
                message,
                "`<<` takes a map, and the variable `{name}` is none"
            ),
            Self::NotList(name) => write!(
                message,
                "`$each` and `with` take a list, and the variable `{name}` is none"
            ),
            Self::NoOption(Some(value), _) => write!(message, "`$case` has no key `{value}`"),
            Self::NoOption(None, _) => write!(message, "`$case` has no key for this value"),
            Self::Unknown(name, needed) => write!(
                message,
                "the value of `{name}` needs `${needed}`, which its file does not set"
            ),
            Self::DuplicateKey(key) => write!(
                message,
                "the key `{key}` is said twice in one mapping, once by a variable"
            ),
            Self::LongKey => write!(
                message,
                "it is longer than the 1,022 characters that Argo CD's reader accepts"
            ),
            Self::NotJson(why) | Self::LostKey(why) => write!(message, "{why}"),
        };
        message
    }
}

pub(super) fn missing(span: Span, path: &[String]) -> Problem {
    Problem {
        span,
        kind: Trouble::Missing(path.join(".")),
    }
}

/// Why a value is no text: it is a list or a map, or its file leaves something of it open.
pub(super) fn not_text(span: Span, path: &[String], value: &Node) -> Problem {
    let open = value
        .as_scalar()
        .and_then(|scalar| scalar.text.slots().next());
    let kind = match open {
        Some(slot) => Trouble::Unknown(path.join("."), slot.expression.path.join(".")),
        None => Trouble::NotText(path.join(".")),
    };
    Problem { span, kind }
}

/// A text became longer than a value may be.
pub(super) fn too_long(span: Span) -> Problem {
    Problem {
        span,
        kind: Trouble::Failed(ProblemKind::TooLong.to_string()),
    }
}
