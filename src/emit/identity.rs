//! Objects with one identity: equal ones are printed once, others are refused.

use super::values::Values;
use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::passes::check::identity::Identity;
use crate::plan::{Instance, Object, Plan, SubjectId, Template};

/// A reference to an object of the output: its section, its number in the section's program, and the
/// instance. The three numbers share 64 bits, because there is one reference for each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectRef(u64);

const OBJECT_BITS: u32 = 14;
const INSTANCE_BITS: u32 = 26;
/// Maximum number of sections of an output.
const MAX_SECTIONS: usize = 1 << (u64::BITS - OBJECT_BITS - INSTANCE_BITS);
/// Maximum number of objects of a section's program. A file has at most 10,000 documents.
const MAX_OBJECTS: usize = 1 << OBJECT_BITS;
/// Maximum number of instances of a section.
const MAX_INSTANCES: usize = 1 << INSTANCE_BITS;

impl ObjectRef {
    /// References an object of an instance of a section.
    ///
    /// # Panics
    ///
    /// Panics if a number does not fit: [`fits`] is checked before.
    pub(super) fn new(section: usize, instance: usize, object: usize) -> Self {
        let is_small = section < MAX_SECTIONS && object < MAX_OBJECTS && instance < MAX_INSTANCES;
        assert!(
            is_small,
            "an output with numbers that do not fit is rejected"
        );
        let (section, object, instance) = (section as u64, object as u64, instance as u64);
        Self((section << OBJECT_BITS | object) << INSTANCE_BITS | instance)
    }

    /// Returns the number of the section.
    pub(super) fn section(self) -> usize {
        (self.0 >> (OBJECT_BITS + INSTANCE_BITS)) as usize
    }

    /// Returns the number of the object in the section's program.
    pub(super) fn object(self) -> usize {
        (self.0 >> INSTANCE_BITS) as usize % MAX_OBJECTS
    }

    /// Returns the number of the section's instance.
    fn position(self) -> usize {
        (self.0 % (1 << INSTANCE_BITS)) as usize
    }

    /// What the object is made for.
    pub(super) fn subject(self, output: &Output) -> SubjectId {
        self.instance(output).subject
    }

    fn instance(self, output: &Output) -> &Instance {
        &self.filled(output).instances[self.position()]
    }

    /// Whether a template made the object, and not we a Namespace.
    pub(super) fn is_of_template(self) -> bool {
        self.section() > 0
    }

    fn filled(self, output: &Output) -> &Section {
        &output.sections[self.section()]
    }

    /// The template that made the object.
    fn template<'a>(self, made: &Made<'a>) -> &'a Template {
        match self.section().checked_sub(1) {
            None => &made.plan.namespace,
            Some(template) => made.templates[template],
        }
    }

    fn written<'a>(self, made: &Made<'a>) -> &'a Object {
        &self.template(made).objects[self.object()]
    }

    /// The values of the object's program, filled for its subject.
    fn values(self, made: &Made<'_>, output: &Output) -> Values {
        let scope = made.plan.scope(self.template(made), self.instance(output));
        Values::of(&self.filled(output).program.values, &scope)
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
        self.filled(output).pieces(self.position(), self.object())
    }
}

/// Returns `true` if the objects of some templates can be referenced.
pub(super) fn fits(templates: &[&Template]) -> bool {
    let is_small = |template: &&Template| {
        template.objects.len() <= MAX_OBJECTS && template.instances.len() <= MAX_INSTANCES
    };
    // One more section has the Namespaces.
    templates.len() < MAX_SECTIONS && templates.iter().all(is_small)
}

/// What the sections were made of.
struct Made<'a> {
    plan: &'a Plan,
    templates: &'a [&'a Template],
}

fn identity<'a>(
    at: ObjectRef,
    made: &Made<'a>,
    output: &Output,
    values: &'a Values,
) -> Identity<'a> {
    let compiled = &at.filled(output).program.objects[at.object()];
    compiled.identity(at.written(made), values)
}

/// Finds objects with one identity: equal ones are printed once, others are refused.
pub(super) fn skip_repetitions(
    plan: &Plan,
    templates: &[&Template],
    output: &mut Output,
    mut identities: Vec<(u64, ObjectRef)>,
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
            (at.subject(output), at.section(), at.position(), at.object())
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
    first: ObjectRef,
    second: ObjectRef,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_apart() {
        let largest = (MAX_SECTIONS - 1, MAX_INSTANCES - 1, MAX_OBJECTS - 1);
        for (section, instance, object) in [(0, 0, 0), (65_536, 3, 9), (1, 65_536, 0), largest] {
            let at = ObjectRef::new(section, instance, object);
            let read = (at.section(), at.position(), at.object());
            assert_eq!(read, (section, instance, object));
        }
    }
}
