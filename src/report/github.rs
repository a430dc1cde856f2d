//! Commands of GitHub's runner, which shows them as annotations of a pull request.

use std::fmt::Write as _;

use super::finding::{Finding, Report};
use super::summary::summarize;
use crate::diagnostic::escape_control_chars;

/// The number of errors, and of warnings, that GitHub shows for each step: `_maxCountPerIssueType` in
/// `src/Runner.Worker/ExecutionContext.cs` of actions/runner at 0001dcd. The log has all of them.
const MAX_ANNOTATIONS: usize = 10;

/// Renders all diagnostics and notes as commands: one line each, because the runner reads lines.
pub fn render_github(report: &Report<'_>, notes: &[String]) -> String {
    let findings = report.findings();
    let mut out: String = findings.iter().map(command).collect();
    let errors = findings.iter().filter(|finding| finding.is_error).count();
    if errors.max(findings.len() - errors) > MAX_ANNOTATIONS {
        let summary = summarize(report.diagnostics);
        let _ = writeln!(
            out,
            "::notice::{summary}: GitHub shows the first {MAX_ANNOTATIONS} errors and the first {MAX_ANNOTATIONS} warnings of a step, and its log lists all"
        );
    }
    for note in notes {
        let _ = writeln!(out, "::notice::{}", data(&escape_control_chars(note)));
    }
    out
}

fn command(finding: &Finding) -> String {
    let name = if finding.is_error { "error" } else { "warning" };
    let place = &finding.place;
    let at = if finding.is_located {
        let path = property(&place.path);
        format!("file={path},line={},col={},", place.line, place.column)
    } else {
        String::new()
    };
    format!(
        "::{name} {at}title={}::{}\n",
        finding.code.name(),
        data(&finding.text())
    )
}

/// Escapes the text of a command, as `escapeData` in `packages/core/src/command.ts` of actions/toolkit.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, as `escapeProperty` there.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
