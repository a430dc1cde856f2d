//! Limits of the output: its size, what Argo CD can pass on, and that it is not empty.

use std::collections::BTreeMap;

use super::output::Output;
use super::renderer::overhead;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::model::Cell;
use crate::plan::ObjectRef;
use crate::yaml::print::Format;

/// Bytes that an object needs in Argo CD's answer in addition to its own: the annotation that tracks it,
/// `argocd.argoproj.io/tracking-id: <application>:<group>/<Kind>:<namespace>/<name>`, the map that
/// contains it if there was none, and the framing. This is more than most names need; the limit
/// leaves another tenth of Argo CD's 100 MiB to longer ones, and to `<`, `>` and `&`, each of which
/// Go writes as six bytes.
const TRACKING_OVERHEAD_BYTES: usize = 256;

/// Maximum number of objects of a cell that an Application's status, one object of etcd, carries well.
const MAX_OBJECTS: usize = 2_000;

/// The output of one Application.
struct ApplicationOutput {
    /// The cell; `None` if the fleet has no cells.
    cell: Option<Cell>,
    objects: usize,
    bytes: usize,
}

/// Measures the output without the objects that repeat others, and reports what is larger than the
/// limit. `objects` are all objects, those that repeat others included.
pub fn check_limits(
    output: &mut Output,
    objects: &[ObjectRef],
    limit: usize,
    diags: &mut Diagnostics,
) {
    let overhead = overhead(output.format);
    let skipped = output.skipped().iter();
    output.bytes -= skipped
        .map(|at| output.object(*at).size() + overhead)
        .sum::<usize>();
    for part in applications(output, objects, overhead, diags) {
        part.check(output.format, limit, diags);
    }
    // No separator precedes the first object.
    output.bytes = output.bytes.saturating_sub(overhead - 1);
}

/// Returns the outputs of the Applications of a fleet.
fn applications(
    output: &mut Output,
    objects: &[ObjectRef],
    overhead: usize,
    diags: &mut Diagnostics,
) -> Vec<ApplicationOutput> {
    if !output.cells.are_enabled() {
        return vec![ApplicationOutput {
            cell: None,
            objects: output.count,
            bytes: output.bytes,
        }];
    }
    let kept = || objects.iter().filter(|at| !output.is_skipped(**at));
    let subject = |at: ObjectRef| (at, output.subject(at));
    let sizes = output.cells.sizes(kept().copied().map(subject));
    warn_large_cells(&sizes, diags);
    let mut parts: BTreeMap<Option<Cell>, (usize, usize)> = BTreeMap::new();
    for at in kept().filter(|at| output.cells.is_selected(**at, output.subject(**at))) {
        let cell = output.cells.cell(*at, output.subject(*at));
        let (objects, bytes) = parts.entry(cell).or_default();
        *objects += 1;
        *bytes += output.object(*at).size() + overhead;
    }
    output.sizes = sizes;
    output.count = parts.values().map(|(objects, _)| objects).sum();
    output.bytes = parts.values().map(|(_, bytes)| bytes).sum();
    let part = |(cell, (objects, bytes))| ApplicationOutput {
        cell,
        objects,
        bytes,
    };
    parts.into_iter().map(part).collect()
}

impl ApplicationOutput {
    /// Reports an output that is larger than the limit.
    fn check(&self, format: Format, limit: usize, diags: &mut Diagnostics) {
        let (added, note) = match format {
            Format::Json => (
                TRACKING_OVERHEAD_BYTES,
                ", with 256 more for each object that Argo CD tracks",
            ),
            Format::Yaml => (0, ""),
        };
        if self.bytes + self.objects * added > limit {
            let subject = match &self.cell {
                Some(cell) => format!("the cell `{cell}`"),
                None => "the output".to_owned(),
            };
            let message = format!(
                "{subject} has {} bytes in {}, more than its budget of {limit}{note}",
                self.bytes,
                pluralize(self.objects, "object"),
            );
            diags.push(too_large(message, self.cell.is_some()));
        }
    }
}

/// Warns of cells that are too large for an Application.
fn warn_large_cells(sizes: &[(Cell, usize)], diags: &mut Diagnostics) {
    for (cell, size) in sizes.iter().filter(|(_, size)| *size > MAX_OBJECTS) {
        let message = format!(
            "the cell `{cell}` has {size} objects, and an Application carries about {MAX_OBJECTS}: its status is one object of etcd"
        );
        diags.push(
            Diagnostic::without_location(Code::LargeCell, message)
                .help("give new clusters another cell; moving a live one can delete it"),
        );
    }
}

/// Returns the error that the output or a part of it is larger than its limit.
pub fn too_large(message: String, has_cells: bool) -> Diagnostic {
    let first = if has_cells {
        "give new clusters another cell"
    } else {
        "divide the fleet into cells"
    };
    let help = format!("{first}, or raise `safety.budgets.output` and Argo CD's limits with it");
    Diagnostic::without_location(Code::OutputTooLarge, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overhead_of_argo_cd_counts() {
        let part = |objects, bytes| ApplicationOutput {
            cell: None,
            objects,
            bytes,
        };
        let most = 1 << 20;
        for (format, part, is_refused) in [
            (Format::Yaml, part(1, most), false),
            (Format::Yaml, part(1, most + 1), true),
            (Format::Json, part(1, most - TRACKING_OVERHEAD_BYTES), false),
            (
                Format::Json,
                part(1, most - TRACKING_OVERHEAD_BYTES + 1),
                true,
            ),
            (Format::Json, part(most / TRACKING_OVERHEAD_BYTES, 0), false),
            (Format::Json, part(most / TRACKING_OVERHEAD_BYTES, 1), true),
        ] {
            let mut diags = Diagnostics::default();
            part.check(format, most, &mut diags);
            assert_eq!(diags.errors(), usize::from(is_refused), "{}", part.bytes);
        }
    }
}
