//! How large the output is, and whether Argo CD can pass it on.

use std::collections::BTreeMap;

use super::identity::ObjectRef;
use super::{Format, Output, cells};
use crate::diagnostic::{Diagnostics, count};
use crate::model::Cell;
use crate::passes::too_large;

/// What an object costs in Argo CD's answer beside its own bytes: the annotation that tracks it,
/// `argocd.argoproj.io/tracking-id: <application>:<group>/<Kind>:<namespace>/<name>`, the map that
/// holds it where there was none, and the framing. This is more than most names need; the budget
/// leaves another tenth of Argo CD's 100 MiB to longer ones, and to `<`, `>` and `&`, each of which
/// Go writes as six bytes.
const TRACKING: usize = 256;

/// What an Application gets.
pub(super) struct Part {
    /// The cell; none where the fleet has none.
    cell: Option<Cell>,
    objects: usize,
    bytes: usize,
}

impl Part {
    /// The parts of what is printed of a fleet; `overhead` is what separates its objects.
    pub(super) fn all(
        output: &mut Output,
        objects: &[ObjectRef],
        overhead: usize,
        diags: &mut Diagnostics,
    ) -> Vec<Self> {
        if !output.cells.exist() {
            return vec![Self {
                cell: None,
                objects: output.objects,
                bytes: output.bytes,
            }];
        }
        let kept = || objects.iter().filter(|at| !output.is_skipped(**at));
        let subject = |at: ObjectRef| (at, at.subject(output));
        let sizes = output.cells.sizes(kept().copied().map(subject));
        cells::warn(&sizes, diags);
        let mut parts: BTreeMap<Option<Cell>, (usize, usize)> = BTreeMap::new();
        for at in kept().filter(|at| output.cells.print(**at, at.subject(output))) {
            let cell = output.cells.cell(*at, at.subject(output));
            let (objects, bytes) = parts.entry(cell).or_default();
            *objects += 1;
            *bytes += at.size(output) + overhead;
        }
        output.sizes = sizes;
        output.objects = parts.values().map(|(objects, _)| objects).sum();
        output.bytes = parts.values().map(|(_, bytes)| bytes).sum();
        let part = |(cell, (objects, bytes))| Self {
            cell,
            objects,
            bytes,
        };
        parts.into_iter().map(part).collect()
    }

    /// Reports a part that is larger than the budget.
    pub(super) fn check(&self, format: Format, budget: usize, diags: &mut Diagnostics) {
        let (added, note) = match format {
            Format::Json => (
                TRACKING,
                ", with 256 more for each object that Argo CD tracks",
            ),
            Format::Yaml => (0, ""),
        };
        if self.bytes + self.objects * added > budget {
            let what = match &self.cell {
                Some(cell) => format!("the cell `{cell}`"),
                None => "the output".to_owned(),
            };
            let message = format!(
                "{what} has {} bytes in {}, more than its budget of {budget}{note}",
                self.bytes,
                count(self.objects, "object"),
            );
            diags.push(too_large(message, self.cell.is_some()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, TRACKING};
    use crate::diagnostic::Diagnostics;
    use crate::emit::Format;

    #[test]
    fn what_argo_cd_adds_to_each_object_counts() {
        let part = |objects, bytes| Part {
            cell: None,
            objects,
            bytes,
        };
        let most = 1 << 20;
        for (format, part, is_refused) in [
            (Format::Yaml, part(1, most), false),
            (Format::Yaml, part(1, most + 1), true),
            (Format::Json, part(1, most - TRACKING), false),
            (Format::Json, part(1, most - TRACKING + 1), true),
            (Format::Json, part(most / TRACKING, 0), false),
            (Format::Json, part(most / TRACKING, 1), true),
        ] {
            let mut diags = Diagnostics::default();
            part.check(format, most, &mut diags);
            assert_eq!(diags.errors(), usize::from(is_refused), "{}", part.bytes);
        }
    }
}
