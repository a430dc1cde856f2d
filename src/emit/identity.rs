//! Objects with one identity: equal ones are printed once, others are refused.

use super::values::Values;
use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::passes::check::identity::Identity;
use crate::plan::{Instance, Object, Plan, SubjectId, Template};

/// An object of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    section: u16,
    object: u16,
    instance: u32,
}

impl At {
    /// A section, an instance of it, and an object of its program. Budgets keep the numbers small:
    /// there are at most 20,000 files and 10,000 documents in one, and no output has room for so many
    /// objects.
    pub(super) fn new(section: usize, instance: usize, object: usize) -> Self {
        Self {
            section: u16::try_from(section).unwrap_or(u16::MAX),
            object: u16::try_from(object).unwrap_or(u16::MAX),
            instance: u32::try_from(instance).unwrap_or(u32::MAX),
        }
    }

    /// The section and the object in it.
    pub(super) fn place(self) -> (usize, usize) {
        (usize::from(self.section), usize::from(self.object))
    }

    /// What the object is made for.
    pub(super) fn subject(self, output: &Output) -> SubjectId {
        self.instance(output).subject
    }

    fn instance(self, output: &Output) -> &Instance {
        &self.section(output).instances[self.instance as usize]
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
        let scope = made.plan.scope(self.template(made), self.instance(output));
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
        self.section(output)
            .pieces(self.instance as usize, usize::from(self.object))
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
        // What is printed first stays.
        group.sort_unstable_by_key(|(_, at)| {
            (at.subject(output), at.section, at.instance, at.object)
        });
        for (index, (_, second)) in group.iter().enumerate().skip(1) {
            for (_, first) in &group[..index] {
                if let Some(is_equal) = compare(&made, output, *first, *second, diags) {
                    if is_equal {
                        output.skipped.push(*second);
                        let subjects = [*first, *second].map(|at| at.subject(output));
                        output.cells.share(*first, subjects);
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
        let subjects = [first, second].map(|at| made.plan.subject(at.subject(output)));
        other.refuse(&one, subjects, diags);
    }
    Some(is_equal)
}
