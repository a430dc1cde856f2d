//! Binding some names and then substituting the others equals substituting everything at once.

use std::borrow::Cow;

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::source::Sources;
use kubectl_fleet::template::bind::bind;
use kubectl_fleet::template::error::{FillError, FillErrorKind};
use kubectl_fleet::template::fill::{self, Scope};
use kubectl_fleet::template::parse;
use kubectl_fleet::tree::Node;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;

/// Names that are bound, and variables of a cluster.
const NAMES: [&str; 6] = ["A", "B", "C", "v", "w", "x"];

/// Names that documents read, including `WITH` and the fields of entries.
const READ: [&str; 9] = ["A", "B", "C", "v", "w", "x", "WITH", "k", "m"];

/// The variables, and how many of them a scope has; the names are bound, whether they are set or not.
struct Variables<'a>(&'a Node, bool);

impl Scope for Variables<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        self.0.get(name).map(Cow::Borrowed)
    }

    fn is_bound(&self, name: &str) -> bool {
        self.1 || name.starts_with(char::is_uppercase)
    }
}

fn read(text: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text.to_owned());
    let mut diags = Diagnostics::default();
    let documents = parse(file, &sources, &mut diags)?;
    let document = documents.into_iter().next()?;
    (diags.errors() == 0).then_some(document)
}

/// A value of a variable: `None` if it is not set.
fn value() -> impl Strategy<Value = Option<&'static str>> {
    select(vec![
        None,
        Some("web"),
        Some("'1.10'"),
        Some("true"),
        Some("''"),
        Some("null"),
        Some("[p, q]"),
        Some("[]"),
        Some("{k: 1, m: 'z'}"),
        Some("[{k: p}, {k: q}]"),
    ])
}

/// An expression of a name.
fn expression(name: &str, form: usize) -> String {
    let forms = ["", "", ".k", "^^", ":=d", ":=[1, 2]", ":=", "/e/f"];
    format!("${{{name}{}}}", forms[form % forms.len()])
}

/// A value of a document, in flow style.
fn written() -> impl Strategy<Value = String> {
    let name = || select(NAMES.to_vec());
    let read = || select(READ.to_vec());
    let leaf = (read(), read(), 0..8_usize, 0..6_usize).prop_map(|(first, second, form, shape)| {
        let (a, b) = (expression(first, form), expression(second, 0));
        match shape {
            0 => format!("\"{a}\""),
            1 => format!("\"{a}-{b}\""),
            2 => format!("\"{b}{a}\""),
            3 => "5".to_owned(),
            _ => format!("\"x{a}\""),
        }
    });
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), select(vec!["", "?"])).prop_map(
                |(first, second, optional)| format!("{{k{optional}: {first}, l: {second}}}")
            ),
            (name(), inner.clone()).prop_map(|(list, item)| {
                format!("[{{$each: {list}, $item: {item}}}, \"${{{list}:=e}}\"]")
            }),
            (name(), inner.clone(), inner.clone()).prop_map(|(by, first, second)| format!(
                "{{$case: {by}, web: {first}, '': {second}}}"
            )),
            (name(), inner.clone(), inner.clone(), select(vec!["", "?"])).prop_map(
                |(list, first, second, optional)| format!(
                    "[{{$each: ${{{list}:=[p, {{k: q}}]}} , k: {first}, m{optional}: {second}}}]"
                )
            ),
            (name(), inner.clone(), inner.clone()).prop_map(|(by, first, second)| {
                format!("{{$case: \"${{{by}:=web}}\", web: {first}, p: {second}}}")
            }),
            inner.clone().prop_map(|tree| format!("{{$json: {tree}}}")),
            (name(), inner.clone())
                .prop_map(|(spread, first)| format!("{{<<: ${{{spread}}} , g: {first}}}")),
            (name(), inner).prop_map(|(key, first)| format!("{{\"${{{key}}}\": {first}, web: 1}}")),
        ]
    })
}

/// A line of a document: a value, or a single expression.
fn line() -> impl Strategy<Value = String> {
    let alone = (select(NAMES.to_vec()), 0..8_usize);
    prop_oneof![
        written(),
        alone.prop_map(|(name, form)| expression(name, form))
    ]
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn binding_before_substituting_changes_no_result(
        values in proptest::collection::vec(value(), NAMES.len()),
        lines in proptest::collection::vec((line(), select(vec!["", "?"])), 1..4),
    ) {
        let set = NAMES.iter().zip(&values).filter_map(|(name, value)| Some((name, (*value)?)));
        let all: Vec<String> = set.map(|(name, value)| format!("{name}: {value}")).collect();
        let is_name = |line: &&String| line.starts_with(char::is_uppercase);
        let names: Vec<&str> = all.iter().filter(is_name).map(String::as_str).collect();
        let (names, all) = (names.join("\n"), all.join("\n"));
        let all = read(&format!("other: 1\n{all}\n")).expect("values");
        let names = read(&format!("other: 1\n{names}\n")).expect("values");
        let lines = lines.iter().enumerate();
        let lines = lines.map(|(number, (line, optional))| format!("key{number}{optional}: {line}"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let Some(document) = read(&text) else { return Ok(()) };
        let (mut once, mut twice): (Vec<FillError>, Vec<FillError>) = (Vec::new(), Vec::new());
        let expected = fill::node(&document, &Variables(&all, true), &mut once);
        let bound = bind(&document, &Variables(&names, false), &mut twice);
        let found = fill::node(&bound, &Variables(&all, true), &mut twice);
        // A field of a bound entry that an entry of a cluster's list might hide is an error.
        let is_ambiguous = |error: &FillError| {
            matches!(&error.kind, FillErrorKind::Failed(why) if why.contains("of the outer `$each`"))
        };
        if twice.iter().any(is_ambiguous) {
            return Ok(());
        }
        // Binding also reports names below keys that only a variable of a cluster decides about.
        let has_decisions = text.contains("$case") || text.contains("?: ");
        let is_reported = twice.is_empty() == once.is_empty() || once.is_empty() && has_decisions;
        prop_assert!(is_reported, "{}\n{:?}\n{:?}", text, once, twice);
        if twice.is_empty() {
            prop_assert!(expected == found, "{}
{:?}
{:?}", text, expected, found);
        }
    }
}
