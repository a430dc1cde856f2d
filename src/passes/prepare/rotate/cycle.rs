//! Rotated objects that need the names of others, and of themselves.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::rotated::{RotatedObject, rotated_index};

/// Finds the objects that the content of each object names. Reports objects whose content depends on their own name, which
/// cannot contain its own hash.
pub(super) fn find_needs(rotated: &mut [RotatedObject], diags: &mut Diagnostics) {
    for one in &mut *rotated {
        let mut needs = BTreeSet::new();
        for form in &one.variants {
            form.content
                .each_text(&mut |text, _| needs.extend(rotated_index(text)));
        }
        one.needs = needs.into_iter().collect();
    }
    let mut cycles = cycles(rotated);
    cycles.sort_unstable();
    for object in cycles.into_iter().map(|index| &rotated[index].object) {
        let kind = &object.kind;
        let message =
            format!("`rotate` cannot name this {kind}: its content refers to its own name");
        let help = "remove one of the references, or move one of the objects to a template without `rotate`";
        diags.push(Diagnostic::new(Code::RotationCycle, object.name.span, message).help(help));
    }
}

/// Returns the objects of cycles: at least one cycle of each group of objects that need each other.
fn cycles(rotated: &[RotatedObject]) -> Vec<usize> {
    let mut dependents = vec![Vec::new(); rotated.len()];
    for (index, one) in rotated.iter().enumerate() {
        for need in &one.needs {
            dependents[*need].push(index);
        }
    }
    // The number of needs of each object that reach a cycle.
    let mut open: Vec<usize> = rotated.iter().map(|one| one.needs.len()).collect();
    let mut closed: Vec<usize> = (0..open.len()).filter(|at| open[*at] == 0).collect();
    while let Some(index) = closed.pop() {
        for dependent in &dependents[index] {
            open[*dependent] -= 1;
            if open[*dependent] == 0 {
                closed.push(*dependent);
            }
        }
    }
    // The first path that contains each object.
    let mut paths = vec![None; rotated.len()];
    let mut found = Vec::new();
    for start in (0..open.len()).filter(|at| open[*at] > 0) {
        let mut path = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|at| paths[*at].is_none()) {
            paths[at] = Some(start);
            path.push(at);
            let mut needs = rotated[at].needs.iter();
            next = needs.find(|need| open[**need] > 0).copied();
        }
        if let Some(at) = next.filter(|at| paths[*at] == Some(start)) {
            let from = path.iter().position(|known| *known == at);
            found.extend(path.split_off(from.unwrap_or_default()));
        }
    }
    found
}
