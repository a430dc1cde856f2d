//! `kubectl fleet validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output_selection::OutputSelection;
use super::session::{Compiled, Findings, compile_dir, fleet_dir};
use super::terminal::{CommandResult, EXIT_VALIDATION_FAILED, print_stderr, print_stdout};
use crate::diagnostic::{and_more, pluralize};
use crate::explain::fix;
use crate::files::path_in_repository;
use crate::passes::check::MAX_OBJECT_BYTES;
use crate::plan::{Creator, SubjectId};
use crate::render::{Output, Rendered};
use crate::report::{self, Report};
use crate::yaml::print::Format;

/// Report all errors of a fleet, and warnings about likely errors.
///
/// Reports every error that would make `generate` fail. The exit code is 1 if there is an error of any
/// kind, and 0 if there are only warnings. The formats of CI systems contain paths relative to the root of the Git
/// repository.
#[derive(Args)]
#[command(after_help = "Examples:
  # Validate the fleet in this directory
  kubectl fleet validate

  # List all errors of another directory as JSON
  kubectl fleet validate examples/eks -o json

  # Show errors at their lines of a pull request on GitHub
  kubectl fleet validate -o github

  # Print a Code Quality report for GitLab
  kubectl fleet validate -o gitlab")]
pub(super) struct Validate {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Format of the messages
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = MessageFormat::Text)]
    output: MessageFormat,
    /// Also exit with 1 for these
    #[arg(long, value_name = "KIND", value_enum, value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    #[command(flatten)]
    selection: OutputSelection,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum FailOn {
    /// Warnings
    Warning,
    /// Objects whose kind has no schema
    Unchecked,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum MessageFormat {
    /// Messages with their source lines, on stderr
    Text,
    /// One JSON object with all messages, on stdout
    Json,
    /// Commands of GitHub Actions, which show messages at their lines, on stdout
    Github,
    /// Code Quality report of GitLab, on stdout; also text on stderr
    Gitlab,
    /// SARIF 2.1.0 for code scanning, on stdout; also text on stderr
    Sarif,
    #[value(help = "JUnit XML, on stdout; also text on stderr")]
    Junit,
}

impl Validate {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let dir = fleet_dir(chdir, &self.dir);
        let Compiled { output, findings } = compile_in_both_formats(&dir, &self.selection);
        let notes: Vec<String> = output
            .as_ref()
            .into_iter()
            .flat_map(|output| [shared_objects(output), unchecked_kinds(output)])
            .flatten()
            .collect();
        if let Some(report) = self.output.render(&dir, &findings, &notes) {
            print_stdout(|out| out.write_all(report.as_bytes()))?;
        }
        if !matches!(self.output, MessageFormat::Json | MessageFormat::Github) {
            findings.report();
        }
        if self.output != MessageFormat::Json {
            let objects = output
                .as_ref()
                .map(|output| format!("{}, ", pluralize(output.count, "object")));
            let summary = report::summarize(&findings.diagnostics);
            let notes: String = notes
                .iter()
                .filter(|_| self.output != MessageFormat::Github)
                .flat_map(|note| ["note: ", note, "\n"])
                .collect();
            print_stderr(&format!(
                "{notes}{}{summary}\n",
                objects.unwrap_or_default()
            ));
        }
        let fails = |kind: &FailOn| match kind {
            FailOn::Warning => !findings.diagnostics.is_empty(),
            FailOn::Unchecked => output
                .as_ref()
                .is_some_and(|output| !output.unchecked.is_empty()),
        };
        let is_valid = output.is_some() && !self.fail_on.iter().any(fails);
        is_valid.then_some(()).ok_or(EXIT_VALIDATION_FAILED)
    }
}

impl MessageFormat {
    /// Renders what is written to stdout. Returns `None` for text.
    fn render(self, dir: &Path, findings: &Findings, notes: &[String]) -> Option<String> {
        let Findings {
            diagnostics,
            sources,
        } = findings;
        // Only these formats name files by their paths in the repository; the plugin reads nothing outside of the fleet.
        let dir = match self {
            Self::Text | Self::Json => None,
            Self::Github | Self::Gitlab | Self::Sarif | Self::Junit => path_in_repository(dir),
        };
        let dir = dir.unwrap_or_default();
        let report = Report {
            diagnostics,
            sources,
            dir: &dir,
        };
        Some(match self {
            Self::Text => return None,
            Self::Json => report::render_json(diagnostics, notes, sources),
            Self::Github => report::render_github(&report, notes),
            Self::Gitlab => report::render_gitlab(&report),
            Self::Sarif => report::render_sarif(&report, fix),
            Self::Junit => report::render_junit(&report),
        })
    }
}

/// Returns a note with the add-on objects that another fleet on the same management cluster could also create. The names
/// of a fleet with a name contain it.
fn shared_objects(output: &Output) -> Option<String> {
    if output.plan.name.is_some() {
        return None;
    }
    let is_shared = |object: &Rendered<'_>| {
        matches!(object.creator(), Creator::AddOn(_)) && object.subject() == SubjectId::Shared
    };
    let mut shared = output.objects().filter(is_shared);
    let first = shared.next()?.identity().to_string();
    let all = and_more(&first, shared.count());
    Some(format!(
        "another fleet on the same management cluster could also create {all}; to separate the fleets, set `metadata.name` in fleet.yaml"
    ))
}

/// Returns a note with the kinds that have no schema.
fn unchecked_kinds(output: &Output) -> Option<String> {
    let first = output.unchecked.keys().next()?;
    let kinds = and_more(first, output.unchecked.len() - 1);
    let objects = pluralize(output.unchecked.values().sum(), "object");
    Some(format!(
        "{objects} not compared with a schema: {kinds}; to check them, add their CustomResourceDefinitions to `schemas` in fleet.yaml"
    ))
}

/// Compiles to YAML and JSON, and returns a format that has an error.
///
/// Only the sizes of objects and of the output differ between the formats.
fn compile_in_both_formats(dir: &Path, selection: &OutputSelection) -> Compiled {
    // JSON escapes a character with one more, so it is at most twice as long as YAML.
    const SMALL_BYTES: usize = MAX_OBJECT_BYTES / 2;
    let yaml = compile_dir(dir, &selection.options(Format::Yaml));
    if yaml
        .output
        .as_ref()
        .is_none_or(|output| output.bytes < SMALL_BYTES)
    {
        return yaml;
    }
    let json = compile_dir(dir, &selection.options(Format::Json));
    if json.output.is_none() { json } else { yaml }
}
