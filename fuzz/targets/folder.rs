//! A valid fleet with a few pieces changed, compiled to both forms of output.

#![no_main]

mod edit;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use edit::{Edit, Fleet};
use kubectl_fleet::diagnostic::{Code, Diagnostics, Exit, exit_of};
use kubectl_fleet::emit::{Format, Output};
use kubectl_fleet::files::Files;
use kubectl_fleet::{compile, report};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

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
    let folder = Folder::new(&fleet);
    let (yaml, json) = (
        compiled(&folder.0, Format::Yaml),
        compiled(&folder.0, Format::Json),
    );
    match (yaml, json) {
        (Ok(yaml), Ok(json)) => compare(&yaml, &json),
        // Sizes are those of the printed form.
        (Err(codes), _) | (_, Err(codes)) if codes.contains(&Code::ObjectTooLarge) => {}
        (Err(yaml), Err(json)) => assert_eq!(yaml, json),
        (yaml, json) => panic!("one form is refused: {:?} {:?}", yaml.err(), json.err()),
    }
});

/// Compiles, renders all messages, and gives what would be written, or the codes of the errors.
fn compiled(folder: &Path, format: Format) -> Result<(String, usize), BTreeSet<Code>> {
    let mut diags = Diagnostics::default();
    let mut files = Files::open(folder).expect("the folder was just made");
    let output: Option<Output> = compile(&mut files, format, &mut diags).ok();
    let found = diags.into_sorted();
    report::text(&found, &files.sources);
    report::json(&found, &files.sources);
    let exit = exit_of(&found);
    assert_eq!(output.is_none(), exit.is_some(), "{found:?}");
    assert_ne!(exit, Some(Exit::Environment), "{found:?}");
    let Some(output) = output else {
        return Err(found
            .iter()
            .filter(|one| one.is_error())
            .map(|one| one.code)
            .collect());
    };
    let mut bytes = Vec::new();
    output.write(&mut bytes).expect("a vector takes all");
    assert_eq!(bytes.len(), output.bytes);
    Ok((
        String::from_utf8(bytes).expect("the output is UTF-8"),
        output.objects,
    ))
}

/// Both forms hold the planned number of objects, and the same ones.
fn compare((yaml, planned): &(String, usize), (json, planned_json): &(String, usize)) {
    assert_eq!(planned, planned_json);
    let objects: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    assert_eq!(objects.len(), *planned);
    if yaml.is_empty() {
        assert_eq!(*planned, 0);
        return;
    }
    assert_eq!(
        yaml.lines().filter(|line| *line == "---").count() + 1,
        *planned
    );
    if yaml.len() < 100_000 {
        let documents: Vec<Value> = serde_saphyr::from_multiple(yaml).expect(yaml);
        assert_eq!(documents, objects, "{yaml}\n{json}");
    }
    for object in &objects {
        for key in ["/apiVersion", "/kind", "/metadata/name"] {
            assert!(
                object.pointer(key).is_some_and(Value::is_string),
                "{object}"
            );
        }
    }
}

/// A folder of this process, in memory where the system has such a place.
struct Folder(PathBuf);

impl Folder {
    fn new(fleet: &Fleet) -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let folder = parent.join(format!("kubectl-fleet-fuzz-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (path, content) in &fleet.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The valid fleets: those of the tests, and one that uses everything.
fn fleets() -> &'static [Fleet] {
    static FLEETS: OnceLock<Vec<Fleet>> = OnceLock::new();
    FLEETS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("fleets/rich")];
        let cases = fs::read_dir(root.join("../testdata/ok")).expect("testdata/ok");
        folders.extend(cases.map(|case| case.expect("a case").path().join("in")));
        folders.sort();
        for folder in &folders {
            let is_valid = compiled(folder, Format::Json).is_ok();
            assert!(is_valid, "{} is no fleet any more", folder.display());
        }
        folders.iter().map(|folder| Fleet::read(folder)).collect()
    })
}
