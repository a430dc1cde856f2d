//! SARIF 2.1.0, for code scanning.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::finding::{Finding, Place, Report};
use crate::diagnostic::Code;

/// The schema that the output matches.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name of a fingerprint. Not `primaryLocationLineHash`: GitHub's upload computes that itself, and warns about any other
/// value (`src/fingerprints.ts` of github/codeql-action v3).
const FINGERPRINT: &str = "kubectlFleet/v1";

/// Renders all diagnostics as a SARIF log. `fix` returns the fix of a code.
pub fn render_sarif(report: &Report<'_>, fix: impl Fn(Code) -> String) -> String {
    let findings = report.findings();
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code, &fix(*code))).collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            result(
                finding,
                codes.binary_search(&finding.code).unwrap_or_default(),
            )
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "kubectl-fleet",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code, fix: &str) -> Value {
    let help = format!("{fix}\n\nAn example: kubectl fleet explain {}", code.name());
    json!({
        "id": code.name(),
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": code.summary()},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(code.exit().is_some())},
    })
}

fn result(finding: &Finding, rule: usize) -> Value {
    let help = finding.help.as_ref();
    let help = help.map_or(String::new(), |help| format!("\nhelp: {help}"));
    let mut result = json!({
        "ruleId": finding.code.name(),
        "ruleIndex": rule,
        "level": level(finding.is_error),
        "message": {"text": inert(&format!("{}{help}", finding.message))},
        "locations": [{"physicalLocation": location(&finding.place)}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, place)| {
            let mut related = json!({"id": id, "physicalLocation": location(place)});
            if !place.label.is_empty() {
                related["message"] = json!({"text": inert(&place.label)});
            }
            related
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn level(is_error: bool) -> &'static str {
    if is_error { "error" } else { "warning" }
}

fn location(place: &Place) -> Value {
    json!({
        "artifactLocation": {"uri": uri(&place.path), "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endColumn": place.end_column,
        },
    })
}

/// Returns a path as a relative URI.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Separates the parts of a link: `[text](target)` in a message is one (SARIF 2.1.0, section 3.11.6).
fn inert(text: &str) -> String {
    text.replace("](", "] (")
}
