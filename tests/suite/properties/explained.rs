//! Explanations: the winning value is the printed one, and its location contains it.

use std::collections::BTreeMap;

use kubectl_fleet::CompileOptions;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::explain::level::{Explanation, Section, State};
use kubectl_fleet::explain::target::{Part, Target};
use kubectl_fleet::explain::{Context, REDACTED, explain, path};
use kubectl_fleet::files::Files;
use kubectl_fleet::plan::{Plan, SubjectId};
use kubectl_fleet::render::Rendered;
use kubectl_fleet::source::Sources;
use kubectl_fleet::yaml::print::Format;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::addons::values;
use super::cases;
use super::layers::layers;
use super::layers::trees;
use super::patches::object;
use super::{merged_values, patches};
use crate::fleet::FleetFiles;
use crate::repository;

/// Maximum number of objects of a case.
const MAX_OBJECTS: usize = 40;

/// Calls `visit` with a compiled fleet.
fn compiled(files: &mut Files, visit: impl FnOnce(&mut Context<'_>)) {
    let options = CompileOptions::from(Format::Json);
    let mut diags = Diagnostics::default();
    let Ok((fleet, plan)) = kubectl_fleet::plan(files, &options, &mut diags) else {
        return;
    };
    let Ok(output) = kubectl_fleet::passes::fill(&fleet, plan, &options, &mut diags) else {
        return;
    };
    visit(&mut Context {
        is_shared: false,
        fleet: &fleet,
        output: &output,
        files,
    });
}

fn subject(plan: &Plan, id: SubjectId) -> String {
    match id {
        SubjectId::Cluster(index) => plan.clusters[index as usize].name.to_string(),
        SubjectId::Group(index) => {
            let group = &plan.groups[index as usize];
            format!("{}={}", group.label, group.name)
        }
        SubjectId::Fleet | SubjectId::Shared => "@fleet".to_owned(),
    }
}

/// Returns the values of an explanation, except for those of variables.
fn sections(explanation: &Explanation) -> impl Iterator<Item = &Section> {
    let sections = explanation.sections.iter();
    sections
        .filter(|section| !section.title.starts_with("variable ") && section.title != "more values")
}

/// Checks the winner of a value: there is one, and its location contains a value without expressions.
fn check_winner(section: &Section, sources: &Sources, context: &str) -> bool {
    let winners: Vec<_> = section
        .levels
        .iter()
        .filter(|level| level.state == State::Wins)
        .collect();
    assert_eq!(winners.len(), 1, "{context} {section:#?}");
    let winner = winners[0];
    let (Some(value), Some(span)) = (&winner.value, winner.span) else {
        return false;
    };
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned);
    let is_file = ["template", "patch", "layer", "add-on"].contains(&winner.kind);
    let is_simple = text
        .chars()
        .all(|char| char.is_ascii_alphanumeric() || "-._/ ".contains(char));
    if !is_file || !is_simple || text.is_empty() || winner.note.is_some() || value.is_null() {
        return false;
    }
    let source = sources.text(span.file);
    let written = &source[span.start as usize..];
    let line = written.lines().next().unwrap_or_default();
    // A block starts with its indicator, and a number can be written in another form.
    let is_other = line.starts_with(['|', '>', '*', '&']) || !value.is_string();
    assert!(
        is_other || line.contains(&text),
        "{context}: {text:?} is not in {line:?}"
    );
    true
}

