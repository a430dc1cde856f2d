//! `kubectl fleet lock`

mod lines;
mod sets;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::session::Session;
use super::terminal::{CommandResult, EXIT_ENVIRONMENT, print_stderr};
use crate::compile;
use crate::diagnostic::{Diagnostics, pluralize};
use crate::files::Edits;
use crate::files::names::LOCK;
use crate::input::lock::{self, names_line, object_line};
use crate::model::Cell;
use crate::passes::inventory::Inventory;
use crate::passes::locked_objects::ClusterObjects;
use crate::yaml::print::Format;
use lines::Lines;
use sets::sets;

/// Add new clusters and their objects to fleet.lock.
///
/// A cluster in fleet.lock can neither be deleted nor move to another cell, and it keeps its add-ons,
/// pools and other objects. To delete a cluster or an object, you must also remove it from fleet.lock.
/// This command only adds clusters and objects.
#[derive(Args)]
#[command(after_help = "Examples:
  # Lock every cluster of the fleet in this directory
  kubectl fleet lock")]
pub(super) struct Lock {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Lock {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let Ok((fleet, plan)) = session.plan() else {
            return Err(session.finish().reject("no cluster was locked"));
        };
        let Some(objects) = ClusterObjects::new(&plan, &fleet) else {
            // A name cannot be substituted, which the whole compilation reports.
            session.diags = Diagnostics::default();
            _ = compile(&mut session.files, Format::Json, &mut session.diags);
            return Err(session.finish().reject("no cluster was locked"));
        };
        let files = &mut session.files;
        let before = match files.read(LOCK, None) {
            Ok(file) => files.sources.text(file),
            Err(_) => Rc::default(),
        };
        let known = lock::read(files, &mut Diagnostics::default());
        let inventory = Inventory::new(&plan);
        let mut lines = Lines::new(&before);
        let old = plan.clusters.iter().map(|cluster| {
            let (namespace, name) = (cluster.namespace.as_rc(), cluster.name.as_rc());
            let key = (Rc::clone(namespace), Rc::clone(name));
            known.as_ref()?.entries.get(&key)?.set.clone()
        });
        let old: Vec<Option<Rc<str>>> = old.collect();
        let sets = sets(known.as_ref(), &inventory, &old);
        for (index, cluster) in plan.clusters.iter().enumerate() {
            let cell = cluster.cell.clone().map(Cell::Named);
            let name = (&**cluster.namespace.as_rc(), &**cluster.name.as_rc());
            let line = lock::line(name, cell.as_ref(), &objects.locked(index, cluster));
            lines.set_cluster(&line, sets.of_clusters[index].as_deref());
        }
        for (id, names) in &sets.sets {
            lines.set(names_line(id, names));
        }
        lines.retain_sets(|id| sets.sets.contains_key(id));
        for object in &inventory.fleet {
            lines.set(object_line(object));
        }
        let (added, changed) = (lines.added, lines.changed);
        let mut edits = Edits::new(session.disk);
        if added + changed > 0 {
            edits.edit(LOCK, Some(lines.into_text()));
        }
        if let Err(error) = edits.write() {
            print_stderr(&format!("error: cannot write {LOCK}: {error}\n"));
            return Err(EXIT_ENVIRONMENT);
        }
        let changed = match changed {
            0 => String::new(),
            changed => format!(", {changed} changed"),
        };
        print_stderr(&format!(
            "{LOCK}: {} added{changed}\n",
            pluralize(added, "line")
        ));
        Ok(())
    }
}
