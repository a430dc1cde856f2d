//! Completion: candidates for each argument, and the scripts in real shells.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fleet_with_clusters;
use crate::fleet::{Fleet, PROGRAM, Run};

/// Returns the lines for words, of which the last one is incomplete, without descriptions.
fn complete(fleet: &Fleet, words: &[&str]) -> Vec<String> {
    let run = fleet.run(&[&["__complete"][..], words].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words:?}");
    let text = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    run.stdout.lines().map(text).collect()
}

#[test]
fn candidates_come_from_the_command_line_and_the_fleet() {
    let fleet = fleet_with_clusters(3);
    for (words, expected) in [
        (&["rem"][..], &["remove", ":4"][..]),
        (&["argocd", "co"], &["config", ":4"]),
        (&["generate", "--arg"], &["--argocd", ":4"]),
        (&["validate", "-o", "te"], &["text", ":4"]),
        (&["validate", "--output=js"], &["--output=json", ":4"]),
        (&["validate", "--output", "js"], &["json", ":4"]),
        (&["remove", ""], &["u0", "u1", "u2", ":4"]),
        (
            &["remove", "u1", "--dry-run", "u"],
            &["u0", "u1", "u2", ":4"],
        ),
        (&["remove", "--", "u2"], &["u2", ":4"]),
        (&["get", "clusters", "u0"], &["u0", ":4"]),
        (&["get", "addons", ""], &["shared", ":4"]),
        (&["get", "groups", ""], &[":4"]),
        (&["generate", "--cell", ""], &["c0", "c1", "c2", ":4"]),
        (&["generate", ".", "--cell=c1"], &["--cell=c1", ":4"]),
        (&["explain", "u0"], &["u0", ":4"]),
        (&["explain", "u0/"], &["u0/shared", ":6"]),
        (&["explain", "unknown-f"], &["unknown-field", ":4"]),
        (&["add", "n", "--list", ""], &["users.yaml", ":4"]),
        (&["add", "n", "--list", "users.yaml", ""], &["cell=", ":6"]),
        (&["init", "--template", "ek"], &["eks", ":4"]),
        (&["completion", "z"], &["zsh", ":4"]),
        (&["generate", ""], &[":16"]),
        (&["leftovers", "-f", ""], &[":0"]),
        (&["no-such-command", ""], &[":4"]),
        (&["add", ""], &[":4"]),
    ] {
        assert_eq!(complete(&fleet, words), expected, "{words:?}");
    }
    // Without words, and from another directory.
    assert!(complete(&fleet, &[]).contains(&"generate".to_owned()));
    let dir = fleet.dir().to_str().expect("UTF-8").to_owned();
    let other = Fleet::empty();
    assert_eq!(
        complete(&other, &["-C", &dir, "remove", "u1"]),
        ["u1", ":4"]
    );
}

#[test]
fn completion_prints_no_errors() {
    let fleet = fleet_with_clusters(3);
    fleet.write("users.yaml", "u0: {cell: [\n");
    for words in [
        &["remove", ""][..],
        &["-C", "no/such/dir", "remove", ""],
        &["-C"],
        &["explain", "x/"],
        &["--", "\u{1b}[0m"],
    ] {
        complete(&fleet, words);
    }
    assert_eq!(complete(&Fleet::empty(), &["remove", ""]), [":4"]);
}

/// Creates a directory for PATH with the program, and with what completes `kubectl fleet`.
fn path_dir() -> (tempfile::TempDir, String) {
    let dir = tempfile::TempDir::new().unwrap();
    std::os::unix::fs::symlink(PROGRAM, dir.path().join("kubectl-fleet")).unwrap();
    let helper = dir.path().join("kubectl_complete-fleet");
    let script = Run::of(Command::new(PROGRAM).args(["completion", "kubectl"])).output();
    fs::write(&helper, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&helper, mode).unwrap();
    let path = format!("{}:{}", dir.path().display(), env::var("PATH").unwrap());
    (dir, path)
}

