//! What variants are called: by what selects them, never by their content.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::name::{LABEL_LENGTH, fitted};
use crate::model::{Chart, Cluster};
use crate::plan::{Scoped, Subject, VariantName, addon_variable};
use crate::source::Spanned;
use crate::template::fill;
use crate::tree::expression::Operation;
use crate::tree::{Node, Part, Text};

impl AddOnResolver<'_, '_> {
    /// The clusters by the names of their variants of a chart: the patches that match, and the values of
    /// variables that select files. Where another variable of a cluster's own is used, each cluster has
    /// its own variant.
    pub(super) fn group_by_variant(
        &mut self,
        patches: &[String],
        chart: &Chart,
        clusters: Vec<usize>,
    ) -> Vec<(VariantName, Vec<usize>)> {
        let Some(selecting) = self
            .variant_expressions(chart)
            .filter(|_| self.delivery.shares)
        else {
            return vec![(VariantName::Cluster, clusters)];
        };
        // Different names can be joined to the same one, so they are joined for each group.
        let mut by_names: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for index in clusters {
            let values = self.values(&selecting, index);
            let names = patches.iter().cloned().chain(values).collect();
            by_names.entry(names).or_default().push(index);
        }
        let groups = by_names.into_iter().map(|(names, clusters)| {
            let name = variant_name(&names);
            self.check_same_form(&name, chart, &clusters);
            (VariantName::Shared(name), clusters)
        });
        groups.collect()
    }

    /// Reports clusters of one variant that do not get the same chart: all of them would get that of the
    /// first. What selects the files of `variablesFrom` has one value for all of them, but each list has
    /// its own files, and a file can set a variable in its own path.
    fn check_same_form(&mut self, name: &str, chart: &Chart, clusters: &[usize]) {
        let varying = self.chart_variables(chart);
        if varying.is_empty() {
            return;
        }
        let addon = self.selected.addon;
        let variables = [addon_variable(&addon.name)];
        let nodes = chart_nodes(chart);
        // Patches of objects, and documents of a fleet, can read other keys of the same variables.
        let reads_all = !addon.patches.objects.is_empty() || self.delivery.file.is_some();
        let form = |cluster: &Cluster| {
            let scope = Scoped::new(self.subjects, Subject::Cluster(cluster), &variables);
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
        // These variables come from files alone, so clusters with the same files get the same.
        let mut known = BTreeSet::new();
        let clusters = clusters.iter().map(|index| &self.subjects.clusters[*index]);
        let mut clusters =
            clusters.filter(|cluster| known.insert(Rc::as_ptr(&cluster.variables.shared)));
        let Some(first) = clusters.next() else {
            return;
        };
        let expected = form(first);
        if let Some(other) = clusters.find(|other| form(other) != expected) {
            let message = format!(
                "`{}` and `{}` have the variant `{name}` of `{}`, but different values",
                first.name, other.name, addon.name.value
            );
            let help = "use a variable in the paths of `variablesFrom` that differs between them";
            self.diags.push(
                Diagnostic::new(Code::VariantConflict, addon.name.span, message)
                    .related(first.span, "for this member")
                    .related(other.span, "for this member")
                    .help(help),
            );
        }
    }

    /// The expressions that select what a chart is, in the paths of layers and of shared variables; none
    /// where a variable of a cluster's own is used otherwise.
    fn variant_expressions(&self, chart: &Chart) -> Option<Vec<Text>> {
        let mut selecting: Vec<Text> = Vec::new();
        let mut add = |text: Text| {
            let is_known = selecting
                .iter()
                .any(|known| known.as_written() == text.as_written());
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
            for by in self.derived.by(&name)? {
                add(Text::variable(by, self.selected.addon.name.span));
            }
        }
        let is_name = |text: &Text| {
            let slot = text.sole_slot();
            slot.is_some_and(|slot| slot.expression.path[0] == "CLUSTER_NAME")
        };
        (!selecting.iter().any(is_name)).then_some(selecting)
    }

    /// The variables of a chart that could be something else for each cluster.
    fn chart_variables(&self, chart: &Chart) -> Vec<String> {
        let nodes = chart_nodes(chart);
        let names = nodes.iter().flat_map(|node| self.varying_variables(node));
        names.collect()
    }

    /// The expressions of a path that could be something else for each cluster, each as a text.
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
        // A plain variable is written one way, whatever blanks its author put into it.
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

    /// The values of texts for a cluster. Only some lists have the variables that select files of others.
    pub(super) fn values(&self, texts: &[Text], cluster: usize) -> Vec<String> {
        let subject = Subject::Cluster(&self.subjects.clusters[cluster]);
        let variables = [addon_variable(&self.selected.addon.name)];
        let scope = Scoped::new(self.subjects, subject, &variables);
        let value = |text| fill::text(text, &scope, &mut Vec::new()).to_string();
        texts.iter().map(value).collect()
    }
}

/// Returns the texts and the values of a chart.
fn chart_nodes(chart: &Chart) -> Vec<Node> {
    let texts = chart.texts();
    let texts = texts.iter().map(|(_, _, text)| text.node());
    texts.chain(chart.values.clone()).collect()
}

/// Returns the name of the variant with these names of patches and values of variables.
pub(super) fn variant_name(names: &[String]) -> Rc<str> {
    if names.is_empty() {
        return "base".into();
    }
    fitted(&names.join("."), LABEL_LENGTH).into()
}
