//! What Argo CD gives to the program, and is told of a failure.

use std::ffi::OsStr;
use std::fmt::Write as _;

use super::{fleet_with_clusters, run_plugin};
use crate::fleet::Run;

#[test]
fn parameters_that_are_none_are_told_by_the_variable_and_never_repeated() {
    // The system starts no program with a longer variable, and so Argo CD hands over none.
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
        let said = run_plugin(&fleet, &parameters).messages(3);
        let what = &parameters[..parameters.len().min(60)];
        let wanted = "error[invalid-parameter]: ARGOCD_APP_PARAMETERS";
        assert!(said.starts_with(wanted), "{what}: {said}");
        assert_eq!(said.lines().count(), 1, "{what}: {said}");
        assert!(said.len() < 200, "{what}: {said}");
        assert!(!said.contains("hunter2"), "{what}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn parameters_that_are_no_text_are_told() {
    use std::os::unix::ffi::OsStrExt as _;

    let wrong = OsStr::from_bytes(b"[{\"name\":\"\xff\"}]");
    assert_eq!(
        run_plugin(&fleet_with_clusters(3), wrong).messages(3),
        "error[invalid-parameter]: ARGOCD_APP_PARAMETERS is not UTF-8; use only UTF-8 in the parameters of the Application\n"
    );
}

#[test]
fn that_there_are_no_parameters_is_told_in_three_ways() {
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
fn argo_cd_is_told_in_one_line_and_little_more() {
    let fleet = fleet_with_clusters(0);
    let users: String = (0..100).fold(String::new(), |mut users, number| {
        let _ = writeln!(users, "u{number}: {{cell: a, colour: {}}}", "x".repeat(200));
        users
    });
    fleet.write("users.yaml", &users);
    let mut command = fleet.command(&["generate", "--argocd"]);
    let said = Run::of(command.env("CLICOLOR_FORCE", "1")).messages(3);
    assert!(
        said.len() <= 4096 && said.ends_with("…\n"),
        "{}",
        said.len()
    );
    assert!(!said.contains('\u{1b}'), "{said}");
    let first = said.lines().next().expect("a line");
    assert_eq!(
        first,
        "error[unknown-field]: users.yaml:1:15: unknown field `colour`; use `cell` (and 99 more errors)"
    );
}
