//! The program's surroundings decide nothing: not the working directory, the environment, the user
//! or the rights of the folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::fleet::Fleet;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kubectl-fleet");

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn generate(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("generate").arg(folder).env_clear();
    command
}

/// A fleet that uses much of what there is.
fn fleet() -> Fleet {
    let cases = Fleet::cases();
    cases["expressions"].clone()
}

fn expected(folder: &Path) -> Vec<u8> {
    let output = run(&mut generate(folder));
    assert_eq!(output.status.code(), Some(0));
    assert!(!output.stdout.is_empty());
    output.stdout
}

#[test]
fn the_working_directory_changes_no_byte() {
    let folder = fleet().folder();
    let expected = expected(folder.path());
    let (parent, name) = (
        folder.path().parent().unwrap(),
        folder.path().file_name().unwrap(),
    );
    let run = |arguments: &[&Path], directory: &Path| {
        let mut command = Command::new(PROGRAM);
        run(command
            .arg("generate")
            .args(arguments)
            .current_dir(directory)
            .env_clear())
        .stdout
    };
    assert_eq!(run(&[], folder.path()), expected);
    assert_eq!(run(&[Path::new(name)], parent), expected);
    assert_eq!(run(&[Path::new("-C"), Path::new(name)], parent), expected);
    assert_eq!(run(&[&Path::new("..").join(name)], folder.path()), expected);
    assert_eq!(run(&[folder.path()], Path::new("/")), expected);
}

#[test]
fn the_environment_changes_no_byte() {
    let folder = fleet().folder();
    let expected = expected(folder.path());
    for (name, value) in [
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "no such locale"),
        ("TZ", "Pacific/Kiritimati"),
        ("HOME", "/nowhere"),
        ("PATH", ""),
        ("TMPDIR", "/nowhere"),
        ("NO_COLOR", "1"),
        ("CLICOLOR_FORCE", "1"),
        ("TERM", "dumb"),
        ("COLUMNS", "1"),
        ("RUST_BACKTRACE", "full"),
        ("CLUSTER_NAME", "from-the-environment"),
        ("ARGOCD_ENV_X", "${X}"),
    ] {
        let output = run(generate(folder.path()).env(name, value));
        assert_eq!(output.stdout, expected, "{name}={value}");
        assert_eq!(output.status.code(), Some(0), "{name}={value}");
    }
}

#[cfg(unix)]
#[test]
fn neither_rights_nor_the_user_change_a_byte() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = fleet().folder();
    let expected = expected(folder.path());
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        allow(&entry.unwrap().path(), 0o444);
    }
    allow(folder.path(), 0o555);
    assert_eq!(
        run(&mut generate(folder.path())).stdout,
        expected,
        "a folder that is only read"
    );
    let identity = [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--no-new-privs",
    ];
    let other = |program: &str| {
        let mut command = Command::new("setpriv");
        command.args(identity).arg(program).env("HOME", "/nowhere");
        command
    };
    // Only root becomes another user, and the program may lie where that one cannot go.
    if other(PROGRAM)
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        let output = run(other(PROGRAM).arg("generate").arg(folder.path()));
        assert_eq!(output.stdout, expected, "another user: {output:?}");
    } else {
        eprintln!("not tested here: another user needs root, `setpriv` and a program it can reach");
    }
    allow(folder.path(), 0o755);
}
