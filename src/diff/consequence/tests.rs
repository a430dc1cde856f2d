//! Tests of the table: the cases of `testdata/consequences/`, and properties of all rows.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{MAX_SIZE, MIN_SIZE};
use super::pools::{MAX_SIZE_PATH, MIN_SIZE_PATH};
use super::row::{Row, When};
use super::{Consequence, all, each_row, effects, guards, table};
use crate::diagnostic::Diagnostics;
use crate::diff::change::{FieldChange, FieldPath, ObjectChange};
use crate::diff::fields::{Point, compare};
use crate::plan::{Object, group_of};
use crate::source::{Sources, Spanned};
use crate::tree::{Entry, Node, Text};
use crate::yaml::{NoMask, parse};

/// The files of cases.
const CASES: [&str; 6] = [
    include_str!("../../../testdata/consequences/cluster-api.yaml"),
    include_str!("../../../testdata/consequences/cluster-api-rows.yaml"),
    include_str!("../../../testdata/consequences/delivery.yaml"),
    include_str!("../../../testdata/consequences/delivery-rows.yaml"),
    include_str!("../../../testdata/consequences/kubernetes.yaml"),
    include_str!("../../../testdata/consequences/providers.yaml"),
];

/// Calls `visit` with each case: its name, its change, and the names of the expected consequences.
fn each_case(visit: &mut dyn FnMut(&str, &ObjectChange<'_>, Vec<&str>)) {
    for text in CASES {
        let data = read(text);
        let objects = data.get("objects").expect("objects");
        for case in data.get("cases").and_then(Node::items).expect("cases") {
            let name = text_at(case, "object").expect("an object");
            let written = objects.get(name).expect(name);
            let old = merged(Some(written), case.get("before"));
            let new = merged(Some(&old), case.get("change"));
            let [old, new] = [old, new].map(object);
            let fields = differences(&old.tree, &new.tree);
            let is = |key| text_at(case, key) == Some("true");
            let change = ObjectChange {
                base: Some(&old).filter(|_| !is("added")),
                head: Some(&new).filter(|_| !is("removed")),
                fields: if is("added") || is("removed") {
                    &[]
                } else {
                    &fields
                },
                is_moved: is("moved"),
            };
            let expected = case.get("expect").and_then(Node::items).expect("expect");
            let expected = expected.iter().filter_map(Node::text).collect();
            visit(name, &change, expected);
        }
    }
}

#[test]
fn cases_have_the_expected_consequences() {
    let mut failed = Vec::new();
    each_case(&mut |name, change, expected| {
        let found = effects(change);
        let mut found: Vec<&str> = found.iter().map(|one| one.consequence.name()).collect();
        found.dedup();
        if found != expected {
            let paths = change.fields.iter().map(|one| one.path.to_string());
            let paths: Vec<String> = paths.collect();
            failed.push(format!(
                "{name} {paths:?}: {found:?}, expected {expected:?}"
            ));
        }
    });
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Returns a row with the first kind of its family; rows that apply to every kind have none.
fn row_key(kind: &str, row: &Row) -> String {
    let only = row.only.map_or("always", |only| only.text);
    let (when, consequences, reason) = (row.when, row.consequences, row.reason);
    format!("{kind}: {when:?} if {only}: {consequences:?} {reason}")
}

#[test]
fn each_row_applies_to_a_case() {
    let mut applied = BTreeSet::new();
    each_case(&mut |_, change, _| {
        let object = change.head.or(change.base).expect("an object");
        let family = table::family(&object.group, &object.kind);
        let kind = family.map_or("", |family| family.kinds[0].1);
        each_row(change, &mut |row, _, _| {
            applied.extend(["", kind].map(|kind| row_key(kind, row)));
        });
    });
    let of_kinds = table::families().flat_map(|family| {
        let rows = family.rows.iter();
        rows.map(|row| row_key(family.kinds[0].1, row))
    });
    let of_all = guards::ANNOTATIONS.iter().chain(guards::METADATA);
    let of_all = of_all.chain(guards::KEPT_ROWS.iter().copied());
    let of_all = of_all.chain(guards::OTHER.iter().copied());
    let all = of_kinds.chain(of_all.map(|row| row_key("", row)));
    let unused: Vec<String> = all.filter(|key| !applied.contains(key)).collect();
    let count = unused.len();
    assert!(
        unused.is_empty(),
        "{count} rows without a case: {unused:#?}"
    );
}

#[test]
fn no_row_hides_a_later_one() {
    for family in table::families() {
        for (at, row) in family.rows.iter().enumerate() {
            let hidden_by = family.rows[..at].iter().find(|earlier| hides(earlier, row));
            assert!(hidden_by.is_none(), "{row:?} is hidden by {hidden_by:?}");
        }
    }
}

fn hides(earlier: &Row, row: &Row) -> bool {
    let is_same = earlier.only.map(|only| only.text) == row.only.map(|only| only.text);
    match (earlier.when, row.when) {
        (When::Field(above), When::Field(path)) if earlier.only.is_none() => {
            let path: Vec<&str> = path.split(' ').collect();
            let mut above = above.split(' ').filter(|key| !key.is_empty()).enumerate();
            above.all(|(at, key)| key == "*" || path.get(at) == Some(&key))
        }
        (earlier_when, when) => earlier_when == when && (earlier.only.is_none() || is_same),
    }
}

#[test]
fn rows_are_sentences_with_a_source() {
    let families = table::families().flat_map(|family| family.rows);
    for row in families.chain(guards::ANNOTATIONS).chain(guards::METADATA) {
        assert!(
            row.reason.ends_with('.') && !row.reason.contains('|'),
            "{row:?}"
        );
        assert!(row.reason.split_whitespace().count() <= 25, "{row:?}");
        assert!(
            !row.consequences.is_empty() && !row.source.is_empty(),
            "{row:?}"
        );
    }
}

#[test]
fn paths_contain_the_annotations_of_the_autoscaler() {
    assert!(MIN_SIZE_PATH.ends_with(MIN_SIZE) && MAX_SIZE_PATH.ends_with(MAX_SIZE));
}

#[test]
fn consequences_have_distinct_names() {
    let names: BTreeMap<&str, Consequence> = Consequence::ALL
        .into_iter()
        .map(|one| (one.name(), one))
        .collect();
    assert_eq!(names.len(), Consequence::ALL.len());
    assert!(Consequence::ALL.is_sorted());
}

#[test]
fn page_contains_each_consequence() {
    let page = all();
    for consequence in Consequence::ALL {
        assert!(page.contains(consequence.title()), "{consequence:?}");
    }
}

#[test]
fn unknown_kinds_and_fields_are_unknown() {
    let tree = read("{apiVersion: example.org/v1, kind: Thing, metadata: {name: a}, spec: {b: 1}}");
    let old = object(tree.clone());
    let new = object(merged(Some(&tree), Some(&read("{spec: {b: 2}}"))));
    let fields = differences(&old.tree, &new.tree);
    let change = ObjectChange {
        base: Some(&old),
        head: Some(&new),
        fields: &fields,
        is_moved: false,
    };
    assert_eq!(effects(&change)[0].consequence, Consequence::Unknown);
    let removed = ObjectChange {
        base: Some(&old),
        head: None,
        fields: &[],
        is_moved: false,
    };
    assert_eq!(effects(&removed)[0].consequence, Consequence::Destroys);
}

#[test]
fn another_api_version_is_unknown() {
    let tree = read(
        "{apiVersion: cluster.x-k8s.io/v1beta1, kind: Cluster, metadata: {name: a}, spec: {topology: {class: a}}}",
    );
    let head = read(
        "{apiVersion: cluster.x-k8s.io/v1beta2, spec: {topology: {class: null, classRef: {name: a}}}}",
    );
    let [old, new] = [tree.clone(), merged(Some(&tree), Some(&head))].map(object);
    let fields = differences(&old.tree, &new.tree);
    let change = ObjectChange {
        base: Some(&old),
        head: Some(&new),
        fields: &fields,
        is_moved: false,
    };
    let found = effects(&change);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].consequence, Consequence::Unknown);
}

