//! `kubectl fleet argocd apps`

use std::path::{Component, Path, PathBuf};

use clap::Args;

use crate::argocd::apps::{Destination, Settings, applications, name_of};
use crate::cli::session::Session;
use crate::cli::terminal::{CommandResult, print_stdout};
use crate::diagnostic::{Code, Diagnostic, ErrorsReported};
use crate::files::names;
use crate::model::Cell;
use crate::passes::fill;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Print the Applications of a fleet: one for each cell, and one for what belongs to no cluster.
///
/// A fleet without cells has one Application, and a cell that prints nothing has none. Whoever
/// deletes an Application deletes no cluster: it has no finalizer.
#[derive(Args)]
#[command(after_help = "Examples:
  # From the root of the repository
  kubectl fleet argocd apps --repo https://git.example.org/fleet.git examples/eks

  # For another cluster than Argo CD's own
  kubectl fleet argocd apps --repo https://git.example.org/fleet.git --dest-name hub examples/eks")]
pub(super) struct Apps {
    /// The URL of the Git repository
    #[arg(long, value_name = "URL")]
    repo: String,
    /// The branch, tag or commit
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    revision: String,
    /// The fleet's folder in the repository; DIR by default
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// What the names begin with; the folder's name by default
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The project of the Applications
    #[arg(long, value_name = "PROJECT", default_value = "default")]
    project: String,
    /// The namespace of the Applications
    #[arg(long, value_name = "NAMESPACE", default_value = "argocd")]
    namespace: String,
    /// The cluster that has Cluster API, by the name that Argo CD knows it by
    #[arg(long, value_name = "NAME", conflicts_with = "dest_server")]
    dest_name: Option<String>,
    /// The cluster that has Cluster API, by the URL of its API server
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://kubernetes.default.svc"
    )]
    dest_server: String,
    /// Let Argo CD sync and prune by itself; clusters are safe only while `safety.deletion` of
    /// fleet.yaml is not `allow`
    #[arg(long)]
    automated: bool,
    /// Name the plugin whose name ends with this program's version
    #[arg(long)]
    versioned: bool,
    /// The folder that holds fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Apps {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let printed = self.print(&mut session);
        let findings = session.finish();
        let Ok(text) = printed else {
            return Err(findings.reject("nothing was printed"));
        };
        findings.report();
        print_stdout(|out| out.write_all(text.as_bytes()))
    }

    fn print(self, session: &mut Session) -> Result<String, ErrorsReported> {
        let Some(path) = self.path.or_else(|| in_repository(&self.dir)) else {
            let message = "where the folder is in the repository cannot be told by its path";
            let help = "say it: --path PATH";
            let diagnostic = Diagnostic::without_location(Code::InvalidPath, message);
            session.diags.push(diagnostic.help(help));
            return Err(ErrorsReported);
        };
        let cells = cells(session)?;
        let settings = Settings {
            name: self.name.unwrap_or_else(|| name_of(&path, &self.repo)),
            namespace: self.namespace,
            project: self.project,
            repo: self.repo,
            revision: self.revision,
            path,
            destination: match self.dest_name {
                Some(name) => Destination::Name(name),
                None => Destination::Server(self.dest_server),
            },
            automated: self.automated,
            versioned: self.versioned,
            locked: session.files.has(names::LOCK),
        };
        let text = applications(&settings, &cells, &mut session.diags);
        session.diags.checkpoint()?;
        Ok(text)
    }
}

/// The folder as the repository knows it, if this is run in the repository's root.
fn in_repository(dir: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in dir.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

/// The cells that print something; `None` stands for a fleet without cells.
fn cells(session: &mut Session) -> Result<Vec<Option<Cell>>, ErrorsReported> {
    let (mut fleet, plan) = session.plan()?;
    let mut options = CompileOptions::from(Format::Json);
    let has_cells = plan.has_cells;
    if has_cells {
        // One cell is filled, whose size is measured. It may be empty, and all of them may be too
        // large for one output.
        options.cell = Some(Cell::Fleet);
        fleet.safety.allow_empty = true;
    }
    let output = fill(&fleet, plan, &options, &mut session.diags)?;
    Ok(if has_cells {
        let cells = output.sizes.into_iter().filter(|(_, size)| *size > 0);
        cells.map(|(cell, _)| Some(cell)).collect()
    } else {
        vec![None]
    })
}
