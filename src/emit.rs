//! The plan as text.
//!
//! Templates are compiled to literal runs and holes; every hole is filled, and everything that can
//! be wrong is found, before the first byte is written. What is left is copying.

mod argocd;
mod caaph;
mod cells;
mod common;
mod delivered;
mod embedded;
mod fill;
mod flux;
pub mod folder;
mod identity;
mod looked;
mod lookup;
mod measure;
mod object;
mod program;
mod references;
mod size;
mod sveltos;
mod values;
mod written;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, Write};
use std::rc::Rc;

use cells::Cells;

use crate::yaml::print;
pub use crate::yaml::print::Format;
pub use fill::fill;
use identity::ObjectRef;
use program::{Op, Program};

use crate::input::read::Template;
use crate::model::Cell;
use crate::plan::{AddOn, Instance, Plan, Scoped, Subject};
use crate::template;

/// How much is written at once: half of a pipe's smallest common capacity is the cheapest to hand
/// over.
const BLOCK: usize = 16 << 10;

/// Everything that will be written, ready to be copied.
#[derive(Debug)]
pub struct Output {
    format: Format,
    /// The Namespaces, then the templates.
    sections: Vec<Section>,
    /// The clusters' names, in order.
    clusters: Vec<Rc<str>>,
    cells: Cells,
    /// Each cell with how many objects it has; none where the fleet has no cells.
    pub sizes: Vec<(Cell, usize)>,
    /// Objects that were printed before with every byte the same; sorted.
    skipped: Vec<ObjectRef>,
    /// The size of it all, in bytes.
    pub bytes: usize,
    /// How many objects there are.
    pub objects: usize,
}

/// A template's program and its filled holes.
#[derive(Debug)]
struct Section {
    program: Program,
    instances: Vec<Instance>,
    fills: Vec<u8>,
    /// Where each hole's bytes end in `fills`: for each instance the program's holes.
    ends: Vec<u32>,
}

impl Section {
    /// The filled holes of one object, in the order of its program.
    fn pieces(&self, position: usize, object: usize) -> impl Iterator<Item = &[u8]> {
        let stride = self.program.holes.len();
        self.program.objects[object]
            .ops
            .iter()
            .map(move |op| match op {
                Op::Literal(range) => &self.program.literals[range.clone()],
                Op::Hole(hole) => {
                    let at = position * stride + hole;
                    let start = if at == 0 { 0 } else { self.ends[at - 1] };
                    &self.fills[start as usize..self.ends[at] as usize]
                }
            })
    }

    /// The size of one object; `holes` has those of its program's holes.
    fn object_bytes(&self, object: usize, holes: &[usize]) -> usize {
        let ops = self.program.objects[object].ops.iter();
        ops.map(|op| match op {
            Op::Literal(range) => range.len(),
            Op::Hole(hole) => holes[*hole],
        })
        .sum()
    }
}

impl Output {
    /// Writes everything, in order.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut block = Block {
            out,
            bytes: Vec::with_capacity(2 * BLOCK),
            is_first: true,
            format: self.format,
        };
        let [namespaces, templates @ ..] = self.sections.as_slice() else {
            return Ok(());
        };
        for position in 0..namespaces.instances.len() {
            self.section(0, namespaces, position, &mut block)?;
        }
        // Each section lists its subjects in ascending order: they are merged.
        let subject = |index: usize, position: usize| {
            let instance = templates[index].instances.get(position)?;
            Some(Reverse((instance.subject, index, position)))
        };
        let firsts = (0..templates.len()).filter_map(|index| subject(index, 0));
        let mut next: BinaryHeap<_> = firsts.collect();
        while let Some(Reverse((_, index, position))) = next.pop() {
            self.section(index + 1, &templates[index], position, &mut block)?;
            next.extend(subject(index, position + 1));
        }
        block.flush()
    }

    fn is_skipped(&self, at: ObjectRef) -> bool {
        self.skipped.binary_search(&at).is_ok()
    }

    fn section(
        &self,
        index: usize,
        section: &Section,
        position: usize,
        block: &mut Block<'_>,
    ) -> io::Result<()> {
        for object in 0..section.program.objects.len() {
            let at = ObjectRef::new(index, position, object);
            if !self.is_skipped(at) && self.cells.print(at, at.subject(self)) {
                block.begin_object();
                section
                    .pieces(position, object)
                    .for_each(|piece| block.bytes.extend_from_slice(piece));
                block.end_object()?;
            }
        }
        Ok(())
    }
}

/// The clusters by what a text of an add-on is for them.
fn values_of(
    text: &Template,
    addon: &AddOn,
    plan: &Plan,
    clusters: &[usize],
) -> BTreeMap<Rc<str>, Vec<usize>> {
    let variables = addon.variables();
    let mut values: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    for index in clusters {
        let subject = Subject::Cluster(&plan.clusters[*index]);
        let scope = Scoped::new(plan.subjects(), subject, &variables);
        // What cannot be filled was reported with the add-on.
        let value = template::fill::text(&text.text, &scope, &mut Vec::new());
        values.entry(value).or_default().push(*index);
    }
    values
}

struct Block<'a> {
    out: &'a mut dyn Write,
    bytes: Vec<u8>,
    is_first: bool,
    format: Format,
}

impl Block<'_> {
    fn begin_object(&mut self) {
        if self.format == Format::Yaml && !self.is_first {
            self.bytes.extend_from_slice(print::SEPARATOR);
        }
        self.is_first = false;
    }

    fn end_object(&mut self) -> io::Result<()> {
        self.bytes.push(b'\n');
        if self.bytes.len() >= BLOCK {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }
}
