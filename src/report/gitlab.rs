//! The Code Quality report of GitLab.

use serde_json::{Value, json};

use super::finding::{Finding, Report};

/// Renders all diagnostics as a JSON array of Code Quality issues.
pub fn render_gitlab(report: &Report<'_>) -> String {
    let issues: Vec<Value> = report.findings().iter().map(issue).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(finding: &Finding) -> Value {
    let help = finding.help.as_ref();
    let help = help.map_or(String::new(), |help| format!("; {help}"));
    json!({
        "check_name": finding.code.name(),
        "description": format!("{}{help}", finding.message),
        "fingerprint": finding.fingerprint,
        "severity": if finding.is_error { "critical" } else { "minor" },
        "location": {
            "path": finding.place.path,
            "lines": {"begin": finding.place.line},
        },
    })
}
