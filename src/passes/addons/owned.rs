//! The software that add-ons and profiles install on clusters. Each piece can have one owner on a cluster.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::input::addon::Chart;
use crate::input::profile;
use crate::model::OnRemove;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::selector::{Rule, Selector};
use crate::passes::resolve::ResolvedFleet;
use crate::plan::{AddOn, Software, Subject, Variant, VariantName};
use crate::source::{Span, Spanned};
use crate::tree::{Text, roots};

/// Software that only one owner can have on a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owned {
    /// A release: its namespace and its name.
    Release(Rc<str>, Rc<str>),
    /// An object of manifests, as messages show it.
    Object(Rc<str>),
}

/// An add-on or a profile.
pub(super) struct Owner<'a> {
    /// `add-on` or `profile`.
    pub(super) noun: &'static str,
    pub(super) name: &'a Spanned<Rc<str>>,
    pub(super) change: Change,
}

impl Owner<'_> {
    pub(super) fn is_addon(&self) -> bool {
        self.noun == "add-on"
    }
}

/// How the clusters of an owner can change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// They never change: it selects all clusters, or is a profile.
    Never,
    /// They change with a label.
    Label {
        /// Whether the selector lists the names of its clusters, which no label of a member changes.
        is_named: bool,
        /// Whether the software remains on clusters that are no longer selected.
        is_left: bool,
    },
}

/// The clusters that get software from an owner.
pub(super) struct Use<'a> {
    /// The index of the owner.
    pub(super) owner: usize,
    /// The number of the owner's variant, if it decides the clusters.
    pub(super) variant: Option<usize>,
    /// Where the software is written.
    pub(super) span: Span,
    /// The indices of the clusters.
    pub(super) clusters: Cow<'a, [usize]>,
}

/// All owners, and their software.
pub(super) struct Owners<'a> {
    pub(super) owners: Vec<Owner<'a>>,
    pub(super) uses: BTreeMap<Owned, Vec<Use<'a>>>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(
        addons: &'a [AddOn],
        profiles: &'a [(&profile::Selection, Option<Vec<usize>>)],
        resolved: &ResolvedFleet,
    ) -> Self {
        let mut all = Self {
            owners: Vec::new(),
            uses: BTreeMap::new(),
        };
        for (profile, clusters) in profiles {
            all.owners.push(Owner {
                noun: "profile",
                name: &profile.name,
                change: Change::Never,
            });
            for (namespace, name) in &profile.releases {
                let owned = Owned::Release(Rc::clone(namespace), Rc::clone(&name.value));
                let clusters = clusters.as_deref().unwrap_or_default();
                all.add(owned, None, name.span, Cow::Borrowed(clusters));
            }
        }
        for addon in addons {
            all.owners.push(Owner {
                noun: "add-on",
                name: &addon.written.name,
                change: change(addon),
            });
            for (number, variant) in addon.variants.iter().enumerate() {
                all.add_variant(addon, (number, variant), resolved);
            }
            // A cluster that no patch selects yet gets the software without patches.
            all.add_written(addon, &addon.base, resolved);
        }
        all
    }

    /// Adds software of the last owner.
    fn add(&mut self, item: Owned, variant: Option<usize>, span: Span, clusters: Cow<'a, [usize]>) {
        let owner = self.owners.len() - 1;
        self.uses.entry(item).or_default().push(Use {
            owner,
            variant,
            span,
            clusters,
        });
    }

    fn add_variant(
        &mut self,
        addon: &AddOn,
        (number, variant): (usize, &'a Variant),
        resolved: &ResolvedFleet,
    ) {
        self.add_written(addon, &variant.software, resolved);
        let Software::Helm(chart) = &variant.software else {
            return self.add_objects(&variant.software, Some(number), &variant.clusters);
        };
        let release = |index: &usize| {
            let subject = Subject::Cluster(&resolved.clusters[*index]);
            owned(addon, chart, resolved, subject)
        };
        let span = chart.release(&addon.written.name).span;
        if let (VariantName::Shared(_), Some(first)) = (&variant.name, variant.clusters.first()) {
            self.add(
                release(first),
                Some(number),
                span,
                Cow::Borrowed(&variant.clusters),
            );
            return;
        }
        let mut releases: BTreeMap<Owned, Vec<usize>> = BTreeMap::new();
        for index in &variant.clusters {
            releases.entry(release(index)).or_default().push(*index);
        }
        for (owned, clusters) in releases {
            self.add(owned, None, span, Cow::Owned(clusters));
        }
    }

    /// Adds software for clusters that an add-on does not select now. Two releases that are written alike are the same on
    /// each cluster.
    fn add_written(&mut self, addon: &AddOn, software: &'a Software, resolved: &ResolvedFleet) {
        let Software::Helm(chart) = software else {
            return self.add_objects(software, None, &[]);
        };
        let subjects = resolved.subjects();
        let is_constant = |name: &String| name == "ADDON" || subjects.constants.get(name).is_some();
        let release = chart.release(&addon.written.name);
        let text = |text: &Spanned<Text>| {
            if roots(&text.node()).iter().all(is_constant) {
                addon.text(&text.value, subjects, Subject::Fleet(subjects.constants))
            } else {
                text.value.source_text()
            }
        };
        let owned = Owned::Release(text(&chart.namespace), text(&release));
        self.add(owned, None, release.span, Cow::Borrowed(&[]));
    }

    fn add_objects(
        &mut self,
        software: &'a Software,
        variant: Option<usize>,
        clusters: &'a [usize],
    ) {
        let Software::Manifests(manifests) = software else {
            return;
        };
        for object in manifests.files.iter().flat_map(|file| &*file.identities) {
            let owned = Owned::Object(Rc::clone(&object.value));
            self.add(owned, variant, object.span, Cow::Borrowed(clusters));
        }
    }
}

fn owned(addon: &AddOn, chart: &Chart, resolved: &ResolvedFleet, subject: Subject<'_>) -> Owned {
    let text = |text: &Text| addon.text(text, resolved.subjects(), subject);
    let release = chart.release(&addon.written.name);
    Owned::Release(text(&chart.namespace.value), text(&release.value))
}

fn change(addon: &AddOn) -> Change {
    let selector = addon.written.selector.as_ref();
    let selector = selector.map(|selector| &selector.value);
    if selector.is_some_and(|selector| selector.requirements.is_empty()) {
        return Change::Never;
    }
    Change::Label {
        is_named: selector.is_some_and(names_clusters),
        is_left: addon.written.on_remove() == OnRemove::Leave,
    }
}

/// Returns `true` if a selector lists the names of its clusters.
fn names_clusters(selector: &Selector) -> bool {
    selector.requirements.iter().any(|requirement| {
        requirement.key.value == CLUSTER_LABEL && matches!(requirement.rule, Rule::In(_))
    })
}
