//! Git repositories in temporary directories.

use std::path::Path;

use crate::fleet::{Fleet, Run, command};

/// The environment of `git`: the configuration of this machine does not count.
const ENVIRONMENT: [(&str, &str); 9] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_AUTHOR_NAME", "a"),
    ("GIT_AUTHOR_EMAIL", "a@example.org"),
    ("GIT_AUTHOR_DATE", "2001-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "a"),
    ("GIT_COMMITTER_EMAIL", "a@example.org"),
    ("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z"),
    ("PATH", "/usr/local/bin:/usr/bin:/bin"),
];

/// A directory that contains repositories.
pub(crate) struct Repository(pub(crate) Fleet);

impl Repository {
    /// Returns a directory with an empty repository in `repo`.
    pub(crate) fn empty() -> Self {
        let repository = Self(Fleet::empty());
        repository.git(".", &["init", "--quiet", "--initial-branch=main", "repo"]);
        repository
    }

    /// Returns a repository with a commit for each version of `repo/fleets/a/value`.
    pub(crate) fn with_versions(versions: &[&str]) -> Self {
        let repository = Self::empty();
        for version in versions {
            repository.0.write("repo/fleets/a/value", version);
            repository.commit(version);
        }
        repository
    }

    /// Runs `git` in a directory, and returns its output.
    #[track_caller]
    pub(crate) fn git(&self, dir: &str, args: &[&str]) -> String {
        let mut git = command(&self.0.path(dir), "git", args);
        let run = Run::of(git.envs(ENVIRONMENT));
        assert_eq!(run.code, 0, "git {args:?}: {}", run.stderr);
        run.stdout.trim().to_owned()
    }

    /// Commits all files of `repo`.
    #[track_caller]
    pub(crate) fn commit(&self, message: &str) {
        self.git("repo", &["add", "--all", "--force"]);
        self.git(
            "repo",
            &["commit", "--quiet", "--allow-empty", "-m", message],
        );
    }

    /// Returns the path of the fleet.
    pub(crate) fn fleet(&self) -> std::path::PathBuf {
        self.0.path("repo/fleets/a")
    }

    /// Returns the URL of a repository, which makes `git clone` use its protocol.
    pub(crate) fn url(&self, dir: &str) -> String {
        format!("file://{}", Path::new(&self.0.path(dir)).display())
    }
}
