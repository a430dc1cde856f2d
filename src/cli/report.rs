//! `kubectl fleet report`

use std::path::{Path, PathBuf};

use clap::Args;

use super::page::PageTarget;
use super::shown::Shown;
use super::side::Side;
use super::terminal::{CommandResult, print_stdout};
use crate::matrix::{csv, markdown, mermaid};

/// Show all clusters with their add-ons and versions, as a page or a table.
///
/// The page is one file that needs no server and no network. Each cell explains itself: which selector
/// matches or not, and which files set its values. With --base, it also shows what a change does, and
/// marks the changed cells. Secrets are not shown.
#[derive(Args)]
#[command(after_help = "Examples:
  # Write a page about the fleet in this directory
  kubectl fleet report -o html=fleet.html

  # Write a page about a change, compared with the default branch
  kubectl fleet report --base origin/main -o html=change.html

  # Write a table into the summary of a CI job
  kubectl fleet report examples/addons -o markdown

  # Open the versions of all clusters in a spreadsheet
  kubectl fleet report examples/addons -o csv")]
pub(super) struct Report {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Revision or directory before the change; without it, nothing is compared
    #[arg(long, value_name = "REV|DIR")]
    base: Option<PathBuf>,
    /// Revision or directory to show [default: DIR]
    #[arg(long, value_name = "REV|DIR")]
    head: Option<PathBuf>,
    /// Output format
    ///
    /// markdown: tables for the summary of a CI job. csv: one record for each add-on of each cluster.
    /// mermaid: the dependencies of add-ons. html: a page on stdout. html=FILE: the page as a file.
    #[arg(short, long, value_name = "FORMAT", value_parser = parse_format, default_value = "markdown")]
    output: ReportFormat,
}

#[derive(Clone)]
enum ReportFormat {
    Markdown,
    Csv,
    Mermaid,
    Html(PageTarget),
}

fn parse_format(text: &str) -> Result<ReportFormat, String> {
    match text {
        "markdown" => Ok(ReportFormat::Markdown),
        "csv" => Ok(ReportFormat::Csv),
        "mermaid" => Ok(ReportFormat::Mermaid),
        _ => match PageTarget::parse(text)? {
            Some(target) => Ok(ReportFormat::Html(target)),
            None => Err("expected markdown, csv, mermaid, html or html=FILE".to_owned()),
        },
    }
}

impl Report {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let dir = chdir.join(&self.dir);
        let is_page = matches!(self.output, ReportFormat::Html(_));
        let head = Side::head(chdir, &dir, self.head.as_deref())?;
        let shown = match &self.base {
            None => Shown::one(head, is_page)?,
            Some(base) => Shown::both(Side::base(chdir, &dir, Some(base))?, head, is_page)?,
        };
        let matrix = &shown.matrix;
        let is_compared = shown.change.is_some();
        let text = match &self.output {
            ReportFormat::Markdown => markdown::markdown(matrix),
            ReportFormat::Csv => csv::csv(matrix, is_compared),
            ReportFormat::Mermaid => mermaid::mermaid(matrix),
            ReportFormat::Html(target) => return target.write(chdir, &shown),
        };
        print_stdout(|out| out.write_all(text.as_bytes()))
    }
}
