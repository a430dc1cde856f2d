//! The command line: help texts, usage errors, exit codes.

use std::process::Stdio;

use snapbox::{Assert, Data, data::DataFormat};

use crate::fleet::{self, Fleet, PROGRAM, Run, command};
use crate::repository;

/// Runs the program in the repository.
fn run(args: &[&str]) -> Run {
    fleet::run(repository::root(), args)
}

/// Compares output with an expected file, or writes the file with `SNAPSHOTS=overwrite`.
fn assert_file_is(output: String, name: &str) {
    let path = repository::root().join("tests/cli").join(name);
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(output).raw(), expected);
}

#[test]
fn help_matches_the_expected_files() {
    for (args, name) in [
        (&["--help"][..], "help.txt"),
        (&["generate", "--help"], "generate.txt"),
        (&["validate", "--help"], "validate.txt"),
        (&["get", "--help"], "get.txt"),
        (&["get", "clusters", "--help"], "get-clusters.txt"),
        (&["get", "groups", "--help"], "get-groups.txt"),
        (&["get", "objects", "--help"], "get-objects.txt"),
        (&["get", "addons", "--help"], "get-addons.txt"),
        (&["get", "templates", "--help"], "get-templates.txt"),
        (&["explain", "--help"], "explain.txt"),
        (&["diff", "--help"], "diff.txt"),
        (&["report", "--help"], "report.txt"),
        (&["init", "--help"], "init.txt"),
        (&["leftovers", "--help"], "leftovers.txt"),
        (&["add", "--help"], "add.txt"),
        (&["remove", "--help"], "remove.txt"),
        (&["schema", "--help"], "schema.txt"),
        (&["completion", "--help"], "completion.txt"),
        (&["version", "--help"], "version.txt"),
        (&["argocd", "--help"], "argocd.txt"),
        (&["argocd", "install", "--help"], "argocd-install.txt"),
        (&["argocd", "apps", "--help"], "argocd-apps.txt"),
        (&["argocd", "check", "--help"], "argocd-check.txt"),
        (&["argocd", "config", "--help"], "argocd-config.txt"),
    ] {
        let run = run(args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}");
        assert_file_is(run.stdout, name);
    }
}

#[test]
fn help_is_available_in_every_form() {
    let long = run(&["--help"]);
    for args in [&["-h"][..], &["help"]] {
        assert_eq!(run(args), long, "{args:?}");
    }
    assert_eq!(run(&["help", "generate"]), run(&["generate", "--help"]));
    // Without a command, the help is an error message.
    assert_eq!(run(&[]).messages(2), long.stdout);
}

