//! Errors are reported by `validate` and by `generate`, with an exit code and without output.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::cases;
use crate::fleet::{Fleet, FleetFiles, Run};

/// A change to a line or word of a file.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Duplicate,
    SwapWithNext,
    Word(Index, &'static str),
    Value(&'static str),
    Indent(&'static str),
}

fn changes() -> impl Strategy<Value = Change> {
    let words = proptest::sample::select(vec![
        "",
        "x",
        "X_1",
        "-",
        "12",
        "~",
        "yes",
        "[]",
        "{}",
        "[a]",
        "{a: b}",
        "${X}",
        "${",
        "}",
        "$$",
        "*a",
        "&a b",
        "!!int 1",
        "|",
        "\"",
        "'",
        "---",
        "<<",
        "builtin:eks",
        "../x",
        "*",
        "\t",
        "\u{85}",
        "Cluster",
        "List",
        "selector",
        "default",
        "\"\\0\"",
        "\"\\ue000\"",
        "1e400",
    ]);
    prop_oneof![
        Just(Change::Remove),
        Just(Change::Duplicate),
        Just(Change::SwapWithNext),
        (any::<Index>(), words.clone()).prop_map(|(at, word)| Change::Word(at, word)),
        words.prop_map(Change::Value),
        proptest::sample::select(vec!["", " ", "    ", "\t", "- ", "# "]).prop_map(Change::Indent),
    ]
}

impl Change {
    fn apply(&self, text: &str, line: Index) -> String {
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        if lines.is_empty() {
            return "x".to_owned();
        }
        let at = line.index(lines.len());
        match self {
            Self::Remove => drop(lines.remove(at)),
            Self::Duplicate => lines.insert(at, lines[at].clone()),
            Self::SwapWithNext => lines.swap(at, (at + 1) % text.lines().count()),
            Self::Word(index, word) => {
                let is_end = |c: char| c.is_whitespace() || "{}[]:,\"".contains(c);
                let words: Vec<&str> = lines[at].split_inclusive(is_end).collect();
                let index = index.index(words.len().max(1));
                let changed = words.iter().enumerate().map(|(at, old)| {
                    let end = old.chars().next_back().filter(|c| is_end(*c));
                    let new = || {
                        end.into_iter()
                            .fold((*word).to_owned(), |new, end| format!("{new}{end}"))
                    };
                    if at == index {
                        new()
                    } else {
                        (*old).to_owned()
                    }
                });
                lines[at] = changed.collect();
            }
            Self::Value(value) => {
                let end = lines[at].find(": ").map_or(0, |colon| colon + 2);
                lines[at].replace_range(end.., value);
            }
            Self::Indent(indent) => lines[at] = format!("{indent}{}", lines[at].trim_start()),
        }
        lines.join("\n")
    }
}

/// Generates a fleet of `testdata/ok` with a few changes.
fn changed() -> impl Strategy<Value = FleetFiles> {
    let fleets: Vec<FleetFiles> = FleetFiles::cases().into_values().collect();
    let change = (any::<Index>(), any::<Index>(), changes());
    let changes = proptest::collection::vec(change, 1..4);
    (proptest::sample::select(fleets), changes).prop_map(|(mut fleet, changes)| {
        for (file, line, change) in changes {
            let texts: Vec<(&str, &str)> = fleet.texts().collect();
            let (path, text) = texts[file.index(texts.len())];
            let (path, text) = (path.to_owned(), change.apply(text, line));
            fleet.0.insert(path, text.into_bytes());
        }
        fleet
    })
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// Compiling also checks that there is no panic, and that both formats agree.
    #[test]
    fn changed_fleet_is_rendered_or_rejected(fleet in changed()) {
        if let Err(refused) = fleet.compile() {
            prop_assert!(!refused.codes.is_empty() && !refused.text.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn validate_reports_every_error_of_generate(fleet in changed()) {
        let fleet = fleet.write();
        let validate = fleet.run(&["validate", "-o", "json"]);
        let found: Value = serde_json::from_str(&validate.stdout).unwrap();
        let errors = found["messages"].as_array().unwrap().iter();
        let errors = errors.filter(|message| message["severity"] == "error").count();
        for form in ["yaml", "json"] {
            let Run { code, stdout, stderr } = fleet.run(&["generate", "-o", form]);
            prop_assert!(matches!(code, 0 | 3 | 4), "{} {}", code, stderr);
            prop_assert_eq!(code == 0, errors == 0, "{}", stderr);
            prop_assert!(code == 0 || stdout.is_empty());
            prop_assert!(code != 0 || !stderr.contains("error["), "{}", stderr);
        }
        prop_assert_eq!(validate.code, i32::from(errors > 0));
    }
}

#[test]
fn validate_reports_errors_of_both_output_formats() {
    // A quotation mark in a block of YAML is two characters in JSON.
    let lines = format!("    {}\n", "\"".repeat(99)).repeat(9_000);
    let template =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  a: |\n{lines}");
    let fleet = "{apiVersion: kubectl-fleet.io/v1alpha1, kind: Fleet, clusters: [{list: list.yaml}], templates: [{file: template.yaml}]}";
    let fleet = Fleet::new([
        ("fleet.yaml", fleet),
        ("list.yaml", "a: {}"),
        ("template.yaml", &template),
    ]);
    let codes = [
        &["generate"][..],
        &["generate", "-o", "json"],
        &["validate"],
    ]
    .map(|args| fleet.run(args).code);
    assert_eq!(codes, [0, 4, 1]);
}
