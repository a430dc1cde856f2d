//! Reads live objects from JSON or YAML.

use serde_json::Deserializer;

use super::object::{Document, LiveObject};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::tree::Node;
use crate::yaml::print::{self, Format, Place};
use crate::yaml::{self, NoMask};

/// The fix of input without live objects.
const HELP: &str = "pipe live objects: `kubectl get clusters.cluster.x-k8s.io,machinedeployments.cluster.x-k8s.io,machinepools.cluster.x-k8s.io --all-namespaces --output json | kubectl fleet leftovers`";

/// Returns the objects of JSON or YAML documents, including those of Kubernetes lists.
///
/// `name` is the name of the input in messages, and `sources` gets YAML so that messages can quote it.
///
/// # Errors
///
/// Pushes an error, and returns `None`, if a document is not a Kubernetes object or list, or if there is no document.
pub fn read(
    name: &str,
    bytes: &[u8],
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Vec<LiveObject>> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let documents = match first {
        None => {
            let message = format!("{name} is empty");
            diags.push(invalid(message));
            return None;
        }
        Some(b'{' | b'[') => read_json(bytes).map_err(|error| {
            diags.push(invalid(format!("{name} is not Kubernetes JSON: {error}")));
        }),
        Some(_) => read_yaml(name, bytes, sources, diags),
    };
    let mut objects = Vec::new();
    for document in documents.ok()? {
        if let Err(missing) = flatten(document, &mut objects) {
            let number = objects.len() + 1;
            let message = format!("object {number} of {name} has no `{missing}`");
            diags.push(invalid(message));
            return None;
        }
    }
    Some(objects)
}

/// Returns an object of the output, which is a line of JSON.
pub fn read_printed(bytes: &[u8]) -> Option<LiveObject> {
    match serde_json::from_slice(bytes) {
        Ok(Document::Object(object)) => Some(*object),
        _ => None,
    }
}

fn read_json(bytes: &[u8]) -> serde_json::Result<Vec<Document>> {
    Deserializer::from_slice(bytes).into_iter().collect()
}

fn read_yaml(
    name: &str,
    bytes: &[u8],
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Vec<Document>, ()> {
    let Ok(text) = str::from_utf8(bytes) else {
        diags.push(invalid(format!("{name} is not UTF-8")));
        return Err(());
    };
    let file = sources.add(name, text.to_owned());
    let documents = yaml::parse(file, text, &NoMask, diags).ok_or(())?;
    let read = |document: &Node| {
        let mut json = Vec::new();
        print::value(Format::Json, document, Place::Document, &mut json);
        serde_json::from_slice(&json).map_err(|error| {
            // The location in the JSON is not the one in the YAML.
            let fact = error.to_string();
            let fact = fact
                .rsplit_once(" at line ")
                .map_or(&*fact, |(fact, _)| fact);
            let message = format!("expected a Kubernetes object: {fact}");
            let span = document.span;
            diags.push(Diagnostic::new(Code::InvalidLiveObjects, span, message).help(HELP));
        })
    };
    documents.iter().map(read).collect()
}

/// Adds the objects of a document. Returns the name of the key that one of them lacks.
fn flatten(document: Document, objects: &mut Vec<LiveObject>) -> Result<(), String> {
    match document {
        Document::Object(object) => objects.push(*object),
        Document::Missing(key) => return Err(key),
        Document::List(items) => {
            for item in items {
                flatten(item, objects)?;
            }
        }
    }
    Ok(())
}

fn invalid(message: String) -> Diagnostic {
    Diagnostic::without_location(Code::InvalidLiveObjects, message).help(HELP)
}
