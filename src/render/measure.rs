//! Measurement of the output.

use std::collections::BTreeMap;

use super::output::Output;
use super::renderer::overhead;
use crate::model::Cell;
use crate::plan::ObjectRef;

/// The size of the output of one Application.
#[derive(Debug)]
pub struct Part {
    /// The cell; `None` if the output is not divided into cells.
    pub cell: Option<Cell>,
    /// The number of objects.
    pub objects: usize,
    /// The number of bytes.
    pub bytes: usize,
}

/// Measures the output without duplicate objects, and returns the size of each Application. `objects` are all objects,
/// including duplicates.
pub fn measure(output: &mut Output, objects: &[ObjectRef]) -> Vec<Part> {
    let overhead = overhead(output.format);
    let skipped = output.skipped().iter();
    output.bytes -= skipped
        .map(|at| output.object(*at).size() + overhead)
        .sum::<usize>();
    let parts = parts(output, objects, overhead);
    // No separator precedes the first object.
    output.bytes = output.bytes.saturating_sub(overhead - 1);
    parts
}

/// Returns the sizes of the Applications of a fleet.
fn parts(output: &mut Output, objects: &[ObjectRef], overhead: usize) -> Vec<Part> {
    if !output.cells.are_enabled() {
        return vec![Part {
            cell: None,
            objects: output.count,
            bytes: output.bytes,
        }];
    }
    let kept = || objects.iter().filter(|at| !output.is_skipped(**at));
    let subject = |at: ObjectRef| (at, output.subject(at));
    let sizes = output.cells.sizes(kept().copied().map(subject));
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
    let part = |(cell, (objects, bytes))| Part {
        cell,
        objects,
        bytes,
    };
    parts.into_iter().map(part).collect()
}
