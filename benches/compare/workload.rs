//! The fleets that are timed.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use tempfile::TempDir;

use crate::Fallible;

/// Each is a folder beside this file: a fleet without its list, and what makes the same objects of
/// the same list in another way: `chart` for helm and `envsubst.sh` for a shell. A fleet that has
/// only one of the two, or none, is timed without the other.
pub(crate) const WORKLOADS: [&str; 2] = [
    // Eight documents a user, all from templates.
    "templates",
    // Six documents a user from templates, ten add-ons with variants, and one of them with values of
    // each cluster's own.
    "addons",
];

/// A workload in a folder of its own, with a list of users.
pub(crate) struct Fleet(TempDir);

impl Fleet {
    pub(crate) fn new(workload: &str, users: usize) -> Fallible<Self> {
        let folder = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare");
        copy(&source.join(workload), folder.path())?;
        write_list(File::create(folder.path().join("users.yaml"))?, users)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }
}

/// A `ConfigMap`, which is a file of values for helm, too.
fn write_list(file: File, users: usize) -> Fallible<()> {
    // Never whole in memory: a child's peak is at least its parent's size.
    let mut list = BufWriter::new(file);
    writeln!(list, "apiVersion: v1\nkind: ConfigMap")?;
    writeln!(list, "metadata: {{name: users}}\ndata:")?;
    for user in 0..users {
        let kind = if user % 2 == 0 {
            "staging"
        } else {
            "production"
        };
        writeln!(list, "  user{user:06}: {kind}")?;
    }
    list.flush()?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Fallible<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
