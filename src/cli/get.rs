//! `kubectl fleet get`: listings in the formats of kubectl.

mod addons;
mod args;
mod clusters;
mod groups;
mod objects;
mod templates;

use std::path::Path;

use clap::{Args, Subcommand};

use super::terminal::CommandResult;

/// List the clusters, groups, add-ons or objects of a fleet, or templates.
#[derive(Args)]
pub(super) struct Get {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    Clusters(clusters::Clusters),
    Groups(groups::Groups),
    Objects(objects::Objects),
    #[command(name = "addons")]
    AddOns(addons::AddOns),
    Templates(templates::Templates),
}

impl Get {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        match self.kind {
            Kind::Clusters(command) => command.run(chdir),
            Kind::Groups(command) => command.run(chdir),
            Kind::Objects(command) => command.run(chdir),
            Kind::AddOns(command) => command.run(chdir),
            Kind::Templates(command) => command.run(chdir),
        }
    }
}
