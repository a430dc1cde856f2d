//! Names of revisions, the default base, and the places of a fleet in a repository.

use std::fs;
use std::os::unix::fs::symlink;

use kubectl_fleet::diagnostic::Code;
use kubectl_fleet::files::Revision;
use proptest::prelude::*;

use super::{Repository, assert_error, read};
use crate::fleet::Fleet;

#[test]
fn every_name_of_a_revision_is_read() {
    let repository = Repository::with_versions(&["one", "two", "three"]);
    repository.git("repo", &["branch", "old", "HEAD~2"]);
    repository.git("repo", &["tag", "light", "HEAD~1"]);
    repository.git("repo", &["tag", "-m", "x", "heavy", "HEAD~1"]);
    repository.git(".", &["clone", "--quiet", "repo", "clone"]);
    let id = repository.git("repo", &["rev-parse", "HEAD~1"]);
    let fleet = repository.0.path("clone/fleets/a");
    for (name, value) in [
        ("HEAD", "three"),
        ("@", "three"),
        ("main", "three"),
        ("origin/main", "three"),
        ("origin", "three"),
        ("@{upstream}", "three"),
        ("refs/heads/main", "three"),
        ("HEAD@{0}", "three"),
        ("origin/old", "one"),
        ("HEAD~2", "one"),
        ("HEAD^^", "one"),
        ("light", "two"),
        ("heavy", "two"),
        ("heavy^{commit}", "two"),
        ("heavy~1", "one"),
        (&id, "two"),
        (&id[..8], "two"),
    ] {
        let revision = Revision::open(&fleet, name).expect(name);
        assert_eq!(read(revision, "value").as_deref(), Ok(value), "{name}");
    }
    let revision = Revision::open(&fleet, "light").unwrap();
    assert_eq!(revision.commit(), &id[..12]);
    // The state of the worktree and of the index does not count.
    repository.0.write("clone/fleets/a/value", "changed");
    repository.git("clone", &["rm", "--quiet", "--cached", "fleets/a/value"]);
    let revision = Revision::open(&fleet, "HEAD").unwrap();
    assert_eq!(read(revision, "value").as_deref(), Ok("three"));
}

#[test]
fn unknown_revisions_are_reported() {
    let repository = Repository::with_versions(&["one"]);
    repository.git("repo", &["tag", "release-1"]);
    repository.git("repo", &["tag", "blob", "HEAD:fleets/a/value"]);
    let fleet = repository.fleet();
    for (name, text) in [
        ("release-2", "did you mean `release-1`?"),
        ("mian", "did you mean `main`?"),
        ("HEAD~1", "list the commits of `HEAD`: `git log`"),
        ("main~7", "list the commits of `main`: `git log`"),
        (
            "origin/feature",
            "`git fetch origin feature:refs/remotes/origin/feature`",
        ),
        ("unrelated", "`git branch --all` and `git tag`"),
        ("0123456789", "`git branch --all` and `git tag`"),
        ("blob", "is not a commit"),
        ("HEAD:fleets", "is not a commit"),
        ("HEAD..main", "does not exist"),
        ("a\u{1b}[31m\n", "`a\\u{1b}[31m\\u{a}`"),
        ("", "``"),
        ("--all", "does not exist"),
    ] {
        assert_error(Revision::open(&fleet, name), Code::UnknownRevision, text);
    }
    let empty = Repository::empty();
    let opened = Revision::open(&empty.0.path("repo"), "HEAD");
    assert_error(opened, Code::UnknownRevision, "`HEAD` does not exist");
}

#[test]
fn default_base_is_the_merge_base_with_the_default_branch() {
    let repository = Repository::with_versions(&["one", "two"]);
    repository.git(".", &["clone", "--quiet", "repo", "clone"]);
    repository.git("clone", &["checkout", "--quiet", "-b", "feature", "HEAD~1"]);
    repository.git("clone", &["commit", "--quiet", "--allow-empty", "-m", "x"]);
    let base = || Revision::base(&repository.0.path("clone/fleets/a"));
    let is_one = || assert_eq!(read(base().unwrap(), "value").as_deref(), Ok("one"));
    is_one();
    repository.git("clone", &["remote", "set-head", "origin", "--delete"]);
    is_one();
    // A dangling name of the default branch does not count.
    let head = "repo/../clone/.git/refs/remotes/origin/HEAD";
    repository.0.write(head, "ref: refs/remotes/origin/gone\n");
    is_one();
    repository.git("clone", &["remote", "remove", "origin"]);
    is_one();
    repository.git("clone", &["branch", "--move", "main", "master"]);
    is_one();
    repository.git("clone", &["branch", "--move", "master", "trunk"]);
    let tried = "`origin/HEAD`, `origin/main`, `origin/master`, `main` and `master` do not exist";
    assert_error(base(), Code::NoMergeBase, tried);
    repository.git("clone", &["checkout", "--quiet", "--orphan", "main"]);
    repository.git("clone", &["commit", "--quiet", "-m", "unrelated"]);
    repository.git("clone", &["checkout", "--quiet", "feature"]);
    let unrelated = "HEAD and `main` have no common commit\nname the revision";
    assert_error(base(), Code::NoMergeBase, unrelated);
}

