//! The parameters of the Argo CD plugin, and its error messages.

use std::ffi::OsStr;
use std::fmt::Write as _;

use super::{fleet_with_clusters, run_plugin};
use crate::fleet::Run;

#[test]
fn invalid_parameters_are_reported_without_their_value() {
    // The system starts no program with a longer variable, so Argo CD passes none.
    const LONGEST: usize = (128 << 10) - "ARGOCD_APP_PARAMETERS=".len() - 1;
    let fleet = fleet_with_clusters(3);
    let long = |before: &str, after: &str| {
        let between = "hunter2".repeat((LONGEST - before.len() - after.len()) / 7);
        format!("{before}{between}{after}")
    };
    let cell = |value: &str| format!("[{{\"name\":\"cell\",\"string\":{value}}}]");
    let given = [
        String::new(),
        "hunter2".to_owned(),
        "[".repeat(LONGEST),
        "{\"hunter2\":".repeat(9_000),
        long("[{\"name\":\"", "\"}]"),
        long("[{\"name\":\"cell\",\"string\":\"", "\"}]"),
        long("[{\"name\":\"cell\",\"", "\":\"\"}]"),
        "[{\"name\":\"hunter2\",\"string\":\"eu\"}]".to_owned(),
        cell("\"../../etc/hunter2\""),
        cell("\"/etc/hunter2\""),
        cell("\"hunter2.yaml\\u0000\""),
        cell("\"\\u001b[31mhunter2\""),
        cell("\"hunter2 c1\""),
        cell("\"@hunter2\""),
        cell("[\"hunter2\"]"),
        cell("{\"hunter2\":1}"),
        cell("true"),
        cell("1"),
    ];
    for parameters in given {
        let stderr = run_plugin(&fleet, &parameters).messages(3);
        let case = &parameters[..parameters.len().min(60)];
        let expected = "error[invalid-parameter]: ARGOCD_APP_PARAMETERS";
        assert!(stderr.starts_with(expected), "{case}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{case}: {stderr}");
        assert!(stderr.len() < 200, "{case}: {stderr}");
        assert!(!stderr.contains("hunter2"), "{case}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn parameters_that_are_not_utf_8_are_reported() {
    use std::os::unix::ffi::OsStrExt as _;

    let wrong = OsStr::from_bytes(b"[{\"name\":\"\xff\"}]");
    assert_eq!(
        run_plugin(&fleet_with_clusters(3), wrong).messages(3),
        "error[invalid-parameter]: ARGOCD_APP_PARAMETERS is not UTF-8; use only UTF-8 in the parameters of the Application\n"
    );
}

#[test]
fn missing_parameters_have_three_forms() {
    let fleet = fleet_with_clusters(3);
    fleet.edit("fleet.yaml", "cells: {label: cell}\n", "");
    let expected = fleet.print(&["generate", "-o", "json"]);
    assert_eq!(fleet.print(&["generate", "--argocd"]), expected);
    for none in ["null", "[]"] {
        let run = run_plugin(&fleet, none);
        assert_eq!(
            (run.stdout, run.stderr.as_str()),
            (expected.clone(), ""),
            "{none}"
        );
    }
}

#[test]
fn plugin_error_is_one_short_line() {
    let fleet = fleet_with_clusters(0);
    let users: String = (0..100).fold(String::new(), |mut users, number| {
        let _ = writeln!(users, "u{number}: {{cell: a, colour: {}}}", "x".repeat(200));
        users
    });
    fleet.write("users.yaml", &users);
    let mut command = fleet.command(&["generate", "--argocd"]);
    let stderr = Run::of(command.env("CLICOLOR_FORCE", "1")).messages(3);
    assert!(
        stderr.len() <= 4096 && stderr.ends_with("…\n"),
        "{}",
        stderr.len()
    );
    assert!(!stderr.contains('\u{1b}'), "{stderr}");
    let first = stderr.lines().next().expect("a line");
    assert_eq!(
        first,
        "error[unknown-field]: users.yaml:1:15: unknown field `colour`; use `cell` (and 99 more errors)"
    );
}
