//! Reads `helm`, the chart of an add-on.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::form::form;
use crate::input::key::Type;
use crate::input::read;
use crate::input::typed::Typed as _;
use crate::source::Spanned;
use crate::tree::{Node, Scalar, Shape, Style, Text};

form! {
    "`helm`";
    /// A Helm chart with its installation options. Its strings can contain variables.
    #[derive(Clone, Debug)]
    pub struct Chart {
        /// URL of the chart repository: `https`, `http` or `oci`.
        pub repo: Spanned<Text> = required("repo": TEXT, text),
        /// Name of the chart.
        pub chart: Spanned<Text> = required("chart": TEXT, text),
        /// Version of the chart.
        pub version: Spanned<Text> = required("version": TEXT, text),
        /// Name of the release; default: that of the add-on.
        pub release: Option<Spanned<Text>> = optional("release"),
        /// Namespace of the release.
        pub namespace: Spanned<Text> = required("namespace": TEXT, text),
        /// Helm values, or a variable that contains them.
        pub values: Option<Node> = optional("values": Type::OneOf(&[Type::Map, Type::Template]), values),
        /// Helm values that the delivery method looks up: a tree whose leaves are paths in an object.
        pub runtime_values: Option<Node> = optional("runtimeValues": Type::Map, runtime_values),
    }
}

/// A field of an add-on that can differ between clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddOnField {
    /// `helm.repo`.
    Repo,
    /// `helm.chart`.
    Chart,
    /// `helm.version`.
    Version,
    /// `helm.release`.
    Release,
    /// `helm.namespace`.
    Namespace,
    /// `helm.values` and `helm.runtimeValues`.
    Values,
    /// `manifests`.
    Manifests,
}

impl AddOnField {
    /// Returns the field that a key of `helm` sets, or the key `manifests`.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "repo" => Self::Repo,
            "chart" => Self::Chart,
            "version" => Self::Version,
            "release" => Self::Release,
            "namespace" => Self::Namespace,
            "values" | "runtimeValues" => Self::Values,
            "manifests" => Self::Manifests,
            _ => return None,
        })
    }

    /// Returns `true` if the field is a string of a chart.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Values | Self::Manifests)
    }
}

impl Chart {
    /// Returns the values, or `None` for an empty mapping, which is omitted from objects.
    pub fn non_empty_values(&self) -> Option<&Node> {
        let is_empty = |values: &Node| values.entries().is_some_and(<[_]>::is_empty);
        self.values.as_ref().filter(|values| !is_empty(values))
    }

    /// Returns the name of the release of an add-on.
    pub fn release(&self, addon: &Spanned<Rc<str>>) -> Spanned<Text> {
        self.release.clone().unwrap_or_else(|| Spanned {
            value: Text::Literal(Rc::clone(&addon.value)),
            span: addon.span,
        })
    }

    /// Returns the strings of an add-on's chart, each with its field and its key.
    pub fn texts(
        &self,
        addon: &Spanned<Rc<str>>,
    ) -> [(AddOnField, &'static str, Spanned<Text>); 5] {
        [
            (AddOnField::Repo, "repo", self.repo.clone()),
            (AddOnField::Chart, "chart", self.chart.clone()),
            (AddOnField::Version, "version", self.version.clone()),
            (AddOnField::Release, "release", self.release(addon)),
            (AddOnField::Namespace, "namespace", self.namespace.clone()),
        ]
    }
}

/// The type of the values that [`text`] reads.
const TEXT: Type = Type::OneOf(&[Type::Number, Type::Template]);

/// Reads a string; an unquoted number is a string as it is written, for versions such as `1.10`.
fn text(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<Text>> {
    match node.as_scalar() {
        Some(scalar) if node.shape() == Shape::Number => Some(Spanned {
            value: scalar.as_text(),
            span: node.span,
        }),
        _ => Spanned::read(node, subject, diags),
    }
}

/// Reads a mapping, or a variable that can contain one.
fn values(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Node> {
    let is_variable =
        |scalar: &Scalar| scalar.style == Style::Plain && scalar.text.sole_slot().is_some();
    if node.entries().is_none() && !node.as_scalar().is_some_and(is_variable) {
        read::wrong_type(node, subject, "a mapping", diags);
        return None;
    }
    Some(node.clone())
}

fn runtime_values(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Node> {
    if node.entries().is_none() {
        read::wrong_type(node, subject, "a mapping", diags);
        return None;
    }
    check_runtime(node, diags);
    Some(node.clone())
}

fn check_runtime(node: &Node, diags: &mut Diagnostics) {
    if let Some(entries) = node.entries() {
        for entry in entries {
            if entry.key.is_unresolved() {
                let message = "a key of `runtimeValues` must not contain a variable";
                let span = entry.key.span;
                let help = "write a literal key";
                diags.push(Diagnostic::new(Code::VariableNotAllowed, span, message).help(help));
            }
            check_runtime(&entry.value, diags);
        }
    } else if let Some(path) = read::string(node, "a leaf of `runtimeValues`", diags)
        && runtime_path(&path).is_none()
    {
        let message = format!("`{path}` is not a path in an object");
        let help = "write .metadata.annotations.vpc or .metadata.labels[\"example.org/vpc\"]";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
}

/// Returns the keys of a path such as `.metadata.annotations["example.org/vpc"]`; `None` if the path is not
/// valid.
pub fn runtime_path(path: &str) -> Option<Vec<&str>> {
    let is_name = |name: &str| {
        let mut chars = name.chars();
        chars
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && chars.all(|other| other.is_ascii_alphanumeric() || other == '_')
    };
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (key, after) = if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]")?;
            let is_key = !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte == b' ' || byte.is_ascii_graphic())
                && !key.contains(['"', '`', '\\', '{', '}']);
            (is_key.then_some(key)?, after)
        } else {
            let dotted = rest.strip_prefix('.')?;
            let end = dotted.find(['.', '[']).unwrap_or(dotted.len());
            let (key, after) = dotted.split_at(end);
            (is_name(key).then_some(key)?, after)
        };
        keys.push(key);
        rest = after;
    }
    (!keys.is_empty()).then_some(keys)
}
