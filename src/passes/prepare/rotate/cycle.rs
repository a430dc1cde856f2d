//! That no rotated object refers to itself.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::rotated::{Rotated, rotated_index};

/// A name that hangs on itself is none.
pub(super) fn refuse(rotated: &[Rotated], diags: &mut Diagnostics) {
    let needs = |rotated: &Rotated| {
        let mut found = Vec::new();
        for form in &rotated.variants {
            form.content
                .each_text(&mut |text, _| found.extend(rotated_index(text)));
        }
        found
    };
    let needs: Vec<Vec<usize>> = rotated.iter().map(needs).collect();
    for (at, rotated) in rotated.iter().enumerate() {
        let mut reached = needs[at].clone();
        let mut next = 0;
        while let Some(one) = reached.get(next).copied() {
            let more = needs[one].iter().filter(|more| !reached.contains(more));
            let more: Vec<usize> = more.copied().collect();
            reached.extend(more);
            next += 1;
        }
        if reached.contains(&at) {
            let kind = &rotated.object.kind;
            let message = format!(
                "this {kind} refers, in the end, to itself: its name would hang on its name"
            );
            let help =
                "break the circle, or take one of the objects into a template without `rotate`";
            diags.push(
                Diagnostic::new(Code::RotationCycle, rotated.object.name.span, message).help(help),
            );
        }
    }
}
