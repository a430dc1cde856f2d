//! A rule for a single field.

use super::kinds::Kind;
use crate::diagnostic::{Code, Problem};
use crate::model::name::{LABEL_LENGTH, label_value_problem, name_problem};
use crate::passes::check::formats::{Amount, NameFormat, is_image_tag, network, version_problem};
use crate::passes::check::names::{invalid_name, name_too_long};
use crate::tree::Node;

/// The keys of a field, separated by spaces. If the field is a sequence, the rule applies to each item.
pub(crate) type Path = &'static str;

/// Placeholder in a path for any key of a mapping and any item of a sequence.
pub(crate) const ANY: &str = "*";

/// Returns the first key of a path and the remaining path, or `None` at the end.
pub(crate) fn first_key(path: Path) -> Option<(&'static str, Path)> {
    (!path.is_empty()).then(|| path.split_once(' ').unwrap_or((path, "")))
}

/// Returns a path in the notation of messages, with dots.
pub(crate) fn dotted(path: Path) -> String {
    path.replace(' ', ".")
}

/// A rule for a field of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(super) kind: Kind,
    /// The path of the field, which can contain [`ANY`].
    pub(crate) path: Path,
    /// The required format.
    pub(crate) field: Field,
    /// Returns `true` for objects to which the rule applies.
    pub(super) applies: fn(&Node) -> bool,
}

/// The required format of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A Kubernetes version.
    Version,
    /// A network of Pods.
    Pods,
    /// A network of Services.
    Services,
    /// A name with a maximum number of characters.
    Name(usize, NameFormat),
    /// A label value.
    Label,
    /// A number or a percentage.
    Amount(Amount),
    /// A container image tag.
    ImageTag,
    /// A value that is only compared with another field.
    Compared,
}

/// Path of an object's name.
pub(super) const NAME: Path = "metadata name";

impl Rule {
    /// Returns the problem of a string in the field.
    pub(crate) fn problem(&self, text: &str) -> Option<(Code, Problem)> {
        // A string that is not a valid name at all is reported with the object.
        let is_reported = self.path == NAME && name_problem(text, LABEL_LENGTH, true).is_some();
        let is_amount = matches!(self.field, Field::Amount(_));
        if (text.is_empty() && !is_amount) || is_reported {
            return None;
        }
        match self.field {
            Field::Version => version_problem(text),
            Field::Pods | Field::Services => network(text).is_none().then(|| {
                let message = format!("`{text}` is not a network in CIDR notation");
                let problem = Problem::new(message)
                    .help("write an address and a prefix length, for example `10.0.0.0/16`");
                (Code::InvalidNetwork, problem)
            }),
            Field::Name(limit, format) => self.name_problem(text, limit, format),
            Field::Label => label_value_problem(text).map(|problem| {
                let message = format!("`{text}` is not a valid label value: {problem}");
                let help = "use letters and digits, with `-`, `_` or `.` between them";
                (Code::InvalidLabel, Problem::new(message).help(help))
            }),
            Field::Amount(amount) => {
                let (is_valid, requirement) = amount.check(text);
                (!is_valid).then(|| self.rejected(text, requirement))
            }
            Field::ImageTag => {
                let requirement = "must be an image tag, for example v1.12.0";
                (!is_image_tag(text)).then(|| self.rejected(text, requirement))
            }
            Field::Compared => None,
        }
    }

    fn rejected(&self, text: &str, requirement: &str) -> (Code, Problem) {
        let (field, (_, kind)) = (dotted(self.path), self.kind);
        let message = format!("`{field}` of this {kind} is `{text}`, but {requirement}");
        (Code::RefusedValue, rejected_value(message))
    }

    fn name_problem(
        &self,
        text: &str,
        limit: usize,
        format: NameFormat,
    ) -> Option<(Code, Problem)> {
        let (_, kind) = self.kind;
        let length = text.chars().count();
        if length > limit {
            let field = dotted(self.path);
            let message = format!(
                "`{field}` of this {kind} has {length} characters, more than the limit of {limit}"
            );
            return Some((Code::NameTooLong, name_too_long(message)));
        }
        let (is_valid, requirement) = format.check(text);
        (!is_valid).then(|| {
            let message = format!("`{text}` is not a valid name for this {kind}: {requirement}");
            (Code::InvalidName, invalid_name(message))
        })
    }
}

/// Returns the problem of a value that a webhook rejects.
pub(crate) fn rejected_value(message: String) -> Problem {
    Problem::new(message).help("change this value or the variables it uses")
}
