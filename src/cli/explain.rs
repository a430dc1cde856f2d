//! `kubectl fleet explain`

use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::session::{Findings, Session};
use super::terminal::{CommandResult, EXIT_USAGE, print_stderr, print_stdout, print_styled};
use crate::diagnostic::escape_control_chars;
use crate::explain::target::Target;
use crate::explain::{CodePage, Context, explain, page, to_json, to_text};

/// Explain where a value comes from, why something is not there, or a message.
///
/// Each level that can set a value is listed in rising precedence, with its location. The last level that sets the value wins.
/// Secrets are not shown.
///
/// TARGET is one of: CLUSTER, an overview; CLUSTER:VARIABLE; CLUSTER/ADDON[:PATH], for example
/// prod/ingress:helm.values.replicas; CLUSTER/KIND/NAME[:PATH], for example prod/Cluster/prod:spec.paused; or the code of a message.
/// Write LABEL=VALUE for a group and @fleet for the fleet instead of CLUSTER.
#[derive(Args)]
#[command(after_help = "Examples:
  # Explain a cluster: its variables, labels, add-ons and objects
  kubectl fleet explain capi-eks-user1 -C examples/addons

  # Explain a field of an object
  kubectl fleet explain capi-eks-user1/Cluster/capi-eks-user1:metadata.labels -C examples/eks

  # Explain why a cluster gets an add-on or not
  kubectl fleet explain capi-eks-user1/kyverno -C examples/addons

  # Explain a message
  kubectl fleet explain unknown-key")]
pub(super) struct Explain {
    /// Cluster, add-on, object, value or code of a message
    #[arg(value_name = "TARGET")]
    target: String,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value = "text")]
    output: ExplainFormat,
}

/// The format of an explanation.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum ExplainFormat {
    /// Tables
    Text,
    /// JSON object
    Json,
}

impl Explain {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        if let Some(page) = page(&self.target) {
            return self.print_code(&page);
        }
        let target = Target::parse(&self.target).map_err(|reason| {
            let target = escape_control_chars(&self.target);
            print_stderr(&format!(
                "error: `{target}` cannot be explained: {reason}\n"
            ));
            EXIT_USAGE
        })?;
        let mut session = Session::open(chdir, Path::new(""))?;
        let Ok((fleet, output)) = session.compile_with_fleet() else {
            return Err(session
                .finish()
                .reject("only a fleet without errors can be explained"));
        };
        let mut context = Context {
            fleet: &fleet,
            output: &output,
            files: &mut session.files,
            is_shared: false,
        };
        let explanation = explain(&mut context, &self.target, target)
            .map_err(|diagnostic| Findings::from(diagnostic).report())?;
        let sources = &session.files.sources;
        match self.output {
            ExplainFormat::Text => print_styled(&to_text(&explanation, sources)),
            ExplainFormat::Json => {
                print_stdout(|out| writeln!(out, "{:#}", to_json(&explanation, sources)))
            }
        }
    }

    fn print_code(&self, page: &CodePage) -> CommandResult {
        let code = page.code.name();
        match self.output {
            ExplainFormat::Text => {
                let base = page
                    .base
                    .map(|base| format!("\n## The fleet of the example\n\n{base}\n"));
                let base = base.unwrap_or_default();
                print_stdout(|out| writeln!(out, "# {code}\n\n{}\n{base}", page.text))
            }
            ExplainFormat::Json => {
                let exit = page.code.exit().map(|exit| exit as u8);
                let json = json!({
                    "formatVersion": "1.0",
                    "code": code,
                    "summary": page.code.summary(),
                    "exitCode": exit,
                    "markdown": page.text,
                });
                print_stdout(|out| writeln!(out, "{json:#}"))
            }
        }
    }
}
