//! Repositories that try to run commands, and environments that name other repositories.

use std::env::current_exe;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kubectl_fleet::files::Revision;

use super::{Repository, read};
use crate::fleet::{Run, command};

/// The repository of the run that [`nothing_of_a_repository_runs`] starts.
const HOSTILE: &str = "KUBECTL_FLEET_TEST_REPOSITORY";

/// Every key that names a command which `git log -p`, `git status`, `git checkout` or `git fetch` would run.
const COMMANDS: [&str; 14] = [
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.x.command",
    "diff.x.textconv",
    "filter.x.smudge",
    "filter.x.clean",
    "filter.x.process",
];

#[test]
fn nothing_of_a_repository_runs() {
    let repository = Repository::with_versions(&["one"]);
    let marker = repository.0.path("marker");
    let script = format!("#!/bin/sh\ntouch {}\n", marker.display());
    repository
        .0
        .write("repo/.gitattributes", "* filter=x diff=x merge=x\n");
    repository.commit("attributes");
    let run = |path: &str| {
        repository.0.write(path, &script);
        fs::set_permissions(repository.0.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    };
    run("run");
    for hook in [
        "post-checkout",
        "reference-transaction",
        "post-index-change",
        "fsmonitor-watchman",
    ] {
        run(&format!("repo/.git/hooks/{hook}"));
    }
    let path = repository.0.path("run").display().to_string();
    for key in COMMANDS {
        repository.git("repo", &["config", key, &path]);
    }
    repository.git("repo", &["config", "include.path", "/dev/stdin"]);
    repository.git("repo", &["config", "extensions.partialClone", "origin"]);
    repository.git(
        "repo",
        &["config", "remote.origin.url", &format!("ext::{path}")],
    );
    repository.git("repo", &["config", "remote.origin.promisor", "true"]);
    let test = current_exe().unwrap();
    let fleet = repository.fleet();
    let start = |program: &str, args: &[&str]| {
        let mut command = command(fleet.parent().unwrap(), program, args);
        command.env(HOSTILE, &fleet);
        for (name, value) in [
            // Without it, the C library asks the name service.
            ("HOME", "/dev/null"),
            ("GIT_DIR", "/dev/null"),
            ("GIT_WORK_TREE", "/"),
            ("GIT_COMMON_DIR", "/dev/null"),
            ("GIT_OBJECT_DIRECTORY", "/dev/null"),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/dev/null"),
            ("GIT_INDEX_FILE", "/dev/null"),
            ("GIT_NAMESPACE", "other"),
            ("GIT_SHALLOW_FILE", "/dev/null"),
            ("GIT_CEILING_DIRECTORIES", "/"),
            ("GIT_REPLACE_REF_BASE", "refs/heads/"),
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.bare"),
            ("GIT_CONFIG_VALUE_0", "true"),
            ("GIT_ALLOC_LIMIT", "1"),
        ] {
            command.env(name, value);
        }
        Run::of(&mut command)
    };
    let args = ["--exact", "git::hostile::child", "--include-ignored"];
    let child = start(test.to_str().unwrap(), &args);
    assert!(
        child.code == 0 && child.stdout.contains("1 passed"),
        "{child:?}"
    );
    assert!(!marker.exists());
    let log = repository.0.path("log");
    let log = log.to_str().unwrap();
    let strace = [
        "-f",
        "-e",
        "execve,socket,connect,openat",
        "-o",
        log,
        test.to_str().unwrap(),
    ];
    if Path::new("/usr/bin/strace").exists() {
        let child = start("/usr/bin/strace", &[&strace[..], &args].concat());
        assert_eq!(child.code, 0, "{child:?}");
        let log = repository.0.read("log");
        let count = |call: &str| log.lines().filter(|line| line.contains(call)).count();
        assert_eq!(count("execve("), 1, "only the test itself");
        assert_eq!((count("socket("), count("connect(")), (0, 0));
        // Nothing is written, not even a lock or the index.
        let written = |line: &&str| line.contains(".git") && line.contains("O_CREAT");
        assert_eq!(log.lines().find(written), None);
    }
}

#[test]
#[ignore = "`nothing_of_a_repository_runs` starts it"]
fn child() {
    let fleet = std::env::var_os(HOSTILE).expect("the repository");
    let fleet = Path::new(&fleet);
    for revision in [Revision::open(fleet, "HEAD~1"), Revision::base(fleet)] {
        assert_eq!(read(revision.unwrap(), "value").as_deref(), Ok("one"));
    }
    assert!(Revision::open(fleet, "absent").is_err());
}

/// Git rejects such a repository, because its configuration could run commands.
#[test]
fn repository_of_another_user_is_read() {
    let repository = Repository::with_versions(&["one"]);
    let owner = Run::of(&mut command(
        &repository.0.path("."),
        "/bin/chown",
        &["-R", "12345", "repo"],
    ));
    if owner.code == 0 {
        let revision = Revision::open(&repository.fleet(), "main").unwrap();
        assert_eq!(read(revision, "value").as_deref(), Ok("one"));
    }
}
