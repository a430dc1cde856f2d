//! Strings that differ between the variants of an add-on whose objects clusters share.
//!
//! They are expressions that the delivery method's engine evaluates for each cluster.

use std::fmt::Write as _;
use std::rc::Rc;

use crate::input::addon::AddOnField;
use crate::plan::{AddOn, Plan, Software, Subject, VariantName};
use crate::tree::Text;

/// Returns the expression that evaluates to the name of the cluster's variant.
fn label(addon: &AddOn) -> String {
    format!("index .Cluster.metadata.labels {:?}", &*addon.label())
}

/// The string for a cluster without a valid variant label. No chart has this version, so no chart is installed. An
/// error would prevent the engine from uninstalling add-ons that are no longer selected.
const UNKNOWN: &str = "0.0.0-unknown-variant";

/// Returns a string that differs between variants, as a lookup by the variant's name. The engine evaluates it inside
/// YAML with any folding and quoting. Strings in backquotes contain no escapes, so they are safe in each.
pub(super) fn by_variant(addon: &AddOn, plan: &Plan, field: AddOnField) -> Text {
    let mut pairs: Vec<(Rc<str>, Rc<str>)> = Vec::new();
    for variant in &addon.variants {
        let Software::Helm(chart) = &variant.software else {
            continue;
        };
        let texts = chart.texts(&addon.written.name);
        let Some((.., text)) = texts.iter().find(|(other, ..)| *other == field) else {
            continue;
        };
        let filled = |subject| addon.text(&text.value, plan.subjects(), subject);
        let cluster = |index: &usize| Subject::Cluster(&plan.clusters[*index]);
        match &variant.name {
            // The values behind a variant's name are the same for all of its clusters.
            VariantName::Shared(name) => {
                let first = variant.clusters.first().map(cluster);
                let subject = first.unwrap_or(Subject::Fleet(&plan.constants));
                pairs.push((Rc::clone(name), filled(subject)));
            }
            VariantName::Cluster => pairs.extend(variant.clusters.iter().map(|index| {
                let name = Rc::clone(plan.clusters[*index].name.as_rc());
                (name, filled(cluster(index)))
            })),
        }
    }
    pairs.sort_unstable();
    let mut known = String::new();
    for (name, value) in pairs {
        let _ = write!(known, " `{name}` `{value}`");
    }
    let label = addon.label();
    let text = format!(
        "{{{{ get (dict{known}) (get .Cluster.metadata.labels `{label}`) | default `{UNKNOWN}` }}}}"
    );
    Text::Literal(text.into())
}

/// Returns the name of an object of the cluster's variant of an add-on.
pub(super) fn name(addon: &AddOn, separator: char) -> String {
    format!(
        "{}{separator}{{{{ {} }}}}",
        addon.qualified_name(),
        label(addon)
    )
}
