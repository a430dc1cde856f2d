//! Objects with one identity: equal ones are printed once, others are refused.

use super::values::Values;
use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::passes::check::Identity;
use crate::plan::{Object, Plan, Scoped, SubjectId, Template};

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

    /// The section and the object in it.
    pub(super) fn place(self) -> (usize, usize) {
        (usize::from(self.section), usize::from(self.object))
    }

    /// What the object is made for.
    pub(super) fn subject(self) -> SubjectId {
        match self.subject {
            FLEET => SubjectId::Fleet,
            index => SubjectId::Cluster(index),
        }
    }

    /// Whether a template made the object, and not we a Namespace.
    pub(super) fn is_of_template(self) -> bool {
        self.section > 0
    }

    fn section(self, output: &Output) -> &Section {
        &output.sections[usize::from(self.section)]
    }

    /// The template that made the object.
    fn template<'a>(self, made: &Made<'a>) -> &'a Template {
        match usize::from(self.section).checked_sub(1) {
            None => &made.plan.namespace,
            Some(template) => made.templates[template],
        }
    }

    fn object<'a>(self, made: &Made<'a>) -> &'a Object {
        &self.template(made).objects[usize::from(self.object)]
    }

    /// The values of the object's program, filled for its subject.
    fn values(self, made: &Made<'_>, output: &Output) -> Values {
        let scope = Scoped {
            template: &self.template(made).variables,
            subject: made.plan.subject(self.subject()),
        };
        Values::of(&self.section(output).program.values, &scope)
    }

    /// The size of the object's text.
    pub(super) fn size(self, output: &Output) -> usize {
        self.pieces(output).map(<[u8]>::len).sum()
    }

    /// The object's text.
    pub(super) fn bytes(self, output: &Output) -> Vec<u8> {
        self.pieces(output).collect::<Vec<_>>().concat()
    }

    fn pieces(self, output: &Output) -> impl Iterator<Item = &[u8]> {
        let section = self.section(output);
        let position = section.subjects.binary_search(&self.subject());
        section.pieces(position.unwrap_or_default(), usize::from(self.object))
    }
}

/// What the sections were made of.
struct Made<'a> {
    plan: &'a Plan,
    templates: &'a [&'a Template],
}

fn identity<'a>(at: At, made: &Made<'a>, output: &Output, values: &'a Values) -> Identity<'a> {
    let compiled = &at.section(output).program.objects[usize::from(at.object)];
    compiled.identity(at.object(made), values)
}

/// Finds objects with one identity: equal ones are printed once, others are refused.
pub(super) fn skip_repetitions(
    plan: &Plan,
    templates: &[&Template],
    output: &mut Output,
    mut identities: Vec<(u64, At)>,
    diags: &mut Diagnostics,
) {
    let made = Made { plan, templates };
    identities.sort_unstable_by_key(|(hash, _)| *hash);
    for group in identities
        .chunk_by_mut(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        group.sort_unstable();
        for (index, (_, second)) in group.iter().enumerate().skip(1) {
            for (_, first) in &group[..index] {
                if let Some(is_equal) = compare(&made, output, *first, *second, diags) {
                    if is_equal {
                        output.skipped.push(*second);
                        output.cells.share(*first, second.subject());
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
    made: &Made<'_>,
    output: &Output,
    first: At,
    second: At,
    diags: &mut Diagnostics,
) -> Option<bool> {
    let (first_values, second_values) = (first.values(made, output), second.values(made, output));
    let one = identity(first, made, output, &first_values);
    let other = identity(second, made, output, &second_values);
    if !one.is(&other) {
        return None;
    }
    let is_equal = first.bytes(output) == second.bytes(output);
    if !is_equal {
        let subjects = [first, second].map(|at| made.plan.subject(at.subject()));
        other.refuse(&one, subjects, diags);
    }
    Some(is_equal)
}
