//! `kubectl fleet leftovers`

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::listing::Listing;
use super::session::{Compiled, Findings, compile_dir, fleet_dir};
use super::terminal::{CommandResult, EXIT_LEFTOVERS, print_stderr, print_stdout};
use crate::diagnostic::{Code, Diagnostics, escape_control_chars, pluralize};
use crate::files::{names, read_input};
use crate::live::{self, Fleet, Found, Leftover, LiveObject};
use crate::request::CompileOptions;
use crate::source::Sources;
use crate::yaml::print::Format;

/// Find live objects that the fleet no longer creates, and that no controller deletes.
///
/// Compares the output with the output of `kubectl get`. Cluster API sets an ownerReference on pools,
/// templates and health checks, and Argo CD prunes no object with an ownerReference: a pool that was
/// removed from the fleet continues to run. The exit code is 1 if there is a leftover.
///
/// The input can have objects of any kind; objects that controllers create are ignored. Without
/// `MachineSets` in the input, old templates are not checked, because a rollout might still use them.
/// The command reads no cluster and deletes no object.
#[derive(Args)]
#[command(after_help = "Examples:
  # Find pools that continue to run
  kubectl get clusters.cluster.x-k8s.io,machinedeployments.cluster.x-k8s.io,machinepools.cluster.x-k8s.io \\
    --all-namespaces --output json | kubectl fleet leftovers

  # Find all leftovers, including templates and health checks
  kubectl get $(kubectl api-resources --categories cluster-api --verbs list --output name | paste -sd, -) \\
    --all-namespaces --output json | kubectl fleet leftovers")]
pub(super) struct Leftovers {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Read the live objects from a file instead of stdin; - is stdin
    #[arg(short, long, value_name = "FILE")]
    filename: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OutputFormat {
    /// Table, and a command that deletes each object
    Text,
    /// JSON object
    Json,
}

impl Leftovers {
    /// Suggests the option for live objects if their file is passed as the directory.
    fn suggest_filename(&self, findings: &mut Findings) {
        let extension = self.dir.extension().and_then(OsStr::to_str);
        let is_live = matches!(extension, Some("json" | "yaml" | "yml"));
        let is_named = |path: &Path| path.ends_with(names::FLEET);
        if let [only] = &mut *findings.diagnostics
            && only.code == Code::Io
            && is_live
            && !is_named(&self.dir)
        {
            let path = escape_control_chars(&self.dir.to_string_lossy());
            only.help = Some(format!("pass live objects as an option: `-f {path}`"));
        }
    }

    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let options = CompileOptions::from(Format::Json);
        let compiled = compile_dir(&fleet_dir(chdir, &self.dir), &options);
        let Compiled {
            output,
            mut findings,
        } = compiled;
        let Some(output) = output else {
            self.suggest_filename(&mut findings);
            return Err(findings.reject("no live object was checked"));
        };
        let live = self.read(chdir)?;
        let printed = output.objects().filter_map(|object| {
            let pieces: Vec<&[u8]> = object.pieces().collect();
            live::read_printed(&pieces.concat())
        });
        let plan = &output.plan;
        let mut fleet = Fleet::new(printed, plan.name.as_deref().map(ToOwned::to_owned));
        let existing = plan.clusters.iter().filter(|cluster| cluster.is_existing);
        for cluster in existing {
            fleet.add_existing(cluster.namespace.as_rc(), cluster.name.as_rc());
        }
        let found = fleet
            .find_leftovers(&live)
            .map_err(|error| Findings::from(error).report())?;
        if self.output == OutputFormat::Json {
            let json = to_json(&found);
            print_stdout(|out| writeln!(out, "{json:#}"))?;
        } else if !found.leftovers.is_empty() {
            let text = to_text(&found.leftovers);
            print_stdout(|out| out.write_all(text.as_bytes()))?;
        }
        if found.unchecked > 0 {
            print_stderr(&format!(
                "{} not checked: the input contains no MachineSet; add machinesets.cluster.x-k8s.io to `kubectl get`\n",
                pluralize(found.unchecked, "template")
            ));
        }
        if found.belonging == 0 && fleet.has_objects() {
            print_stderr(
                "warning: the input contains no object of this fleet; pass the objects of its management cluster: check the context and the namespaces of `kubectl get`\n",
            );
        }
        print_stderr(&format!(
            "{} read, {} of this fleet, {}\n",
            pluralize(live.len(), "object"),
            found.belonging,
            pluralize(found.leftovers.len(), "leftover")
        ));
        if found.leftovers.is_empty() {
            Ok(())
        } else {
            Err(EXIT_LEFTOVERS)
        }
    }

    /// Reads the live objects.
    ///
    /// # Errors
    ///
    /// Reports the errors, and returns the exit code.
    fn read(&self, chdir: &Path) -> Result<Vec<LiveObject>, u8> {
        let path = self
            .filename
            .as_deref()
            .filter(|path| *path != Path::new("-"));
        let bytes = read_input(path.map(|path| chdir.join(path)).as_deref())
            .map_err(|error| Findings::from(error).report())?;
        let name = path.map_or("stdin".into(), Path::to_string_lossy);
        let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
        let objects = live::read(&name, &bytes, &mut sources, &mut diags);
        objects.ok_or_else(|| Findings::new(diags, sources).report())
    }
}

fn to_text(leftovers: &[Leftover]) -> String {
    let row = |leftover: &Leftover| {
        let cluster = Some(&leftover.cluster).filter(|name| !name.is_empty());
        vec![
            leftover.key.kind.clone(),
            leftover.qualified_name(),
            cluster.map_or("-", String::as_str).to_owned(),
            leftover.reason.summary().to_owned(),
        ]
    };
    let listing = Listing {
        head: vec!["KIND", "OBJECT", "CLUSTER", "REASON"],
        wide: 0,
        rows: leftovers.iter().map(row).collect(),
        json: json!({}),
    };
    let command = |leftover: &Leftover| {
        // A command that is pasted must not delete an object that the fleet did not create.
        let comment = leftover.condition();
        let comment = comment.map_or(String::new(), |comment| format!("# {comment}: "));
        format!("{comment}{}\n", leftover.delete_command())
    };
    let commands: String = leftovers.iter().map(command).collect();
    format!("{}\n{commands}", listing.table(listing.head.len()))
}

fn to_json(found: &Found) -> serde_json::Value {
    let leftover = |leftover: &Leftover| {
        json!({
            "group": leftover.key.group,
            "kind": leftover.key.kind,
            "namespace": leftover.key.namespace,
            "name": leftover.key.name,
            "cluster": leftover.cluster,
            "reason": leftover.reason.name(),
            "command": leftover.condition().is_none().then(|| leftover.delete_command()),
            "condition": leftover.condition(),
        })
    };
    let leftovers: Vec<_> = found.leftovers.iter().map(leftover).collect();
    json!({"formatVersion": "1.0", "objectsOfFleet": found.belonging, "leftovers": leftovers, "uncheckedTemplates": found.unchecked})
}
