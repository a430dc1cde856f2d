//! Copies the objects of `profiles`, and checks which clusters they can select.

use super::prepare::metadata::DefaultNamespace;
use super::prepare::object::object;
use crate::deliver::profiles::NAMESPACE;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::profile::Profile;
use crate::kinds::Schemas;
use crate::model::cluster::FLEET_LABEL;
use crate::model::selector::{Requirement, Rule};
use crate::plan::Object;
use crate::source::Spanned;
use crate::tree::Text;

/// Warns of profiles of a named fleet that can select clusters of other fleets on the same hub.
pub(super) fn warn_unscoped(name: &str, profiles: &[Profile], diags: &mut Diagnostics) {
    let requires_name = |requirement: &Requirement| {
        let is_name = |values: &Vec<String>| values.iter().all(|value| value == name);
        requirement.key.value == FLEET_LABEL
            && matches!(&requirement.rule, Rule::In(values) if is_name(values))
    };
    for selection in profiles
        .iter()
        .filter_map(|profile| profile.selection.as_ref())
    {
        let Some(Spanned {
            value: selector,
            span,
        }) = &selection.selector
        else {
            continue;
        };
        // A selector without requirements matches no cluster.
        let requirements = &selector.requirements;
        if requirements.is_empty() || requirements.iter().any(requires_name) {
            continue;
        }
        let message = format!(
            "profile `{}` can select clusters of other fleets: it does not require the label `{FLEET_LABEL}`",
            selection.name.value
        );
        let help = format!("add `{FLEET_LABEL}: {name}` to `matchLabels`");
        diags.push(Diagnostic::new(Code::UnscopedProfile, *span, message).help(help));
    }
}

/// Returns the objects that are copied unchanged, sorted by namespace and name.
pub(super) fn profiles(
    profiles: &[Profile],
    schemas: &Schemas,
    diags: &mut Diagnostics,
) -> Vec<Object> {
    let documents = profiles.iter().map(|profile| &profile.object);
    let objects = documents.filter_map(|document| {
        object(
            document,
            &DefaultNamespace::Fixed(NAMESPACE),
            schemas,
            diags,
        )
    });
    let mut objects: Vec<Object> = objects.collect();
    let namespace = |object: &Object| object.written_namespace().map(Text::source_text);
    objects.sort_by_cached_key(|object| (namespace(object), object.name.value.source_text()));
    objects
}
