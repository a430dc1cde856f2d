//! Any template with any values of its variables, rendered and printed.

#![no_main]

mod fleet;
mod structure;
mod values;
mod written;

use fleet::Fleet;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::source::Sources;
use kubectl_fleet::template::{self, fill};
use kubectl_fleet::tree::{Entry, Node};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use structure::{check, is_printed};
use values::Values;

/// The names of the clusters.
const NAMES: [&str; 2] = ["a", "b"];

// The separator between the values of the variables and the template, which a file cannot contain.
fuzz_target!(|input: &str| {
    let (values, text) = input.rsplit_once('\0').unwrap_or(("", input));
    let given: Vec<&str> = values
        .split('\0')
        .filter(|value| !value.is_empty())
        .collect();
    let text = object(text);
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let file = sources.add("template.yaml", text.clone());
    let documents = template::parse(file, &sources, &mut diags);
    let Some(documents) = documents.filter(|_| diags.checkpoint().is_ok()) else {
        return;
    };
    let clusters: Vec<Option<Values>> = NAMES
        .iter()
        .enumerate()
        .map(|(at, name)| Values::new(name, &documents, &given, at))
        .collect();
    let Some(clusters) = clusters.into_iter().collect::<Option<Vec<Values>>>() else {
        return;
    };
    let mut good = Vec::new();
    let mut filled = Vec::new();
    for values in &clusters {
        let objects: Vec<Option<Node>> = documents
            .iter()
            .map(|document| fill(document, values, &sources))
            .collect();
        if let Some(objects) = objects.into_iter().collect::<Option<Vec<Node>>>() {
            good.push(values);
            filled.extend(objects);
        }
    }
    let all: Vec<&Values> = clusters.iter().collect();
    if good.len() < all.len() {
        let is_surely_wrong = |values: &&Values| {
            let mut parts = documents.iter().flat_map(|document| spec(document));
            parts.any(|entry| {
                let mut problems = Vec::new();
                fill::node(&entry.value, *values, &mut problems);
                !problems.is_empty()
            })
        };
        let printed = compile(&text, &all);
        assert!(printed.is_none() || !all.iter().any(is_surely_wrong));
    }
    if !good.is_empty()
        && let Some(printed) = compile(&text, &good)
    {
        compare(&documents, &filled, &printed);
    }
});

/// Returns the YAML of an object; YAML without a kind becomes a part of an object.
fn object(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.contains("kind:") {
        return text;
    }
    let indented = text.replace('\n', "\n  ");
    format!("apiVersion: example.org/v1\nkind: Any\nmetadata: {{name: any}}\nspec:\n  {indented}")
}

/// Returns the rendered document, or `None` if rendering fails.
fn fill(document: &Node, values: &Values, sources: &Sources) -> Option<Node> {
    let mut problems = Vec::new();
    let filled = fill::node(document, values, &mut problems);
    for problem in &problems {
        let (start, end) = (problem.span.start as usize, problem.span.end as usize);
        assert!(
            sources.text(problem.span.file).get(start..end).is_some(),
            "{problem:?}"
        );
        let (_, described) = problem.kind.describe("the fleet", None);
        assert!(!described.message.is_empty());
    }
    if problems.is_empty() {
        assert!(filled.is_literal());
        check(document, &filled, values);
        return Some(filled);
    }
    None
}

/// Returns the entries of an object whose scalars keep their types: `metadata` has only
/// strings.
fn spec(object: &Node) -> Vec<&Entry> {
    let is_typed = |entry: &&Entry| {
        let mut is_typed = entry.key.text.literal().is_some();
        let mut visit = |node: &Node| {
            is_typed &= node.entry("metadata").is_none() && node.entry("matchLabels").is_none();
        };
        walk(&entry.value, &mut visit);
        is_typed && entry.key.text.literal() != Some("metadata")
    };
    object
        .entries()
        .unwrap_or_default()
        .iter()
        .filter(is_typed)
        .collect()
}

fn walk(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    for item in node.items().unwrap_or_default() {
        walk(item, visit);
    }
    for entry in node.entries().unwrap_or_default() {
        walk(&entry.value, visit);
    }
}

/// Returns the output of a template for these clusters, or `None` if there is an error.
fn compile(template: &str, clusters: &[&Values]) -> Option<Vec<Value>> {
    let lists: Vec<String> = clusters
        .iter()
        .enumerate()
        .map(|(at, values)| format!("{{list: {at}.yaml, variables: {}}}", values.written))
        .collect();
    let fleet = format!(
        "{{apiVersion: kubectl-fleet.io/v1alpha1, kind: Fleet, clusters: [{}], templates: [{{file: template.yaml}}]}}",
        lists.join(", ")
    );
    let mut files = vec![
        ("fleet.yaml".to_owned(), fleet.into_bytes()),
        ("template.yaml".to_owned(), template.as_bytes().to_vec()),
    ];
    for (at, values) in clusters.iter().enumerate() {
        files.push((
            format!("{at}.yaml"),
            format!("{}: {{}}", values.name).into_bytes(),
        ));
    }
    Fleet { files }.compile(|_, _| {}).ok()
}

/// Checks that the output contains the rendered documents, in order, each with the values of its cluster.
fn compare(documents: &[Node], filled: &[Node], printed: &[Value]) {
    let is_namespace =
        |document: &Node| document.get("kind").and_then(Node::text) == Some("Namespace");
    if documents.iter().any(is_namespace) {
        return;
    }
    let made = printed
        .iter()
        .take_while(|object| object["kind"] == "Namespace")
        .count();
    let printed = &printed[made..];
    assert!(printed.len() <= filled.len());
    // Identical objects are printed only once.
    if printed.len() == filled.len() {
        for (filled, printed) in filled.iter().zip(printed) {
            is_printed(filled, printed);
        }
    }
}
