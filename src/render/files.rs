//! The output as files: one for each cluster, in a directory for each cell.

use std::collections::BTreeMap;

use super::output::{Output, Rendered};
use crate::files::names::{has_meaning, mark};
use crate::model::Cell;
use crate::model::cell::FLEET;
use crate::plan::SubjectId;
use crate::yaml::print::{Format, SEPARATOR};

impl Output {
    /// Returns the contents of the files by their paths.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mark = mark(self.plan.name.as_deref());
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
                .or_insert_with(|| mark.clone().into());
            if self.format == Format::Yaml && file.len() > mark.len() {
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
                let name = self.plan.clusters[index as usize].name.as_rc();
                safe_name("cluster", name, ".yaml")
            }
            _ => format!("{FLEET}.yaml"),
        };
        match cell {
            Some(cell) => format!("{}/{name}", cell_directory(&cell)),
            None => name,
        }
    }
}

/// Returns the name of the directory of a cell.
pub fn cell_directory(cell: &Cell) -> String {
    match cell {
        Cell::Fleet => FLEET.to_owned(),
        Cell::Named(name) => safe_name("cell", name, ""),
    }
}

/// Returns the name of a file or directory. A name that has a meaning for a tool gets a prefix.
fn safe_name(kind: &str, name: &str, ending: &str) -> String {
    if has_meaning(&format!("{name}{ending}")) {
        format!("@{kind}-{name}{ending}")
    } else {
        format!("{name}{ending}")
    }
}
