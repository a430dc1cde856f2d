//! Any string, parsed as a list and as a template, rendered, and reported in messages.

#![no_main]

#[allow(dead_code)]
mod structure;

use std::borrow::Cow;

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::report;
use kubectl_fleet::source::{Sources, Span};
use kubectl_fleet::template::{self, fill};
use kubectl_fleet::tree::{Node, Value};
use kubectl_fleet::yaml::{self, NoMask};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("file.yaml", text.to_owned());
    let text = sources.text(file);

    let mut diags = Diagnostics::default();
    let list = yaml::parse(file, &text, &NoMask, &mut diags).unwrap_or_default();
    for node in &list {
        check_places(node, &text);
    }
    assert!(list.iter().all(Node::is_literal) || text.contains("<<"));
    report(diags, &sources, &text);

    let mut diags = Diagnostics::default();
    let documents = template::parse(file, &sources, &mut diags).unwrap_or_default();
    for node in &documents {
        check_places(node, &text);
    }
    let is_read = diags.checkpoint().is_ok();
    report(diags, &sources, &text);
    if is_read {
        let value = Node::string(Span::new(file, 0..0), "x: [y] #\n- z");
        for document in &documents {
            let mut problems = Vec::new();
            let scope = Hostile(value.clone());
            let filled = fill::node(document, &scope, &mut problems);
            if problems.is_empty() {
                assert!(filled.is_literal());
                structure::check(document, &filled, &scope);
            }
        }
    }
});

/// Sets every variable to the same string.
struct Hostile(Node);

impl fill::Scope for Hostile {
    fn get(&self, _: &str) -> Option<Cow<'_, Node>> {
        Some(Cow::Borrowed(&self.0))
    }
}

/// Checks that every location is inside the string, at character boundaries.
fn check_places(node: &Node, text: &str) {
    check_place(node.span, text);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| check_places(item, text)),
        Value::Mapping(entries) => {
            for entry in &**entries {
                check_place(entry.key.span, text);
                check_places(&entry.value, text);
            }
        }
    }
}

fn check_place(span: Span, text: &str) {
    assert!(
        text.get(span.start as usize..span.end as usize).is_some(),
        "{span:?}"
    );
}

fn report(diags: Diagnostics, sources: &Sources, text: &str) {
    let found = diags.into_sorted();
    for label in found
        .iter()
        .flat_map(|one| one.primary.iter().chain(&one.related))
    {
        check_place(label.span, text);
    }
    report::render_text(&found, sources);
    report::render_json(&found, &[], sources);
}
