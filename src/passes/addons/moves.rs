//! Warns about add-ons that install the same software on different clusters. A label that moves a cluster from one to
//! the other changes the owner of the software, and the old owner uninstalls it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::addon::Chart;
use crate::model::OnRemove;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::selector::{Rule, Selector};
use crate::passes::resolve::ResolvedFleet;
use crate::plan::{AddOn, Software, Subject};
use crate::source::Spanned;
use crate::tree::{Text, roots};

/// Software that only one owner can have on a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owned {
    /// A release: its namespace and its name. Variables of clusters are not substituted.
    Release(Rc<str>, Rc<str>),
    /// An object of manifests, as messages show it.
    Object(Rc<str>),
}

/// Warns about every add-on that has software in common with an earlier one, on other clusters.
pub(super) fn warn_release_moves(
    addons: &[AddOn],
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) {
    let mut known: BTreeMap<Owned, &AddOn> = BTreeMap::new();
    for addon in addons {
        let owned = owned(addon, resolved);
        let shared = owned.iter().find_map(|one| Some((one, *known.get(one)?)));
        if let Some((shared, first)) = shared
            && can_move(first, addon)
        {
            warn(shared, [first, addon], diags);
        }
        for one in owned {
            known.entry(one).or_insert(addon);
        }
    }
}

/// Returns `true` if a label can move a cluster from one add-on to the other, and one of them uninstalls then.
fn can_move(first: &AddOn, second: &AddOn) -> bool {
    let both = [first, second];
    let is_all = |selector: &Selector| selector.requirements.is_empty();
    let meets_all = both.iter().any(|addon| {
        addon
            .written
            .selector
            .as_ref()
            .is_some_and(|selector| is_all(&selector.value))
    });
    let are_named = both.iter().all(|addon| {
        addon
            .written
            .selector
            .as_ref()
            .is_some_and(|selector| names_clusters(&selector.value))
    });
    let is_left = both
        .iter()
        .all(|addon| addon.written.on_remove() == OnRemove::Leave);
    if meets_all || are_named || is_left {
        return false;
    }
    let clusters = |addon: &AddOn| -> BTreeSet<usize> {
        let variants = addon.variants.iter();
        variants
            .flat_map(|variant| variant.clusters.iter().copied())
            .collect()
    };
    clusters(first).is_disjoint(&clusters(second))
}

/// Returns `true` if a selector lists the names of its clusters, which no label of a member changes.
fn names_clusters(selector: &Selector) -> bool {
    selector.requirements.iter().any(|requirement| {
        requirement.key.value == CLUSTER_LABEL && matches!(requirement.rule, Rule::In(_))
    })
}

/// Returns the software of an add-on with and without its patches.
fn owned(addon: &AddOn, resolved: &ResolvedFleet) -> BTreeSet<Owned> {
    let variants = addon.variants.iter().map(|variant| &variant.software);
    let mut owned = BTreeSet::new();
    for software in variants.chain([&addon.base]) {
        match software {
            Software::Helm(chart) => {
                owned.insert(release(addon, chart, resolved));
            }
            Software::Manifests(manifests) => {
                let files = manifests.files.iter();
                let objects = files.flat_map(|file| file.identities.iter().cloned());
                owned.extend(objects.map(Owned::Object));
            }
        }
    }
    owned
}

fn release(addon: &AddOn, chart: &Chart, resolved: &ResolvedFleet) -> Owned {
    let subjects = resolved.subjects();
    let is_constant = |name: &String| name == "ADDON" || subjects.constants.get(name).is_some();
    let text = |text: &Spanned<Text>| {
        if roots(&text.node()).iter().all(is_constant) {
            addon.text(&text.value, subjects, Subject::Fleet(subjects.constants))
        } else {
            text.value.source_text()
        }
    };
    Owned::Release(
        text(&chart.namespace),
        text(&chart.release(&addon.written.name)),
    )
}

fn warn(shared: &Owned, [first, second]: [&AddOn; 2], diags: &mut Diagnostics) {
    let what = match shared {
        Owned::Release(namespace, name) => {
            format!("install the release `{name}` in the namespace `{namespace}` of")
        }
        Owned::Object(object) => format!("apply the object `{object}` to"),
    };
    let message = format!(
        "add-ons `{}` and `{}` {what} different clusters: a label that moves a cluster from one to the other uninstalls it",
        first.written.name.value, second.written.name.value
    );
    let help = "use one add-on for all of these clusters, with a patch for those that differ";
    diags.push(
        Diagnostic::new(Code::ReleaseMoves, second.written.name.span, message)
            .related(first.written.name.span, "the other add-on")
            .help(help),
    );
}
