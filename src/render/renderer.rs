//! The reader that renders the values of each instance into its holes.

use std::ops::ControlFlow;

use super::program::{Op, Program};
use super::section::Section;
use crate::fill::{Collector, Reader, Visit};
use crate::plan::Template;
use crate::yaml::print::{Format, SEPARATOR};

/// A reader that renders objects while the plan is walked.
#[derive(Debug)]
pub struct Renderer {
    pub(super) format: Format,
    /// Maximum number of bytes of a section's holes.
    limit: usize,
    /// The sections so far.
    pub sections: Vec<Section>,
    /// The size of each hole of the instance, in bytes.
    holes: Vec<usize>,
    /// The size of all objects so far.
    pub bytes: usize,
}

impl Renderer {
    /// Returns a renderer that writes at most `limit` bytes for a template.
    pub fn new(format: Format, limit: usize) -> Self {
        Self {
            format,
            limit,
            sections: Vec::new(),
            holes: Vec::new(),
            bytes: 0,
        }
    }
}

/// Returns the number of additional bytes of an object: its line break, and a separator.
pub(super) fn overhead(format: Format) -> usize {
    match format {
        Format::Yaml => 1 + SEPARATOR.len(),
        Format::Json => 1,
    }
}

impl Reader for Renderer {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        let program = Program::compile(template, self.format, values);
        let ends = Vec::with_capacity(template.instances.len() * program.holes.len());
        self.sections.push(Section {
            program,
            fills: Vec::new(),
            ends,
        });
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        let Some(section) = self.sections.last_mut() else {
            return ControlFlow::Continue(());
        };
        self.holes.clear();
        for hole in &section.program.holes {
            let start = section.fills.len();
            if start > self.limit {
                return ControlFlow::Break(());
            }
            hole.print(visit.values, self.format, &mut section.fills);
            self.holes.push(section.fills.len() - start);
            let end = u32::try_from(section.fills.len()).unwrap_or(u32::MAX);
            section.ends.push(end);
        }
        let size = |op: &Op| match op {
            Op::Literal(range) => range.len(),
            Op::Hole(hole) => self.holes[*hole],
        };
        let objects = section.program.objects.iter();
        visit
            .sizes
            .extend(objects.map(|ops| ops.iter().map(size).sum::<usize>()));
        if visit.is_complete() {
            let overhead = overhead(self.format) * visit.sizes.len();
            self.bytes += visit.sizes.iter().sum::<usize>() + overhead;
        }
        ControlFlow::Continue(())
    }

    fn room(&self) -> usize {
        let used = self
            .sections
            .last()
            .map_or(0, |section| section.fills.len());
        self.limit.saturating_sub(used)
    }
}
