//! Paths, links and names of files, and what is no file.

use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use kubectl_fleet::diagnostic::Code;

use super::Fleet;

#[test]
fn links_lead_nowhere_outside() {
    let secret = tempfile::tempdir().unwrap();
    fs::write(secret.path().join("users.yaml"), "mallory: {}\n").unwrap();
    let absolute = secret
        .path()
        .join("users.yaml")
        .to_str()
        .unwrap()
        .to_owned();
    let up = format!(
        "../{}/users.yaml",
        secret.path().file_name().unwrap().to_str().unwrap()
    );
    for target in [
        absolute.as_str(),
        &up,
        "/dev/zero",
        "/proc/self/environ",
        ".git/users.yaml",
        "users.yaml",
    ] {
        let fleet = Fleet::new().write(".git/users.yaml", "mallory: {}\n");
        fs::remove_file(fleet.path("users.yaml")).unwrap();
        symlink(target, fleet.path("users.yaml")).unwrap();
        let said = fleet.refused(Code::OutsideFolder, "fleet.yaml:4:9");
        assert!(!said.contains("mallory"), "{said}");
    }
}

#[test]
fn a_folder_that_is_a_link_outside_holds_nothing() {
    let secret = tempfile::tempdir().unwrap();
    fs::write(secret.path().join("users.yaml"), "mallory: {}\n").unwrap();
    for list in ["lists/users.yaml", "lists/*.yaml"] {
        let fleet = Fleet::of_list(list);
        symlink(secret.path(), fleet.path("lists")).unwrap();
        let said = fleet.refused(Code::OutsideFolder, "fleet.yaml:4:9");
        assert!(!said.contains("mallory"), "{said}");
    }
}

#[test]
fn links_inside_are_files_as_any() {
    let fleet = Fleet::of_list("link.yaml");
    symlink("users.yaml", fleet.path("link.yaml")).unwrap();
    assert_eq!(fleet.printed(), Fleet::new().printed());
    let fleet = Fleet::of_list("a/b/link.yaml").write("folder/inner/x", "");
    symlink("folder", fleet.path("a")).unwrap();
    symlink("./inner/.", fleet.path("folder/b")).unwrap();
    symlink("../../b.yaml", fleet.path("folder/inner/link.yaml")).unwrap();
    symlink("users.yaml", fleet.path("b.yaml")).unwrap();
    assert_eq!(fleet.printed(), Fleet::new().printed());
}

#[test]
fn links_in_a_circle_lead_nowhere() {
    let fleet = Fleet::of_list("a.yaml");
    symlink("b.yaml", fleet.path("a.yaml")).unwrap();
    symlink("a.yaml", fleet.path("b.yaml")).unwrap();
    fleet.refused(Code::OutsideFolder, "fleet.yaml:4:9");
}

#[test]
fn a_link_to_nothing_is_called_one() {
    let fleet = Fleet::of_list("a.yaml");
    symlink("b.yaml", fleet.path("a.yaml")).unwrap();
    let said = fleet.refused(Code::NoSuchFile, "fleet.yaml:4:9");
    assert!(said.contains("it is a link, and leads to nothing"));
}

