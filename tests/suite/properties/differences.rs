//! `diff` reports exactly the objects whose bytes differ, each with a line that an edit touched.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::diff::difference::{Difference, Side, difference};
use kubectl_fleet::diff::json::json;
use kubectl_fleet::diff::markdown::markdown;
use kubectl_fleet::diff::open_files::read_files_of_other;
use kubectl_fleet::diff::text::text;
use kubectl_fleet::files::{Files, Memory};
use kubectl_fleet::render::Output;
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::yaml::print::Format;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;

use super::cases;
use crate::fleet::{FleetFiles, identity};

/// A compiled fleet.
struct Compiled {
    files: Files,
    output: Output,
}

fn compiled(fleet: &FleetFiles) -> Option<Compiled> {
    let add = |memory: Memory, (path, bytes): (&String, &Vec<u8>)| memory.file(path, bytes.clone());
    let memory = fleet.0.iter().fold(Memory::default(), add);
    let mut files = Files::new(Rc::new(memory));
    let options = CompileOptions {
        keep_identities: true,
        ..Format::Json.into()
    };
    let output = compile(&mut files, options, &mut Diagnostics::default()).ok()?;
    Some(Compiled { files, output })
}

/// Returns the bytes of the objects by identity, without versions.
fn objects(output: &Output) -> BTreeMap<String, String> {
    let mut bytes = Vec::new();
    output.write(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let object = |line: &str| {
        let object: Value = serde_json::from_str(line).unwrap();
        (without_version(&identity(&object)), line.to_owned())
    };
    text.lines().map(object).collect()
}

fn without_version(identity: &str) -> String {
    let (version, rest) = identity.split_once(' ').unwrap();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    format!("{group} {rest}")
}

fn side(compiled: &Compiled) -> Side<'_> {
    Side {
        output: &compiled.output,
        sources: &compiled.files.sources,
    }
}

fn compare(base: &mut Compiled, head: &mut Compiled) -> Difference {
    read_files_of_other([&mut base.files, &mut head.files]);
    difference(side(base), side(head))
}

/// Returns the objects of a difference by identity, each with its causes as `path:line`.
fn reported(found: &Difference) -> BTreeMap<String, BTreeSet<(String, usize)>> {
    let cause = |cause: &usize| {
        let line = &found.causes[*cause];
        (line.path.clone(), line.number)
    };
    let objects = found.objects.iter().map(|object| {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let identity = format!(
            "{} {} {namespace} {}",
            object.group, object.kind, object.name
        );
        (identity, object.causes.iter().map(cause).collect())
    });
    objects.collect()
}

/// The replacement of a line, or its removal.
#[derive(Clone, Debug)]
struct Edit {
    file: Index,
    line: Index,
    word: Option<(Index, &'static str)>,
}

fn edits() -> impl Strategy<Value = Edit> {
    let words = vec![
        "x", "a", "12", "1.2.3", "eu", "true", "[]", "{}", "prod", "b-c",
    ];
    let word = (any::<Index>(), proptest::sample::select(words));
    (
        any::<Index>(),
        any::<Index>(),
        proptest::option::weighted(0.8, word),
    )
        .prop_map(|(file, line, word)| Edit { file, line, word })
}

impl Edit {
    /// Edits a fleet, and returns the path and the number of the line.
    fn apply(&self, fleet: &mut FleetFiles) -> (String, usize) {
        let texts: Vec<(&str, &str)> = fleet.texts().filter(|(_, text)| !text.is_empty()).collect();
        let (path, text) = texts[self.file.index(texts.len())];
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        let at = self.line.index(lines.len());
        match self.word {
            None => drop(lines.remove(at)),
            Some((word, new)) => {
                let is_end = |c: char| c.is_whitespace() || "{}[]:,\"".contains(c);
                let words: Vec<(usize, &str)> = lines[at]
                    .split(is_end)
                    .filter(|word| !word.is_empty())
                    .map(|word| (word.as_ptr() as usize - lines[at].as_ptr() as usize, word))
                    .collect();
                if let Some((start, old)) = words.get(word.index(words.len().max(1))).copied() {
                    let end = start + old.len();
                    lines[at].replace_range(start..end, new);
                }
            }
        }
        let (path, text) = (path.to_owned(), lines.join("\n") + "\n");
        fleet.0.insert(path.clone(), text.into_bytes());
        (path, at + 1)
    }
}

/// Generates a fleet of `testdata/ok`, and two edits.
fn edited() -> impl Strategy<Value = (FleetFiles, [Edit; 2])> {
    let fleets: Vec<FleetFiles> = FleetFiles::cases().into_values().collect();
    (proptest::sample::select(fleets), [edits(), edits()])
}

proptest! {
    #![proptest_config(Config { rng_seed: RngSeed::Fixed(1), ..cases(150) })]

    #[test]
    fn every_difference_is_reported_with_an_edited_line((fleet, edits) in edited()) {
        let Some(mut base) = compiled(&fleet) else {
            // Some fleets of testdata need a parameter.
            return Ok(());
        };
        let alone = edits.clone().map(|edit| {
            let mut edited = fleet.clone();
            let place = edit.apply(&mut edited);
            (place, compiled(&edited).map(|compiled| objects(&compiled.output)))
        });
        let mut both = fleet.clone();
        let places: Vec<(String, usize)> = edits.iter().map(|edit| edit.apply(&mut both)).collect();
        let Some(mut head) = compiled(&both) else {
            return Ok(());
        };
        let (old, new) = (objects(&base.output), objects(&head.output));
        let found = compare(&mut base, &mut head);
        let reported = reported(&found);
        let identities: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let differ = |identity: &&&String| old.get(**identity) != new.get(**identity);
        let expected: BTreeSet<&String> = identities.iter().filter(differ).copied().collect();
        let moved = found.objects.iter().filter(|object| object.cells.is_some()).count();
        let names: BTreeSet<&String> = reported.keys().collect();
        prop_assert!(names.is_superset(&expected), "{names:?} {expected:?}");
        // An object that moves to another cell is reported, too.
        prop_assert!(names.difference(&expected).count() <= moved, "{names:?} {expected:?}");
        for (identity, causes) in &reported {
            // Equal lines next to each other can be paired in several ways.
            let is_at = |(path, line): &(String, usize), place: &(String, usize)| {
                *path == place.0 && line.abs_diff(place.1) <= 2
            };
            for cause in causes {
                prop_assert!(
                    places.iter().any(|place| is_at(cause, place)),
                    "{identity}: {cause:?} is none of {places:?}"
                );
            }
            let [(first, one), (second, other)] = &alone;
            let (Some(one), Some(other)) = (one, other) else {
                continue;
            };
            for (place, sole, rest) in [(first, one, other), (second, other, one)] {
                let is_sole_cause = sole.get(identity) == new.get(identity)
                    && rest.get(identity) == old.get(identity);
                if is_sole_cause && !causes.is_empty() {
                    prop_assert!(
                        causes.iter().any(|cause| is_at(cause, place)),
                        "{identity}: {causes:?} does not name {place:?}"
                    );
                }
            }
        }
        prop_assert!(compare(&mut head, &mut compiled(&both).unwrap()).objects.is_empty());
        let _: Value = serde_json::from_str(&json(&found)).unwrap();
        prop_assert!(markdown(&found).chars().count() <= 60_000);
        prop_assert!(!text(&found, true).is_empty());
    }
}
