//! The repository that contains a directory.

use std::path::{Path, PathBuf};

use gix::discover::upwards;
use gix::sec::Trust;

use super::super::path_error::reason;
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};

/// Maximum size of an object that is read, of which a file can be a small difference.
const ALLOCATION_LIMIT: &str = "gitoxide.objects.allocLimit=67108864";

/// A repository, and the path of a directory in its worktree.
pub(super) struct Repository {
    pub(super) git: gix::Repository,
    pub(super) prefix: PathBuf,
}

impl Repository {
    /// Finds the repository whose worktree contains a directory.
    ///
    /// Its owner does not matter, because nothing that its configuration names runs. Variables of the environment and
    /// the configuration of the user and the system are not read.
    pub(super) fn find(dir: &Path) -> Result<Self, Diagnostic> {
        let shown = escape_control_chars(&dir.to_string_lossy());
        #[expect(clippy::disallowed_methods, reason = "this is `files`")]
        let real = dir.canonicalize().map_err(|error| {
            let message = format!("cannot open the directory `{shown}`: {}", reason(&error));
            Diagnostic::without_location(Code::Io, message)
                .help("pass the directory that contains fleet.yaml")
        })?;
        let options = upwards::Options {
            trust: upwards::TrustPolicy::Assume(Trust::Full),
            ..upwards::Options::default()
        };
        let not_in_git = || {
            let message = format!("`{shown}` is not in the worktree of a Git repository");
            Diagnostic::without_location(Code::NotInGit, message)
                .help("pass a directory of a clone, or compare two directories")
        };
        let (found, _) = gix::discover::upwards_opts(&real, options).map_err(|_| not_in_git())?;
        let (git_dir, work_dir) = found.into_repository_and_work_tree_directories();
        let prefix = work_dir.as_deref().and_then(|work_dir| {
            #[expect(clippy::disallowed_methods, reason = "this is `files`")]
            let work_dir = work_dir.canonicalize().ok()?;
            real.strip_prefix(work_dir).ok().map(ToOwned::to_owned)
        });
        let is_in_git = |prefix: &PathBuf| prefix.iter().all(|name| name != ".git");
        let Some(prefix) = prefix.filter(is_in_git) else {
            return Err(not_in_git());
        };
        let options = gix::open::Options::isolated()
            .with(Trust::Full)
            .open_path_as_is(true)
            .config_overrides([ALLOCATION_LIMIT]);
        let git = gix::open_opts(git_dir, options).map_err(|error| {
            let cause = escape_control_chars(&error.probable_cause().to_string());
            let message = format!("cannot read the Git repository of `{shown}`: {cause}");
            invalid(message)
                .help("check the repository with `git fsck`, or compare two directories")
        })?;
        check_format(&git)?;
        Ok(Self { git, prefix })
    }

    /// Returns `true` if the repository contains only a part of the history.
    pub(super) fn is_shallow(&self) -> bool {
        self.git.is_shallow().unwrap_or(false)
    }
}

/// Checks that the format of a repository is known.
fn check_format(git: &gix::Repository) -> Result<(), Diagnostic> {
    let config = git.config_snapshot();
    for (key, supported) in [
        ("extensions.objectFormat", "sha1"),
        ("extensions.refStorage", "files"),
    ] {
        let found = config.string(key);
        if let Some(found) = found.filter(|found| !found.eq_ignore_ascii_case(supported.as_bytes()))
        {
            let found = escape_control_chars(&found.to_string());
            let message = format!(
                "the Git repository has the format `{key}` `{found}`, expected `{supported}`"
            );
            return Err(
                invalid(message).help("check out both revisions, and compare two directories")
            );
        }
    }
    Ok(())
}

fn invalid(message: String) -> Diagnostic {
    Diagnostic::without_location(Code::InvalidRepository, message)
}
