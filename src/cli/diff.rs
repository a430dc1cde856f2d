//! `kubectl fleet diff`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::page::PageTarget;
use super::shown::Shown;
use super::side::{Side, compile_both};
use super::terminal::{CommandResult, EXIT_DIFFERENCES, print_stderr, print_stdout, print_styled};
use crate::diagnostic::find_exit;
use crate::diff::difference::{Difference, difference};
use crate::diff::json::json;
use crate::diff::markdown::markdown;
use crate::diff::rejection::Rejection;
use crate::diff::text::text;
use crate::lines;
use crate::render::Output;
use crate::report;
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// Show what a change creates, changes and destroys, and which line causes it.
///
/// Compiles both sides completely, and compares their objects. Changes are grouped by the line of the
/// input that causes them, and show what the controllers will do; what is destroyed comes first.
/// Revisions are read from Git's object store: nothing is checked out. The exit code is 1 if an object
/// or a setting of the platform team differs, and 4 if `fleet.lock` or `safety.minClusters` rejects the
/// head: then the differences are what they prevent.
#[derive(Args)]
#[command(after_help = "Examples:
  # Show what the edited files change, compared with the merge base of HEAD and the default branch
  kubectl fleet diff

  # Write a comment on a pull request
  kubectl fleet diff --base origin/main --head HEAD -o markdown

  # Fail only if something is destroyed, uninstalled or rejected
  kubectl fleet diff --fail-on danger

  # Write a page that shows the changes and all clusters
  kubectl fleet diff --base origin/main -o html=change.html

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
    ///
    /// text: causes and consequences. markdown: a comment on a pull request, of at most 60,000 characters.
    /// json: a JSON object. patch: a unified diff of the manifests with all their values, for `patch`.
    /// html: a page with all clusters and their changes, on stdout. html=FILE: the page as a file.
    #[arg(short, long, value_name = "FORMAT", value_parser = parse_format, default_value = "text")]
    output: OutputFormat,
    /// List every object and every cause
    #[arg(long)]
    list: bool,
    /// Changes for which the exit code is 1
    #[arg(long, value_name = "CHANGES", value_enum, default_value_t = FailOn::Change)]
    fail_on: FailOn,
}

#[derive(Clone)]
enum OutputFormat {
    Text,
    Markdown,
    Json,
    Patch,
    Html(PageTarget),
}

fn parse_format(text: &str) -> Result<OutputFormat, String> {
    Ok(match text {
        "text" => OutputFormat::Text,
        "markdown" => OutputFormat::Markdown,
        "json" => OutputFormat::Json,
        "patch" => OutputFormat::Patch,
        _ => match PageTarget::parse(text)? {
            Some(target) => OutputFormat::Html(target),
            None => {
                return Err("expected text, markdown, json, patch, html or html=FILE".to_owned());
            }
        },
    })
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
        let base = Side::base(chdir, &dir, self.base.as_deref())?;
        let mut head = Side::head(chdir, &dir, self.head.as_deref())?;
        let format = match self.output {
            OutputFormat::Patch => Format::Yaml,
            _ => Format::Json,
        };
        let options = CompileOptions {
            keep_identities: true,
            ..format.into()
        };
        head.collect_rejections();
        let ([old, new], [base, mut head]) =
            compile_both([base, head], &options, "nothing was compared")?;
        let rejections = head.rejections();
        let mut found = difference(base.of(&old.1), head.of(&new.1));
        let sources = &head.files.sources;
        found.rejections = rejections
            .iter()
            .map(|error| Rejection::new(error, sources))
            .collect();
        let rejected = find_exit(&rejections).map(|exit| {
            let text = format!(
                "guards reject {}:\n{}{}; the differences are what they prevent\n",
                head.name,
                report::render_text(&rejections, sources),
                report::summarize(&rejections)
            );
            (exit as u8, text)
        });
        let is_failed = self.fails(&found);
        match self.output {
            OutputFormat::Text => {
                print_stderr(&format!("{} → {}\n", base.name, head.name));
                print_styled(&text(&found, self.list))?;
            }
            OutputFormat::Markdown => print(&markdown(&found))?,
            OutputFormat::Json => print(&json(&found))?,
            OutputFormat::Patch => print(&patch(&old.1, &new.1))?,
            OutputFormat::Html(target) => {
                let names = [base.name.clone(), head.name.clone()];
                let shown = Shown::of(found, names, [(base, old), (head, new)], true);
                target.write(chdir, &shown)?;
            }
        }
        if let Some((code, text)) = rejected {
            print_stderr(&text);
            return Err(code);
        }
        if is_failed {
            Err(EXIT_DIFFERENCES)
        } else {
            Ok(())
        }
    }

    fn fails(&self, found: &Difference) -> bool {
        match self.fail_on {
            FailOn::Change => !found.objects.is_empty() || !found.platform.is_empty(),
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
