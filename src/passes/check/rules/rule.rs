//! A rule for a single field.

use super::kinds::Kind;
use crate::diagnostic::{Code, Problem};
use crate::model::name::{LABEL_LENGTH, label_value_problem, name_problem};
use crate::passes::check::names::{invalid_name, name_too_long};
use crate::passes::check::texts::{Amount, Letters, is_image_tag, network, version_problem};
use crate::tree::Node;

/// The keys that lead to a field, with blanks between them. A list at their end is looked at item by item.
pub(crate) type Path = &'static str;

/// In a path, any key of a map and any item of a list.
pub(crate) const ANY: &str = "*";

/// Returns the first key of a path and the path from there; `None` at the end.
pub(crate) fn first_key(path: Path) -> Option<(&'static str, Path)> {
    (!path.is_empty()).then(|| path.split_once(' ').unwrap_or((path, "")))
}

/// Returns a path as messages show it.
pub(crate) fn shown(path: Path) -> String {
    path.replace(' ', ".")
}

/// A field of a kind of object, and what stands in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(super) kind: Kind,
    /// The path of the field; [`ANY`] can be among its keys.
    pub(crate) path: Path,
    /// What stands there.
    pub(crate) field: Field,
    /// Which objects have the rule.
    pub(super) applies: fn(&Node) -> bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A version of Kubernetes.
    Version,
    /// A network of Pods.
    Pods,
    /// A network of Services.
    Services,
    /// A name, of at most so many characters.
    Name(usize, Letters),
    /// The value of a label.
    Label,
    /// A number, or a percentage.
    Amount(Amount),
    /// The tag of a container image.
    ImageTag,
    /// What is compared with another field.
    Compared,
}

/// The path of an object's name.
pub(super) const NAME: Path = "metadata name";

impl Rule {
    /// What is wrong with a text of the field.
    pub(crate) fn problem(&self, text: &str) -> Option<(Code, Problem)> {
        // What is no name at all is told of the object.
        let is_told = self.path == NAME && name_problem(text, LABEL_LENGTH, true).is_some();
        let is_amount = matches!(self.field, Field::Amount(_));
        if (text.is_empty() && !is_amount) || is_told {
            return None;
        }
        match self.field {
            Field::Version => version_problem(text),
            Field::Pods | Field::Services => network(text).is_none().then(|| {
                let message = format!("`{text}` is no network in CIDR notation");
                let problem = Problem::new(message).help("write for example 10.0.0.0/16");
                (Code::InvalidNetwork, problem)
            }),
            Field::Name(limit, letters) => self.name_problem(text, limit, letters),
            Field::Label => label_value_problem(text).map(|problem| {
                let message = format!("a label cannot be `{text}`: {problem}");
                (Code::InvalidLabel, Problem::new(message))
            }),
            Field::Amount(amount) => {
                let (is_taken, taken) = amount.judge(text);
                (!is_taken).then(|| self.refused(text, taken))
            }
            Field::ImageTag => {
                let taken = "a tag such as v1.12.0 is wanted";
                (!is_image_tag(text)).then(|| self.refused(text, taken))
            }
            Field::Compared => None,
        }
    }

    fn refused(&self, text: &str, taken: &str) -> (Code, Problem) {
        let (field, (_, kind)) = (shown(self.path), self.kind);
        let message = format!("`{field}` of this {kind} cannot be `{text}`: {taken}");
        (Code::RefusedValue, refused_value(message))
    }

    fn name_problem(&self, text: &str, limit: usize, letters: Letters) -> Option<(Code, Problem)> {
        let (_, kind) = self.kind;
        let length = text.chars().count();
        if length > limit {
            let field = shown(self.path);
            let message = format!(
                "`{field}` of this {kind} has {length} characters, and {limit} are allowed"
            );
            return Some((Code::NameTooLong, name_too_long(message)));
        }
        let (is_allowed, allowed) = letters.judge(text);
        (!is_allowed).then(|| {
            let message = format!("`{text}` is no name for this {kind}: {allowed}");
            (Code::InvalidName, invalid_name(message))
        })
    }
}

/// Returns the problem of a value that a webhook rejects.
pub(crate) fn refused_value(message: String) -> Problem {
    Problem::new(message).help("mend the text here, or the variables in it")
}
