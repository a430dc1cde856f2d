//! Explanations of the add-ons of many clusters, which clusters share if they are equal.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::absence::reasons;
use super::addon::{layers, levels, levels_at};
use super::context::Context;
use super::level::{Level, Section, State};
use super::path;
use super::shown::{is_secret_path, json};
use super::stack::trees;
use crate::model::Selector;
use crate::model::cluster::Cluster;
use crate::plan::{AddOn, Plan, SubjectScope, Variant};
use crate::source::Spanned;
use crate::template::fill;
use crate::tree::Text;

/// Maximum number of values of one explanation.
const MAX_VALUES: usize = 40;
/// Maximum number of values of all explanations.
const MAX_ALL_VALUES: usize = 20_000;

/// The reasons why clusters get an add-on or not, and the levels of its values.
#[derive(Debug)]
pub struct CellExplanation {
    /// The requirements of selectors.
    pub selection: Vec<Level>,
    /// The add-on, its layers and its patches. Without the add-on: the layers that would apply.
    pub levels: Vec<Level>,
    /// The values of the chart as written, each with the levels that set it.
    pub values: Vec<Section>,
    /// The number of values that are not listed.
    pub more: usize,
}

/// What an explanation depends on: the add-on, its variant, labels that selectors read, and paths of layers.
type Key = (usize, Option<usize>, Vec<Option<Rc<str>>>, Vec<Rc<str>>);

/// All explanations of a fleet, each once.
#[derive(Debug)]
pub struct Cells {
    known: BTreeMap<Key, usize>,
    /// The explanations.
    pub all: Vec<CellExplanation>,
    /// The keys of the labels that decide about each add-on.
    labels: Vec<Vec<String>>,
    /// Number of values that can still be listed.
    room: usize,
}

impl Cells {
    /// Returns no explanations yet.
    pub fn new(plan: &Plan) -> Self {
        let labels = (0..plan.addons.len()).map(|index| {
            let mut keys = BTreeSet::new();
            add_labels(plan, index, &mut BTreeSet::new(), &mut keys);
            keys.into_iter().collect()
        });
        Self {
            known: BTreeMap::new(),
            all: Vec::new(),
            labels: labels.collect(),
            room: MAX_ALL_VALUES,
        }
    }

    /// Returns the index of the explanation of an add-on on a cluster. `variant` is the index of its variant.
    pub fn explain(
        &mut self,
        context: &mut Context<'_>,
        index: usize,
        variant: Option<usize>,
        cluster: usize,
    ) -> usize {
        let addon = &context.plan().addons[index];
        let found = context.cluster(cluster);
        let labels = self.labels[index].iter();
        let labels = labels.map(|key| label(found, key));
        let key = (
            index,
            variant,
            labels.collect(),
            paths(context, addon, cluster),
        );
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let variant = variant.map(|variant| &addon.variants[variant]);
        let explanation = self.explanation(context, addon, variant, cluster);
        self.all.push(explanation);
        self.known.insert(key, self.all.len() - 1);
        self.all.len() - 1
    }

    fn explanation(
        &mut self,
        context: &mut Context<'_>,
        addon: &AddOn,
        variant: Option<&Variant>,
        cluster: usize,
    ) -> CellExplanation {
        let selection = reasons(context, addon, cluster);
        let Some(variant) = variant else {
            let layers = layers(context, addon, None, cluster);
            return CellExplanation {
                selection,
                levels: layers.into_iter().map(|(level, _)| shared(level)).collect(),
                values: Vec::new(),
                more: 0,
            };
        };
        let levels = levels(context, addon, variant, cluster);
        let trees = trees(&variant.stack);
        let last = &trees[trees.len() - 1];
        let keys = ["helm", "values"].map(str::to_owned);
        let mut leaves = Vec::new();
        if let Some(tree) = path::at(last, &keys) {
            path::leaves(tree, &mut keys.to_vec(), usize::MAX, &mut leaves);
        }
        let more = leaves.len().saturating_sub(MAX_VALUES.min(self.room));
        leaves.truncate(leaves.len() - more);
        self.room -= leaves.len();
        let values = leaves.iter().map(|path| {
            let is_secret = is_secret_path(path);
            let mut levels = levels_at(&levels, &trees, path, is_secret);
            levels.retain(|level| matches!(level.state, State::Wins | State::Overridden));
            Section {
                title: path::format(&path[keys.len()..]),
                value: path::at(last, path).map(|node| json(node, is_secret)),
                levels: levels.into_iter().map(shared).collect(),
            }
        });
        CellExplanation {
            selection,
            values: values.collect(),
            levels: levels.into_iter().map(|(level, _)| shared(level)).collect(),
            more,
        }
    }
}

/// Removes the path of a file that does not exist, if it contains the name of the cluster.
fn shared(mut level: Level) -> Level {
    if level.state == State::NotFound && level.name.contains("CLUSTER_NAME") {
        level.resolved = None;
    }
    level
}

/// Returns a label of a cluster, shared with it where possible.
fn label(cluster: &Cluster, key: &str) -> Option<Rc<str>> {
    let labels = &cluster.labels;
    match labels.binary_search_by(|(label, _)| (**label).cmp(key)) {
        Ok(at) => Some(Rc::clone(&labels[at].1)),
        Err(_) => cluster.label(key).map(Into::into),
    }
}

/// Returns the paths of the layers of an add-on on a cluster. A path with the name of the cluster counts only if the
/// file exists.
fn paths(context: &mut Context<'_>, addon: &AddOn, cluster: usize) -> Vec<Rc<str>> {
    let fleet = context.fleet;
    let variables = addon.variables();
    let plan = context.plan();
    let subject = crate::plan::Subject::Cluster(context.cluster(cluster));
    let scope = SubjectScope::new(plan.subjects(), subject, &variables);
    let is_own = |text: &Text| {
        let mut slots = text.slots();
        slots.any(|slot| {
            slot.expression
                .path
                .first()
                .is_some_and(|root| root == "CLUSTER_NAME")
        })
    };
    let mut paths = Vec::new();
    for layer in &fleet.layers {
        let path = fill::text(&layer.value, &scope, &mut Vec::new());
        let is_missing = is_own(&layer.value) && {
            let path = context.files.relative(&path, layer.span);
            !context.files.has(&path)
        };
        paths.push(if is_missing { "".into() } else { path });
    }
    paths
}

/// Adds the keys of the labels that decide whether a cluster gets an add-on, and with which patches.
fn add_labels(plan: &Plan, index: usize, seen: &mut BTreeSet<usize>, keys: &mut BTreeSet<String>) {
    if !seen.insert(index) {
        return;
    }
    let written = &plan.addons[index].written;
    let mut add = |selector: &Option<Spanned<Selector>>| {
        let requirements = selector.iter().flat_map(|one| &one.value.requirements);
        keys.extend(requirements.map(|requirement| requirement.key.value.clone()));
    };
    add(&written.selector);
    for patch in &written.patches.software {
        add(&patch.selector);
    }
    if written.selector.is_some() {
        return;
    }
    for (other, dependent) in plan.addons.iter().enumerate() {
        let mut needs = dependent.written.depends_on.iter();
        if needs.any(|needed| needed.value == written.name.value) {
            add_labels(plan, other, seen, keys);
        }
    }
}
