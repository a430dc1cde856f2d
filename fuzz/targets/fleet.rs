//! Fleets in memory, and their compilation.

use std::collections::BTreeSet;
use std::rc::Rc;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::{Code, Diagnostic, Diagnostics, Exit, find_exit};
use kubectl_fleet::files::{Files, Memory};
use kubectl_fleet::source::Sources;
use kubectl_fleet::{render::Output, yaml::print::Format};
use serde_json::Value;

/// The files of a fleet: paths and contents.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// Path and contents.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Receives the diagnostics and the sources.
pub type Tell = fn(&[Diagnostic], &Sources);

impl Fleet {
    /// Returns the objects of the fleet, or the codes of its errors. Checks that the fleet compiles to both formats or to
    /// neither, and that other parsers read the same objects from both.
    ///
    /// `tell` receives the diagnostics. Rendering them takes most of the time, so only one target does it.
    pub fn compile(&self, tell: Tell) -> Result<Vec<Value>, BTreeSet<Code>> {
        let files = self.files.iter();
        let memory = files.fold(Memory::default(), |memory, (path, content)| {
            memory.file(path, content.clone())
        });
        let memory = Rc::new(memory);
        let (yaml, json) = (
            compiled(&memory, Format::Yaml, tell),
            compiled(&memory, Format::Json, tell),
        );
        match (yaml, json) {
            (Ok(yaml), Ok(json)) => Ok(compare(&yaml, &json)),
            // Sizes depend on the output format.
            (Err(codes), _) | (_, Err(codes)) if codes.contains(&Code::ObjectTooLarge) => {
                Err(codes)
            }
            (Err(yaml), Err(json)) => {
                assert_eq!(yaml, json);
                Err(json)
            }
            (yaml, json) => panic!("one format has an error: {:?} {:?}", yaml.err(), json.err()),
        }
    }
}

/// Compiles a fleet, and returns the output or the codes of the errors.
fn compiled(
    memory: &Rc<Memory>,
    format: Format,
    tell: Tell,
) -> Result<(String, usize), BTreeSet<Code>> {
    let mut diags = Diagnostics::default();
    let mut files = Files::new(Rc::<Memory>::clone(memory));
    let output: Option<Output> = compile(&mut files, format, &mut diags).ok();
    let found = diags.into_sorted();
    tell(&found, &files.sources);
    let exit = find_exit(&found);
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
        output.count,
    ))
}

/// Returns the objects of both formats, after checking that they are the same and as many as planned.
fn compare(
    (yaml, planned): &(String, usize),
    (json, planned_json): &(String, usize),
) -> Vec<Value> {
    assert_eq!(planned, planned_json);
    let objects: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    assert_eq!(objects.len(), *planned);
    if yaml.is_empty() {
        assert_eq!(*planned, 0);
        return objects;
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
    objects
}
