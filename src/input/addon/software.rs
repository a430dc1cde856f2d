//! What an add-on installs: a chart or manifests, typed.
//!
//! Patches change an add-on as it is written, so this reads what comes out of them, too.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::{self, Mapping};
use crate::model::Chart;
use crate::source::Spanned;
use crate::tree::{Node, Scalar, Shape, Style, Text};

/// What an add-on installs.
#[derive(Clone, Debug)]
pub enum Software {
    /// `helm`: a chart.
    Helm(Box<Chart>),
    /// `manifests`: the path or pattern of files with objects.
    Manifests(Spanned<Text>),
}

const SOFTWARE: [&str; 2] = ["helm", "manifests"];
const CHART: [&str; 7] = [
    "repo",
    "chart",
    "version",
    "release",
    "namespace",
    "values",
    "runtimeValues",
];

/// Reads `helm` or `manifests` of an add-on, of which there is one.
pub fn software(
    node: &Node,
    addon: &Spanned<Rc<str>>,
    diags: &mut Diagnostics,
) -> Option<Software> {
    let software = Mapping::read(node, "an add-on", &SOFTWARE, diags)?;
    match (software.get("helm"), software.get("manifests")) {
        (Some(helm), None) => Some(Software::Helm(Box::new(chart(helm, addon, diags)?))),
        (None, Some(manifests)) => {
            let path = read::template(manifests, "`manifests`", diags)?;
            Some(Software::Manifests(path))
        }
        (helm, _) => {
            let span = helm.map_or(software.head(), |helm| helm.span);
            let message = "an add-on has one of `helm` and `manifests`";
            diags.push(
                Diagnostic::new(Code::MissingKey, span, message)
                    .help("write helm: {repo: …, chart: …, version: …, namespace: …}"),
            );
            None
        }
    }
}

/// Checks the keys of a patch's `merge`; its values are checked once it is applied.
pub(crate) fn check_keys(merge: &Node, diags: &mut Diagnostics) -> Option<()> {
    let before = diags.errors();
    let merge = Mapping::read(merge, "the `merge` of an add-on's patch", &SOFTWARE, diags)?;
    if let Some(helm) = merge.get("helm") {
        Mapping::read(helm, "`helm`", &CHART, diags)?;
    }
    (diags.errors() == before).then_some(())
}

fn chart(node: &Node, addon: &Spanned<Rc<str>>, diags: &mut Diagnostics) -> Option<Chart> {
    let helm = Mapping::read(node, "`helm`", &CHART, diags)?;
    let mut required = |key: &str| {
        let node = helm.require(key, diags)?;
        text(node, &format!("`{key}`"), diags)
    };
    let [repo, chart, version, namespace] =
        ["repo", "chart", "version", "namespace"].map(&mut required);
    let release = helm
        .get("release")
        .map(|node| read::template(node, "`release`", diags));
    let values = helm.get("values");
    if let Some(values) = values.filter(|values| !is_map(values)) {
        read::wrong_type(values, "`values`", "a mapping", diags);
    }
    let runtime_values = helm.get("runtimeValues");
    if let Some(values) = runtime_values {
        check_runtime(values, true, diags);
    }
    Some(Chart {
        repo: repo?,
        chart: chart?,
        version: version?,
        release: match release {
            Some(read) => read?,
            None => Spanned {
                value: Text::Literal(Rc::clone(&addon.value)),
                span: addon.span,
            },
        },
        namespace: namespace?,
        values: values.cloned(),
        runtime_values: runtime_values.cloned(),
    })
}

/// A text; an unquoted number is one as it is written, for versions such as `1.10`.
fn text(node: &Node, what: &str, diags: &mut Diagnostics) -> Option<Spanned<Text>> {
    match node.as_scalar() {
        Some(scalar) if node.shape() == Shape::Number => Some(Spanned {
            value: scalar.as_text(),
            span: node.span,
        }),
        _ => read::template(node, what, diags),
    }
}

/// A mapping, or a variable that may hold one.
fn is_map(node: &Node) -> bool {
    let is_variable =
        |scalar: &Scalar| scalar.style == Style::Plain && scalar.text.sole_slot().is_some();
    node.entries().is_some() || node.as_scalar().is_some_and(is_variable)
}

fn check_runtime(node: &Node, is_root: bool, diags: &mut Diagnostics) {
    if let Some(entries) = node.entries() {
        for entry in entries {
            if entry.key.is_open() {
                let message = "a key of `runtimeValues` takes no variable";
                let span = entry.key.span;
                diags.push(Diagnostic::new(Code::VariableNotAllowed, span, message));
            }
            check_runtime(&entry.value, false, diags);
        }
    } else if is_root {
        read::wrong_type(node, "`runtimeValues`", "a mapping", diags);
    } else if let Some(path) = read::string(node, "a leaf of `runtimeValues`", diags)
        && runtime_path(&path.value).is_none()
    {
        let message = format!("`{}` is no path into an object", path.value);
        let help = "write .metadata.annotations.vpc, or .metadata.labels[\"example.org/vpc\"]";
        diags.push(Diagnostic::new(Code::InvalidValue, path.span, message).help(help));
    }
}

/// The keys of a path such as `.metadata.annotations["example.org/vpc"]`.
pub fn runtime_path(path: &str) -> Option<Vec<&str>> {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
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
