//! A template's program and its rendered holes.

use super::program::{Op, Program};

/// The rendered objects of a template.
#[derive(Debug)]
pub struct Section {
    pub(super) program: Program,
    /// The bytes of the holes.
    pub(super) fills: Vec<u8>,
    /// The end of each hole in `fills`: the holes of the program, repeated for each instance.
    pub(super) ends: Vec<u32>,
}

impl Section {
    /// Returns the pieces of an object of an instance, in order.
    pub(super) fn pieces(&self, position: usize, object: usize) -> impl Iterator<Item = &[u8]> {
        let stride = self.program.holes.len();
        self.program.objects[object].iter().map(move |op| match op {
            Op::Literal(range) => &self.program.literals[range.clone()],
            Op::Hole(hole) => {
                let at = position * stride + hole;
                let start = if at == 0 { 0 } else { self.ends[at - 1] };
                &self.fills[start as usize..self.ends[at] as usize]
            }
        })
    }
}