/// Compares the sections of an object with the object.
fn check_object(context: &mut Context<'_>, object: Rendered<'_>, name: &str) -> usize {
    let bytes: Vec<u8> = object.pieces().flatten().copied().collect();
    let printed: Value = serde_json::from_slice(&bytes).unwrap();
    let identity = object.identity();
    let of_subject = subject(&context.output.plan, object.subject());
    let kind = identity.object.qualified_kind();
    let mut checked = 0;
    for key in printed.as_object().unwrap().keys() {
        let rest = format!(
            "{}:{}",
            identity.name,
            path::format(std::slice::from_ref(key))
        );
        let target = Target {
            subject: &of_subject,
            part: Part::Object(&kind, &rest),
        };
        let explanation = explain(context, &rest, target).unwrap();
        for section in sections(&explanation) {
            let keys = path::parse(&section.title).unwrap();
            let found = keys.iter().try_fold(&printed, |value, key| match value {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(key),
            });
            let value = section.value.as_ref().unwrap();
            let at = format!("{name} {of_subject}/{kind}/{rest} {}", section.title);
            assert!(
                *value == json!(REDACTED) || Some(value) == found,
                "{at}: {value} is not {found:?}"
            );
            checked += usize::from(check_winner(section, &context.files.sources, &at));
        }
    }
    checked
}

/// Checks all objects whose kind and name are unique for their subject.
fn check_objects(context: &mut Context<'_>, name: &str) -> usize {
    let output = context.output;
    let mut names: BTreeMap<String, Vec<Rendered<'_>>> = BTreeMap::new();
    for object in output.objects().take(MAX_OBJECTS) {
        let identity = object.identity();
        let subject = subject(&output.plan, object.subject());
        let key = format!(
            "{subject} {} {}",
            identity.object.qualified_kind(),
            identity.name
        );
        names.entry(key).or_default().push(object);
    }
    let unique = names.into_values().filter(|objects| objects.len() == 1);
    unique
        .map(|objects| check_object(context, objects[0], name))
        .sum()
}

#[test]
fn explanations_of_cases_end_at_the_printed_values() {
    let mut checked = 0;
    for case in repository::entries("testdata/ok") {
        let mut files = Files::open(&case.join("in")).unwrap();
        compiled(&mut files, |context| {
            checked += check_objects(context, &case.display().to_string());
        });
    }
    assert!(checked > 1000, "{checked} values are in their files");
}

/// Returns the leaves of a value, except nulls, by their paths.
fn leaves(value: &Value, at: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                leaves(
                    value,
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{at}/{index}"), found);
            }
        }
        value => {
            found.insert(at.to_owned(), value.clone());
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn explanations_of_an_addon_end_at_its_values(
        all in proptest::collection::vec(values(), 2..6),
    ) {
        let fleet = merged_values::fleet(&all, "argocd");
        let dir = fleet.write();
        let mut files = Files::open(dir.dir()).unwrap();
        compiled(&mut files, |context| {
            let application = context.output.objects().find(|object| {
                *object.identity().object.kind == *"Application"
            });
            let bytes: Vec<u8> = application.unwrap().pieces().flatten().copied().collect();
            let printed: Value = serde_json::from_slice(&bytes).unwrap();
            let Some(printed) = printed.pointer("/spec/source/helm/valuesObject") else {
                return;
            };
            let mut expected = BTreeMap::new();
            leaves(printed, "", &mut expected);
            for (pointer, value) in expected.into_iter().filter(|(pointer, _)| !pointer.is_empty()) {
                let keys = path::parse(&format!("/helm/values{pointer}")).unwrap();
                let target = Target { subject: "alice", part: Part::AddOn("x", keys) };
                let explanation = explain(context, "alice/x", target).unwrap();
                let section = sections(&explanation).next().unwrap();
                let found = section.value.as_ref().unwrap();
                assert!(*found == value || *found == json!(REDACTED), "{pointer}: {found} is not {value}");
                check_winner(section, &context.files.sources, &pointer);
            }
        });
    }

    #[test]
    fn explanations_of_patched_objects_end_at_the_objects(before in trees(true), layers in layers()) {
        let mut all = object("T", &before);
        let changes: Vec<_> = layers.iter()
            .map(|(change, clusters)| (change.written(&mut all), *clusters))
            .collect();
        let fleet: FleetFiles = patches::fleet(&before, &changes);
        let dir = fleet.write();
        let mut files = Files::open(dir.dir()).unwrap();
        compiled(&mut files, |context| {
            check_objects(context, "patched");
        });
    }
}
