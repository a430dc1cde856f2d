//! `kubectl fleet get`: what there is, as kubectl shows it. One file of `get/` for each kind.

mod listing;
mod templates;

use std::path::Path;

use clap::{Args, Subcommand};

/// List what there is to choose from, and what is asked for.
#[derive(Args)]
pub(super) struct Get {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    Templates(templates::Templates),
}

impl Get {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        match self.kind {
            Kind::Templates(command) => command.run(chdir),
        }
    }
}
