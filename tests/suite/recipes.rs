//! The scripts of the CI recipes in the documentation, run in real repositories against a local API.

mod server;

use std::fs;

use serde_json::Value;

use crate::fleet::{PROGRAM, Run, command};
use crate::git::Repository;
use crate::repository;
use server::Server;

/// The first line of the comment.
const MARKER: &str = "<!-- kubectl-fleet diff -->\n";

/// Returns the YAML of the recipe with a key.
fn recipe(key: &str) -> Value {
    let page = repository::read("docs/how-to/run-in-ci.md");
    let fences = page.split("\n```yaml\n").skip(1);
    let mut fences = fences.map(|fence| fence.split("\n```").next().unwrap_or_default());
    let text = fences.find(|text| text.lines().any(|line| line.starts_with(key)));
    serde_saphyr::from_str(text.expect(key)).unwrap()
}

/// Returns the script of a step of a job for GitHub.
fn step(job: &str, name: &str) -> String {
    let recipe = recipe("jobs:");
    let steps = recipe["jobs"][job]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    step["run"].as_str().unwrap().to_owned()
}

/// Returns the script of a job for GitLab.
fn script(job: &str) -> String {
    let recipe = recipe("fleet-review:");
    recipe[job]["script"][0].as_str().unwrap().to_owned()
}

/// A repository with a fleet, and an API that has comments.
struct Forge {
    repository: Repository,
    server: Server,
}

impl Forge {
    fn new() -> Self {
        let repository = Repository::empty();
        for (path, text) in [
            (
                "fleet.yaml",
                "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nclusters:\n- list: users.yaml\n  fields: {note: {type: string, default: \"\"}}\n  labels: {note: \"x${note}\"}\ntemplates: [{file: cluster.yaml}]\n",
            ),
            ("users.yaml", "alice: {}\nbob: {}\n"),
            (
                "cluster.yaml",
                "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: \"${CLUSTER_NAME}\"}\nspec: {paused: false}\n",
            ),
        ] {
            repository.0.write(&format!("repo/fleet/{path}"), text);
        }
        repository.commit("base");
        repository.0.write("tmp/empty", "");
        Self {
            repository,
            server: Server::start(),
        }
    }

