//! Objects with one identity: equal ones are printed once, others are refused.

use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::passes::check::Identity;
use crate::plan::{Object, Plan, Scoped, SubjectId, Template};
use crate::template::fill;
use crate::tree::Node;

/// An object of one subject; ordered as they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    /// The cluster's index; [`FLEET`] for the fleet.
    subject: u32,
    section: u16,
    object: u16,
}

/// More than any cluster's index: what belongs to the fleet is printed last.
const FLEET: u32 = u32::MAX;

impl At {
    /// A subject, a section and an object of its program. Budgets keep the numbers small: there are
    /// at most 100,000 clusters, 20,000 files and 10,000 documents in one.
    pub(super) fn new(subject: SubjectId, section: usize, object: usize) -> Self {
        Self {
            subject: match subject {
                SubjectId::Cluster(index) => index,
                SubjectId::Fleet => FLEET,
            },
            section: u16::try_from(section).unwrap_or(u16::MAX),
            object: u16::try_from(object).unwrap_or(u16::MAX),
        }
    }

    /// What the object is made for.
    pub(super) fn subject(self) -> SubjectId {
        match self.subject {
            FLEET => SubjectId::Fleet,
            index => SubjectId::Cluster(index),
        }
    }

    fn section(self, output: &Output) -> &Section {
        &output.sections[usize::from(self.section)]
    }

    /// The template that made the object; none for a Namespace of ours.
    fn template(self, plan: &Plan) -> Option<&Template> {
        let template = usize::from(self.section).checked_sub(1)?;
        Some(&plan.templates[template])
    }

    fn object(self, plan: &Plan) -> &Object {
        let object = usize::from(self.object);
        match self.template(plan) {
            None => &plan.namespace.objects[object],
            Some(template) => &template.objects[object],
        }
    }

    /// The values of the object's program, filled for its subject.
    fn values(self, plan: &Plan, output: &Output) -> Vec<Node> {
        let variables = self.template(plan).map(|template| &*template.variables);
        let scope = Scoped {
            template: variables.unwrap_or_default(),
            subject: plan.subject(self.subject()),
        };
        let fill = |value: &Node| fill::node(value, &scope, &mut Vec::new());
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
            .subjects
            .binary_search(&self.subject())
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
        let subjects = [first, second].map(|at| plan.subject(at.subject()));
        other.refuse(&one, subjects, diags);
    }
    Some(is_equal)
}
