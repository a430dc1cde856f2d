//! Fleets compiled by the library.

use std::collections::BTreeMap;
use std::path::Path;

use kubectl_fleet::compile;
use kubectl_fleet::diagnostic::{Diagnostic, Diagnostics, Exit, find_exit};
use kubectl_fleet::files::Files;
use kubectl_fleet::report;
use kubectl_fleet::request::CompileOptions;
use kubectl_fleet::yaml::print::Format;
use serde_json::Value;

/// The output of a fleet.
#[derive(Debug, PartialEq)]
pub(crate) struct Printed {
    pub(crate) yaml: String,
    pub(crate) json: String,
}

/// The errors of a fleet without output.
#[derive(Debug)]
pub(crate) struct Rejected {
    pub(crate) exit: Exit,
    pub(crate) codes: Vec<&'static str>,
    /// The file and line of each error.
    pub(crate) places: Vec<(String, usize)>,
    pub(crate) text: String,
}

/// Compiles the fleet in a directory, and checks that the output has the planned objects and bytes.
pub(crate) fn compile_dir(
    dir: &Path,
    options: impl Into<CompileOptions>,
) -> Result<String, Rejected> {
    let options = options.into();
    let format = options.format;
    let mut files = Files::open(dir).unwrap();
    let mut diags = Diagnostics::default();
    let output = compile(&mut files, options, &mut diags).ok();
    let found = diags.into_sorted();
    let text = report::render_text(&found, &files.sources);
    let Some(output) = output else {
        let errors: Vec<&Diagnostic> = found
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .collect();
        let location = |diagnostic: &&Diagnostic| {
            let span = diagnostic.primary.as_ref()?.span;
            let file = files.sources.path(span.file).to_owned();
            Some((file, files.sources.position(span).line))
        };
        return Err(Rejected {
            exit: find_exit(&found).expect("nothing printed, and no error"),
            codes: errors
                .iter()
                .map(|diagnostic| diagnostic.code.name())
                .collect(),
            places: errors.iter().filter_map(location).collect(),
            text,
        });
    };
    assert_eq!(
        find_exit(&found),
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
    /// Checks that other parsers read the same objects from both formats.
    pub(super) fn checked(yaml: String, json: String) -> Self {
        let printed = Self { yaml, json };
        if !printed.yaml.is_empty() {
            let documents: Vec<Value> = serde_saphyr::from_multiple(&printed.yaml)
                .unwrap_or_else(|error| panic!("{error}\n{}", printed.yaml));
            let objects = printed.objects();
            assert_eq!(documents, objects, "{}\n{}", printed.yaml, printed.json);
            objects.iter().for_each(check_keys);
        }
        printed
    }

    /// Returns the objects as `serde_json` parses them.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).expect("a JSON object a line");
        self.json.lines().map(read).collect()
    }

    /// Returns the bytes of each object in both formats, by identity.
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
}

/// Checks that no key is one that kustomize drops or that Go YAML parsers reject.
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

/// Returns the group and version, kind, namespace and name.
pub(crate) fn identity(object: &Value) -> String {
    let text = |location| {
        object
            .pointer(location)
            .and_then(Value::as_str)
            .unwrap_or("")
    };
    [
        "/apiVersion",
        "/kind",
        "/metadata/namespace",
        "/metadata/name",
    ]
    .map(text)
    .join(" ")
}
