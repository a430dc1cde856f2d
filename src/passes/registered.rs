//! Warns of clusters that Argo CD looks values up in and that no template registers there. An
//! `ApplicationSet` makes nothing, and says nothing, where no Secret has its cluster's label.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_more};
use crate::model::cluster::CLUSTER_LABEL;
use crate::plan::{AddOn, Plan, Software};
use crate::tree::{Node, Value};

/// The label by which Argo CD finds the Secrets of clusters.
const SECRET_TYPE: &str = "argocd.argoproj.io/secret-type";

/// Warns of every such add-on, once for the hub and once for spokes.
pub fn registered(plan: &Plan, diags: &mut Diagnostics) {
    let addons = plan.addons.iter().filter(|addon| {
        let lookups = addon.delivery.lookups.as_ref();
        lookups.is_some_and(|lookups| lookups.reads_secret)
            && addon.variants.iter().any(|one| is_set(&one.software))
    });
    let addons: Vec<&AddOn> = addons.collect();
    if addons.is_empty() {
        return;
    }
    let spokes = plan.spokes();
    for is_spokes in [false, true] {
        let Some(known) = known(plan, is_spokes) else {
            continue;
        };
        // Where no template registers clusters on the hub, something else does. In an Argo CD of a spoke's own
        // there is no Secret of the spoke before somebody makes it.
        if known.is_empty() && !is_spokes {
            continue;
        }
        for addon in &addons {
            let variants = addon.variants.iter().filter(|one| is_set(&one.software));
            let clusters = variants.flat_map(|variant| variant.clusters.iter().copied());
            let lacks = |index: &usize| {
                let applies = spokes.contains(index) && !addon.is_deployed_by_hub;
                let is_ours = !plan.clusters[*index].exists;
                applies == is_spokes && is_ours && !known.contains(index)
            };
            let lacking: Vec<usize> = clusters.filter(lacks).collect();
            warn(plan, addon, &lacking, is_spokes, diags);
        }
    }
}

/// Whether values are looked up.
fn is_set(software: &Software) -> bool {
    matches!(software, Software::Helm(chart) if chart.runtime_values.is_some())
}

/// The clusters that templates register, on spokes or on the hub; none where it cannot be told which.
fn known(plan: &Plan, is_spokes: bool) -> Option<BTreeSet<usize>> {
    let templates = plan.templates.iter();
    let registering = templates.filter(|template| {
        template.is_from_spoke == is_spokes
            && template
                .objects
                .iter()
                .any(|object| registers(&object.tree))
    });
    let subjects = registering.flat_map(|template| &template.instances);
    subjects
        .map(|instance| instance.subject.cluster_index())
        .collect()
}

/// Whether an object is or makes the Secret of a cluster: by what it says, whatever its kind.
fn registers(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items.iter().any(registers),
        Value::Mapping(entries) => {
            let is_spread = || entries.iter().any(|entry| entry.key.is_spread());
            let is_ours = node.get(CLUSTER_LABEL).is_some() || is_spread();
            let is_cluster = node
                .get(SECRET_TYPE)
                .is_some_and(|of| of.text().is_none_or(|of| of == "cluster"));
            is_ours && is_cluster || entries.iter().any(|entry| registers(&entry.value))
        }
    }
}

fn warn(plan: &Plan, addon: &AddOn, lacking: &[usize], is_spokes: bool, diags: &mut Diagnostics) {
    let [first, more @ ..] = lacking else {
        return;
    };
    let cluster = &plan.clusters[*first];
    let who = and_more(&cluster.name, more.len());
    let (whose, help) = if is_spokes {
        (
            "the spoke's own Argo CD",
            "add {file: builtin:argocd-register-spoke, from: spoke} to `templates`",
        )
    } else {
        (
            "Argo CD",
            "register it by a template such as builtin:argocd-register-capi",
        )
    };
    let message = format!(
        "`{}` looks values up in the cluster's Secret of {whose}, and no template makes that of {who}",
        addon.name.value
    );
    let help = format!("{help}, or let what registers it set the label `{CLUSTER_LABEL}`");
    diags.push(
        Diagnostic::new(Code::NotRegistered, addon.name.span, message)
            .related(cluster.span, "for this member")
            .help(help),
    );
}
