//! The pages of all messages.

use kubectl_fleet::diagnostic::{Code, Exit};

use super::page::{Fence, Page};
use crate::fleet::Fleet;

/// The pages below `docs/reference/messages/`, in the order of the codes.
pub(super) const MESSAGES: [&str; 11] = [
    "files",
    "yaml",
    "fleet",
    "lists",
    "clusters",
    "add-ons",
    "cells",
    "templates",
    "objects",
    "schemas",
    "argocd",
];

/// Returns the exit code of a code in words.
pub(super) fn severity(code: Code) -> &'static str {
    match code.exit() {
        None => "A warning",
        Some(Exit::Files) => "Exit code 3",
        Some(Exit::Guard) => "Exit code 4",
        Some(Exit::Environment) => "Exit code 5",
    }
}

#[test]
fn every_code_has_its_section() {
    let base = Page::read("docs/reference/messages/README.md");
    let base: Vec<&Fence> = base.under("## The fleet of the examples").collect();
    let pages = MESSAGES.map(|name| Page::read(&format!("docs/reference/messages/{name}.md")));
    let codes: Vec<String> = pages.iter().flat_map(Page::codes).collect();
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(codes, known);
    for code in Code::ALL {
        let has_code = |page: &&Page| page.codes().iter().any(|name| name == code.name());
        let page = pages.iter().find(has_code).expect("a page");
        let heading = format!("## `{}`", code.name());
        let body = page.body(&heading);
        let first = format!("\n{} *{}.*\n", code.summary(), severity(*code));
        assert!(body.starts_with(&first), "{heading} begins with {first}");
        assert!(body.contains("\n**Fix:** "), "{heading} has a fix");
        let change: Vec<&Fence> = page.under(&heading).collect();
        if change.is_empty() {
            assert!(body.contains("\nFor example: "), "{heading} has an example");
            continue;
        }
        let fleet = Fleet::empty();
        for fence in base.iter().chain(&change) {
            let path = fence.path().expect("a file");
            let head = match fence.text.lines().any(|line| line.starts_with("kind:")) {
                _ if path != "fleet.yaml" => "",
                true => "",
                false => "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\n",
            };
            fleet.write(path, format!("{head}{}", fence.text));
        }
        let json = fleet.run(&["validate", "-o", "json"]).stdout;
        let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let found: Vec<_> = found["messages"].as_array().expect("messages").clone();
        let found: Vec<_> = found.iter().map(|message| &message["code"]).collect();
        assert!(
            found.iter().all(|found| *found == code.name()) && !found.is_empty(),
            "the example of {heading} gives {found:?}"
        );
    }
}
