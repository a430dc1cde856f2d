//! `kubectl fleet diff`

mod side;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::terminal::{CommandResult, EXIT_DIFFERENCES, print_stderr, print_stdout, print_styled};
use crate::diff::difference::{Difference, difference};
use crate::diff::inputs::read_files_of_other;
use crate::diff::json::json;
use crate::diff::markdown::markdown;
use crate::diff::text::text;
use crate::lines;
use crate::render::Output;
use crate::request::CompileOptions;
use crate::yaml::print::Format;
use side::Side;

/// Show what a change creates, changes and destroys, and which line causes it.
///
/// Compiles both sides completely, and compares their objects. Changes are grouped by the line of the
/// input that causes them, and show what the controllers will do; what is destroyed comes first.
/// Revisions are read from Git's object store: nothing is checked out. The exit code is 1 if an object
/// differs.
#[derive(Args)]
#[command(after_help = "Examples:
  # Show what the edited files change, compared with the merge base of HEAD and the default branch
  kubectl fleet diff

  # Write a comment on a pull request
  kubectl fleet diff --base origin/main --head HEAD -o markdown

  # Fail only if something is destroyed, uninstalled or rejected
  kubectl fleet diff --fail-on danger

  # Compare two directories
  kubectl fleet diff examples/eks --base examples/addons")]
pub(super) struct Diff {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Revision or directory before the change [default: the merge base of HEAD and the default branch]
    #[arg(long, value_name = "REV|DIR")]
    base: Option<PathBuf>,
    /// Revision or directory after the change [default: DIR]
    #[arg(long, value_name = "REV|DIR")]
    head: Option<PathBuf>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = OutputFormat::Text)]
    output: OutputFormat,
    /// List every object and every cause
    #[arg(long)]
    list: bool,
    /// Changes for which the exit code is 1
    #[arg(long, value_name = "CHANGES", value_enum, default_value_t = FailOn::Change)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum OutputFormat {
    /// Causes and consequences
    Text,
    /// Comment on a pull request, of at most 60,000 characters
    Markdown,
    /// JSON object
    Json,
    /// Unified diff of the manifests with all their values, for `patch`
    Patch,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum FailOn {
    /// Any change
    Change,
    /// Changes that destroy, uninstall, are rejected, weaken a guard or keep something running unnoticed
    Danger,
}

impl Diff {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let dir = chdir.join(&self.dir);
        let mut base = Side::base(chdir, &dir, self.base.as_deref())?;
        let mut head = Side::head(chdir, &dir, self.head.as_deref())?;
        let format = match self.output {
            OutputFormat::Patch => Format::Yaml,
            OutputFormat::Text | OutputFormat::Markdown | OutputFormat::Json => Format::Json,
        };
        let options = CompileOptions {
            keep_identities: true,
            ..format.into()
        };
        let outputs = [base.compile(&options), head.compile(&options)];
        let [Some(old), Some(new)] = &outputs else {
            return Err(reject([base, head], outputs.map(|output| output.is_some())));
        };
        read_files_of_other([&mut base.files, &mut head.files]);
        let found = difference(base.of(old), head.of(new));
        match self.output {
            OutputFormat::Text => {
                print_stderr(&format!("{} → {}\n", base.name, head.name));
                print_styled(&text(&found, self.list))?;
            }
            OutputFormat::Markdown => print(&markdown(&found))?,
            OutputFormat::Json => print(&json(&found))?,
            OutputFormat::Patch => print(&patch(old, new))?,
        }
        if self.fails(&found) {
            Err(EXIT_DIFFERENCES)
        } else {
            Ok(())
        }
    }

    fn fails(&self, found: &Difference) -> bool {
        match self.fail_on {
            FailOn::Change => !found.objects.is_empty(),
            FailOn::Danger => found.is_dangerous(),
        }
    }
}

fn print(text: &str) -> CommandResult {
    print_stdout(|out| out.write_all(text.as_bytes()))
}

/// Returns the difference between two outputs in the form of `diff -u`.
fn patch(base: &Output, head: &Output) -> String {
    let [base, head] = [base, head].map(|output| {
        let mut bytes = Vec::with_capacity(output.bytes);
        // Writing to a vector cannot fail.
        let _ = output.write(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    lines::unified(&base, &head, ["a/manifests.yaml", "b/manifests.yaml"])
}

/// Reports the errors of the sides that do not compile, and returns the exit code.
fn reject(sides: [Side; 2], are_ok: [bool; 2]) -> u8 {
    let mut code = 0;
    for (side, is_ok) in sides.into_iter().zip(are_ok) {
        if is_ok {
            continue;
        }
        let other = match are_ok {
            [false, true] => "; the head compiles",
            [true, false] => "; the base compiles",
            _ => "",
        };
        print_stderr(&format!("{} has errors{other}:\n", side.name));
        code = side.finish().reject("nothing was compared");
    }
    code
}
