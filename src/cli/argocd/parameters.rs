//! `kubectl fleet argocd parameters`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::argocd::MESSAGE_BYTES;
use crate::argocd::parameters::announce;
use crate::cli::session::Session;
use crate::cli::terminal::{CommandResult, print_stdout};

/// Print the plugin's parameters, with the cells of a fleet, in the format of Argo CD.
#[derive(Args)]
pub(super) struct Parameters {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Parameters {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let Ok((_, plan)) = session.plan() else {
            return Err(session.finish().report_truncated(MESSAGE_BYTES));
        };
        let cells = plan.clusters.iter();
        let cells: BTreeSet<&str> = cells
            .filter_map(|cluster| cluster.cell.as_deref())
            .collect();
        let announcements = announce(plan.has_cells.then_some(&cells), !plan.spokes().is_empty());
        let json = serde_json::to_string(&announcements).unwrap_or_default();
        print_stdout(|out| writeln!(out, "{json}"))
    }
}
