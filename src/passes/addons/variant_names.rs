//! Names of variants, which depend on the selection of a variant, never on its content.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::input::addon::Chart;
use crate::model::Cluster;
use crate::model::name::{LABEL_LENGTH, truncate_with_hash};
use crate::plan::{Subject, SubjectScope, VariantName, addon_variable};
use crate::source::Spanned;
use crate::template::fill;
use crate::tree::expression::Operation;
use crate::tree::{Node, Part, Text};

impl AddOnResolver<'_, '_> {
    /// Groups clusters by the names of their variants of a chart: the matching patches, and the values of variables
    /// that select files. If the chart uses another variable of clusters, each cluster has its own variant.
    pub(super) fn group_by_variant(
        &mut self,
        patches: &[String],
        chart: &Chart,
        clusters: Vec<usize>,
    ) -> Vec<(VariantName, Vec<usize>)> {
        let Some(selecting) = self
            .variant_expressions(chart)
            .filter(|_| self.delivery.shares_objects)
        else {
            return vec![(VariantName::Cluster, clusters)];
        };
        // Joined names can be equal for different groups, so the groups are built before the names are joined.
        let mut by_names: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for index in clusters {
            let values = self.values(&selecting, index);
            let names = patches.iter().cloned().chain(values).collect();
            by_names.entry(names).or_default().push(index);
        }
        let groups = by_names.into_iter().map(|(names, clusters)| {
            let name = variant_name(&names);
            self.check_same_chart(&name, chart, &clusters);
            (VariantName::Shared(name), clusters)
        });
        groups.collect()
    }

    /// Reports clusters of a variant that do not get the same chart, because all of them would get that of the first.
    /// The variables that select the files of `variablesFrom` have the same values for all of them. However, each list
    /// has its own files, and a file can set a variable in its own path.
    fn check_same_chart(&mut self, name: &str, chart: &Chart, clusters: &[usize]) {
        let varying = self.chart_variables(chart);
        if varying.is_empty() {
            return;
        }
        let addon = self.selected.addon;
        let variables = [addon_variable(&addon.name)];
        let nodes = chart_nodes(&self.selected.addon.name, chart);
        // Patches of objects, and documents of a fleet, can read other keys of the same variables.
        let reads_all = !addon.patches.objects.is_empty() || self.delivery.file.is_some();
        let configuration = |cluster: &Cluster| {
            let scope = SubjectScope::new(self.subjects, Subject::Cluster(cluster), &variables);
            let mut errors = Vec::new();
            let filled = nodes
                .iter()
                .map(|node| fill::node(node, &scope, &mut errors));
            let filled: Vec<Node> = filled.collect();
            let read = varying.iter().filter(|_| reads_all);
            let read: Vec<Option<Node>> = read
                .map(|name| cluster.variables.get(name).cloned())
                .collect();
            (filled, errors.is_empty(), read)
        };
        // Only files set these variables, so clusters with the same files get the same values.
        let mut known = BTreeSet::new();
        let clusters = clusters.iter().map(|index| &self.subjects.clusters[*index]);
        let mut clusters =
            clusters.filter(|cluster| known.insert(Rc::as_ptr(&cluster.variables.shared)));
        let Some(first) = clusters.next() else {
            return;
        };
        let expected = configuration(first);
        if let Some(other) = clusters.find(|other| configuration(other) != expected) {
            let message = format!(
                "clusters `{}` and `{}` have the variant `{name}` of add-on `{}`, but different values",
                first.name, other.name, addon.name.value
            );
            let help = "use a variable in the paths of `variablesFrom` that differs between them";
            self.diags.push(
                Diagnostic::new(Code::VariantConflict, addon.name.span, message)
                    .related(first.span, "value comes from this member")
                    .related(other.span, "value comes from this member")
                    .help(help),
            );
        }
    }

    /// Returns the expressions in the paths of layers and of shared variables that select the files of a chart. Returns
    /// `None` if the chart uses another variable of clusters.
    fn variant_expressions(&self, chart: &Chart) -> Option<Vec<Text>> {
        let mut selecting: Vec<Text> = Vec::new();
        let mut add = |text: Text| {
            let is_known = selecting
                .iter()
                .any(|known| known.source_text() == text.source_text());
            if !is_known {
                selecting.push(text);
            }
        };
        for layer in self.paths {
            for text in self.expressions(layer) {
                add(text);
            }
        }
        for name in self.chart_variables(chart) {
            for by in self.derived.path_variables(&name)? {
                add(Text::variable(by, self.selected.addon.name.span));
            }
        }
        let is_name = |text: &Text| {
            let slot = text.sole_slot();
            slot.is_some_and(|slot| slot.expression.path[0] == "CLUSTER_NAME")
        };
        (!selecting.iter().any(is_name)).then_some(selecting)
    }

    /// Returns the variables of a chart that can differ between clusters.
    fn chart_variables(&self, chart: &Chart) -> Vec<String> {
        let nodes = chart_nodes(&self.selected.addon.name, chart);
        let names = nodes.iter().flat_map(|node| self.varying_variables(node));
        names.collect()
    }

    /// Returns the expressions of a path that can differ between clusters, each as a string.
    pub(super) fn expressions(&self, path: &Spanned<Text>) -> Vec<Text> {
        let Text::Parts(parts) = &path.value else {
            return Vec::new();
        };
        let text = |part: &Part| Text::Parts([part.clone()].into());
        let expressions = parts
            .iter()
            .filter(|part| matches!(part, Part::Expression(_)));
        let texts = expressions.map(text);
        let is_own = |text: &Text| self.varies_by_cluster(&Node::quoted(path.span, text.clone()));
        // A plain variable has one spelling, regardless of the spaces inside its braces.
        let plain = |text: Text| match text.sole_slot() {
            Some(slot)
                if slot.expression.operation == Operation::None
                    && slot.expression.path.len() == 1 =>
            {
                Text::variable(&slot.expression.path[0], path.span)
            }
            _ => text,
        };
        texts.filter(is_own).map(plain).collect()
    }

    /// Returns the values of strings for a cluster. A variable that only other lists set is empty.
    pub(super) fn values(&self, texts: &[Text], cluster: usize) -> Vec<String> {
        let subject = Subject::Cluster(&self.subjects.clusters[cluster]);
        let variables = [addon_variable(&self.selected.addon.name)];
        let scope = SubjectScope::new(self.subjects, subject, &variables);
        let value = |text| fill::text(text, &scope, &mut Vec::new()).to_string();
        texts.iter().map(value).collect()
    }
}

/// Returns the strings and the values of a chart as trees.
fn chart_nodes(addon: &Spanned<Rc<str>>, chart: &Chart) -> Vec<Node> {
    let texts = chart
        .texts(addon)
        .into_iter()
        .map(|(_, _, text)| text.node());
    texts.chain(chart.values.clone()).collect()
}

/// Returns the name of the variant for names of patches and values of variables.
pub(super) fn variant_name(names: &[String]) -> Rc<str> {
    if names.is_empty() {
        return "base".into();
    }
    truncate_with_hash(&names.join("."), LABEL_LENGTH).into()
}
