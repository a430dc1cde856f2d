//! Compilation of a template's objects to literal runs and holes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::embedded::{self, EmbeddedStyle, Piece};
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Values};
use crate::plan::{Object, Template};
use crate::template::fill::yaml::sorted;
use crate::tree::Node;
use crate::yaml::print::{self, Form, Format, Place};

/// A template's objects, compiled.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The bytes that are the same for every instance.
    pub(super) literals: Vec<u8>,
    /// The values that differ between instances, each once for each position.
    pub(super) holes: Vec<Hole>,
    /// The pieces of each object of the template, in order.
    pub(super) objects: Vec<Vec<Op>>,
}

/// A value and its position in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hole {
    /// The number of the value.
    value: usize,
    /// The position of the value.
    place: Place,
    /// The style of the string that contains the value as YAML.
    within: Option<EmbeddedStyle>,
}

/// A piece of an object.
#[derive(Debug)]
pub(super) enum Op {
    /// Bytes of [`Program::literals`].
    Literal(Range<usize>),
    /// An index into [`Program::holes`].
    Hole(usize),
}

impl Program {
    /// Compiles the objects of a template for an output format.
    pub(super) fn compile(template: &Template, format: Format, values: &mut Collector<'_>) -> Self {
        let mut compiler = Compiler {
            format,
            values,
            program: Self::default(),
            known: BTreeMap::new(),
        };
        for object in &template.objects {
            compiler.object(object);
        }
        compiler.program
    }
}

impl Hole {
    /// Prints the value, with the space or line break before it.
    pub(super) fn print(&self, values: &Values, format: Format, out: &mut Vec<u8>) {
        let Some(within) = self.within else {
            self.print_as(values, format.into(), out);
            return;
        };
        let mut yaml = Vec::new();
        self.print_as(values, within.form, &mut yaml);
        within.write(&yaml, out);
    }

    fn print_as(&self, values: &Values, form: Form, out: &mut Vec<u8>) {
        if let Some((text, style)) = values.scalar(self.value) {
            print::scalar(form, style, text, self.place, out);
        } else if let Some(node) = values.tree(self.value) {
            match self.within {
                Some(_) => print::value(form, &sorted(node), self.place, out),
                None => print::value(form, node, self.place, out),
            }
        }
    }
}

struct Compiler<'a, 'v> {
    format: Format,
    values: &'a mut Collector<'v>,
    program: Program,
    /// The indices of the holes.
    known: BTreeMap<Hole, usize>,
}

impl Compiler<'_, '_> {
    fn object(&mut self, object: &Object) {
        let mut ops = Vec::new();
        let mut out = Vec::new();
        let format = self.format;
        print::with_holes(format, &object.tree, &mut out, &mut |node, place, out| {
            if !is_hole(node) {
                return false;
            }
            if let Some(constant) = self.values.constant(node) {
                print::value(format, &constant, place, out);
                return true;
            }
            if let Some((pieces, within)) =
                embedded::compile_embedded(node, (format, place), self.values)
            {
                self.embedded(pieces, within, out, &mut ops);
                return true;
            }
            self.literal(out, &mut ops);
            ops.push(self.hole(node, place, None));
            true
        });
        self.literal(&mut out, &mut ops);
        self.program.objects.push(ops);
    }

    fn embedded(
        &mut self,
        pieces: Vec<Piece>,
        within: EmbeddedStyle,
        out: &mut Vec<u8>,
        ops: &mut Vec<Op>,
    ) {
        within.open(out);
        for piece in pieces {
            match piece {
                Piece::Literal(yaml) => within.write(&yaml, out),
                Piece::Hole(node, place) => {
                    self.literal(out, ops);
                    ops.push(self.hole(&node, place, Some(within)));
                }
            }
        }
        within.close(out);
    }

    fn literal(&mut self, out: &mut Vec<u8>, ops: &mut Vec<Op>) {
        if !out.is_empty() {
            let start = self.program.literals.len();
            self.program.literals.append(out);
            ops.push(Op::Literal(start..self.program.literals.len()));
        }
    }

    fn hole(&mut self, node: &Node, place: Place, within: Option<EmbeddedStyle>) -> Op {
        let hole = Hole {
            value: self.values.value(node),
            place,
            within,
        };
        let holes = &mut self.program.holes;
        Op::Hole(*self.known.entry(hole).or_insert_with(|| {
            holes.push(hole);
            holes.len() - 1
        }))
    }
}