fn read(text: &str) -> Node {
    let mut sources = Sources::default();
    let file = sources.add("case.yaml", text.to_owned());
    let mut diags = Diagnostics::default();
    let mut documents = parse(file, text, &NoMask, &mut diags).expect("YAML");
    documents.remove(0)
}

fn text_at<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.text()
}

fn object(tree: Node) -> Object {
    let metadata = tree.get("metadata").expect("metadata");
    let text = |key: &str| {
        let value = text_at(metadata, key)?;
        Some(Spanned {
            span: tree.span,
            value: Text::Literal(value.into()),
        })
    };
    Object {
        span: tree.span,
        group: group_of(text_at(&tree, "apiVersion").expect("apiVersion")).into(),
        kind: text_at(&tree, "kind").expect("kind").into(),
        name: text("name").expect("a name"),
        namespace: text("namespace"),
        tree,
    }
}

/// Returns a node with a merge patch.
fn merged(node: Option<&Node>, patch: Option<&Node>) -> Node {
    let Some(patch) = patch else {
        return node.expect("a node").clone();
    };
    let Some(entries) = patch.entries() else {
        return patch.clone();
    };
    let mut result = node.and_then(Node::entries).unwrap_or_default().to_vec();
    for Entry { key, value } in entries {
        let literal = key.text.literal().expect("a literal key");
        let found = result
            .iter()
            .position(|entry| entry.key.text.literal() == Some(literal));
        match (value.is_null(), found) {
            (true, Some(at)) => _ = result.remove(at),
            (true, None) => {}
            (false, Some(at)) => result[at].value = merged(Some(&result[at].value), Some(value)),
            (false, None) => result.push(Entry::new(literal, merged(None, Some(value)))),
        }
    }
    Node::mapping(patch.span, result)
}

/// Returns the fields that differ, as a comparison of two fleets finds them.
fn differences(old: &Node, new: &Node) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(Some(old), Some(new), &mut FieldPath::default(), &mut found);
    found.into_iter().map(Point::constant).collect()
}
