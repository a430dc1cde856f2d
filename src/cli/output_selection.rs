//! Options that select what is printed, shared by commands.

use clap::Args;

use crate::model::Cell;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Options that choose what is printed.
#[derive(Args, Default)]
pub(super) struct OutputSelection {
    /// Print the clusters of one cell; @fleet prints what belongs to no cluster
    #[arg(long, value_name = "NAME")]
    pub(super) cell: Option<String>,
    /// Print what a cluster with an Argo CD of its own applies to itself
    #[arg(long, value_name = "CLUSTER", conflicts_with = "cell")]
    pub(super) spoke: Option<String>,
    /// Refuse a cluster that fleet.lock does not have
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
        }
    }
}
