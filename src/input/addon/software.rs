//! Reads the software of an add-on: a chart or manifests.
//!
//! Patches change an add-on as written, so their results are read here, too.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::form::{Form as _, Mapping, form};
use crate::input::key::{Key, Type};
use crate::input::read;
use crate::input::typed::Typed as _;
use crate::model::Chart;
use crate::source::Spanned;
use crate::tree::{Entry, Node, Scalar, Shape, Style, Text};

/// The software that an add-on installs.
#[derive(Clone, Debug)]
pub enum Software {
    /// `helm`: a chart.
    Helm(Box<Chart>),
    /// `manifests`: the path or pattern of files with objects.
    Manifests(Spanned<Text>),
}

/// The keys of software.
pub(crate) const KEYS: [Key; 2] = [
    Key {
        name: "helm",
        value: Helm::TYPE,
        is_required: false,
        doc: "Helm chart.",
    },
    Key {
        name: "manifests",
        value: Type::Template,
        is_required: false,
        doc: "Path or pattern of files with objects, instead of `helm`.",
    },
];

form! {
    "`helm`";
    struct Helm {
        /// URL of the chart repository: `https`, `http` or `oci`.
        repo: Spanned<Text> = required("repo", text),
        /// Name of the chart.
        chart: Spanned<Text> = required("chart", text),
        /// Version of the chart.
        version: Spanned<Text> = required("version", text),
        /// Name of the release; default: that of the add-on.
        release: Option<Spanned<Text>> = optional("release"),
        /// Namespace of the release.
        namespace: Spanned<Text> = required("namespace", text),
        /// Helm values, or a variable that contains them.
        values: Option<Node> = optional("values": Type::OneOf(&[Type::Map, Type::Template]), values),
        /// Helm values that the delivery method looks up: a tree whose leaves are paths in an object.
        runtime_values: Option<Node> = optional("runtimeValues": Type::Map, runtime_values),
    }
}

/// Reads `helm` or `manifests` of an add-on, which must set exactly one of them.
pub fn software(
    node: &Node,
    addon: &Spanned<Rc<str>>,
    diags: &mut Diagnostics,
) -> Option<Software> {
    let software = Mapping::read(node, "an add-on", &KEYS, diags)?;
    let [helm, manifests] = KEYS.map(|key| key.name);
    match (software.get(helm), software.get(manifests)) {
        (Some(_), None) => {
            let helm = software.optional(helm, Helm::read, diags)?;
            Some(Software::Helm(Box::new(helm.chart(addon))))
        }
        (None, Some(_)) => {
            let path = software.optional(manifests, Spanned::read, diags)?;
            Some(Software::Manifests(path))
        }
        (helm, _) => {
            let span = helm.map_or(software.head(), |helm| helm.span);
            let message = "an add-on must set exactly one of `helm` or `manifests`";
            diags.push(
                Diagnostic::new(Code::MissingKey, span, message)
                    .help("set `helm: {repo: …, chart: …, version: …, namespace: …}`"),
            );
            None
        }
    }
}

/// Returns the software of an add-on as written if it is valid.
pub(crate) fn written(addon: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Node> {
    let entries = KEYS.iter().filter_map(|key| addon.entry(key.name));
    let entries: Vec<Entry> = entries.cloned().collect();
    let written = Node::mapping(addon.head(), entries);
    let unnamed = Spanned {
        value: Rc::default(),
        span: addon.head(),
    };
    software(&written, &unnamed, diags)?;
    Some(written)
}

/// Checks the keys of a patch's `merge`; its values are checked after it is applied.
pub(crate) fn check_keys(merge: &Node, diags: &mut Diagnostics) -> Option<()> {
    let before = diags.errors();
    let merge = Mapping::read(merge, "the `merge` of an add-on's patch", &KEYS, diags)?;
    if let Some(helm) = merge.get(KEYS[0].name) {
        Mapping::read(helm, Helm::SUBJECT, &Helm::keys(), diags)?;
    }
    (diags.errors() == before).then_some(())
}

impl Helm {
    fn chart(self, addon: &Spanned<Rc<str>>) -> Chart {
        Chart {
            repo: self.repo,
            chart: self.chart,
            version: self.version,
            release: self.release.unwrap_or_else(|| Spanned {
                value: Text::Literal(Rc::clone(&addon.value)),
                span: addon.span,
            }),
            namespace: self.namespace,
            values: self.values,
            runtime_values: self.runtime_values,
        }
    }
}

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
