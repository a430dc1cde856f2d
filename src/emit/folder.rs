//! The output as files: one for each cluster, in a folder for each cell.

use std::collections::BTreeMap;

use super::identity::ObjectRef;
use super::{Output, print};
use crate::model::Cell;
use crate::plan::SubjectId;
use crate::yaml::print::Format;

/// The first line of each file: by it a file is known as ours, and removed once nothing prints it.
pub const MARK: &str = "# Printed by kubectl-fleet: edit the fleet instead.\n";

impl Output {
    /// The texts of the files by their paths.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (index, section) in self.sections.iter().enumerate() {
            for position in 0..section.instances.len() {
                for object in 0..section.program.objects.len() {
                    let at = ObjectRef::new(index, position, object);
                    if self.is_skipped(at) || !self.cells.print(at, at.subject(self)) {
                        continue;
                    }
                    let file = files.entry(self.path(at)).or_insert_with(|| MARK.into());
                    if self.format == Format::Yaml && file.len() > MARK.len() {
                        file.extend_from_slice(print::SEPARATOR);
                    }
                    for piece in section.pieces(position, object) {
                        file.extend_from_slice(piece);
                    }
                    file.push(b'\n');
                }
            }
        }
        files
    }

    /// No cluster's name and no cell's begins with `@`.
    fn path(&self, at: ObjectRef) -> String {
        let cell = self.cells.cell(at, at.subject(self));
        let name = match (at.subject(self), &cell) {
            (SubjectId::Cluster(index), Some(Cell::Named(_)) | None) => {
                &*self.clusters[index as usize]
            }
            _ => crate::model::cell::FLEET,
        };
        match cell {
            Some(cell) => format!("{cell}/{name}.yaml"),
            None => format!("{name}.yaml"),
        }
    }
}
