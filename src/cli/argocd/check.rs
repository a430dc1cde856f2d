//! `kubectl fleet argocd check`

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use crate::argocd::check::{Fleet, FleetDir, FleetIndex, check};
use crate::cli::session::{Session, fleet_dir};
use crate::cli::terminal::{CommandResult, print_stderr};
use crate::diagnostic::{Diagnostics, pluralize};
use crate::files::{Files, names};
use crate::request::CompileOptions;
use crate::source::Span;
use crate::yaml::print::Format;
use crate::yaml::{self, Unmasked};
use crate::{plan, report};

/// Find mistakes of Applications that Argo CD does not tell, or tells too late.
///
/// Run it in the root of the repository: the fleets that Applications name are looked up there by
/// their paths, and their cells and guards are compared. An `ApplicationSet` is checked by its template; what it fills
/// later is taken for right.
#[derive(Args)]
#[command(after_help = "Examples:
  # Check the Applications of a folder
  kubectl fleet argocd check apps/*.yaml")]
pub(super) struct Check {
    /// Files that hold Applications
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

impl Check {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let root = fleet_dir(chdir, Path::new("."));
        let mut session = Session::open(chdir, Path::new("."))?;
        let (files, diags) = (&mut session.files, &mut session.diags);
        let mut fleets = FleetIndex {
            open: &mut |path| open(&root.join(path)),
            known: BTreeMap::new(),
        };
        let mut checked = 0;
        for path in &self.files {
            let file = match files.read(path, None) {
                Ok(file) => file,
                Err(diagnostic) => {
                    diags.push(diagnostic);
                    continue;
                }
            };
            let text = files.sources.text(file);
            let before = diags.errors();
            let documents = yaml::parse(file, &text, &Unmasked, diags).unwrap_or_default();
            if diags.errors() == before {
                checked += check(file, &documents, &mut fleets, diags);
            }
        }
        let findings = session.finish();
        let code = findings.report();
        let summary = report::summarize(&findings.diagnostics);
        print_stderr(&format!(
            "{}, {summary}\n",
            pluralize(checked, "Application")
        ));
        match code {
            0 => Ok(()),
            code => Err(code),
        }
    }
}

/// Looks a fleet up.
fn open(path: &Path) -> Option<FleetDir> {
    let mut files = Files::open(path).ok()?;
    if !files.has(names::FLEET) {
        return None;
    }
    let mut diags = Diagnostics::default();
    let fleet = plan(&mut files, &CompileOptions::from(Format::Json), &mut diags).ok();
    let fleet = fleet.map(|(fleet, plan)| {
        let clusters = plan.clusters.iter();
        let cells = clusters.filter_map(|cluster| cluster.cell.as_deref());
        let cells: BTreeSet<String> = cells.map(ToOwned::to_owned).collect();
        Fleet {
            cells: plan.has_cells.then_some(cells),
            deletion: fleet.safety.deletion,
        }
    });
    Some(FleetDir {
        fleet,
        overrides: overrides(&mut files),
    })
}

/// The files by which Argo CD lets a folder override what Applications say.
fn overrides(files: &mut Files) -> Vec<String> {
    const ALL: &str = ".argocd-source.yaml";
    let nowhere = Span::new(files.add_builtin(ALL, ""), 0..0);
    let of_one = files.glob(".argocd-source-*.yaml", nowhere);
    let of_all = files.has(ALL).then(|| ALL.to_owned());
    of_all
        .into_iter()
        .chain(of_one.unwrap_or_default())
        .collect()
}
