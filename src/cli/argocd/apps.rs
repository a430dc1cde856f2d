//! `kubectl fleet argocd apps`

use std::path::{Component, Path, PathBuf};

use clap::Args;

use crate::argocd::apps::{Destination, Settings, default_name, render_applications};
use crate::cli::session::Session;
use crate::cli::terminal::{CommandResult, print_stdout};
use crate::diagnostic::{Code, Diagnostic, ErrorsReported};
use crate::files::names;
use crate::model::Cell;
use crate::passes::fill;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// The name of a fleet, and its cells.
type NamedCells = (Option<String>, Vec<Option<Cell>>);

/// Print the Applications of a fleet: one for each cell, and one for objects that belong to no cluster.
///
/// A fleet without cells has one Application, and a cell without objects has none. Deleting an
/// Application deletes no cluster, because the Application has no finalizer.
#[derive(Args)]
#[command(after_help = "Examples:
  # Run in the root of the repository
  kubectl fleet argocd apps --repo https://git.example.org/fleet.git examples/eks

  # Deploy to another cluster than that of Argo CD
  kubectl fleet argocd apps --repo https://git.example.org/fleet.git --dest-name hub examples/eks")]
pub(super) struct Apps {
    /// URL of the Git repository
    #[arg(long, value_name = "URL", value_parser = parse_repo)]
    repo: String,
    /// Branch, tag or commit
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    revision: String,
    /// Directory of the fleet in the repository; defaults to DIR
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Prefix of the names; defaults to `metadata.name` in fleet.yaml, or to the name of the directory in
    /// the repository, or of the repository for its root
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Project of the Applications
    #[arg(long, value_name = "PROJECT", default_value = "default")]
    project: String,
    /// Namespace of the Applications
    #[arg(long, value_name = "NAMESPACE", default_value = "argocd")]
    namespace: String,
    /// Management cluster, by its name in Argo CD
    #[arg(long, value_name = "NAME", conflicts_with = "dest_server")]
    dest_name: Option<String>,
    /// Management cluster, by the URL of its API server
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://kubernetes.default.svc"
    )]
    dest_server: String,
    /// Enable automated sync and pruning; to protect clusters, fleet.yaml must not set
    /// `safety.deletion: allow`
    #[arg(long)]
    automated: bool,
    /// Use the plugin whose name ends with the version of kubectl-fleet
    #[arg(long)]
    versioned: bool,
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

impl Apps {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut session = Session::open(chdir, &self.dir)?;
        let rendered = self.render(&mut session);
        let findings = session.finish();
        let Ok(text) = rendered else {
            return Err(findings.reject("no output was written"));
        };
        findings.report();
        print_stdout(|out| out.write_all(text.as_bytes()))
    }

    fn render(self, session: &mut Session) -> Result<String, ErrorsReported> {
        let Some(path) = self.path.or_else(|| path_in_repository(&self.dir)) else {
            let message = "cannot determine the path of the directory in the repository";
            let help = "pass `--path PATH`";
            let diagnostic = Diagnostic::without_location(Code::InvalidPath, message);
            session.diags.push(diagnostic.help(help));
            return Err(ErrorsReported);
        };
        let (fleet, cells) = non_empty_cells(session)?;
        let settings = Settings {
            name: self
                .name
                .or(fleet)
                .unwrap_or_else(|| default_name(&path, &self.repo)),
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
        let text = render_applications(&settings, &cells, &mut session.diags);
        session.diags.checkpoint()?;
        Ok(text)
    }
}

/// Returns the URL of a repository, which has a scheme or is `USER@HOST:PATH`.
fn parse_repo(text: &str) -> Result<String, String> {
    let host = text.split('/').next().unwrap_or_default();
    let is_url = text.contains("://") || host.contains(':') && host.contains('@');
    is_url.then(|| text.to_owned()).ok_or_else(|| {
        format!("a URL has a scheme, such as `https://{text}`, or is `git@HOST:PATH`")
    })
}

/// Returns the path relative to the repository's root, if the program runs there.
fn path_in_repository(dir: &Path) -> Option<String> {
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

/// Returns the name of the fleet, and the cells that have objects, or only `None` for a fleet without cells.
fn non_empty_cells(session: &mut Session) -> Result<NamedCells, ErrorsReported> {
    let (mut fleet, plan) = session.plan()?;
    let mut options = CompileOptions::from(Format::Json);
    let has_cells = plan.has_cells;
    if has_cells {
        // Rendering one cell measures all of them. That cell can be empty, and the whole fleet might
        // exceed the limit of one output.
        options.cell = Some(Cell::Fleet);
        fleet.safety.allow_empty = true;
    }
    let output = fill(&fleet, plan, &options, &mut session.diags)?;
    let cells = if has_cells {
        let cells = output.sizes.into_iter().filter(|(_, size)| *size > 0);
        cells.map(|(cell, _)| Some(cell)).collect()
    } else {
        vec![None]
    };
    let name = fleet.name.map(|name| name.value.to_string());
    Ok((name, cells))
}
