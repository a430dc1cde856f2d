//! Values that are looked up for each cluster: `helm.runtimeValues` as expressions of the delivery method's engine.

use std::rc::Rc;

use crate::input::addon::Chart;
use crate::input::addon::runtime_path;
use crate::model::delivery::Lookups;
use crate::source::Span;
use crate::tree::{Embedded, Entry, Node, Part, Text};

/// Returns the values of a chart as YAML in a string. If an engine evaluates the string, it contains the lookups, and
/// `{{` in other values is escaped.
pub(super) fn values(chart: &Chart, engine: Option<&Lookups>, span: Span) -> Node {
    let tree = chart.values.clone();
    let paths = chart.runtime_values.as_ref();
    let embedded = Embedded {
        tree: tree.unwrap_or_else(|| Node::mapping(span, Vec::new())),
        runtime: engine.and_then(|engine| Some(expressions(engine, paths?))),
        is_template: engine.is_some(),
    };
    Node::quoted(span, Text::Parts([Part::Yaml(Rc::new(embedded))].into()))
}

/// Returns the paths as expressions.
fn expressions(engine: &Lookups, paths: &Node) -> Node {
    let Some(entries) = paths.entries() else {
        let expression = lookup(engine, paths.text().unwrap_or_default());
        return Node::string(paths.span, &expression);
    };
    let entry = |entry: &Entry| Entry {
        key: entry.key.clone(),
        value: expressions(engine, &entry.value),
    };
    Node::mapping(paths.span, entries.iter().map(entry).collect())
}

/// Returns a path as an expression. The expression renders the value as JSON, so that it is one value regardless of
/// its content. A missing value is an error, because otherwise a wrong value would be installed.
fn lookup(engine: &Lookups, path: &str) -> String {
    let mut keys = runtime_path(path).unwrap_or_default();
    if keys.first() == Some(&"metadata") && !engine.cluster.is_empty() {
        keys.insert(0, &engine.cluster);
    }
    let Some((last, holders)) = keys.split_last() else {
        return String::new();
    };
    let step = |holder: String, key: &&str| below(&holder, key);
    let holder = holders.iter().fold(String::new(), step);
    let found = below(&holder, last);
    if is_identifier(last) && engine.fails_on_missing {
        return format!("{{{{ {found} | toJson }}}}");
    }
    // `index` returns nothing for a missing key, and so does every lookup in an engine that runs without
    // `missingkey=error`. A missing parent key already fails, or the last key does not exist either.
    let holder = if engine.has_string_maps {
        format!("({holder} | toJson | fromJson)")
    } else {
        holder
    };
    format!(
        "{{{{ if hasKey {holder} `{last}` }}}}{{{{ {found} | toJson }}}}{{{{ else }}}}{{{{ fail `{path} is not set` }}}}{{{{ end }}}}"
    )
}

/// Returns the expression of a key of the value of another expression.
fn below(holder: &str, key: &str) -> String {
    match (is_identifier(key), holder) {
        (true, _) => format!("{holder}.{key}"),
        (false, "") => format!("(index . `{key}`)"),
        (false, _) => format!("(index {holder} `{key}`)"),
    }
}

/// Returns `true` if a template can write a key after a dot.
fn is_identifier(key: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    key.bytes().all(is_allowed) && !key.starts_with(|first: char| first.is_ascii_digit())
}
