//! `kubectl fleet get groups`

use std::path::Path;

use clap::Args;
use serde_json::{Value as Json, json};

use super::args::ListArgs;
use crate::cli::listing::Listing;
use crate::cli::session::plan_dir;
use crate::cli::terminal::CommandResult;
use crate::diagnostic::Code;
use crate::model::Group;
use crate::plan::Plan;

/// List the groups of a fleet with their clusters.
///
/// The name of a group is LABEL=VALUE.
#[derive(Args)]
#[command(
    visible_alias = "group",
    after_help = "Examples:
  # List the groups of the fleet in this directory
  kubectl fleet get groups

  # List one group with its clusters
  kubectl fleet get groups team=payments -o wide"
)]
pub(super) struct Groups {
    #[command(flatten)]
    args: ListArgs,
}

impl Groups {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let args = self.args;
        args.check_names()?;
        let plan = plan_dir(chdir, Path::new(""))?;
        let known: Vec<String> = plan.groups.iter().map(name).collect();
        args.check_known((Code::UnknownName, "group"), &known)?;
        let rows: Vec<GroupRow> = plan
            .groups
            .iter()
            .filter(|group| args.names(&name(group)))
            .map(|group| GroupRow::new(&plan, group, &args))
            .filter(|row| !args.has_selector() || !row.clusters.is_empty())
            .collect();
        args.print(&Listing {
            head: vec!["NAME", "CLUSTERS", "MEMBERS"],
            wide: 1,
            rows: rows.iter().map(GroupRow::row).collect(),
            json: json!({
                "formatVersion": "1.0",
                "groups": rows.iter().map(GroupRow::json).collect::<Vec<_>>(),
            }),
        })
    }
}

fn name(group: &Group) -> String {
    format!("{}={}", group.label, group.name)
}

/// A row of the listing.
struct GroupRow<'a> {
    group: &'a Group,
    clusters: Vec<&'a str>,
}

impl<'a> GroupRow<'a> {
    fn new(plan: &'a Plan, group: &'a Group, args: &ListArgs) -> Self {
        let clusters = group.clusters.iter().map(|index| &plan.clusters[*index]);
        let selected = clusters.filter(|cluster| args.selects(cluster));
        Self {
            group,
            clusters: selected.map(|cluster| &**cluster.name.as_rc()).collect(),
        }
    }

    fn row(&self) -> Vec<String> {
        vec![
            name(self.group),
            self.clusters.len().to_string(),
            self.clusters.join(","),
        ]
    }

    fn json(&self) -> Json {
        json!({
            "name": name(self.group),
            "label": &*self.group.label,
            "value": &*self.group.name,
            "clusters": self.clusters,
        })
    }
}
