//! The command line: help texts, usage errors, exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use snapbox::{Assert, Data, data::DataFormat};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-fleet");

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program in the repository, with nothing in its environment.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(args)
        .current_dir(repository())
        .env_clear()
        .stdin(Stdio::null());
    command
}

/// The exit code, stdout and stderr.
fn run(args: &[&str]) -> (i32, String, String) {
    said(&program(args).output().expect("the program starts"))
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (
        output.status.code().expect("an exit code"),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// `SNAPSHOTS=overwrite` writes what is now said.
fn is(said: String, name: &str) {
    let path = repository().join("tests/cli").join(name);
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(said).raw(), expected);
}

#[test]
fn help_texts_are_as_they_were() {
    for (args, name) in [
        (&["--help"][..], "help.txt"),
        (&["generate", "--help"], "generate.txt"),
        (&["validate", "--help"], "validate.txt"),
        (&["get", "--help"], "get.txt"),
        (&["get", "clusters", "--help"], "get-clusters.txt"),
        (&["get", "addons", "--help"], "get-addons.txt"),
        (&["get", "templates", "--help"], "get-templates.txt"),
        (&["init", "--help"], "init.txt"),
        (&["version", "--help"], "version.txt"),
        (&["argocd", "--help"], "argocd.txt"),
        (&["argocd", "install", "--help"], "argocd-install.txt"),
        (&["argocd", "apps", "--help"], "argocd-apps.txt"),
        (&["argocd", "check", "--help"], "argocd-check.txt"),
        (&["argocd", "config", "--help"], "argocd-config.txt"),
    ] {
        let (code, stdout, stderr) = run(args);
        assert_eq!((code, stderr.as_str()), (0, ""), "{args:?}");
        is(stdout, name);
    }
}

#[test]
fn help_is_there_in_every_form() {
    let (_, long, _) = run(&["--help"]);
    for args in [&["-h"][..], &["help"]] {
        assert_eq!(run(args), (0, long.clone(), String::new()), "{args:?}");
    }
    let (_, generate, _) = run(&["generate", "--help"]);
    assert_eq!(run(&["help", "generate"]), (0, generate, String::new()));
    // Without a command the help is an answer to a mistake.
    assert_eq!(run(&[]), (2, String::new(), long));
}

#[test]
fn usage_errors_end_with_2_and_print_nothing() {
    for (args, expected) in [
        (&["render"][..], "unrecognized subcommand 'render'"),
        (
            &["generate", "-o", "xml"],
            "invalid value 'xml' for '--output <FORM>'",
        ),
        (
            &["validate", "-o", "yaml"],
            "invalid value 'yaml' for '--output <FORM>'",
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
            "this is no name of an image",
        ),
        (&["argocd", "apps"], "--repo <URL>"),
        (
            &[
                "argocd",
                "apps",
                "--repo=a",
                "--dest-name=a",
                "--dest-server=b",
            ],
            "cannot be used with",
        ),
        (&["argocd", "check"], "<FILE>..."),
        (&["get", "pods"], "unrecognized subcommand 'pods'"),
        (&["get", "clusters", "-l", "a b"], "is no label key"),
        (
            &["init", "--template", "ekz"],
            "a similar value exists: 'eks'",
        ),
    ] {
        let (code, stdout, stderr) = run(args);
        assert_eq!((code, stdout.as_str()), (2, ""), "{args:?}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn version_says_the_name_and_the_version() {
    let expected = format!("kubectl-fleet {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["version"]), (0, expected, String::new()));
}

#[test]
fn a_folder_that_is_not_there_ends_with_5() {
    let (code, stdout, stderr) = run(&["generate", "no/such/folder"]);
    assert_eq!((code, stdout.as_str()), (5, ""));
    assert!(
        stderr.starts_with("error[io]: cannot open the folder `no/such/folder`"),
        "{stderr}"
    );
    let (code, stdout, _) = run(&["validate", "no/such/folder"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
}

#[test]
fn a_folder_without_a_fleet_ends_with_3() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path().to_str().expect("UTF-8");
    let (code, stdout, stderr) = run(&["generate", folder]);
    assert_eq!((code, stdout.as_str()), (3, ""));
    assert!(stderr.starts_with("error[no-fleet]: "), "{stderr}");
    assert!(
        stderr.ends_with("\n1 error; nothing was printed\n"),
        "{stderr}"
    );
    assert_eq!(run(&["validate", folder]).0, 1);
}

#[test]
fn a_guard_ends_with_4() {
    let folder = TempDir::new().expect("a folder");
    let fleet =
        "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n";
    fs::write(folder.path().join("fleet.yaml"), fleet).expect("a file");
    fs::write(folder.path().join("users.yaml"), "{}\n").expect("a file");
    let (code, stdout, stderr) = run(&["generate", folder.path().to_str().expect("UTF-8")]);
    assert_eq!((code, stdout.as_str()), (4, ""), "{stderr}");
}

#[test]
fn chdir_moves_what_a_folder_is_relative_to() {
    let (code, expected, _) = run(&["generate", "examples/eks"]);
    assert_eq!(code, 0);
    for args in [
        &["-C", "examples/eks", "generate"][..],
        &["generate", "-C", "examples/eks"],
        &["generate", "--chdir", "examples", "eks"],
        &["-C", "examples/own-template", "generate", "../eks"],
        &["generate", "./examples/eks/"],
    ] {
        assert_eq!(run(args), (0, expected.clone(), String::new()), "{args:?}");
    }
}

#[test]
fn the_folder_is_the_current_one_by_default() {
    let expected = run(&["generate", "examples/eks"]);
    let here = program(&["generate"])
        .current_dir(repository().join("examples/eks"))
        .output();
    assert_eq!(said(&here.expect("the program starts")), expected);
}

#[test]
fn validate_says_what_there_would_be() {
    let (code, stdout, stderr) = run(&["validate", "examples/eks"]);
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (0, "", "21 objects, 0 warnings\n")
    );
    let (code, stdout, stderr) = run(&["validate", "examples/eks", "-o", "json"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let found: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(
        found,
        serde_json::json!({"formatVersion": "1.0", "messages": []})
    );
}

/// kubectl starts a plugin by its file; the help shows what people type.
#[cfg(unix)]
#[test]
fn help_shows_what_people_type() {
    use std::os::unix::process::CommandExt as _;

    for (name, shown) in [
        ("kubectl-fleet", "Usage: kubectl fleet validate "),
        (
            "/usr/local/bin/kubectl-fleet",
            "Usage: kubectl fleet validate ",
        ),
        ("fleet", "Usage: fleet validate "),
    ] {
        let output = program(&["validate", "--help"]).arg0(name).output();
        let (code, stdout, _) = said(&output.expect("the program starts"));
        assert_eq!(code, 0, "{name}");
        assert!(stdout.contains(shown), "{name}: {stdout}");
    }
}

/// A reader that goes away, such as `head`, is no mistake of the fleet.
#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = program(&["generate", "examples/eks"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let (code, _, stderr) = said(&child.wait_with_output().expect("it ends"));
    // Whether the pipe is closed before the first byte is written is up to the system.
    assert!(matches!(code, 0 | 5), "{code}");
    assert_eq!(stderr, "");
}