    /// Commits a list of members in a new branch, merges it as a forge does to test it, and fetches the merge.
    fn fetch_merge(&self, branch: &str, users: &str, depth: &str) {
        let git = |dir: &str, args: &[&str]| self.repository.git(dir, args);
        git("repo", &["checkout", "--quiet", "-B", branch, "main"]);
        self.repository.0.write("repo/fleet/users.yaml", users);
        self.repository.commit("change");
        git("repo", &["checkout", "--quiet", "--detach", "main"]);
        let args = ["merge", "--quiet", "--no-ff", "--no-edit", branch];
        git("repo", &args);
        git("repo", &["update-ref", "refs/pull/7/merge", "HEAD"]);
        git("repo", &["checkout", "--quiet", "main"]);
        let clone = self.repository.0.path("clone");
        if clone.exists() {
            fs::remove_dir_all(clone).unwrap();
        }
        git(".", &["init", "--quiet", "clone"]);
        let url = self.repository.url("repo");
        let args = [
            "fetch",
            "--quiet",
            "--depth",
            depth,
            &url,
            "refs/pull/7/merge",
        ];
        git("clone", &args);
        git("clone", &["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    }

    /// Runs a script in a directory.
    fn run(&self, shell: &[&str], dir: &str, script: &str, environment: &[(&str, &str)]) -> Run {
        assert!(!script.contains("${{"), "an expression in a script");
        let home = self.repository.0.path("tmp").display().to_string();
        let programs = std::path::Path::new(PROGRAM).parent().unwrap().display();
        let path = format!("{programs}:/usr/local/bin:/usr/bin:/bin");
        let args = [&shell[1..], &["-c", script]].concat();
        let mut command = command(&self.repository.0.path(dir), shell[0], &args);
        command.envs([
            ("PATH", &*path),
            ("HOME", &home),
            ("FLEET", "fleet"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
        ]);
        Run::of(command.envs(environment.iter().copied()))
    }

    /// Runs the comparison of GitHub, and returns the run and the summary of the job.
    fn review(&self) -> (Run, String) {
        let summary = self.repository.0.path("tmp/summary");
        let _ = fs::remove_file(&summary);
        let url = self.server.url();
        let run = self.run(
            &["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            "clone",
            &step("review", "Compare"),
            &[
                ("GITHUB_TOKEN", server::TOKEN),
                ("NUMBER", "7"),
                ("GITHUB_API_URL", &url),
                ("GITHUB_REPOSITORY", "example/fleet"),
                ("GITHUB_STEP_SUMMARY", &summary.display().to_string()),
            ],
        );
        (run, fs::read_to_string(summary).unwrap())
    }

    /// Runs the comparison of GitLab with a shell.
    fn review_of_gitlab(&self, shell: &[&str], token: &str) -> Run {
        let base = self.repository.git("clone", &["rev-parse", "HEAD^1"]);
        let url = self.server.url();
        self.run(
            shell,
            "clone",
            &script("fleet-review"),
            &[
                ("FLEET_TOKEN", token),
                ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base),
                ("CI_API_V4_URL", &url),
                ("CI_PROJECT_ID", "5"),
                ("CI_MERGE_REQUEST_IID", "7"),
            ],
        )
    }
}

#[test]
fn one_comment_is_written_and_edited() {
    let forge = Forge::new();
    // A stranger imitates the comment, and the own comment is on the second page.
    forge.server.add("stranger", 9, &format!("{MARKER}mine"));
    for number in 0..120 {
        forge
            .server
            .add("stranger", 9, &format!("comment {number}"));
    }
    forge.fetch_merge("feature", "alice: {}\n", "2");
    let (run, summary) = forge.review();
    assert_eq!(run.code, 1, "{run:?}");
    let first = forge.server.comments();
    assert_eq!(first.len(), 122);
    let body = &first[121];
    assert!(body.starts_with(MARKER) && body.contains("`Cluster.cluster.x-k8s.io` `bob/bob`"));
    assert_eq!(&summary, body);
    forge.fetch_merge("feature", "alice: {note: why}\nbob: {}\n", "2");
    let (run, summary) = forge.review();
    assert_eq!(run.code, 0, "{run:?}");
    let second = forge.server.comments();
    assert_eq!((second.len(), &second[..121]), (122, &first[..121]));
    assert_eq!(second[121], summary);
    assert!(summary.contains("0 removed, 1 changed"), "{summary}");
}

#[test]
fn a_fork_gets_a_summary() {
    let forge = Forge::new();
    forge.server.forbid_writing();
    forge.fetch_merge("feature", "alice: {}\n", "2");
    let (run, summary) = forge.review();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.ends_with(
        "::notice::no permission to comment: the summary of the job has the comparison\n"
    ));
    assert!(summary.contains("bob/bob"), "{summary}");
    assert_eq!(forge.server.comments().len(), 0);
}

#[test]
fn a_clone_without_the_base_is_an_error() {
    let forge = Forge::new();
    forge.fetch_merge("feature", "alice: {}\n", "1");
    let (run, summary) = forge.review();
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stderr.contains("error[unknown-revision]"), "{run:?}");
    assert!(run.stderr.contains("git fetch --unshallow"), "{run:?}");
    assert!(summary.contains("nothing was compared"), "{summary}");
    assert_eq!(forge.server.comments(), [summary]);
}

#[test]
fn nothing_of_a_pull_request_runs() {
    let forge = Forge::new();
    let hostile = "\"alice\": {note: \"$(touch hacked)`touch hacked`\\n::add-mask::a\\n##[add-mask]a\"}\n'$(touch hacked)': {}\n";
    for users in [hostile, "bob: {}\n\"::error::x\": {}\n", "[\n"] {
        forge.fetch_merge("a$(touch${IFS}hacked);\"'`touch${IFS}hacked`", users, "2");
        let (run, _) = forge.review();
        assert_ne!(run.code, 0, "{run:?}");
        let body = forge.server.comments().pop().unwrap();
        assert!(body.starts_with(MARKER), "{body}");
        // Between the two commands with the random word, the runner reads none.
        let commands = run.stdout.lines().filter(|line| line.contains("::"));
        let commands: Vec<&str> = commands.collect();
        let [stop, start] = commands[..] else {
            panic!("{run:?}");
        };
        let word = stop.strip_prefix("::stop-commands::").expect(stop);
        assert_eq!(start, format!("::{word}::"));
        let run = forge.review_of_gitlab(&["sh", "-e"], server::TOKEN);
        assert_ne!(run.code, 0, "{run:?}");
        let files = repository::files(&forge.repository.0.path("."));
        let is_new = |path: &&String| path.contains("hacked") && !path.contains(".git/");
        assert_eq!(files.iter().find(is_new), None);
    }
}

#[test]
fn gitlab_gets_one_note() {
    for shell in [&["sh", "-e"][..], &["bash", "-eo", "pipefail"]] {
        let forge = Forge::new();
        forge.server.add("stranger", 9, &format!("{MARKER}mine"));
        forge.fetch_merge("feature", "alice: {}\n", "2");
        let run = forge.review_of_gitlab(shell, server::TOKEN);
        assert_eq!(run.code, 1, "{run:?}");
        forge.fetch_merge("feature", "alice: {}\nbob: {}\ncarol: {}\n", "2");
        let run = forge.review_of_gitlab(shell, server::TOKEN);
        assert_eq!(run.code, 0, "{run:?}");
        let notes = forge.server.comments();
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(
            notes[1].contains("0 removed, 0 changed, 2 added"),
            "{notes:?}"
        );
        let report = forge.repository.0.read("clone/gl-code-quality-report.json");
        assert_eq!(report, "[]\n");
        // A pipeline of a fork has no token.
        let run = forge.review_of_gitlab(shell, "");
        assert!(run.stdout.contains("comment.md"), "{run:?}");
        assert_eq!(forge.server.comments(), notes);
    }
}

#[test]
fn manifests_are_committed() {
    let forge = Forge::new();
    let git = |dir: &str, args: &[&str]| forge.repository.git(dir, args);
    let url = forge.repository.url("repo");
    git(".", &["clone", "--quiet", "--depth=1", &url, "clone"]);
    let path = |name: &str| forge.repository.0.path(name).display().to_string();
    let (clone, instead) = (path("clone"), format!("url.{url}.insteadOf"));
    let render = |commit: &str| {
        let temporary = path(&format!("tmp/{commit}"));
        fs::create_dir_all(&temporary).unwrap();
        let environment = [
            ("GITHUB_SHA", commit),
            ("GITHUB_WORKSPACE", &clone),
            ("RUNNER_TEMP", &temporary),
        ];
        let shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];
        let script = step("manifests", "Commit");
        let run = forge.run(&shell, "clone", &script, &environment);
        assert_eq!(run.code, 0, "{run:?}");
        git("repo", &["log", "--format=%s", "manifests"])
    };
    assert_eq!(render("one"), "Render one\nStart");
    assert_eq!(render("two"), "Render one\nStart");
    let files = ["ls-tree", "-r", "--name-only", "manifests"];
    assert!(
        git("repo", &files).contains("clusters/bob/bob.yaml")
            || git("repo", &files).contains("bob")
    );
    forge
        .repository
        .0
        .write("clone/fleet/users.yaml", "alice: {}\n");
    assert_eq!(render("three"), "Render three\nRender one\nStart");
    assert!(!git("repo", &files).contains("bob"));
    forge
        .repository
        .0
        .write("clone/fleet/users.yaml", "alice: {}\ncarol: {}\n");
    let environment = [
        ("FLEET_TOKEN", "t"),
        ("CI_SERVER_HOST", "gitlab.example.org"),
        ("CI_PROJECT_PATH", "example/fleet"),
        ("CI_COMMIT_SHA", "four"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", &*instead),
        (
            "GIT_CONFIG_VALUE_0",
            "https://fleet:t@gitlab.example.org/example/fleet.git",
        ),
    ];
    let run = forge.run(
        &["sh", "-e"],
        "clone",
        &script("fleet-manifests"),
        &environment,
    );
    assert_eq!(run.code, 0, "{run:?}");
    assert!(git("repo", &files).contains("carol"));
    let log = git("repo", &["log", "--format=%s", "-1", "manifests"]);
    assert_eq!(log, "Render four");
}
