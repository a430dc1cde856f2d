//! `kubectl fleet argocd check`

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use crate::argocd::check::{Fleet, Fleets, Folder, check};
use crate::cli::{exit_code, folder, opened, say};
use crate::diagnostic::{Diagnostics, count};
use crate::emit::Format;
use crate::files::Files;
use crate::request::CompileOptions;
use crate::source::Span;
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
    pub(super) fn run(self, chdir: &Path) -> u8 {
        let root = folder(chdir, Path::new("."));
        let mut files = match opened(&root) {
            Ok(files) => files,
            Err(code) => return code,
        };
        let mut diags = Diagnostics::default();
        let mut fleets = Fleets {
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
            let documents = yaml::parse(file, &text, &Unmasked, &mut diags);
            if diags.errors() == before {
                checked += check(file, &documents, &mut fleets, &mut diags);
            }
        }
        let found = diags.into_sorted();
        say(&report::text(&found, &files.sources));
        say(&format!(
            "{}, {}\n",
            count(checked, "Application"),
            report::summary(&found)
        ));
        exit_code(&found)
    }
}

/// Looks a fleet up.
fn open(path: &Path) -> Option<Folder> {
    let mut files = Files::open(path).ok()?;
    if !files.has("fleet.yaml") {
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
    Some(Folder {
        fleet,
        overrides: overrides(&mut files),
    })
}

/// The files by which Argo CD lets a folder override what Applications say.
fn overrides(files: &mut Files) -> Vec<String> {
    const ALL: &str = ".argocd-source.yaml";
    let nowhere = Span::new(files.add_builtin(ALL, ""), 0..0);
    let of_one = files.matching(".argocd-source-*.yaml", nowhere);
    let of_all = files.has(ALL).then(|| ALL.to_owned());
    of_all
        .into_iter()
        .chain(of_one.unwrap_or_default())
        .collect()
}
