//! `kubectl fleet generate`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output_selection::OutputSelection;
use super::plugin;
use super::session::{Findings, Session, fleet_dir};
use super::terminal::{CommandResult, print_stderr, print_stdout};
use crate::diagnostic::{Code, Diagnostic, pluralize};
use crate::files::output_dir::OutputDir;
use crate::plan::Plan;
use crate::render::files::cell_directory;
use crate::source::Span;
use crate::yaml::print::Format;

/// Print the manifests of a fleet.
///
/// Validates the whole fleet first; if there is an error, writes no output.
#[derive(Args)]
#[command(after_help = "Examples:
  # Print the manifests of the fleet in this directory
  kubectl fleet generate

  # Print one JSON object per line for the fleet in another directory
  kubectl fleet generate examples/eks -o json

  # Apply the manifests
  kubectl fleet generate examples/eks | kubectl apply -f -")]
pub(super) struct Generate {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Output format
    ///
    /// yaml: YAML documents. json: one compact object per line. dir=PATH: one file for each cluster in
    /// that directory, in a subdirectory for each cell; other generated files there are deleted.
    #[arg(short, long, value_name = "FORMAT", value_parser = parse_output_target, default_value = "yaml")]
    output: OutputTarget,
    #[command(flatten)]
    selection: OutputSelection,
    /// Run as an Argo CD plugin: read the Application's parameters and write one JSON object per line
    #[arg(long, conflicts_with_all = ["output", "cell", "spoke", "locked"])]
    argocd: bool,
}

#[derive(Clone)]
enum OutputTarget {
    Stream(Format),
    Dir(PathBuf),
}

fn parse_output_target(text: &str) -> Result<OutputTarget, String> {
    match text {
        "yaml" => Ok(OutputTarget::Stream(Format::Yaml)),
        "json" => Ok(OutputTarget::Stream(Format::Json)),
        _ => match text.strip_prefix("dir=") {
            Some(path) if !path.is_empty() => Ok(OutputTarget::Dir(path.into())),
            _ => Err("expected yaml, json or dir=PATH".to_owned()),
        },
    }
}

impl Generate {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        if self.argocd {
            return plugin::generate(&fleet_dir(chdir, &self.dir));
        }
        let format = match &self.output {
            OutputTarget::Stream(format) => *format,
            OutputTarget::Dir(_) => Format::Yaml,
        };
        let options = self.selection.options(format);
        let mut session = Session::open(chdir, &self.dir)?;
        let Ok(output) = session.compile(&options) else {
            return Err(session.finish().reject("no output was written"));
        };
        let path = match &self.output {
            OutputTarget::Stream(_) => {
                session.finish().report();
                return print_stdout(|out| output.write(out));
            }
            OutputTarget::Dir(path) => chdir.join(path),
        };
        let cell = options.cell.as_ref().map(cell_directory);
        let inputs = session.files.inputs(&fleet_dir(chdir, &self.dir));
        let files = output.files();
        let names = match options.cell {
            None => check_cells(&output.plan),
            Some(_) => Ok(()),
        };
        let fleet = output.plan.name.as_deref();
        let written =
            names.and_then(|()| OutputDir::check(&path, (&files, fleet), cell.as_deref(), &inputs));
        let dir = match written {
            Ok(dir) => dir,
            Err(diagnostic) => {
                session.diags.push(diagnostic);
                return Err(session.finish().reject("no file was written"));
            }
        };
        session.finish().report();
        let changes = dir
            .write()
            .map_err(|error| Findings::from(error).report())?;
        print_stderr(&format!(
            "{} written, {} removed\n",
            pluralize(changes.written, "file"),
            changes.removed
        ));
        Ok(())
    }
}

/// Reports cells whose names differ only in case.
fn check_cells(plan: &Plan) -> Result<(), Diagnostic> {
    let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for cluster in &plan.clusters {
        let Some(cell) = cluster.cell.as_deref() else {
            continue;
        };
        let (first, span) = *seen
            .entry(cell.to_ascii_lowercase())
            .or_insert((cell, cluster.span));
        if first != cell {
            let message = format!(
                "cells `{first}` and `{cell}` differ only in case, so their directories are the same on some systems"
            );
            return Err(Diagnostic::new(Code::TwinFiles, cluster.span, message)
                .related(span, format!("cell `{first}`"))
                .help("rename one of the cells, or generate each with `--cell` into a directory of its own"));
        }
    }
    Ok(())
}
