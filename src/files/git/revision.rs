//! Names of revisions, and the default base.

use gix::ObjectId;
use gix::objs::Kind;

use super::repository::Repository;
use crate::diagnostic::{Code, Diagnostic, Suggestions, escape_control_chars, join_and};

/// The names of the default branch: of the remote repository, and of one without a remote.
const DEFAULT_BRANCHES: [&str; 5] = [
    "origin/HEAD",
    "origin/main",
    "origin/master",
    "main",
    "master",
];
/// Maximum number of references that are compared with a misspelled name.
const MAX_REFERENCES: usize = 10_000;
/// The fix of a shallow clone.
const UNSHALLOW: &str = "fetch the whole history: `git fetch --unshallow`";

impl Repository {
    /// Returns the commit of a revision.
    pub(super) fn commit(&self, revision: &str) -> Result<ObjectId, Diagnostic> {
        let shown = escape_control_chars(revision);
        let unknown =
            |message: String| Diagnostic::without_location(Code::UnknownRevision, message);
        let Ok(id) = self.git.rev_parse_single(revision) else {
            let message = format!("revision `{shown}` does not exist in the repository");
            return Err(unknown(message).help(self.revision_help(revision)));
        };
        // The parent of the oldest commit of a shallow clone has an id, but no object.
        let Ok(object) = id.object() else {
            let message = format!("revision `{shown}` is not in this clone");
            return Err(unknown(message).help(if self.is_shallow() {
                UNSHALLOW
            } else {
                "fetch it: `git fetch`"
            }));
        };
        match object.peel_to_kind(Kind::Commit).ok() {
            Some(commit) => Ok(commit.id),
            None => Err(unknown(format!("revision `{shown}` is not a commit"))
                .help("use a branch, a tag or the id of a commit")),
        }
    }

    /// Returns the merge base of HEAD and the default branch.
    pub(super) fn base(&self) -> Result<ObjectId, Diagnostic> {
        let none = |message: String| Diagnostic::without_location(Code::NoMergeBase, message);
        let head = self.commit("HEAD")?;
        let branches = DEFAULT_BRANCHES.iter();
        let mut branches = branches.filter_map(|name| Some((name, self.branch(name)?)));
        let Some((name, branch)) = branches.next() else {
            let tried = join_and(DEFAULT_BRANCHES.iter().copied());
            let message = format!("the repository has no default branch: {tried} do not exist");
            return Err(none(message).help("name the revision to compare with: `--base REVISION`"));
        };
        match self.git.merge_base(head, branch) {
            Ok(Some(base)) => Ok(base.detach()),
            _ => Err(
                none(format!("HEAD and `{name}` have no common commit")).help(
                    if self.is_shallow() {
                        UNSHALLOW
                    } else {
                        "name the revision to compare with: `--base REVISION`"
                    },
                ),
            ),
        }
    }

    /// Returns the commit of a branch, if it exists.
    fn branch(&self, name: &str) -> Option<ObjectId> {
        let kind = if name.contains('/') {
            "remotes"
        } else {
            "heads"
        };
        let full = format!("refs/{kind}/{name}");
        let branch = self.git.try_find_reference(full.as_str()).ok()??;
        Some(branch.into_fully_peeled_id().ok()?.detach())
    }

    /// Returns the fix of a revision that does not exist.
    fn revision_help(&self, revision: &str) -> String {
        let name = revision.split(['~', '^', '@', ':']).next();
        let name = name.filter(|name| !name.is_empty()).unwrap_or("HEAD");
        if name == "HEAD" || (name != revision && self.git.rev_parse_single(name).is_ok()) {
            if self.is_shallow() {
                return UNSHALLOW.to_owned();
            }
            let name = escape_control_chars(name);
            return format!("list the commits of `{name}`: `git log`");
        }
        let references = self.git.references().ok();
        let references = references.as_ref().and_then(|all| all.all().ok());
        let references = references.into_iter().flatten().flatten();
        let names: Vec<String> = references
            .map(|reference| reference.name().shorten().to_string())
            .take(MAX_REFERENCES)
            .collect();
        let names = || names.iter().map(String::as_str);
        if let Some(similar) = Suggestions::default().closest(name, names) {
            return format!("did you mean `{}`?", escape_control_chars(similar));
        }
        let name = escape_control_chars(name);
        match name.split_once('/') {
            Some(("origin", branch)) => {
                format!("fetch it: `git fetch origin {branch}:refs/remotes/origin/{branch}`")
            }
            _ if self.is_shallow() => UNSHALLOW.to_owned(),
            _ => "list the branches and tags: `git branch --all` and `git tag`".to_owned(),
        }
    }
}
