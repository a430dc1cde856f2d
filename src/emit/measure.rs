//! How large the output is, once what is said twice is left out.

use super::Output;
use super::identity::{ObjectRef, skip_repetitions};
use super::size::Part;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::safety::Safety;
use crate::model::Cell;
use crate::plan::{Plan, Template};
use crate::request::CompileOptions;

/// What an output is measured by.
pub(super) struct Measure<'a> {
    pub(super) plan: &'a Plan,
    pub(super) templates: &'a [&'a Template],
    pub(super) options: &'a CompileOptions,
    pub(super) safety: &'a Safety,
    /// What an object costs beside its own bytes.
    pub(super) overhead: usize,
}

impl Measure<'_> {
    /// Measures an output whose objects have these identities, and refuses one that is too large or
    /// empty.
    pub(super) fn measure(
        &self,
        output: &mut Output,
        identities: Vec<(u64, ObjectRef)>,
        diags: &mut Diagnostics,
    ) {
        let budget = self.safety.output_budget;
        let ids = identities.iter().map(|(_, at)| *at);
        let objects: Vec<ObjectRef> = ids.filter(|_| output.cells.exist()).collect();
        skip_repetitions(self.plan, self.templates, output, identities, diags);
        output.objects -= output.skipped.len();
        let skipped = output.skipped.iter();
        output.bytes -= skipped
            .map(|at| at.size(output) + self.overhead)
            .sum::<usize>();
        for part in Part::all(output, &objects, self.overhead, diags) {
            part.check(self.options.format, budget, diags);
        }
        // No separator stands before the first object.
        output.bytes = output.bytes.saturating_sub(self.overhead - 1);
        if output.objects == 0 && !self.safety.allow_empty {
            self.refuse_nothing(diags);
        }
    }

    fn refuse_nothing(&self, diags: &mut Diagnostics) {
        if self.options.spoke.is_some() {
            let message = "the spoke would apply nothing: everything it had would be deleted";
            let help = "give it an add-on without `from: hub`, or set `safety.allowEmpty: true`";
            diags.push(Diagnostic::without_place(Code::EmptyOutput, message).help(help));
            return;
        }
        let message = "the fleet would print nothing: everything it made would be deleted";
        let wanted = if self.plan.clusters.is_empty() {
            "`clusters`"
        } else {
            "`templates` that select a cluster"
        };
        let help = if self.options.cell == Some(Cell::Fleet) {
            "nothing belongs to the fleet as a whole: no Application needs `@fleet`".to_owned()
        } else {
            format!("list {wanted}, or set `safety.allowEmpty: true`")
        };
        diags.push(Diagnostic::without_place(Code::EmptyOutput, message).help(help));
    }
}
