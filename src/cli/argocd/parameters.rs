//! `kubectl fleet argocd parameters`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::argocd::MESSAGE_BYTES;
use crate::argocd::parameters::announcements;
use crate::cli::{exit_code, folder, opened, print, say};
use crate::diagnostic::Diagnostics;
use crate::emit::Format;
use crate::request::CompileOptions;
use crate::{plan, report};

/// Print the plugin's parameters and the cells of a fleet, as Argo CD shows them.
#[derive(Args)]
pub(super) struct Parameters {
    /// The folder that holds fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Parameters {
    pub(super) fn run(self, chdir: &Path) -> u8 {
        let mut files = match opened(&folder(chdir, &self.dir)) {
            Ok(files) => files,
            Err(code) => return code,
        };
        let mut diags = Diagnostics::default();
        let Ok((_, plan)) = plan(&mut files, &CompileOptions::from(Format::Json), &mut diags)
        else {
            let found = diags.into_sorted();
            say(&report::brief(&found, &files.sources, MESSAGE_BYTES));
            return exit_code(&found);
        };
        let cells = plan.clusters.iter();
        let cells: BTreeSet<&str> = cells.filter_map(|one| one.cell.as_deref()).collect();
        let announced = announcements(plan.has_cells.then_some(&cells), !plan.spokes().is_empty());
        let json = serde_json::to_string(&announced).unwrap_or_default();
        print(|out| writeln!(out, "{json}"))
    }
}
