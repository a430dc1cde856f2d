//! A campaign of edits. Each deletes, empties or renames one thing in a fleet with every feature. If an edit would
//! delete an object, or withdraw an add-on from a cluster, without naming it, it must cause an error or a warning.
//!
//! `tests/campaign/edits.tsv` has the outcome of each edit. `SNAPSHOTS=overwrite` writes it; the property holds regardless.

mod edits;
mod effects;
mod outcome;
mod table;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::thread;

use crate::docs::is_overwriting;
use crate::repository;
use edits::{Edit, edits};
use effects::Effects;
use outcome::outcome;
use table::EDITS;
pub(crate) use table::table;

/// The minimum number of edits of the campaign.
const MIN_EDITS: usize = 119;

/// The contents of the files of a fleet, by path.
type FleetFiles = BTreeMap<String, String>;

fn fleet() -> FleetFiles {
    let dir = repository::root().join("tests/campaign/fleet");
    let paths = repository::files(&dir).into_iter();
    let read = |path: String| (path.clone(), fs::read_to_string(dir.join(&path)).unwrap());
    paths.map(read).collect()
}

/// Returns the outcomes of all edits, with all processors.
fn outcomes(edits: &[Edit], fleet: &FleetFiles, before: &Effects) -> Vec<(String, Vec<String>)> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let chunks = edits.chunks(edits.len().div_ceil(threads));
    thread::scope(|scope| {
        let run = |edit: &Edit| outcome(edit, fleet, before);
        let started =
            chunks.map(|chunk| scope.spawn(move || chunk.iter().map(run).collect::<Vec<_>>()));
        let started: Vec<_> = started.collect();
        started
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    })
}

#[test]
fn no_edit_destroys_what_it_does_not_name() {
    let fleet = fleet();
    let before = Effects::of(&fleet).expect("a valid fleet");
    assert_eq!(before.warnings, Vec::<&str>::new(), "warnings before edits");
    let edits = edits(&fleet);
    assert!(edits.len() >= MIN_EDITS, "{} edits", edits.len());
    let mut silent = Vec::new();
    let mut rows = String::new();
    for (edit, (outcome, unnamed)) in edits.iter().zip(outcomes(&edits, &fleet, &before)) {
        let Edit {
            file, path, change, ..
        } = edit;
        writeln!(rows, "{file}\t{path}\t{change}\t{outcome}").unwrap();
        if !unnamed.is_empty() {
            silent.push(format!("{change} {file} {path}: {unnamed:?}"));
        }
    }
    if is_overwriting() {
        fs::write(repository::root().join(EDITS), &rows).unwrap();
    }
    assert!(
        silent.is_empty(),
        "{} edits destroy without an error, a warning or a name:\n{}",
        silent.len(),
        silent.join("\n")
    );
    let known = repository::read(EDITS);
    let differs = |(found, known): &(&str, &str)| found != known;
    let first = rows.lines().zip(known.lines()).find(differs);
    assert!(
        rows == known,
        "{EDITS} is out of date; run this test with SNAPSHOTS=overwrite. First difference: {first:?}"
    );
}
