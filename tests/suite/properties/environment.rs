//! The environment of the program has no effect: not the working directory, the variables, the user or the
//! permissions of the directory.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fleet::{Fleet, FleetFiles, PROGRAM, Run, run};

/// A fleet that uses many features.
fn fleet() -> Fleet {
    let cases = FleetFiles::cases();
    cases["expressions"].write()
}

fn expected(fleet: &Fleet) -> String {
    let printed = fleet.print(&["generate"]);
    assert!(!printed.is_empty());
    printed
}

#[test]
fn working_directory_changes_no_byte() {
    let fleet = fleet();
    let expected = expected(&fleet);
    let dir = fleet.dir();
    let (parent, name) = (dir.parent().unwrap(), dir.file_name().unwrap());
    let name = name.to_str().unwrap();
    let whole = dir.to_str().unwrap();
    for (from, args) in [
        (dir, &["generate"][..]),
        (parent, &["generate", name]),
        (parent, &["generate", "-C", name]),
        (dir, &["generate", &format!("../{name}")]),
        (Path::new("/"), &["generate", whole]),
    ] {
        assert_eq!(run(from, args).output(), expected, "{args:?}");
    }
}

#[test]
fn environment_changes_no_byte() {
    let fleet = fleet();
    let expected = expected(&fleet);
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
        let run = Run::of(fleet.command(&["generate"]).env(name, value));
        assert_eq!(run.output(), expected, "{name}={value}");
    }
}

#[cfg(unix)]
#[test]
fn permissions_and_user_change_no_byte() {
    use std::os::unix::fs::PermissionsExt as _;
    let fleet = fleet();
    let dir = fleet.dir();
    let expected = expected(&fleet);
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        allow(&entry.unwrap().path(), 0o444);
    }
    allow(dir, 0o555);
    assert_eq!(
        fleet.print(&["generate"]),
        expected,
        "a read-only directory"
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
    // Only root can become another user, and the program might be in a directory that the other user cannot
    // read.
    if other(PROGRAM)
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        let run = Run::of(other(PROGRAM).arg("generate").arg(dir));
        assert_eq!(run.stdout, expected, "another user: {run:?}");
    } else {
        eprintln!("not tested here: another user needs root, `setpriv` and a program it can reach");
    }
    allow(dir, 0o755);
}
