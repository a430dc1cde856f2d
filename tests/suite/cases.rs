//! Whether the cases of `testdata/` are whole, and prove every code.

use std::fs;
use std::path::{Path, PathBuf};

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::{Code, Diagnostics};
use kubectl_fleet::files::Files;
use kubectl_fleet::yaml::print::Format;

#[test]
fn every_code_has_a_case() {
    let (mut said, mut tested) = (String::new(), String::new());
    for (kind, golden) in [("err", "err.txt"), ("ok", "out/stderr.txt")] {
        for case in cases(kind) {
            said += &fs::read_to_string(case.join(golden)).unwrap_or_default();
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands = entries(&root.join("tests/suite/commands"));
    for tests in commands
        .into_iter()
        .chain([root.join("tests/suite/init.rs")])
    {
        said += &fs::read_to_string(tests).unwrap();
    }
    // Applications are no part of a fleet, and files that are not YAML have tables of their own.
    let tables = [
        "src/argocd/check/tests/changes.rs",
        "src/input/dotenv/tests.rs",
    ];
    for tests in entries(&root.join("tests/suite/bad_inputs"))
        .into_iter()
        .chain(tables.map(|table| root.join(table)))
    {
        tested += &fs::read_to_string(tests).unwrap();
    }
    let is_said = |code: &Code| said.contains(&format!("[{}]: ", code.name()));
    let is_tested = |code: &Code| tested.contains(&format!("Code::{code:?}"));
    let mut without = Code::ALL
        .iter()
        .filter(|code| !is_said(code) && !is_tested(code));
    assert_eq!(
        without.next(),
        None,
        "has neither a case nor a test in bad_inputs or in a table"
    );
}

/// `tests/golden.rs` finds a case by its `fleet.yaml`, and reads all else of it.
#[test]
fn every_folder_is_a_case() {
    for kind in ["ok", "err"] {
        let cases = cases(kind);
        assert!(!cases.is_empty(), "{kind}");
        for case in cases {
            let fleet = ["in/fleet.yaml", "in/fleet.yml"].map(|fleet| case.join(fleet));
            assert!(
                fleet.iter().any(|fleet| fleet.is_file()),
                "{}",
                case.display()
            );
        }
    }
    let names = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata"));
    let names: Vec<_> = names
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    assert_eq!(names, ["err", "ok"]);
}

#[test]
fn no_case_tells_of_the_machine_it_was_made_on() {
    let root = env!("CARGO_MANIFEST_DIR");
    for golden in ["err.txt", "out/stderr.txt", "out/all.yaml"] {
        for case in cases("ok").into_iter().chain(cases("err")) {
            let text = fs::read_to_string(case.join(golden)).unwrap_or_default();
            assert!(!text.contains(root), "{}", case.display());
        }
    }
}

#[test]
fn the_fleet_that_fuzzing_starts_from_is_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fleets/rich");
    let mut files = Files::open(&folder).unwrap();
    let mut diags = Diagnostics::default();
    let compiled = compile(&mut files, Format::Json, &mut diags);
    assert!(compiled.is_ok(), "{:?}", diags.into_sorted());
}

fn cases(kind: &str) -> Vec<PathBuf> {
    entries(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("testdata")
            .join(kind),
    )
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
