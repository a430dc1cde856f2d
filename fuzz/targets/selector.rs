//! Any selector and any labels. The matches must equal those of a second implementation of the Kubernetes
//! rules.

#![no_main]

mod choices;
mod fleet;
mod oracle;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use choices::{KEYS, Odd, Selector, Word};
use fleet::Fleet;
use kubectl_fleet::diagnostic::Code;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use oracle::{Tree, meets, requirements};
use serde_json::Value;
use written::{mapping, quoted};

#[derive(Debug, Arbitrary)]
struct Input {
    clusters: Vec<Vec<(u8, Word)>>,
    selector: Written,
}

#[derive(Debug, Arbitrary)]
enum Written {
    Selector(Selector),
    Other(Odd),
    /// A handwritten selector with inserted pieces, used unchanged.
    Text(Selector, Vec<(u16, Piece)>),
}

/// A piece of YAML.
#[derive(Debug, Arbitrary)]
enum Piece {
    Known(u8),
    Line(u8),
    Free(String),
}

const PIECES: [&str; 20] = [
    "matchLabels:",
    "matchExpressions:",
    "\n    key:",
    "\n    operator: In",
    "\n    values:",
    "[{key: a, operator: In, values: [x, y]}]",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "&a ",
    "*a ",
    "!!str ",
    "|",
    "# ",
    "~",
];

fuzz_target!(|input: Input| {
    let clusters: Vec<BTreeMap<&str, String>> = labels(&input.clusters);
    match &input.selector {
        Written::Selector(selector) => judge(&selector.tree(), &clusters),
        // An empty string is the same as no selector.
        Written::Other(Odd::Nothing) => {}
        Written::Other(odd) => judge(&odd.tree(), &clusters),
        Written::Text(selector, edits) => {
            read(&edited(selector.tree().block(2), edits), &clusters);
        }
    }
});

/// Returns the labels of each cluster, for at least one cluster.
fn labels(clusters: &[Vec<(u8, Word)>]) -> Vec<BTreeMap<&'static str, String>> {
    let label = |(key, value): &(u8, Word)| (KEYS[usize::from(*key) % KEYS.len()], value.value());
    let mut found: Vec<BTreeMap<&str, String>> = clusters
        .iter()
        .take(6)
        .map(|labels| labels.iter().map(label).collect())
        .collect();
    if found.is_empty() {
        found.push(BTreeMap::new());
    }
    found
}

/// Returns a string with pieces inserted at positions.
fn edited(mut text: String, edits: &[(u16, Piece)]) -> String {
    for (at, piece) in edits {
        let piece = match piece {
            Piece::Known(piece) => PIECES[usize::from(*piece) % PIECES.len()].to_owned(),
            Piece::Line(indent) => format!("\n{}", " ".repeat(usize::from(*indent % 6))),
            Piece::Free(text) => text.replace('\r', "\n"),
        };
        let at = usize::from(*at) % (text.len() + 1);
        let at = (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or_default();
        text.insert_str(at, &piece);
    }
    text
}

/// Checks that a selector is an error, or selects clusters, as in the second implementation.
fn judge(selector: &Tree, clusters: &[BTreeMap<&str, String>]) {
    let wanted = requirements(selector);
    match selected(&format!(" {}", selector.written()), clusters) {
        Ok(found) => {
            let wanted = wanted.expect("a selector that Kubernetes rejects");
            let expected: BTreeSet<usize> = (0..clusters.len())
                .filter(|at| meets(&wanted, &clusters[*at]))
                .collect();
            assert_eq!(found, expected);
        }
        Err(codes) => {
            assert!(wanted.is_none(), "{codes:?}");
            let known = [
                Code::InvalidSelector,
                Code::WrongType,
                Code::InvalidValue,
                Code::MissingKey,
                Code::UnknownKey,
                Code::DuplicateKey,
                Code::InvalidKey,
                Code::YamlBudget,
            ];
            assert!(codes.iter().all(|code| known.contains(code)), "{codes:?}");
        }
    }
}

/// Checks that the YAML of a selector has the same meaning for another parser.
fn read(text: &str, clusters: &[BTreeMap<&str, String>]) {
    let indented = text.replace('\n', "\n      ");
    let Ok(found) = selected(&format!("\n      {indented}"), clusters) else {
        return;
    };
    // In `fleet.yaml`, a dollar sign can start an expression.
    if text.contains('$') {
        return;
    }
    let Ok(value) = serde_saphyr::from_str::<Value>(&indented) else {
        return;
    };
    let tree = Tree::from(&value);
    if !matches!(tree, Tree::Nothing) {
        let wanted = requirements(&tree).expect("a selector that Kubernetes rejects");
        let expected: BTreeSet<usize> = (0..clusters.len())
            .filter(|at| meets(&wanted, &clusters[*at]))
            .collect();
        assert_eq!(found, expected);
    }
}

/// Returns the clusters of a template, after checking that a patch with the same selector has the same ones.
fn selected(
    selector: &str,
    clusters: &[BTreeMap<&str, String>],
) -> Result<BTreeSet<usize>, BTreeSet<Code>> {
    let field = |at: usize| format!("f{at}");
    let at = |key: &str| KEYS.iter().position(|known| *known == key);
    let member = |labels: &BTreeMap<&str, String>| {
        let labels = labels.iter();
        mapping(labels.map(|(key, value)| (at(key).map(field).unwrap_or_default(), quoted(value))))
    };
    let members = clusters.iter().map(member).enumerate();
    let members = mapping(members.map(|(at, member)| (format!("m{at}"), member)));
    let fields = mapping((0..KEYS.len()).map(|at| (field(at), "{default: null}".to_owned())));
    let labels = KEYS.iter().enumerate();
    let labels = mapping(labels.map(|(at, key)| (quoted(key), format!("\"${{f{at}}}\""))));
    // No text after the selector closes a quote or a brace.
    let fleet = format!(
        "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters: [{{list: list.yaml, fields: {fields}, labels: {labels}}}]
safety: {{allowEmpty: true}}
templates:
- file: selected.yaml
  selector: &selector{selector}
- file: patched.yaml
  patches:
  - name: hit
    selector: *selector
    target:
      kind: Patched
    merge:
      hit: 1
"
    );
    let template = |kind: &str| {
        format!("{{apiVersion: example.org/v1, kind: {kind}, metadata: {{name: one}}}}")
    };
    let files = [
        ("fleet.yaml", fleet),
        ("list.yaml", members),
        ("selected.yaml", template("Selected")),
        ("patched.yaml", template("Patched")),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let objects = Fleet {
        files: files.to_vec(),
    }
    .compile(|_, _| {})?;
    let numbers = |kind: &str, is_wanted: fn(&Value) -> bool| {
        let objects = objects
            .iter()
            .filter(|object| object["kind"] == kind && is_wanted(object));
        let number = |object: &Value| {
            let namespace = object["metadata"]["namespace"].as_str()?;
            namespace.strip_prefix('m')?.parse().ok()
        };
        let numbers: Vec<usize> = objects.filter_map(number).collect();
        let set: BTreeSet<usize> = numbers.iter().copied().collect();
        assert_eq!(set.len(), numbers.len());
        set
    };
    let found = numbers("Selected", |_| true);
    assert_eq!(found, numbers("Patched", |object| object["hit"] == 1));
    assert_eq!(numbers("Patched", |_| true).len(), clusters.len());
    Ok(found)
}
