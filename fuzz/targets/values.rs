//! Values of a template's variables: any string, and any YAML value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::model::cluster::CLUSTER_LABEL;
use kubectl_fleet::source::Sources;
use kubectl_fleet::template::BUILT_IN;
use kubectl_fleet::template::fill::Scope;
use kubectl_fleet::tree::expression::{Segment, references};
use kubectl_fleet::tree::{Entry, Node, Style, Value};
use kubectl_fleet::tree::{Plain, type_plain};
use kubectl_fleet::yaml::{self, NoMask};

use crate::written::{carried, mapping, quoted, sequence};

/// The value of a variable that the input does not set.
const HOSTILE: &str = "x: [y] #\n- z";

/// The variables of a cluster.
pub struct Values {
    /// The name of the cluster.
    pub name: &'static str,
    /// All variables except the built-in ones, as YAML in flow style.
    pub written: String,
    node: Node,
}

/// A value with its path.
enum Given {
    Value(String),
    Map(BTreeMap<String, Given>),
}

impl Values {
    /// Sets each variable of the documents to one of the values, starting at the first or at a
    /// later value; returns `None` if a variable is reserved.
    pub fn new(
        name: &'static str,
        documents: &[Node],
        given: &[&str],
        first: usize,
    ) -> Option<Self> {
        let mut paths: Vec<Vec<String>> = Vec::new();
        for document in documents {
            document.each_text(&mut |text, _| {
                for slot in text.slots() {
                    let expression = Segment::Expression(Box::new(slot.expression.clone()));
                    let found = references(std::slice::from_ref(&expression));
                    paths.extend(found.into_iter().map(|one| one.path.to_vec()));
                }
            });
        }
        let mut given = given.iter().copied().cycle().skip(first);
        let mut values = BTreeMap::new();
        for path in paths {
            match path[0].as_str() {
                "CLUSTER_NAME" | "NAMESPACE" | "LABELS" => {}
                other if BUILT_IN.contains(&other) => return None,
                _ => put(&mut values, &path, given.next().unwrap_or(HOSTILE)),
            }
        }
        let written = Given::Map(values).written();
        let node = read(&written)?;
        Some(Self {
            name,
            written,
            node,
        })
    }
}

impl Scope for Values {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let text = || Node::string(self.node.span, self.name);
        match name {
            "CLUSTER_NAME" | "NAMESPACE" => Some(Cow::Owned(text())),
            "LABELS" => {
                let entries = vec![Entry::new(CLUSTER_LABEL, text())];
                Some(Cow::Owned(Node::mapping(self.node.span, entries)))
            }
            _ => self.node.get(name).map(Cow::Borrowed),
        }
    }
}

fn put(values: &mut BTreeMap<String, Given>, path: &[String], given: &str) {
    let [first, rest @ ..] = path else {
        return;
    };
    let new = || match rest {
        [] => Given::Value(value(given)),
        _ => Given::Map(BTreeMap::new()),
    };
    if let Given::Map(inner) = values.entry(first.clone()).or_insert_with(new) {
        put(inner, rest, given);
    }
}

impl Given {
    fn written(&self) -> String {
        match self {
            Self::Value(value) => value.clone(),
            Self::Map(entries) => mapping(
                entries
                    .iter()
                    .map(|(key, value)| (quoted(key), value.written())),
            ),
        }
    }
}

/// Returns a value as YAML in flow style: a YAML value after `=`, otherwise a string.
fn value(given: &str) -> String {
    match given.strip_prefix('=').and_then(read) {
        Some(node) => flow(&node),
        None => quoted(&carried(given)),
    }
}

/// Returns the first document of a string without errors.
fn read(text: &str) -> Option<Node> {
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let file = sources.add("values.yaml", text.to_owned());
    let documents = yaml::parse(file, &sources.text(file), &NoMask, &mut diags)?;
    diags.checkpoint().ok()?;
    documents.into_iter().next()
}

fn flow(node: &Node) -> String {
    match &node.value {
        Value::Sequence(items) => sequence(items.iter().map(flow)),
        Value::Mapping(entries) => mapping(
            entries
                .iter()
                .map(|entry| (quoted(&entry.key.text.source_text()), flow(&entry.value))),
        ),
        Value::Scalar(scalar) => {
            let text = node.text().unwrap_or_default();
            match type_plain(text) {
                _ if scalar.style == Style::Quoted => quoted(text),
                Plain::Null => "null".to_owned(),
                Plain::Bool(truth) => truth.to_string(),
                Plain::Number(number) => number,
                Plain::String | Plain::Unrepresentable(_) => quoted(text),
            }
        }
    }
}
