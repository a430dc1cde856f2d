//! Objects with one identity: equal ones are printed once, others are refused.

use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::model::Cluster;
use crate::passes::check::Identity;
use crate::plan::{Object, Plan};
use crate::template::fill;
use crate::tree::Node;

/// An object of one cluster; ordered as they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    cluster: u32,
    section: u16,
    object: u16,
}

impl At {
    /// Indices of a cluster, a section and an object of its program. Budgets keep them small: there
    /// are at most 100,000 clusters, 20,000 files and 10,000 documents in one.
    pub(super) fn new(cluster: usize, section: usize, object: usize) -> Self {
        Self {
            cluster: u32::try_from(cluster).unwrap_or(u32::MAX),
            section: u16::try_from(section).unwrap_or(u16::MAX),
            object: u16::try_from(object).unwrap_or(u16::MAX),
        }
    }

    /// The cluster's index.
    pub(super) fn cluster_index(self) -> usize {
        self.cluster as usize
    }

    /// The cluster.
    pub(super) fn cluster(self, plan: &Plan) -> &Cluster {
        &plan.clusters[self.cluster_index()]
    }

    fn section(self, output: &Output) -> &Section {
        &output.sections[usize::from(self.section)]
    }

    fn object(self, plan: &Plan) -> &Object {
        let object = usize::from(self.object);
        match usize::from(self.section) {
            0 => &plan.namespace.objects[object],
            section => &plan.templates[section - 1].objects[object],
        }
    }

    /// The values of the object's program, filled for its cluster.
    fn values(self, plan: &Plan, output: &Output) -> Vec<Node> {
        let fill = |value: &Node| fill::node(value, self.cluster(plan), &mut Vec::new());
        self.section(output)
            .program
            .values
            .iter()
            .map(fill)
            .collect()
    }

    /// The object's text.
    pub(super) fn bytes(self, output: &Output) -> Vec<u8> {
        let section = self.section(output);
        let position = section
            .clusters
            .binary_search(&self.cluster_index())
            .unwrap_or_default();
        section
            .pieces(position, usize::from(self.object))
            .collect::<Vec<_>>()
            .concat()
    }
}

fn identity<'a>(at: At, plan: &'a Plan, output: &Output, values: &'a [Node]) -> Identity<'a> {
    let compiled = &at.section(output).program.objects[usize::from(at.object)];
    compiled.identity(at.object(plan), values)
}

/// Finds objects with one identity: equal ones are printed once, others are refused.
pub(super) fn skip_repetitions(
    plan: &Plan,
    output: &mut Output,
    mut identities: Vec<(u64, At)>,
    diags: &mut Diagnostics,
) {
    identities.sort_unstable();
    for group in identities
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        for (index, (_, second)) in group.iter().enumerate().skip(1) {
            for (_, first) in &group[..index] {
                if let Some(is_equal) = compare(plan, output, *first, *second, diags) {
                    if is_equal {
                        output.skipped.push(*second);
                    }
                    break;
                }
            }
        }
    }
    output.skipped.sort_unstable();
}

/// Whether two objects that are one are equal in every byte; none where they are two.
fn compare(
    plan: &Plan,
    output: &Output,
    first: At,
    second: At,
    diags: &mut Diagnostics,
) -> Option<bool> {
    let (first_values, second_values) = (first.values(plan, output), second.values(plan, output));
    let one = identity(first, plan, output, &first_values);
    let other = identity(second, plan, output, &second_values);
    if !one.is(&other) {
        return None;
    }
    let is_equal = first.bytes(output) == second.bytes(output);
    if !is_equal {
        other.refuse(&one, [first.cluster(plan), second.cluster(plan)], diags);
    }
    Some(is_equal)
}