/// Returns the path of a program, or says that its test is skipped. `.ci/run` installs all of them.
#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap();
    let found = env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|path| path.is_file());
    if found.is_none() {
        eprintln!("SKIPPED: {program} is not installed, so its completion was not tested");
    }
    found
}

fn run_in(dir: &Path, path: &str, program: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(program);
    let command = command.args(args).current_dir(dir).env("PATH", path);
    Run::of(command.env("HOME", dir).env("TERM", "dumb"))
}

#[test]
fn bash_completes() {
    let Some(bash) = find("bash") else { return };
    let fleet = fleet_with_clusters(3);
    let (_dir, path) = path_dir();
    for (line, expected) in [
        ("kubectl-fleet remove u", "u0\nu1\nu2\n"),
        ("kubectl-fleet generate --cell=", "c0\nc1\nc2\n"),
        ("kubectl-fleet exp", "explain\n"),
        ("kubectl-fleet explain u0/", "u0/shared\n"),
    ] {
        let script = format!(
            "source <(kubectl-fleet completion bash); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; _kubectl_fleet; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let run = run_in(fleet.dir(), &path, &bash, &["--norc", "-c", &script]);
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            (expected, ""),
            "{line}"
        );
    }
    // The key of an interactive shell.
    let script = "bind 'set enable-bracketed-paste off' 2>/dev/null; source <(kubectl-fleet completion bash); complete -p kubectl-fleet";
    let run = run_in(fleet.dir(), &path, &bash, &["--norc", "-c", script]);
    assert_eq!(run.stdout, "complete -F _kubectl_fleet kubectl-fleet\n");
}

#[test]
fn fish_completes() {
    let Some(fish) = find("fish") else { return };
    let fleet = fleet_with_clusters(3);
    let (_dir, path) = path_dir();
    for (line, expected) in [
        ("kubectl-fleet remove u", "u0\nu1\nu2\n"),
        (
            "kubectl-fleet generate --cell=",
            "--cell=c0\n--cell=c1\n--cell=c2\n",
        ),
        (
            "kubectl-fleet exp",
            "explain\tExplain where a value comes from, why something is not there, or a message\n",
        ),
    ] {
        let script = format!("kubectl-fleet completion fish | source; complete -C '{line}'");
        let run = run_in(fleet.dir(), &path, &fish, &["--no-config", "-c", &script]);
        assert_eq!(run.stdout, expected, "{line}: {}", run.stderr);
    }
}

#[test]
fn zsh_completes() {
    let Some(zsh) = find("zsh") else { return };
    let fleet = fleet_with_clusters(3);
    let (_dir, path) = path_dir();
    // A real shell in a pseudo-terminal, in which the tabulator key completes.
    for (line, expected) in [
        ("kubectl-fleet remo", "kubectl-fleet remove"),
        ("kubectl-fleet remove u2 --al", "--allow-changes"),
        ("kubectl-fleet get addons s", "shared"),
        ("kubectl-fleet explain unknown-fi", "unknown-field"),
    ] {
        let script = format!(
            "zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z \"PS1=; autoload -U compinit; compinit -u; source <(kubectl-fleet completion zsh); print READY\"; zpty -r z out '*READY*READY*'; zpty -w -n z $'{line}\\t'; zpty -r -m z out '*{expected}*'; print -r -- $out"
        );
        let run = run_in(fleet.dir(), &path, &zsh, &["-f", "-c", &script]);
        assert!(
            run.stdout.contains(expected),
            "{line}: {} {}",
            run.stdout,
            run.stderr
        );
    }
}

#[test]
fn kubectl_completes() {
    let Some(kubectl) = find("kubectl") else {
        return;
    };
    let fleet = fleet_with_clusters(3);
    let (_dir, path) = path_dir();
    for (words, expected) in [
        (&["remove", "u"][..], "u0\nu1\nu2\n:4\n"),
        (&["generate", "--cell", "c2"], "c2\n:4\n"),
    ] {
        let args = [&["__complete", "fleet"][..], words].concat();
        let run = run_in(fleet.dir(), &path, &kubectl, &args);
        assert_eq!(run.stdout, expected, "{words:?}: {}", run.stderr);
    }
}
