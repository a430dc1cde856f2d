//! Templates' documents become objects: complete but for their variables.
//!
//! Here every object gets its namespace, the Cluster its labels, and what must not be deleted by
//! accident its guards.

mod constants;
mod guard;
mod kinds;
mod metadata;
pub(crate) mod object;
mod patched;

use std::rc::Rc;

use constants::constants;

use super::select::Use;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::model::Cluster;
use crate::plan::{Object, Plan, SubjectId, Template};
use crate::source::FileId;
use crate::template;
use crate::tree::Node;

/// The templates that are built in: name and text.
pub const BUILT_IN: [(&str, &str); 1] = [("eks", include_str!("../builtin/eks.yaml"))];

/// The Namespace of a cluster, as a template.
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: \"${NAMESPACE}\"}\n";

/// Reads the templates that are used and makes the plan.
pub fn prepare(
    files: &mut Files,
    fleet: &Fleet,
    uses: &[Use<'_>],
    clusters: Vec<Cluster>,
    diags: &mut Diagnostics,
) -> Plan {
    let mut templates: Vec<Template> = Vec::with_capacity(uses.len());
    for one in uses {
        match file(files, one) {
            Ok(file) => {
                let documents = template::parse(file, &files.sources, diags);
                if documents.is_empty() && diags.errors() == 0 {
                    let message = format!("the template `{}` holds no object", one.path);
                    diags.push(Diagnostic::new(Code::EmptyFile, one.span, message));
                }
                for (documents, clusters) in patched::patched(&documents, one, &clusters, diags) {
                    let objects = objects(&documents, diags);
                    templates.push(Template {
                        objects,
                        variables: Vec::new(),
                        subjects: clusters.into_iter().map(SubjectId::cluster).collect(),
                    });
                }
            }
            Err(diagnostic) => diags.push(diagnostic),
        }
    }
    let file = files.add_builtin("builtin:namespace", NAMESPACE);
    let documents = template::parse(file, &files.sources, diags);
    let namespace = Template {
        objects: objects(&documents, diags),
        variables: Vec::new(),
        subjects: Vec::new(),
    };
    let mut plan = Plan {
        constants: constants(fleet),
        clusters,
        namespace,
        templates,
    };
    guard::guard(&mut plan, &fleet.safety);
    plan
}

fn objects(documents: &[Node], diags: &mut Diagnostics) -> Vec<Object> {
    let before = diags.errors();
    let objects: Vec<Object> = documents
        .iter()
        .filter_map(|document| object::object(document, diags))
        .collect();
    let is_whole = objects.len() == documents.len() || diags.errors() > before;
    assert!(is_whole, "a document that gives no object has an error");
    objects
}

fn file(files: &mut Files, one: &Use<'_>) -> Result<FileId, Diagnostic> {
    let Some(name) = one.path.strip_prefix("builtin:") else {
        return files.read(&one.path, Some(one.span));
    };
    if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        Ok(files.add_builtin(&one.path, text))
    } else {
        let message = format!("there is no built-in template `{name}`");
        let known: Vec<Rc<str>> = BUILT_IN.iter().map(|(known, _)| Rc::from(*known)).collect();
        let help = did_you_mean(name, known.iter().map(|name| &**name));
        Err(Diagnostic::new(Code::UnknownBuiltin, one.span, message).help(help))
    }
}
