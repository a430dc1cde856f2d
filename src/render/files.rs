//! The output as files: one for each cluster, in a directory for each cell.

use std::collections::BTreeMap;

use super::output::{Output, Rendered};
use crate::files::names::MARK;
use crate::model::Cell;
use crate::plan::SubjectId;
use crate::yaml::print::{Format, SEPARATOR};

impl Output {
    /// Returns the contents of the files by their paths.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        // In a file that several subjects share, the objects of one template are next to each other.
        let mut objects: Vec<Rendered<'_>> = self.objects().collect();
        objects.sort_unstable_by_key(|object| {
            let at = object.at();
            (at.section(), at.position(), at.object())
        });
        for object in objects {
            let file = files
                .entry(self.path(&object))
                .or_insert_with(|| MARK.into());
            if self.format == Format::Yaml && file.len() > MARK.len() {
                file.extend_from_slice(SEPARATOR);
            }
            object
                .pieces()
                .for_each(|piece| file.extend_from_slice(piece));
            file.push(b'\n');
        }
        files
    }

    /// Returns the path of an object's file. Names of clusters and cells cannot begin with `@`.
    fn path(&self, object: &Rendered<'_>) -> String {
        let cell = object.cell();
        let name = match (object.subject(), &cell) {
            (SubjectId::Cluster(index), Some(Cell::Named(_)) | None) => {
                &**self.plan.clusters[index as usize].name.as_rc()
            }
            _ => crate::model::cell::FLEET,
        };
        match cell {
            Some(cell) => format!("{cell}/{name}.yaml"),
            None => format!("{name}.yaml"),
        }
    }
}