#[test]
fn fleet_can_be_anywhere_in_a_worktree() {
    let repository = Repository::with_versions(&["one", "two"]);
    repository.0.write("repo/value", "root");
    repository.commit("x");
    let value = |dir: &str, revision: &str| {
        let revision = Revision::open(&repository.0.path(dir), revision).expect(dir);
        read(revision, "value").expect(dir)
    };
    assert_eq!(value("repo", "HEAD"), "root");
    assert_eq!(value("repo/fleets/../fleets/a/", "main"), "two");
    repository.git(
        "repo",
        &[
            "worktree",
            "add",
            "--quiet",
            "--detach",
            "../linked",
            "HEAD~2",
        ],
    );
    assert_eq!(value("linked/fleets/a", "HEAD"), "one");
    assert_eq!(value("linked/fleets/a", "main"), "two");
    repository.git(".", &["clone", "--quiet", "--bare", "repo", "bare"]);
    repository.git(
        "bare",
        &["worktree", "add", "--quiet", "../of-bare", "main"],
    );
    assert_eq!(value("of-bare/fleets/a", "main~2"), "one");
    repository.git(
        ".",
        &[
            "clone",
            "--quiet",
            "--separate-git-dir=separate",
            "repo",
            "moved",
        ],
    );
    assert_eq!(value("moved/fleets/a", "HEAD"), "two");
    repository.git(".", &["clone", "--quiet", "--shared", "repo", "borrowing"]);
    assert_eq!(value("borrowing/fleets/a", "HEAD"), "two");
    repository.git("repo", &["gc", "--quiet"]);
    assert_eq!(value("repo/fleets/a", "HEAD~2"), "one");
    symlink("repo/fleets", repository.0.path("short")).unwrap();
    assert_eq!(value("short/a", "HEAD"), "two");
    // A path of the fleet, and each file, must be in the revision.
    repository.0.write("repo/new/deep/value", "new");
    let fleet = |dir: &str| Revision::open(&repository.0.path(dir), "HEAD");
    let text = "has no directory `new/deep`: it does not exist";
    assert_error(fleet("repo/new/deep"), Code::NotInRevision, text);
    repository.0.write("repo/fleets/a/new", "new");
    let new = read(fleet("repo/fleets/a").unwrap(), "new");
    assert_error(new, Code::NoSuchFile, "`new` does not exist");
    fs::remove_dir_all(repository.0.path("repo/fleets")).unwrap();
    symlink("new", repository.0.path("repo/fleets")).unwrap();
    repository.commit("a link");
    fs::remove_file(repository.0.path("repo/fleets")).unwrap();
    fs::create_dir(repository.0.path("repo/fleets")).unwrap();
    assert_error(fleet("repo/fleets"), Code::NotInRevision, "a symbolic link");
    // The database and a bare repository contain no fleet.
    for dir in ["repo/.git", "repo/.git/refs", "bare", "bare/refs"] {
        assert_error(fleet(dir), Code::NotInGit, "is not in the worktree");
    }
    let outside = Fleet::empty();
    let outside = Revision::open(outside.dir(), "HEAD");
    assert_error(outside, Code::NotInGit, "compare two directories");
    assert_error(fleet("absent"), Code::Io, "does not exist");
}

#[test]
fn links_stay_in_the_fleet() {
    let repository = Repository::with_versions(&["one"]);
    repository.0.write("repo/fleets/b/value", "other");
    repository.0.write("repo/fleets/a/dir/value", "inside");
    for (name, target) in [
        ("inside", "dir/value"),
        ("around", "dir/../value"),
        ("other", "../b/value"),
        ("absolute", "/etc/hostname"),
        ("loop", "loop"),
        ("gone", "absent"),
    ] {
        symlink(target, repository.fleet().join(name)).unwrap();
    }
    repository.commit("x");
    let read = |path| read(Revision::open(&repository.fleet(), "HEAD").unwrap(), path);
    assert_eq!(read("inside").as_deref(), Ok("inside"));
    assert_eq!(read("around").as_deref(), Ok("one"));
    for path in ["other", "absolute", "loop"] {
        assert_error(read(path), Code::OutsideFolder, "outside the fleet's");
    }
    assert_error(read("gone"), Code::NoSuchFile, "create the target");
}

proptest! {
    #![proptest_config(crate::properties::cases(8))]

    /// One repository serves many names, because `git` is slow.
    #[test]
    fn no_name_of_a_revision_panics(
        names in proptest::collection::vec(r"[-a~^@{}:/.!0-9HEAD \\*\[\]]{0,12}|\PC{0,20}", 500),
    ) {
        let repository = Repository::with_versions(&["one", "two"]);
        for name in names {
            let _ = Revision::open(&repository.fleet(), &name);
        }
    }
}
