//! `kubectl fleet get`: what there is, as kubectl shows it. One file of `get/` for each kind.

mod addons;
mod clusters;
mod listing;
mod templates;

use std::path::Path;

use clap::{Args, Subcommand};

use super::{exit_code, folder, opened, say};
use crate::diagnostic::Diagnostics;
use crate::emit::Format;
use crate::plan::Plan;
use crate::request::CompileOptions;
use crate::{plan, report};

/// List what a fleet has, and what there is to choose from.
#[derive(Args)]
pub(super) struct Get {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    Clusters(clusters::Clusters),
    #[command(name = "addons")]
    AddOns(addons::AddOns),
    Templates(templates::Templates),
}

impl Get {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        match self.kind {
            Kind::Clusters(command) => command.run(chdir),
            Kind::AddOns(command) => command.run(chdir),
            Kind::Templates(command) => command.run(chdir),
        }
    }
}

/// Shows the plan of a fleet; gives the exit code. Warnings are for `validate` to tell.
fn planned(dir: &Path, chdir: &Path, show: impl FnOnce(&Plan) -> u8) -> u8 {
    let mut files = match opened(&folder(chdir, dir)) {
        Ok(files) => files,
        Err(code) => return code,
    };
    let mut diags = Diagnostics::default();
    if let Ok((_, plan)) = plan(&mut files, &CompileOptions::from(Format::Json), &mut diags) {
        return show(&plan);
    }
    let found = diags.into_sorted();
    say(&report::text(&found, &files.sources));
    exit_code(&found)
}
