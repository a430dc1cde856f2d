//! Reports rotated objects that refer to themselves.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::rotated::{RotatedObject, rotated_index};

/// Reports each object whose content depends on its own name, which cannot contain its own hash.
pub(super) fn report_cycles(rotated: &[RotatedObject], diags: &mut Diagnostics) {
    let needs = |rotated: &RotatedObject| {
        let mut indices = Vec::new();
        for form in &rotated.variants {
            form.content
                .each_text(&mut |text, _| indices.extend(rotated_index(text)));
        }
        indices
    };
    let needs: Vec<Vec<usize>> = rotated.iter().map(needs).collect();
    for (at, rotated) in rotated.iter().enumerate() {
        let mut reached = needs[at].clone();
        let mut next = 0;
        while let Some(index) = reached.get(next).copied() {
            let more = needs[index].iter().filter(|more| !reached.contains(more));
            let more: Vec<usize> = more.copied().collect();
            reached.extend(more);
            next += 1;
        }
        if reached.contains(&at) {
            let kind = &rotated.object.kind;
            let message =
                format!("`rotate` cannot name this {kind}: its content refers to its own name");
            let help = "remove one of the references, or move one of the objects to a template without `rotate`";
            diags.push(
                Diagnostic::new(Code::RotationCycle, rotated.object.name.span, message).help(help),
            );
        }
    }
}
