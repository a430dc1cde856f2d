//! Paths, links, names of files, and special files.

use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use kubectl_fleet::diagnostic::Code;

use super::{one_user, with_list};
use crate::fleet::Fleet;

#[test]
fn links_outside_are_rejected() {
    let secret = Fleet::new([("users.yaml", "mallory: {}\n")]);
    let absolute = secret.path("users.yaml");
    let name = secret.dir().file_name().unwrap().to_str().unwrap();
    let up = format!("../{name}/users.yaml");
    for target in [
        absolute.to_str().unwrap(),
        &up,
        "/dev/zero",
        "/proc/self/environ",
        ".git/users.yaml",
        "users.yaml",
    ] {
        let fleet = one_user().with(".git/users.yaml", "mallory: {}\n");
        fs::remove_file(fleet.path("users.yaml")).unwrap();
        symlink(target, fleet.path("users.yaml")).unwrap();
        let stderr = fleet.rejected(Code::OutsideFolder, "fleet.yaml:4:9");
        assert!(!stderr.contains("mallory"), "{stderr}");
    }
}

#[test]
fn directory_link_outside_is_rejected() {
    let secret = Fleet::new([("users.yaml", "mallory: {}\n")]);
    for list in ["lists/users.yaml", "lists/*.yaml"] {
        let fleet = with_list(list);
        symlink(secret.dir(), fleet.path("lists")).unwrap();
        let stderr = fleet.rejected(Code::OutsideFolder, "fleet.yaml:4:9");
        assert!(!stderr.contains("mallory"), "{stderr}");
    }
}

#[test]
fn links_inside_are_followed() {
    let fleet = with_list("link.yaml");
    symlink("users.yaml", fleet.path("link.yaml")).unwrap();
    assert_eq!(fleet.printed(), one_user().printed());
    let fleet = with_list("a/b/link.yaml").with("folder/inner/x", "");
    symlink("folder", fleet.path("a")).unwrap();
    symlink("./inner/.", fleet.path("folder/b")).unwrap();
    symlink("../../b.yaml", fleet.path("folder/inner/link.yaml")).unwrap();
    symlink("users.yaml", fleet.path("b.yaml")).unwrap();
    assert_eq!(fleet.printed(), one_user().printed());
}

#[test]
fn cyclic_links_are_rejected() {
    let fleet = with_list("a.yaml");
    symlink("b.yaml", fleet.path("a.yaml")).unwrap();
    symlink("a.yaml", fleet.path("b.yaml")).unwrap();
    fleet.rejected(Code::OutsideFolder, "fleet.yaml:4:9");
}

#[test]
fn dangling_link_is_named_in_the_message() {
    let fleet = with_list("a.yaml");
    symlink("b.yaml", fleet.path("a.yaml")).unwrap();
    let stderr = fleet.rejected(Code::NoSuchFile, "fleet.yaml:4:9");
    assert!(stderr.contains("create the target of this symbolic link"));
}

#[test]
fn git_directory_is_ignored() {
    for list in [
        ".git/users.yaml",
        "sub/.git/users.yaml",
        "x/../.git/users.yaml",
    ] {
        let fleet = with_list(list)
            .with(".git/users.yaml", "mallory: {}\n")
            .with("sub/.git/users.yaml", "mallory: {}\n");
        fleet.rejected(Code::OutsideFolder, "fleet.yaml:4:9");
    }
    for target in [".git", "sub/../.git", "sub/deep"] {
        let fleet = with_list("link/users.yaml")
            .with(".git/users.yaml", "mallory: {}\n")
            .with("sub/x", "");
        symlink(target, fleet.path("link")).unwrap();
        symlink("../.git", fleet.path("sub/deep")).unwrap();
        fleet.rejected(Code::OutsideFolder, "fleet.yaml:4:9");
    }
    let fleet = with_list("**/*.yaml").with(".git/users.yaml", "mallory: {}\n");
    assert!(!fleet.run_limited(&["generate"]).stderr.contains("mallory"));
}

#[test]
fn special_files_do_not_block() {
    let pipe = with_list("pipe.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(pipe.path("pipe.yaml"))
            .status()
            .unwrap()
            .success()
    );
    pipe.rejected(Code::NotAFile, "fleet.yaml:4:9");
    let socket = with_list("*.sock");
    let _listener = UnixListener::bind(socket.path("a.sock")).unwrap();
    socket.rejected(Code::NotAFile, "fleet.yaml:4:9");
    with_list("folder.yaml")
        .with("folder.yaml/a", "")
        .rejected(Code::NotAFile, "fleet.yaml:4:9");
    with_list("users.yaml/more.yaml").rejected(Code::NotAFile, "fleet.yaml:4:9");
    let linked = with_list("link.yaml").with("folder/a", "");
    symlink("folder", linked.path("link.yaml")).unwrap();
    linked.rejected(Code::NotAFile, "fleet.yaml:4:9");
}

#[test]
fn unreadable_file_is_named() {
    let fleet = one_user();
    fs::set_permissions(fleet.path("users.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root can read every file.
    if fs::read(fleet.path("users.yaml")).is_err() {
        fleet.rejected(Code::UnreadableFile, "fleet.yaml:4:9");
    }
}

#[test]
fn control_characters_of_file_names_are_escaped() {
    for (name, shown) in [
        ("a\nb", "a\\u{a}b"),
        ("a\u{1b}[31m", "a\\u{1b}[31m"),
        ("a\u{202e}b", "a\\u{202e}b"),
    ] {
        let fleet = with_list("lists/*").with(&format!("lists/{name}"), "alice\n");
        let stderr = fleet.rejected(Code::NotAList, "lists/");
        assert!(stderr.contains(shown), "{stderr}");
    }
    let fleet = with_list("lists/*").with("lists/a.yaml", "a: {}\n");
    let name = std::ffi::OsString::from_vec(b"b\xff.yaml".to_vec());
    fs::write(fleet.path("lists").join(name), "b: {}\n").unwrap();
    fleet.rejected(Code::InvalidPath, "fleet.yaml:4:9");
}

#[test]
fn unusual_file_names_are_accepted() {
    let long = format!("{}.yaml", "a".repeat(250));
    for name in ["-rf.yaml", "con", "a b.yaml", "ü.yaml", long.as_str()] {
        let fleet = with_list(name).with(name, "alice: {}\n");
        assert_eq!(fleet.printed(), one_user().printed(), "{name}");
    }
    with_list(&"a".repeat(256)).rejected(Code::InvalidPath, "fleet.yaml:4:9");
}

/// Only Linux distinguishes such names.
#[cfg(target_os = "linux")]
#[test]
fn names_that_collide_on_other_systems_are_rejected() {
    for (first, second) in [
        ("a.yaml", "A.yaml"),
        ("\u{fc}.yaml", "u\u{308}.yaml"),
        ("x/a.yaml", "X/a.yaml"),
    ] {
        let fleet = with_list("lists/**/*.yaml");
        let fleet = fleet
            .with(&format!("lists/{first}"), "name: a\n")
            .with(&format!("lists/{second}"), "name: b\n");
        fleet.rejected(Code::TwinFiles, "fleet.yaml:4:9");
    }
}

#[test]
fn missing_directory_is_not_an_error_of_the_fleet() {
    let run = one_user().run_limited(&["generate", "nowhere"]);
    assert_eq!((run.code, run.stdout.as_str()), (5, ""));
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
