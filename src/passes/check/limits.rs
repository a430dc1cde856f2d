//! Limits of the output: its size, and the number of objects that an Application can track.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, pluralize};
use crate::model::Cell;
use crate::render::Output;
use crate::render::measure::Part;
use crate::yaml::print::Format;

/// Additional bytes of an object in Argo CD's response: the tracking annotation,
/// `argocd.argoproj.io/tracking-id: <application>:<group>/<Kind>:<namespace>/<name>`, the mapping that contains it if
/// there was none, and the framing. Most names need less. The limit reserves another tenth of Argo CD's 100 MiB for
/// longer names, and for `<`, `>` and `&`, each of which Go writes as six bytes.
const TRACKING_OVERHEAD_BYTES: usize = 256;

/// Recommended maximum number of objects of a cell, because an Application's status is a single etcd object.
const MAX_OBJECTS: usize = 2_000;

/// Reports each Application whose output exceeds the limit, and warns of cells that are too large for one.
pub(crate) fn check_limits(output: &Output, parts: &[Part], limit: usize, diags: &mut Diagnostics) {
    warn_large_cells(&output.sizes, diags);
    for part in parts {
        check_part(part, output.format, limit, diags);
    }
}

/// Reports an output that is larger than the limit.
fn check_part(part: &Part, format: Format, limit: usize, diags: &mut Diagnostics) {
    let (added, note) = match format {
        Format::Json => (
            TRACKING_OVERHEAD_BYTES,
            " (including 256 bytes for each object that Argo CD tracks)",
        ),
        Format::Yaml => (0, ""),
    };
    let bytes = part.bytes + part.objects * added;
    if bytes > limit {
        let subject = match &part.cell {
            Some(cell) => format!("cell `{cell}`"),
            None => "the output".to_owned(),
        };
        let message = format!(
            "{subject} has {bytes} bytes in {}{note}, which exceeds the limit of {limit} bytes",
            pluralize(part.objects, "object"),
        );
        diags.push(too_large(message, part.cell.is_some()));
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
pub(crate) fn too_large(message: String, has_cells: bool) -> Diagnostic {
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
        let part = |objects, bytes| Part {
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
            check_part(&part, format, most, &mut diags);
            assert_eq!(diags.errors(), usize::from(is_rejected), "{}", part.bytes);
        }
    }
}
