//! Clones that contain only a part of a repository, and files whose contents are elsewhere.

use kubectl_fleet::diagnostic::Code;
use kubectl_fleet::files::{Directory as _, Revision};

use super::{Repository, assert_error, read};

#[test]
fn shallow_clones_are_named_in_the_fix() {
    let repository = Repository::with_versions(&["one", "two", "three"]);
    repository.git("repo", &["checkout", "--quiet", "-b", "feature", "HEAD~1"]);
    repository.git("repo", &["commit", "--quiet", "--allow-empty", "-m", "x"]);
    repository.git("repo", &["checkout", "--quiet", "main"]);
    let url = repository.url("repo");
    let args = [
        "clone",
        "--branch=feature",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        &url,
        "clone",
    ];
    repository.git(".", &args);
    let clone = repository.0.path("clone/fleets/a");
    let open = |revision| Revision::open(&clone, revision);
    assert_eq!(
        read(open("origin/main").unwrap(), "value").as_deref(),
        Ok("three")
    );
    assert_error(
        open("HEAD~1"),
        Code::UnknownRevision,
        "`git fetch --unshallow`",
    );
    assert_error(
        open("HEAD^1"),
        Code::UnknownRevision,
        "`git fetch --unshallow`",
    );
    assert_error(
        open("v1.0"),
        Code::UnknownRevision,
        "`git fetch --unshallow`",
    );
    assert_error(
        Revision::base(&clone),
        Code::NoMergeBase,
        "`git fetch --unshallow`",
    );
    repository.git("clone", &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(read(open("HEAD~1").unwrap(), "value").as_deref(), Ok("two"));
    assert_eq!(
        read(Revision::base(&clone).unwrap(), "value").as_deref(),
        Ok("two")
    );
}

/// A missing object is never a file that does not exist: the fleet would silently lose its lock.
#[test]
fn partial_clones_are_named_in_the_fix() {
    let repository = Repository::with_versions(&["one", "two"]);
    repository.git("repo", &["config", "uploadpack.allowFilter", "true"]);
    let url = repository.url("repo");
    for (filter, dir) in [("blob:none", "blobless"), ("tree:0", "treeless")] {
        let filter = format!("--filter={filter}");
        repository.git(".", &["clone", "--quiet", &filter, &url, dir]);
        let fleet = repository.0.path(&format!("{dir}/fleets/a"));
        let value = || read(Revision::open(&fleet, "HEAD~1")?, "value");
        assert_error(
            value(),
            Code::MissingObject,
            "`git fetch --refetch --no-filter`",
        );
        assert_eq!(
            read(Revision::open(&fleet, "HEAD").unwrap(), "value").as_deref(),
            Ok("two")
        );
        if let Ok(revision) = Revision::open(&fleet, "HEAD~1") {
            let mut files = kubectl_fleet::files::Files::new(std::rc::Rc::new(revision));
            assert!(files.has("value"));
        }
        repository.git(dir, &["fetch", "--quiet", "--refetch", "--no-filter"]);
        assert_eq!(value().as_deref(), Ok("one"));
    }
}

#[test]
fn damaged_objects_are_reported() {
    let repository = Repository::with_versions(&["one"]);
    let id = repository.git("repo", &["rev-parse", "HEAD:fleets/a/value"]);
    let object = repository
        .0
        .path(&format!("repo/.git/objects/{}/{}", &id[..2], &id[2..]));
    std::fs::remove_file(&object).unwrap();
    let value = || read(Revision::open(&repository.fleet(), "HEAD")?, "value");
    assert_error(
        value(),
        Code::MissingObject,
        "`value` is missing in the repository",
    );
    std::fs::write(&object, "damaged").unwrap();
    assert_error(value(), Code::InvalidRepository, "`git fsck`");
    repository.0.write("repo/.git/HEAD", "damaged");
    assert_error(value(), Code::UnknownRevision, "`HEAD` does not exist");
}

#[test]
fn submodules_are_reported() {
    let repository = Repository::with_versions(&["one"]);
    repository.git(".", &["init", "--quiet", "other"]);
    repository.0.write("other/value", "other");
    repository.git("other", &["add", "value"]);
    repository.git("other", &["commit", "--quiet", "-m", "x"]);
    let args = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
    ];
    repository.git("repo", &[&args[..], &["../other", "fleets/a/sub"]].concat());
    repository.commit("x");
    let open = || Revision::open(&repository.fleet(), "HEAD").unwrap();
    assert_error(read(open(), "sub/value"), Code::Submodule, "copy the files");
    let entries = open().entries("".as_ref(), 9).unwrap();
    assert!(
        entries
            .iter()
            .any(|entry| entry.name == "sub" && entry.is_dir)
    );
    // The submodule is a repository of its own; its parent repository has no directory in it.
    let sub = repository.fleet().join("sub");
    assert_eq!(
        read(Revision::open(&sub, "HEAD").unwrap(), "value").as_deref(),
        Ok("other")
    );
    repository.git(
        "repo",
        &["submodule", "--quiet", "deinit", "--force", "fleets/a/sub"],
    );
    let inside = Revision::open(&repository.fleet().join("sub"), "HEAD");
    assert_error(inside, Code::Submodule, "`fleets/a/sub` is in a submodule");
}

#[test]
fn pointers_of_lfs_are_reported() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let repository = Repository::with_versions(&[pointer]);
    let value = read(
        Revision::open(&repository.fleet(), "HEAD").unwrap(),
        "value",
    );
    assert_error(value, Code::LfsPointer, "`value` is a pointer of Git LFS");
}

#[test]
fn other_formats_are_reported() {
    let repository = Repository::empty();
    repository.git(".", &["init", "--quiet", "--object-format=sha256", "new"]);
    repository.0.write("new/value", "x");
    repository.git("new", &["add", "value"]);
    repository.git("new", &["commit", "--quiet", "-m", "x"]);
    let opened = Revision::open(&repository.0.path("new"), "HEAD");
    assert_error(opened, Code::InvalidRepository, "sha256");
    let repository = Repository::with_versions(&["one"]);
    for (key, value) in [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.refStorage", "reftable"),
    ] {
        repository.git("repo", &["config", key, value]);
    }
    let opened = Revision::open(&repository.fleet(), "HEAD");
    assert_error(
        opened,
        Code::InvalidRepository,
        "`reftable`, expected `files`",
    );
}
