//! Completeness of the cases in `testdata/`, and of the tests of codes.

use std::fs;

use kubectl_fleet::diagnostic::Code;
use kubectl_fleet::input::delivery::NAMES;
use kubectl_fleet::yaml::print::Format;

use crate::fleet::compile_dir;
use crate::repository::{self, entries};

#[test]
fn every_code_has_a_case() {
    let (mut messages, mut tested) = (String::new(), String::new());
    for (kind, golden) in [("err", "err.txt"), ("ok", "out/stderr.txt")] {
        for case in entries(&format!("testdata/{kind}")) {
            messages += &fs::read_to_string(case.join(golden)).unwrap_or_default();
        }
    }
    let init = repository::root().join("tests/suite/init.rs");
    let commands = repository::root().join("tests/suite/commands");
    let tests = repository::files(&commands).into_iter();
    for tests in tests.map(|path| commands.join(path)).chain([init]) {
        messages += &fs::read_to_string(tests).unwrap();
    }
    // Applications are not part of a fleet, and files that are not YAML have their own tables.
    let tables = [
        "src/argocd/check/tests.rs",
        "src/argocd/check/tests/changes.rs",
        "src/input/dotenv/tests.rs",
    ];
    let tables = tables.map(|table| repository::root().join(table));
    let git = entries("tests/suite/git");
    for tests in entries("tests/suite/bad_inputs")
        .into_iter()
        .chain(tables)
        .chain(git)
    {
        tested += &fs::read_to_string(tests).unwrap();
    }
    let is_reported = |code: &Code| messages.contains(&format!("[{}]: ", code.name()));
    let is_tested = |code: &Code| tested.contains(&format!("Code::{code:?}"));
    let mut without = Code::ALL
        .iter()
        .filter(|code| !is_reported(code) && !is_tested(code));
    assert_eq!(
        without.next(),
        None,
        "has neither a case nor a test in bad_inputs or in a table"
    );
}

/// `tests/golden.rs` finds a case by its `fleet.yaml`, and reads all other files of the case.
#[test]
fn every_directory_is_a_case() {
    for kind in ["diff", "matrix", "ok", "err", "reports"] {
        let cases = entries(&format!("testdata/{kind}"));
        assert!(!cases.is_empty(), "{kind}");
        for case in cases {
            let fleet = ["in/fleet.yaml", "in/fleet.yml", "head/fleet.yaml"];
            let fleet = fleet.map(|fleet| case.join(fleet));
            assert!(
                fleet.iter().any(|fleet| fleet.is_file()),
                "{}",
                case.display()
            );
        }
    }
    let names = entries("testdata");
    let names: Vec<_> = names
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    assert_eq!(
        names,
        ["consequences", "diff", "err", "matrix", "ok", "reports"]
    );
}

#[test]
fn cases_contain_no_machine_specific_strings() {
    let root = repository::root().to_str().unwrap();
    for golden in ["err.txt", "out/stderr.txt", "out/all.yaml"] {
        for case in entries("testdata/ok")
            .into_iter()
            .chain(entries("testdata/err"))
        {
            let text = fs::read_to_string(case.join(golden)).unwrap_or_default();
            assert!(!text.contains(root), "{}", case.display());
        }
    }
}

#[test]
fn fuzz_seed_is_a_valid_fleet() {
    compile_dir(&repository::root().join("fuzz/fleets/rich"), Format::Json).unwrap();
}

/// Below a key with `?`, a name that never has a value would remove a key without an error.
#[test]
fn every_addon_name_has_a_value() {
    let golden = repository::root().join("testdata/ok/deliver-own-names/out/all.jsonl");
    let objects = fs::read_to_string(golden).unwrap();
    for (name, targets) in NAMES {
        for target in targets {
            let kind = format!(r#""kind":"{target:?}","#);
            let key = format!(r#""{name}":"#);
            let is_set = |object: &str| object.contains(&kind) && object.contains(&key);
            let is_set = objects.lines().any(is_set);
            assert!(is_set, "{name} has no value for {target:?}");
        }
    }
}