#[test]
fn usage_errors_exit_with_2_and_write_no_output() {
    for (args, expected) in [
        (&["render"][..], "unrecognized subcommand 'render'"),
        (
            &["generate", "-o", "xml"],
            "invalid value 'xml' for '--output <FORMAT>'",
        ),
        (
            &["validate", "-o", "yaml"],
            "invalid value 'yaml' for '--output <FORMAT>'",
        ),
        (&["generate", "a", "b"], "unexpected argument 'b' found"),
        (
            &["generate", "--force"],
            "unexpected argument '--force' found",
        ),
        (
            &["generate", "-C"],
            "a value is required for '--chdir <DIR>'",
        ),
        (&["--version"], "unexpected argument '--version' found"),
        (
            &["argocd", "install", "--image", "a: b"],
            "invalid image reference",
        ),
        (&["argocd", "apps"], "--repo <URL>"),
        (
            &[
                "argocd",
                "apps",
                "--repo=https://a",
                "--dest-name=a",
                "--dest-server=b",
            ],
            "cannot be used with",
        ),
        (&["argocd", "check"], "<FILE>..."),
        (&["get", "pods"], "unrecognized subcommand 'pods'"),
        (
            &["get", "clusters", "-l", "a b"],
            "is not a valid label key",
        ),
        (
            &["init", "--template", "ekz"],
            "a similar value exists: 'eks'",
        ),
    ] {
        let stderr = run(args).messages(2);
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn version_prints_the_name_and_the_version() {
    let expected = format!("kubectl-fleet {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["version"]).output(), expected);
}

/// `mandoc` and `man` read the pages of all commands, if they are installed.
#[cfg(feature = "man")]
#[test]
fn man_pages_have_no_errors() {
    use std::io::Write as _;
    use std::process::Command;

    let commands = [
        &[][..],
        &["add"],
        &["get"],
        &["get", "clusters"],
        &["diff"],
        &["argocd", "check"],
        &["completion"],
    ];
    for command in commands {
        let page = run(&[&["man"], command].concat()).output();
        let title = [&["kubectl-fleet"], command].concat().join("-");
        assert!(
            page.contains(&format!(".TH {} 1", title.to_uppercase())),
            "{page}"
        );
        for (program, args) in [
            ("mandoc", &["-T", "lint", "-W", "error"][..]),
            ("man", &["-l", "-E", "UTF-8", "--warnings", "-"]),
        ] {
            let child = Command::new(program)
                .args(args)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn();
            let Ok(mut child) = child else {
                eprintln!("SKIPPED: {program} is not installed, so the man pages were not checked");
                continue;
            };
            child
                .stdin
                .take()
                .expect("a pipe")
                .write_all(page.as_bytes())
                .expect("written");
            let run: Run = child.wait_with_output().expect("it ends").into();
            assert_eq!(
                (run.code, run.stderr.as_str()),
                (0, ""),
                "{program} {title}: {}",
                run.stdout
            );
        }
    }
    run(&["man", "no-such-command"]).messages(2);
}

#[test]
fn missing_directory_exits_with_5() {
    let stderr = run(&["generate", "no/such/folder"]).messages(5);
    assert!(
        stderr.starts_with("error[io]: cannot open the directory `no/such/folder`"),
        "{stderr}"
    );
    run(&["validate", "no/such/folder"]).messages(1);
}

#[test]
fn file_in_place_of_a_directory_is_named() {
    let fleet = Fleet::new([
        ("eks/fleet.yaml", ""),
        ("live.json", "{}"),
        ("fleet.yaml", ""),
    ]);
    for (args, expected) in [
        (
            &["generate", "eks/fleet.yaml"][..],
            "= help: pass its directory: `eks`\n",
        ),
        (
            &["generate", "fleet.yaml"],
            "= help: omit the argument, or pass `.`\n",
        ),
        (
            &["generate", "live.json"],
            "= help: pass the directory that contains fleet.yaml\n",
        ),
        (
            &["leftovers", "live.json"],
            "error[io]: `live.json` is a file, not a directory\n |\n = help: pass live objects as an option: `-f live.json`\n",
        ),
    ] {
        let stderr = fleet.fail(args, 5);
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn directory_without_a_fleet_exits_with_3() {
    let fleet = Fleet::empty();
    let stderr = fleet.fail(&["generate"], 3);
    assert!(stderr.starts_with("error[no-fleet]: "), "{stderr}");
    assert!(stderr.contains("or with `-C DIR`"), "{stderr}");
    assert!(
        stderr.ends_with("\n1 error; no output was written\n"),
        "{stderr}"
    );
    fleet.fail(&["validate"], 1);
}

#[test]
fn guard_error_exits_with_4() {
    let fleet =
        "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n";
    let fleet = Fleet::new([("fleet.yaml", fleet), ("users.yaml", "{}\n")]);
    fleet.fail(&["generate"], 4);
}

#[test]
fn chdir_sets_the_base_of_relative_paths() {
    let expected = run(&["generate", "examples/eks"]).output();
    for args in [
        &["-C", "examples/eks", "generate"][..],
        &["generate", "-C", "examples/eks"],
        &["generate", "--chdir", "examples", "eks"],
        &["-C", "examples/own-template", "generate", "../eks"],
        &["generate", "./examples/eks/"],
    ] {
        assert_eq!(run(args).output(), expected, "{args:?}");
    }
}

#[test]
fn default_directory_is_the_working_directory() {
    let expected = run(&["generate", "examples/eks"]);
    let dir = repository::root().join("examples/eks");
    assert_eq!(fleet::run(&dir, &["generate"]), expected);
}

#[test]
fn validate_reports_the_number_of_objects() {
    let messages = run(&["validate", "examples/eks"]).messages(0);
    assert_eq!(messages, "21 objects, 0 warnings\n");
    let run = run(&["validate", "examples/eks", "-o", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let found: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        found,
        serde_json::json!({"formatVersion": "1.0", "messages": [], "notes": []})
    );
}

/// kubectl runs a plugin by its file name; the help shows the command that users type.
#[cfg(unix)]
#[test]
fn help_shows_the_typed_command() {
    use std::os::unix::process::CommandExt as _;

    for (name, shown) in [
        ("kubectl-fleet", "Usage: kubectl fleet validate "),
        (
            "/usr/local/bin/kubectl-fleet",
            "Usage: kubectl fleet validate ",
        ),
        ("fleet", "Usage: fleet validate "),
    ] {
        let mut command = command(repository::root(), PROGRAM, &["validate", "--help"]);
        let stdout = Run::of(command.arg0(name)).output();
        assert!(stdout.contains(shown), "{name}: {stdout}");
    }
}

/// A reader that closes the pipe, such as `head`, is not an error of the fleet.
#[cfg(unix)]
#[test]
fn closed_pipe_is_not_an_error() {
    let mut child = command(repository::root(), PROGRAM, &["generate", "examples/eks"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let run: Run = child.wait_with_output().expect("it ends").into();
    // The system decides whether the pipe is closed before the first byte is written.
    assert!(matches!(run.code, 0 | 5), "{}", run.code);
    assert_eq!(run.stderr, "");
}
