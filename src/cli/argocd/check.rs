//! `kubectl fleet argocd check`

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use clap::Args;

use crate::argocd::check::{Directory, Fleet, FleetDir, FleetIndex, check};
use crate::cli::session::{Session, fleet_dir};
use crate::cli::terminal::{CommandResult, print_stderr};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, escape_control_chars, pluralize};
use crate::files::{Files, names};
use crate::request::CompileOptions;
use crate::source::Span;
use crate::yaml::print::Format;
use crate::yaml::{self, NoMask};
use crate::{plan, report};

/// Find errors in Applications that Argo CD does not report, or reports too late.
///
/// Run the command in the root of the repository: it looks up the fleet of each Application by its
/// path, and compares cells, guards and the lock. Of an `ApplicationSet`, it checks the template, those
/// of its generators and `templatePatch`. It warns of everything that it cannot check, such as a path
/// that depends on a generator.
#[derive(Args)]
#[command(after_help = "Examples:
  # Check the Applications in a directory
  kubectl fleet argocd check apps/*.yaml

  # Check what Argo CD has
  kubectl get applications -n argocd -o yaml > live.yaml && kubectl fleet argocd check live.yaml")]
pub(super) struct Check {
    /// Files with Applications
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

impl Check {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let root = fleet_dir(chdir, Path::new("."));
        let mut session = Session::open(chdir, Path::new("."))?;
        let (files, diags) = (&mut session.files, &mut session.diags);
        let mut open = |path: &str| open_directory(&root, path);
        let mut fleets = FleetIndex::new(&mut open);
        let mut checked = 0;
        for path in &self.files {
            let file = match files.read(path, None) {
                Ok(file) => file,
                Err(diagnostic) => {
                    diags.push(match diagnostic.code {
                        Code::OutsideFolder => outside(path),
                        _ => diagnostic,
                    });
                    continue;
                }
            };
            let text = files.sources.text(file);
            let before = diags.errors();
            let documents = yaml::parse(file, &text, &NoMask, diags).unwrap_or_default();
            if diags.errors() == before {
                checked += check(file, &documents, &files.sources, &mut fleets, diags);
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

/// Returns the error of a file that is not in the repository.
fn outside(path: &str) -> Diagnostic {
    let shown = escape_control_chars(path);
    let message = format!("`{shown}` is not in the directory in which the command runs");
    let help = "run the command in the root of the repository, with a path such as `apps/a.yaml`";
    Diagnostic::without_location(Code::OutsideFolder, message).help(help)
}

/// Returns what a path names.
fn open_directory(root: &Path, path: &str) -> Directory {
    let Ok(mut files) = Files::open(&root.join(path)) else {
        let is_file = Files::open(root).is_ok_and(|mut files| files.has(path));
        return if is_file {
            Directory::File
        } else {
            Directory::Other
        };
    };
    if files.has(names::FLEET) {
        Directory::Fleet(Rc::new(open_fleet(&mut files)))
    } else {
        Directory::Other
    }
}

/// Returns the fleet in a directory.
fn open_fleet(files: &mut Files) -> FleetDir {
    let mut diags = Diagnostics::default();
    let fleet = plan(files, &CompileOptions::from(Format::Json), &mut diags).ok();
    let fleet = fleet.map(|(fleet, plan)| {
        let clusters = plan.clusters.iter();
        let cells = clusters.filter_map(|cluster| cluster.cell.as_deref());
        let cells: BTreeSet<String> = cells.map(ToOwned::to_owned).collect();
        Fleet {
            cells: plan.has_cells.then_some(cells),
            deletion: fleet.safety.deletion,
        }
    });
    FleetDir {
        fleet,
        overrides: find_overrides(files),
        has_lock: files.has(names::LOCK),
    }
}

/// Returns the files in which Argo CD looks for overrides of an Application's source.
fn find_overrides(files: &mut Files) -> Vec<String> {
    const ALL: &str = ".argocd-source.yaml";
    let span = Span::new(files.add_builtin(ALL, ""), 0..0);
    let for_one = files.glob(".argocd-source-*.yaml", span);
    let for_all = files.has(ALL).then(|| ALL.to_owned());
    for_all
        .into_iter()
        .chain(for_one.unwrap_or_default())
        .collect()
}
