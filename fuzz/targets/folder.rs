//! A valid fleet with a few changes, compiled to both output formats.

#![no_main]

mod edit;
mod fleet;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use edit::Edit;
use fleet::Fleet;
use kubectl_fleet::diagnostic::Diagnostic;
use kubectl_fleet::report;
use kubectl_fleet::source::Sources;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input {
    fleet: u8,
    edits: Vec<Edit>,
}

fuzz_target!(|input: Input| {
    let fleets = fleets();
    let mut fleet = fleets[input.fleet as usize % fleets.len()].clone();
    for edit in input.edits.into_iter().take(6) {
        edit.apply(&mut fleet);
    }
    // `objects` checks the properties.
    let _ = fleet.compile(render);
});

/// Checks that every message can be rendered.
fn render(found: &[Diagnostic], sources: &Sources) {
    report::render_text(found, sources);
    report::render_json(found, &[], sources);
}

/// Returns the valid fleets: those of the tests, and one that uses every key.
fn fleets() -> &'static [Fleet] {
    static FLEETS: OnceLock<Vec<Fleet>> = OnceLock::new();
    FLEETS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("fleets/rich")];
        let cases = fs::read_dir(root.join("../testdata/ok")).expect("testdata/ok");
        folders.extend(cases.map(|case| case.expect("a case").path().join("in")));
        folders.sort();
        let fleet = |folder: &PathBuf| {
            let fleet = Fleet::read(folder);
            let is_valid = fleet.compile(render).is_ok();
            assert!(is_valid, "{} is not a valid fleet", folder.display());
            fleet
        };
        folders.iter().map(fleet).collect()
    })
}
