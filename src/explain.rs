//! Where a value comes from, and why something is not there.
//!
//! The plan keeps the inputs of each merge. An explanation folds the same merge over them, so it contains no rule of its
//! own, and a run that explains nothing pays nothing.

mod absence;
mod addition;
mod addon;
pub mod cell;
mod cluster;
mod code;
mod context;
mod installed;
mod labels;
pub mod level;
mod missing;
mod object;
pub mod path;
mod read;
mod render;
mod selector;
mod shown;
mod stack;
pub mod target;
mod values;
mod variables;

use crate::diagnostic::{Code, Diagnostic, Suggestions};
use crate::model::cell::FLEET;
use crate::plan::SubjectId;
use crate::render::Rendered;
use crate::template::BUILT_IN;
pub use code::{CodePage, fix, page};
pub use context::Context;
use level::{Explanation, Level};
pub use render::{to_json, to_text};
pub use shown::{REDACTED, is_secret_label, shown};
use target::{Part, Target, is_kind};

/// Explains a part of a compiled fleet. An object or an add-on that a cluster does not have is explained, too.
///
/// # Errors
///
/// Returns the error of a name that the fleet does not have, or of a path.
pub fn explain(
    context: &mut Context<'_>,
    text: &str,
    target: Target<'_>,
) -> Result<Explanation, Diagnostic> {
    let id = find_subject(context, target.subject)?;
    let sections = match target.part {
        Part::Subject(keys) if keys.is_empty() => cluster::overview(context, id),
        Part::Subject(keys) => {
            let section = variables::variable(context, id, &keys, false);
            if section.value.is_none() && section.levels.iter().all(Level::is_empty) {
                return Err(unknown_variable(context, id, &keys));
            }
            vec![section]
        }
        Part::AddOn(name, keys) => {
            let Some(index) = id.cluster_index() else {
                let message = format!(
                    "`{}` is not a cluster, so it has no add-ons",
                    target.subject
                );
                let diagnostic = Diagnostic::without_location(Code::UnknownName, message);
                return Err(diagnostic.help("write CLUSTER/ADDON"));
            };
            let plan = context.plan();
            let mut addons = plan.addons.iter();
            let addon = addons.find(|addon| *addon.written.name.value == *name);
            let addon = addon.ok_or_else(|| {
                let names = || plan.addons.iter().map(|addon| &*addon.written.name.value);
                unknown(Code::UnknownName, "add-on", name, names)
            })?;
            addon::explain(context, addon, index, &keys)
        }
        Part::Object(kind, rest) => match find_object(context, id, kind, rest) {
            Some((object, path)) => {
                let keys = path::parse(path).map_err(|reason| {
                    let message = format!("path `{path}` is not valid: {reason}");
                    let help = "write a path such as `spec.replicas` or `metadata.labels[\"example.com/team\"]`";
                    Diagnostic::without_location(Code::UnknownName, message).help(help)
                })?;
                object::explain(context, object, &keys)
            }
            None => missing::explain(context, id, kind, rest.split(':').next().unwrap_or(rest)),
        },
    };
    Ok(Explanation {
        subject: text.to_owned(),
        sections,
    })
}

/// Reports a variable that no level sets and no list declares.
fn unknown_variable(context: &Context<'_>, id: SubjectId, keys: &[String]) -> Diagnostic {
    let name = keys.first().map_or("", String::as_str);
    let mut names: Vec<String> = variables::names(context.variables(id))
        .iter()
        .map(ToString::to_string)
        .collect();
    let members = context.members(id);
    let fields = members
        .into_iter()
        .flat_map(|members| members.fields.iter().flatten());
    names.extend(fields.map(|field| field.name.value.clone()));
    names.extend(BUILT_IN.iter().map(|name| (*name).to_owned()));
    unknown(Code::UnknownName, "variable", name, || {
        names.iter().map(String::as_str)
    })
}

/// Returns the identifier of a cluster, of a group as `LABEL=VALUE`, or of the fleet.
fn find_subject(context: &Context<'_>, name: &str) -> Result<SubjectId, Diagnostic> {
    if name == FLEET {
        return Ok(SubjectId::Fleet);
    }
    let plan = context.plan();
    if let Some((label, value)) = name.split_once('=') {
        let mut groups = plan.groups.iter();
        let group = groups.position(|group| *group.label == *label && *group.name == *value);
        return group.map(SubjectId::group).ok_or_else(|| {
            let names: Vec<String> = plan
                .groups
                .iter()
                .map(|group| format!("{}={}", group.label, group.name))
                .collect();
            unknown(Code::UnknownName, "group", name, || {
                names.iter().map(String::as_str)
            })
        });
    }
    let cluster = context.find_cluster(name).map(SubjectId::cluster);
    cluster.ok_or_else(|| {
        let names = || plan.clusters.iter().map(|cluster| &**cluster.name.as_rc());
        unknown(Code::UnknownCluster, "cluster", name, names)
    })
}

fn unknown<'a, I: Iterator<Item = &'a str>>(
    code: Code,
    noun: &str,
    name: &str,
    names: impl Fn() -> I,
) -> Diagnostic {
    let message = format!("there is no {noun} `{name}`");
    let help = Suggestions::default().did_you_mean(name, names);
    Diagnostic::without_location(code, message).help(help)
}

/// Returns an object with a kind and a name, and the path after the name. Objects of the subject precede those that it
/// shares with others.
fn find_object<'a, 't>(
    context: &Context<'a>,
    id: SubjectId,
    kind: &str,
    rest: &'t str,
) -> Option<(Rendered<'a>, &'t str)> {
    let groups = &context.plan().groups;
    let rank = |other: SubjectId| match (id, other) {
        _ if other == id => Some(0),
        (SubjectId::Cluster(cluster), SubjectId::Group(group)) => {
            let clusters = &groups[group as usize].clusters;
            clusters
                .binary_search(&(cluster as usize))
                .is_ok()
                .then_some(1)
        }
        (SubjectId::Cluster(_) | SubjectId::Fleet, SubjectId::Fleet | SubjectId::Shared) => Some(2),
        _ => None,
    };
    let objects = context.output.all_objects();
    let candidates = objects.filter_map(|object| {
        let rank = rank(object.subject())?;
        let written = &object.template().objects[object.at().object()];
        if !is_kind(written, kind) {
            return None;
        }
        let name = object.identity().name;
        let path = rest.strip_prefix(&*name)?;
        let path = if path.is_empty() {
            path
        } else {
            path.strip_prefix(':')?
        };
        Some(((path.len(), rank), object, path))
    });
    let best = candidates.min_by_key(|(key, ..)| *key);
    best.map(|(_, object, path)| (object, path))
}
