//! Limits of the output: its size, and the number of objects that an Application can track.

use std::collections::BTreeMap;

use super::output::Output;
use super::renderer::overhead;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::model::Cell;
use crate::plan::ObjectRef;
use crate::yaml::print::Format;

/// Additional bytes of an object in Argo CD's response: the tracking annotation,
/// `argocd.argoproj.io/tracking-id: <application>:<group>/<Kind>:<namespace>/<name>`, the mapping that contains it if
/// there was none, and the framing. Most names need less. The limit reserves another tenth of Argo CD's 100 MiB for
/// longer names, and for `<`, `>` and `&`, each of which Go writes as six bytes.
const TRACKING_OVERHEAD_BYTES: usize = 256;

/// Recommended maximum number of objects of a cell, because an Application's status is a single etcd object.
const MAX_OBJECTS: usize = 2_000;

/// The output of one Application.
struct ApplicationOutput {
    /// The cell; `None` if the fleet has no cells.
    cell: Option<Cell>,
    objects: usize,
    bytes: usize,
}

/// Measures the output without duplicate objects, and reports each Application whose output exceeds the limit.
/// `objects` are all objects, including duplicates.
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
                " (including 256 bytes for each object that Argo CD tracks)",
            ),
            Format::Yaml => (0, ""),
        };
        if self.bytes + self.objects * added > limit {
            let subject = match &self.cell {
                Some(cell) => format!("cell `{cell}`"),
                None => "the output".to_owned(),
            };
            let message = format!(
                "{subject} has {} bytes in {}{note}, which exceeds the limit of {limit} bytes",
                self.bytes + self.objects * added,
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
            "cell `{cell}` has {size} objects; keep an Application below {MAX_OBJECTS}, because its status is a single etcd object"
        );
        diags.push(
            Diagnostic::without_location(Code::LargeCell, message)
                .help("add new clusters to another cell; do not move existing clusters, Argo CD could delete them"),
        );
    }
}

/// Returns the error that the output, or a part of it, exceeds its limit.
pub fn too_large(message: String, has_cells: bool) -> Diagnostic {
    let first = if has_cells {
        "add new clusters to another cell"
    } else {
        "divide the fleet into cells"
    };
    let help = format!("{first}, or raise `safety.budgets.output` and the limits of Argo CD");
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
        for (format, part, is_rejected) in [
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
            assert_eq!(diags.errors(), usize::from(is_rejected), "{}", part.bytes);
        }
    }
}
