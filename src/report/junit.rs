//! `JUnit` XML, for the lists of tests of CI systems.

use super::finding::{Finding, Report};

/// Renders all diagnostics as test cases: errors as failures, warnings as skipped tests. Without an error, there is a
/// test case that succeeds, because an empty report is an error in some systems.
pub fn render_junit(report: &Report<'_>) -> String {
    let findings = report.findings();
    let failures = findings.iter().filter(|finding| finding.is_error).count();
    let skipped = findings.len() - failures;
    let mut cases: String = findings.iter().map(case).collect();
    let mut tests = findings.len();
    if failures == 0 {
        tests += 1;
        cases += "    <testcase name=\"the fleet has no error\" classname=\"kubectl-fleet\" time=\"0\"/>\n";
    }
    let counts =
        format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}" time="0""#);
    let name = escape(match report.dir {
        "" => "fleet",
        dir => dir,
    });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kubectl-fleet" {counts}>
  <testsuite name="{name}" {counts}>
{cases}  </testsuite>
</testsuites>
"#
    )
}

fn case(finding: &Finding) -> String {
    let (path, line) = (escape(&finding.place.path), finding.place.line);
    let code = finding.code.name();
    // Systems compare runs by the names of tests, which must be unique.
    let number = match finding.repetition {
        0 => String::new(),
        repetition => format!(" ({})", repetition + 1),
    };
    let name = escape(&format!("{code}: {}{number}", finding.message));
    let message = escape(&finding.message);
    let result = if finding.is_error {
        format!(
            "      <failure type=\"{code}\" message=\"{message}\">{}</failure>\n",
            escape(&details(finding))
        )
    } else {
        format!(
            "      <skipped message=\"warning: {}\"/>\n",
            escape(&details(finding))
        )
    };
    format!(
        "    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\" time=\"0\">\n{result}    </testcase>\n"
    )
}

fn details(finding: &Finding) -> String {
    let place = &finding.place;
    let text = finding.text();
    format!("{}:{}:{}: {text}", place.path, place.line, place.column)
}

/// Escapes text for XML 1.0, which has no control characters: [`Finding`] contains none.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&apos;",
            '\n' => out += "&#10;",
            character => out.push(character),
        }
    }
    out
}
