//! Commands that write, and the removal of a cluster.

mod add;
mod cells;
#[cfg(unix)]
mod completion;
mod delivery_migration;
mod explain;
mod get;
mod interrupted;
mod leftovers;
mod lock;
mod output_dir;
mod parameters;
mod remove;
mod rings;
mod spokes;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;

use crate::fleet::{Fleet, Run};

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
clusters:
- list: users.yaml
  fields: {cell: {type: string}}
  variables: {AWS_REGION: eu-central-1}
  labels: {cell: \"${cell}\"}
templates: [{file: builtin:eks}]
addons: [{name: shared, selector: all, manifests: shared.yaml}]
deliver: sveltos
cells: {label: cell}
";
const SHARED: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shared}\n";

/// Returns a fleet with this number of clusters, in three cells.
fn fleet_with_clusters(number: usize) -> Fleet {
    let users = (0..number).fold(String::new(), |mut users, number| {
        let cell = number % 3;
        let _ = writeln!(users, "# of u{number}\nu{number}: {{cell: c{cell}}} # end");
        users
    });
    Fleet::new([
        ("fleet.yaml", FLEET),
        ("shared.yaml", SHARED),
        ("users.yaml", &users),
    ])
}

/// Runs the program as a plugin of Argo CD.
fn run_plugin(fleet: &Fleet, parameters: impl AsRef<OsStr>) -> Run {
    let mut command = fleet.command(&["generate", "--argocd"]);
    Run::of(command.env("ARGOCD_APP_PARAMETERS", parameters))
}

fn lines(text: &str) -> BTreeSet<&str> {
    text.lines().collect()
}
