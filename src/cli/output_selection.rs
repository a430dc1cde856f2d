//! Options that select a part of the output, shared by commands.

use clap::Args;

use crate::model::Cell;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Options that select a part of the output.
#[derive(Args, Default)]
pub(super) struct OutputSelection {
    /// Render only the clusters of one cell; @fleet selects objects that belong to no cluster
    #[arg(long, value_name = "NAME")]
    pub(super) cell: Option<String>,
    /// Render only the objects that a cluster with its own Argo CD instance applies to itself
    #[arg(long, value_name = "CLUSTER", conflicts_with = "cell")]
    pub(super) spoke: Option<String>,
    /// Reject clusters that are not in fleet.lock
    #[arg(long)]
    pub(super) locked: bool,
}

impl OutputSelection {
    /// Returns the compile options for this selection.
    pub(super) fn options(&self, format: Format) -> CompileOptions {
        CompileOptions {
            format,
            cell: self.cell.as_deref().map(Cell::new),
            require_cell: false,
            spoke: self.spoke.clone(),
            locked: self.locked,
            keep_identities: false,
        }
    }
}
