//! Fleets in memory, and what the library makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::{Diagnostic, Diagnostics, Exit, exit_of};
use kubectl_fleet::files::Files;
use kubectl_fleet::report;
use kubectl_fleet::yaml::print::Format;
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::Value;
use tempfile::TempDir;

/// So many cases; a failure is told, and kept in no file.
pub(crate) fn cases(number: u32) -> Config {
    Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        max_shrink_iters: 200,
        ..Config::with_cases(number)
    }
}

/// The files of a fleet by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fleet(pub(crate) BTreeMap<String, Vec<u8>>);

/// What is printed for a fleet.
#[derive(Debug, PartialEq)]
pub(crate) struct Printed {
    pub(crate) yaml: String,
    pub(crate) json: String,
}

/// What is said of a fleet for which nothing is printed.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) exit: Exit,
    pub(crate) codes: Vec<&'static str>,
    /// File and line of each error.
    pub(crate) places: Vec<(String, usize)>,
    pub(crate) text: String,
}

impl Fleet {
    /// A fleet of texts.
    pub(crate) fn new<const N: usize>(files: [(&str, String); N]) -> Self {
        let bytes = |(path, text): (&str, String)| (path.to_owned(), text.into_bytes());
        Self(files.into_iter().map(bytes).collect())
    }

    /// The fleet in a folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let mut fleet = Self::default();
        fleet.walk(folder, "");
        fleet
    }

    fn walk(&mut self, folder: &Path, prefix: &str) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                self.walk(&entry.path(), &format!("{path}/"));
            } else {
                self.0.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }

    /// The fleets of `testdata/ok`, by the name of their case.
    pub(crate) fn cases() -> BTreeMap<String, Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/ok");
        let case = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().unwrap();
            (name, Self::read(&entry.path().join("in")))
        };
        let entries = fs::read_dir(root).unwrap();
        entries.map(|entry| case(entry.unwrap())).collect()
    }

    /// The files that are text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?));
        self.0
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
            .filter_map(text)
    }

    /// The fleet with every text changed.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let text = |(path, text): (&str, &str)| (path.to_owned(), change(text).into_bytes());
        let mut fleet = self.clone();
        fleet.0.extend(self.texts().map(text));
        fleet
    }

    /// Writes the fleet into a folder of its own.
    pub(crate) fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in &self.0 {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    /// Compiles to both forms, which are refused together; the two are the same objects to readers
    /// that are not ours.
    pub(crate) fn compile(&self) -> Result<Printed, Refused> {
        let folder = self.folder();
        let yaml = compile_to(folder.path(), Format::Yaml);
        let json = compile_to(folder.path(), Format::Json);
        match (yaml, json) {
            (Ok(yaml), Ok(json)) => {
                let printed = Printed { yaml, json };
                printed.check();
                Ok(printed)
            }
            (Err(yaml), Err(json)) => {
                assert_eq!(yaml.text, json.text, "both forms say the same");
                Err(yaml)
            }
            (yaml, json) => panic!("one form is refused: {yaml:?} {json:?}"),
        }
    }

    /// The same for those who try many fleets, most of which are refused: a refusal is not asked for twice.
    pub(crate) fn try_compile(&self) -> Result<Printed, Refused> {
        let folder = self.folder();
        let json = compile_to(folder.path(), Format::Json)?;
        let yaml = compile_to(folder.path(), Format::Yaml).expect("one form is refused");
        let printed = Printed { yaml, json };
        printed.check();
        Ok(printed)
    }
}

fn compile_to(folder: &Path, format: Format) -> Result<String, Refused> {
    let mut files = Files::open(folder).unwrap();
    let mut diags = Diagnostics::default();
    let output = compile(&mut files, format, &mut diags).ok();
    let found = diags.into_sorted();
    let text = report::text(&found, &files.sources);
    let Some(output) = output else {
        let errors: Vec<&Diagnostic> = found.iter().filter(|one| one.is_error()).collect();
        let place = |one: &&Diagnostic| {
            let span = one.primary.as_ref()?.span;
            let file = files.sources.path(span.file).to_owned();
            Some((file, files.sources.position(span).line))
        };
        return Err(Refused {
            exit: exit_of(&found).expect("nothing printed, and no error"),
            codes: errors.iter().map(|one| one.code.name()).collect(),
            places: errors.iter().filter_map(place).collect(),
            text,
        });
    };
    assert_eq!(
        exit_of(&found),
        None,
        "printed in spite of an error: {text}"
    );
    let mut bytes = Vec::new();
    output.write(&mut bytes).unwrap();
    assert_eq!(bytes.len(), output.bytes);
    let text = String::from_utf8(bytes).unwrap();
    let count = match format {
        Format::Json => text.lines().count(),
        Format::Yaml if text.is_empty() => 0,
        Format::Yaml => text.lines().filter(|line| *line == "---").count() + 1,
    };
    assert_eq!(count, output.count, "the planned objects");
    Ok(text)
}

impl Printed {
    /// The objects, as `serde_json` reads them.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).expect("a JSON object a line");
        self.json.lines().map(read).collect()
    }

    /// Each object's bytes in both forms by its identity.
    pub(crate) fn by_identity(&self) -> BTreeMap<String, (String, String)> {
        let documents = self.yaml.split_inclusive('\n').fold(
            vec![String::new()],
            |mut documents: Vec<String>, line| {
                if line == "---\n" {
                    documents.push(String::new());
                } else if let Some(last) = documents.last_mut() {
                    last.push_str(line);
                }
                documents
            },
        );
        let lines = self.json.lines().map(ToOwned::to_owned);
        let objects = self
            .objects()
            .into_iter()
            .zip(documents.into_iter().zip(lines));
        objects
            .map(|(object, bytes)| (identity(&object), bytes))
            .collect()
    }

    fn check(&self) {
        if !self.yaml.is_empty() {
            let documents: Vec<Value> = serde_saphyr::from_multiple(&self.yaml)
                .unwrap_or_else(|error| panic!("{error}\n{}", self.yaml));
            assert_eq!(documents, self.objects(), "{}\n{}", self.yaml, self.json);
        }
        self.objects().iter().for_each(check_keys);
    }
}

/// No key is one that kustomize drops or that Go's YAML readers refuse.
fn check_keys(value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(check_keys),
        Value::Object(entries) => {
            for (key, value) in entries {
                assert!(key != "<<" && key.chars().count() <= 1022, "{key}");
                check_keys(value);
            }
        }
        _ => {}
    }
}

/// Group and version, kind, namespace and name.
pub(crate) fn identity(object: &Value) -> String {
    let text = |place| object.pointer(place).and_then(Value::as_str).unwrap_or("");
    [
        "/apiVersion",
        "/kind",
        "/metadata/namespace",
        "/metadata/name",
    ]
    .map(text)
    .join(" ")
}
