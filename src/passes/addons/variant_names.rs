//! What variants are called: by what selects them, never by their content.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::model::Chart;
use crate::model::name::{LABEL_LENGTH, fitted};
use crate::plan::{Scoped, Subject, VariantName};
use crate::source::Spanned;
use crate::template::fill;
use crate::tree::expression::Operation;
use crate::tree::{Node, Part, Text};

impl AddOnResolver<'_, '_> {
    /// The clusters by the names of their variants of a chart: the patches that match, and the values of
    /// variables that select files. Where another variable of a cluster's own is used, each cluster has
    /// its own variant.
    pub(super) fn group_by_variant(
        &self,
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
        let mut by_name: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
        for index in clusters {
            let values = selecting.iter().map(|text| self.value(text, index));
            let names: Vec<String> = patches.iter().cloned().chain(values).collect();
            by_name.entry(variant_name(&names)).or_default().push(index);
        }
        let shared = |(name, clusters)| (VariantName::Shared(name), clusters);
        by_name.into_iter().map(shared).collect()
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
        let texts = chart.texts();
        let texts = texts.iter().map(|(_, _, text)| text.node());
        for node in texts.chain(chart.values.clone()) {
            for name in self.varying_variables(&node) {
                for by in self.derived.by(&name)? {
                    add(Text::variable(by, node.span));
                }
            }
        }
        let is_name = |text: &Text| {
            let slot = text.sole_slot();
            slot.is_some_and(|slot| slot.expression.path[0] == "CLUSTER_NAME")
        };
        (!selecting.iter().any(is_name)).then_some(selecting)
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

    /// What a text is for a cluster.
    pub(super) fn value(&self, text: &Text, cluster: usize) -> String {
        let subject = Subject::Cluster(&self.subjects.clusters[cluster]);
        let scope = Scoped::new(self.subjects, subject, &[]);
        fill::text(text, &scope, &mut Vec::new()).to_string()
    }
}

/// Returns the name of the variant with these names of patches and values of variables.
pub(super) fn variant_name(names: &[String]) -> Rc<str> {
    if names.is_empty() {
        return "base".into();
    }
    fitted(&names.join("."), LABEL_LENGTH).into()
}
