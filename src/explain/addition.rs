//! Values that the program adds to objects, with the rule that adds them.

use super::context::Context;
use super::labels;
use super::level::Level;
use crate::model::Deletion;
use crate::model::cluster::FLEET_LABEL;
use crate::plan::{Creator, Object};
use crate::render::Rendered;
use crate::tree::Node;

/// The annotations of guards.
const GUARDS: [&str; 3] = [
    "argocd.argoproj.io/sync-options",
    "argocd.argoproj.io/compare-options",
    "kustomize.toolkit.fluxcd.io/prune",
];

/// Returns the level of a value that the program sets or changes, from the value before and after it.
pub(super) fn addition(
    context: &Context<'_>,
    rendered: Rendered<'_>,
    (object, path): (&Object, &[String]),
    [before, after]: [Option<&Node>; 2],
) -> Option<Level> {
    let keys: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_guard = matches!(*keys, ["metadata", "annotations", key] if GUARDS.contains(&key));
    let is_added = match (before, after) {
        // A delivery method has no document without guards.
        (Some(_), Some(after)) if is_guard && after.span == object.span => true,
        (Some(before), Some(after)) => !is_alike(before, after),
        _ if *keys == ["metadata", "labels", FLEET_LABEL] => true,
        (before, _) => before.is_none() && keys.first() == Some(&"metadata"),
    };
    let is_fleet_label = *keys == ["metadata", "labels", FLEET_LABEL]
        && matches!(rendered.creator(), Creator::AddOn(_));
    if !is_added && !is_fleet_label {
        return None;
    }
    let cluster = rendered.subject().cluster_index();
    let level = match *keys {
        ["metadata", "annotations", _] if is_guard => guard(context, object),
        ["metadata", "labels", FLEET_LABEL] => {
            let name = context.fleet.name.as_ref();
            Level::new("rule", "label of the fleet", name.map(|name| name.span))
        }
        ["metadata", "labels", key] => match cluster {
            Some(index) => {
                let origin = labels::origin(context, index, key);
                let level = Level::new("rule", "labels of the cluster", origin.span);
                Level {
                    note: origin.note,
                    ..level
                }
            }
            None => return None,
        },
        ["metadata", "namespace"] => {
            let span = cluster.map(|index| context.cluster(index).span);
            Level::new("rule", "namespace of the cluster", span)
        }
        ["metadata", "name"] => Level::new("rule", "rotate", object.name.span),
        _ => return None,
    };
    Some(level)
}

/// Returns `true` if two values are at the same location, regardless of quotes.
fn is_alike(one: &Node, other: &Node) -> bool {
    match (one.as_scalar(), other.as_scalar()) {
        (Some(one_text), Some(other_text)) => {
            one.span == other.span && one_text.text.source_text() == other_text.text.source_text()
        }
        _ => one == other,
    }
}

/// Returns the guard of an object, if it has one.
pub(super) fn guards(context: &Context<'_>, object: &Object) -> Option<Level> {
    let annotations = object.annotations()?;
    let mut values = GUARDS.iter().filter_map(|key| annotations.get(key));
    let is_guarded = values.any(|value| value.span == object.span);
    is_guarded.then(|| guard(context, object))
}

fn guard(context: &Context<'_>, object: &Object) -> Level {
    let rule = match context.fleet.safety.deletion {
        Deletion::Confirm => "guard of `safety.deletion: confirm`",
        Deletion::Allow => "guard of `safety.deletion: allow`",
        Deletion::Forbid => "guard of `safety.deletion: forbid`",
    };
    let protect = context.fleet.safety.protect.iter();
    let mut protect = protect.filter(|kind| kind.value == object.qualified_kind());
    match protect.next() {
        Some(kind) => Level::new("rule", rule, kind.span).note("in `safety.protect`"),
        None => Level::new("rule", rule, None),
    }
}
