//! Tests of binding, whose results are compared as JSON.

use std::borrow::Cow;

use super::*;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::template::parse;
use crate::yaml::print::{self, Format, Place};

/// A scope of bound names; `UNSET` is bound and has no value.
struct Bound(Node);

impl Scope for Bound {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.0.get(name).map(Cow::Borrowed)
    }

    fn is_bound(&self, name: &str) -> bool {
        name == "UNSET" || self.0.get(name).is_some()
    }
}

/// The values of bound names; `region` is not bound.
const VALUES: &str = r#"
NAME: web
NUMBER: "1.10"
EMPTY: ""
OPEN: "${region}"
PARTS: "a-${region}"
MAP: {a: 1, b: "${region}"}
LIST: [x, z]
FILES: [{name: p, text: q}]
"#;

fn read(text: &str) -> Node {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text.to_owned());
    let mut diags = Diagnostics::default();
    let documents = parse(file, &sources, &mut diags).unwrap_or_default();
    assert_eq!(diags.errors(), 0, "{text}");
    documents.into_iter().next().expect("a document")
}

/// Returns the document with `region` substituted after binding, and the messages of both.
fn bound(text: &str) -> (String, Vec<String>) {
    struct Cluster;
    impl Scope for Cluster {
        fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
            let span = read("a: b").span;
            (name == "region").then(|| Cow::Owned(Node::string(span, "eu")))
        }
    }
    let mut problems = Vec::new();
    let tree = bind(&read(text), &Bound(read(VALUES)), &mut problems);
    let tree = fill::node(&tree, &Cluster, &mut problems);
    let kind = |problem: FillError| format!("{:?}", problem.kind);
    let mut json = Vec::new();
    print::value(Format::Json, &tree, Place::Document, &mut json);
    let json = String::from_utf8(json).expect("a string");
    (json, problems.into_iter().map(kind).collect())
}

#[test]
fn bound_names_are_substituted_and_variables_remain() {
    for (text, expected) in [
        ("a: ${NAME}.${region}", r#"{"a":"web.eu"}"#),
        ("a: ${NUMBER}", r#"{"a":1.1}"#),
        (r#"a: "${NUMBER}""#, r#"{"a":"1.10"}"#),
        ("a: ${OPEN}/${PARTS}", r#"{"a":"eu/a-eu"}"#),
        ("a: ${OPEN^^}", r#"{"a":"EU"}"#),
        ("a: ${EMPTY:=d}${UNSET:=e}", r#"{"a":"de"}"#),
        ("a: ${EMPTY:=[1]}", r#"{"a":[1]}"#),
        ("a: ${MAP}", r#"{"a":{"a":1,"b":"eu"}}"#),
        ("a: ${MAP.b}", r#"{"a":"eu"}"#),
        (r#""${NAME}": 1"#, r#"{"web":1}"#),
        ("{<<: ${MAP}, a: 2}", r#"{"b":"eu","a":2}"#),
        (
            r#"{a?: "${UNSET}", b?: "${NAME}", c?: "${region}"}"#,
            r#"{"b":"web","c":"eu"}"#,
        ),
        (r#"{a?: "${NAME}${UNSET}", b: 1}"#, r#"{"b":1}"#),
        ("a: {$case: NAME, web: 1, db: 2}", r#"{"a":1}"#),
        ("{a?: {$case: NAME, db: 2}, b: 1}", r#"{"b":1}"#),
        (r#"a: {$case: region, eu: "${NAME}"}"#, r#"{"a":"web"}"#),
        (
            r#"a: {$case: "${region:=us}", us: 1, eu: "${NAME}"}"#,
            r#"{"a":"web"}"#,
        ),
        (
            r#"a: {$case: "${UNSET:=web}", web: 1, eu: 2}"#,
            r#"{"a":1}"#,
        ),
        (
            r#"a: [{$each: LIST, b: "${WITH}.${region}"}]"#,
            r#"{"a":[{"b":"x.eu"},{"b":"z.eu"}]}"#,
        ),
        (
            r#"a: [{$each: LIST, $item: "${WITH}"}]"#,
            r#"{"a":["x","z"]}"#,
        ),
        (
            r#"a: [{$each: FILES, b: "${WITH.name}"}]"#,
            r#"{"a":[{"b":"p"}]}"#,
        ),
        (
            r#"a: [{$each: "${UNSET:=[1, 2]}", $item: "${WITH}"}]"#,
            r#"{"a":["1","2"]}"#,
        ),
        ("a: $${NAME}", r#"{"a":"${NAME}"}"#),
    ] {
        assert_eq!(bound(text), (expected.to_owned(), Vec::new()), "{text}");
    }
}

#[test]
fn values_of_a_wrong_type_are_reported() {
    for (text, expected) in [
        ("a: ${UNSET}", "Missing(\"UNSET\")"),
        ("a: x${MAP}", "NotString(\"MAP\")"),
        ("a: \"${LIST}\"", "NotString(\"LIST\")"),
        ("a: {$case: NAME, db: 2}", "NoOption"),
        ("a: [{$each: NAME, b: 1}]", "NotSequence(\"NAME\")"),
        ("a: [{$each: UNSET, b: 1}]", "Missing(\"UNSET\")"),
        ("{<<: ${NAME}, a: 1}", "NotMapping"),
        ("{<<: ${UNSET}, a: 1}", "Missing(\"UNSET\")"),
        ("{web: 1, \"${NAME}\": 2}", "DuplicateKey(\"web\")"),
        ("a: ${PARTS^^}", "Failed"),
        ("a: ${region:=${NAME}}", "Failed"),
        ("a: ${NAME/w/${region}}", "Failed"),
    ] {
        let (_, problems) = bound(text);
        let found = problems.first().map_or("", String::as_str);
        assert!(found.starts_with(expected), "{text}: {problems:?}");
    }
}
