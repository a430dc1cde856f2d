//! Values that are looked up for each cluster: `helm.runtimeValues` as expressions of the engine that a
//! delivery has. All of them run Go templates with sprig's functions over a text.

use std::rc::Rc;

use super::object;
use crate::input::addon::runtime_path;
use crate::plan::Chart;
use crate::source::Span;
use crate::tree::{Embedded, Entry, Node, Part, Text};

/// What runs expressions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// Sveltos, over the Cluster and what it refers to.
    Sveltos,
    /// Cluster API's add-on provider for Helm, over the same.
    Caaph,
    /// Argo CD's `ApplicationSet`, over the cluster's Secret.
    ArgoCd,
}

/// A chart's values as YAML in a text. Where an engine runs the text, values are looked up, and what begins
/// an expression in the others is escaped.
pub(super) fn values(chart: &Chart, engine: Option<Engine>, span: Span) -> Node {
    let tree = chart.values.clone();
    let paths = chart.runtime_values.as_ref();
    let embedded = Embedded {
        tree: tree.unwrap_or_else(|| Node::mapping(span, Vec::new())),
        runtime: engine.and_then(|engine| Some(engine.expressions(paths?))),
        is_template: engine.is_some(),
    };
    object::quoted(span, Text::Parts([Part::Yaml(Rc::new(embedded))].into()))
}

impl Engine {
    /// The paths as expressions.
    fn expressions(self, paths: &Node) -> Node {
        let Some(entries) = paths.entries() else {
            let expression = self.lookup(paths.text().unwrap_or_default());
            return Node::string(paths.span, &expression);
        };
        let entry = |entry: &Entry| Entry {
            key: entry.key.clone(),
            value: self.expressions(&entry.value),
        };
        Node::mapping(paths.span, entries.iter().map(entry).collect())
    }

    /// A path as an expression. What it finds is written as JSON, so that it stays one value whatever it
    /// holds, and what it does not find is an error: a wrong value would be installed.
    fn lookup(self, path: &str) -> String {
        let mut keys = runtime_path(path).unwrap_or_default();
        if keys.first() == Some(&"metadata") && self != Self::ArgoCd {
            keys.insert(0, "Cluster");
        }
        let Some((last, holders)) = keys.split_last() else {
            return String::new();
        };
        let step = |holder: String, key: &&str| below(&holder, key);
        let holder = holders.iter().fold(String::new(), step);
        let found = below(&holder, last);
        if is_word(last) && self != Self::Caaph {
            return format!("{{{{ {found} | toJson }}}}");
        }
        // `index` gives nothing where there is no such key, and so does everything in an engine that is
        // not told to fail. What lacks a key on the way there fails by itself, or has no last key.
        let holder = match self {
            // Labels and annotations are maps of texts here, and `hasKey` takes no such map.
            Self::ArgoCd => format!("({holder} | toJson | fromJson)"),
            Self::Sveltos | Self::Caaph => holder,
        };
        format!(
            "{{{{ if hasKey {holder} `{last}` }}}}{{{{ {found} | toJson }}}}{{{{ else }}}}{{{{ fail `{path} is not set` }}}}{{{{ end }}}}"
        )
    }
}

/// What is below a key of what an expression gives.
fn below(holder: &str, key: &str) -> String {
    match (is_word(key), holder) {
        (true, _) => format!("{holder}.{key}"),
        (false, "") => format!("(index . `{key}`)"),
        (false, _) => format!("(index {holder} `{key}`)"),
    }
}

/// Whether a template can say a key behind a dot.
fn is_word(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    key.bytes().all(is_letter) && !key.starts_with(|first: char| first.is_ascii_digit())
}