#[test]
fn git_is_no_part_of_the_fleet() {
    for list in [
        ".git/users.yaml",
        "sub/.git/users.yaml",
        "x/../.git/users.yaml",
    ] {
        let fleet = Fleet::of_list(list)
            .write(".git/users.yaml", "mallory: {}\n")
            .write("sub/.git/users.yaml", "mallory: {}\n");
        fleet.refused(Code::OutsideFolder, "fleet.yaml:4:9");
    }
    for target in [".git", "sub/../.git", "sub/deep"] {
        let fleet = Fleet::of_list("link/users.yaml")
            .write(".git/users.yaml", "mallory: {}\n")
            .write("sub/x", "");
        symlink(target, fleet.path("link")).unwrap();
        symlink("../.git", fleet.path("sub/deep")).unwrap();
        fleet.refused(Code::OutsideFolder, "fleet.yaml:4:9");
    }
    let fleet = Fleet::of_list("**/*.yaml").write(".git/users.yaml", "mallory: {}\n");
    assert!(!fleet.run(&["generate"]).stderr.contains("mallory"));
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let pipe = Fleet::of_list("pipe.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(pipe.path("pipe.yaml"))
            .status()
            .unwrap()
            .success()
    );
    pipe.refused(Code::NotAFile, "fleet.yaml:4:9");
    let socket = Fleet::of_list("*.sock");
    let _listener = UnixListener::bind(socket.path("a.sock")).unwrap();
    socket.refused(Code::NotAFile, "fleet.yaml:4:9");
    Fleet::of_list("folder.yaml")
        .write("folder.yaml/a", "")
        .refused(Code::NotAFile, "fleet.yaml:4:9");
    Fleet::of_list("users.yaml/more.yaml").refused(Code::NotAFile, "fleet.yaml:4:9");
    let linked = Fleet::of_list("link.yaml").write("folder/a", "");
    symlink("folder", linked.path("link.yaml")).unwrap();
    linked.refused(Code::NotAFile, "fleet.yaml:4:9");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    let fleet = Fleet::new();
    fs::set_permissions(fleet.path("users.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything.
    if fs::read(fleet.path("users.yaml")).is_err() {
        fleet.refused(Code::UnreadableFile, "fleet.yaml:4:9");
    }
}

#[test]
fn names_of_files_are_shown_so_that_they_do_nothing() {
    for (name, shown) in [
        ("a\nb", "a\\u{a}b"),
        ("a\u{1b}[31m", "a\\u{1b}[31m"),
        ("a\u{202e}b", "a\\u{202e}b"),
    ] {
        let fleet = Fleet::of_list("lists/*").write(&format!("lists/{name}"), "alice\n");
        let said = fleet.refused(Code::NotAList, "lists/");
        assert!(said.contains(shown), "{said}");
    }
    let fleet = Fleet::of_list("lists/*").write("lists/a.yaml", "a: {}\n");
    let name = std::ffi::OsString::from_vec(b"b\xff.yaml".to_vec());
    fs::write(fleet.path("lists").join(name), "b: {}\n").unwrap();
    fleet.refused(Code::InvalidPath, "fleet.yaml:4:9");
}

#[test]
fn strange_names_of_files_are_names() {
    let long = format!("{}.yaml", "a".repeat(250));
    for name in ["-rf.yaml", "con", "a b.yaml", "ü.yaml", long.as_str()] {
        let fleet = Fleet::of_list(name).write(name, "alice: {}\n");
        assert_eq!(fleet.printed(), Fleet::new().printed(), "{name}");
    }
    Fleet::of_list(&"a".repeat(256)).refused(Code::InvalidPath, "fleet.yaml:4:9");
}

/// Only Linux keeps such names apart.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_one_elsewhere_are_refused() {
    for (one, other) in [
        ("a.yaml", "A.yaml"),
        ("\u{fc}.yaml", "u\u{308}.yaml"),
        ("x/a.yaml", "X/a.yaml"),
    ] {
        let fleet = Fleet::of_list("lists/**/*.yaml");
        let fleet = fleet
            .write(&format!("lists/{one}"), "name: a\n")
            .write(&format!("lists/{other}"), "name: b\n");
        fleet.refused(Code::TwinFiles, "fleet.yaml:4:9");
    }
}

#[test]
fn a_folder_that_is_not_there_is_no_mistake_of_the_fleet() {
    let run = Fleet::new().run(&["generate", "nowhere"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(5), ""));
    assert!(
        run.stderr
            .contains(&format!("error[{}]: ", Code::Io.name())),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("`nowhere`: does not exist"),
        "{}",
        run.stderr
    );
}
