//! The arguments that listings share.

use std::path::Path;

use clap::Args;

use crate::cli::listing::{ListFormat, Listing};
use crate::cli::session::Findings;
use crate::cli::terminal::{CommandResult, EXIT_USAGE, print_stderr};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, escape_control_chars};
use crate::input::selector;
use crate::model::{Cluster, Selector};
use crate::source::Sources;

/// The arguments of a listing.
#[derive(Args)]
pub(super) struct ListArgs {
    /// Names to list; default: all
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only clusters with matching labels, in the syntax of kubectl: a=b,c!=d,e,!f
    #[arg(short = 'l', long, value_name = "SELECTOR", value_parser = selector::parse)]
    selector: Option<Selector>,
    /// Output format; defaults to a table
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    output: Option<ListFormat>,
}

impl ListArgs {
    /// Reports names that are paths.
    ///
    /// # Errors
    ///
    /// Returns the exit code.
    pub(super) fn check_names(&self) -> CommandResult {
        let is_path = |name: &&String| {
            Path::new(name).is_absolute()
                || matches!(name.as_str(), "." | "..")
                || name.contains('/') && !name.contains('=')
        };
        let Some(path) = self.names.iter().find(is_path) else {
            return Ok(());
        };
        let path = escape_control_chars(path);
        print_stderr(&format!(
            "error: `{path}` is not a name\nhelp: pass the directory of the fleet with `-C {path}`\n"
        ));
        Err(EXIT_USAGE)
    }

    /// Returns `true` if the selector matches a cluster.
    pub(super) fn selects(&self, cluster: &Cluster) -> bool {
        let selector = self.selector.as_ref();
        selector.is_none_or(|selector| selector.matches(|key| cluster.label(key)))
    }

    /// Returns `true` if there is a selector.
    pub(super) fn has_selector(&self) -> bool {
        self.selector.is_some()
    }

    /// Returns `true` if a name is listed.
    pub(super) fn names(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|listed| listed == name)
    }

    /// Reports names that do not exist.
    ///
    /// # Errors
    ///
    /// Returns the exit code.
    pub(super) fn check_known(
        &self,
        (code, noun): (Code, &str),
        known: &[String],
    ) -> CommandResult {
        let mut diags = Diagnostics::default();
        for name in &self.names {
            if !known.contains(name) {
                let message = format!("there is no {noun} `{name}`");
                let names = || known.iter().map(String::as_str);
                let help = diags.suggestions.did_you_mean(name, names);
                diags.push(Diagnostic::without_location(code, message).help(help));
            }
        }
        match diags.errors() {
            0 => Ok(()),
            _ => Err(Findings::new(diags, Sources::default()).report()),
        }
    }

    /// Prints the listing.
    pub(super) fn print(&self, listing: &Listing) -> CommandResult {
        listing.print(self.output)
    }

    /// Returns `true` if the format contains whole objects.
    pub(super) fn is_data(&self) -> bool {
        matches!(self.output, Some(ListFormat::Json | ListFormat::Yaml))
    }
}
