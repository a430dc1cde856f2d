//! What the documentation shows is run, and what it says is compared with the code.
//!
//! - A fence `console` holds commands behind `$ ` and what they print, where `...` stands for any
//!   lines and `[..]` for any text. They end with 0 unless `$ echo $?` and another number follow.
//! - A fence `yaml PATH` is a file. Those under one heading make a folder, in which the heading's
//!   commands run; another `fleet.yaml` begins another folder. Commands of other headings run in
//!   the repository, whose files `yaml examples/…` shows.

mod deliveries;
mod page;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use kubectl_fleet::builtin::{self, BuiltIn};
use kubectl_fleet::diagnostic::{Code, Diagnostics, Exit};
use kubectl_fleet::source::Sources;
use kubectl_fleet::template::BUILT_IN;
use kubectl_fleet::template::evaluate::evaluate;
use kubectl_fleet::tree::expression::{references, split};
use kubectl_fleet::yaml;
use page::{Fence, Page, pages};
use snapbox::Assert;
use tempfile::TempDir;

/// Commands that are not run: what they do is tested by running this, or needs other machines.
const EXEMPT: [&str; 5] = [
    "cargo test",
    "cargo install --locked --path .",
    "cargo +nightly fuzz ",
    "docker build -t kubectl-fleet:v",
    "docker run --rm --network none ",
];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn run(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
    command.args(args).current_dir(folder).env_clear();
    command.output().expect("the program starts")
}

fn written(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).expect("UTF-8")
}

/// A folder that fences made, and whether it was shown what is said against it.
struct Fleet {
    folder: TempDir,
    judged: bool,
}

impl Fleet {
    fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            judged: false,
        }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// What is shown is a fleet without a mistake, unless a mistake or the verdict is what is shown.
    fn is_clean(&self) {
        if !self.judged {
            let output = run(&["validate"], self.folder.path());
            let said = written(&output.stderr);
            assert!(said.ends_with(" 0 warnings\n"), "a shown fleet: {said}");
        }
    }
}

#[test]
fn documented_commands_run() {
    for page in pages() {
        let mut fleet: Option<(usize, Fleet)> = None;
        for fence in &page.fences {
            if page.is_messages() && fence.heading.starts_with("### `") {
                continue;
            }
            if fence.path() == Some("fleet.yaml")
                || fleet
                    .as_ref()
                    .is_some_and(|(section, _)| *section != fence.section)
            {
                fleet.take().inspect(|(_, fleet)| fleet.is_clean());
            }
            eprintln!("{}:{}", page.path, fence.line);
            match fence.path() {
                Some(path) if path.starts_with("examples/") => {
                    assert_eq!(fence.text, text(path), "{path}");
                }
                Some(path) => {
                    let (_, fleet) = fleet.get_or_insert_with(|| (fence.section, Fleet::new()));
                    fleet.write(path, &fence.text);
                }
                None if fence.info == "console" => {
                    commands(fence, fleet.as_mut().map(|(_, fleet)| fleet));
                }
                None => {}
            }
        }
        fleet.inspect(|(_, fleet)| fleet.is_clean());
    }
}

/// Runs the commands of a fence.
fn commands(fence: &Fence, mut fleet: Option<&mut Fleet>) {
    let mut last = 0;
    for (command, shown) in fence.commands() {
        if command == "echo $?" {
            assert_eq!(shown, format!("{last}\n"), "the exit code");
            last = 0;
            continue;
        }
        assert_eq!(last, 0, "the exit code before `{command}` is not shown");
        if EXEMPT.iter().any(|exempt| command.starts_with(exempt)) {
            assert_eq!(shown, "", "`{command}` is not run");
            continue;
        }
        let args = ["kubectl fleet ", "kubectl-fleet ", "cargo run -q -- "]
            .iter()
            .find_map(|program| command.strip_prefix(program))
            .unwrap_or_else(|| panic!("`{command}` is neither run nor exempt"));
        let folder = fleet
            .as_ref()
            .map_or(repository(), |fleet| fleet.folder.path());
        let output = run(&args.split(' ').collect::<Vec<_>>(), folder);
        let said = written(&output.stderr) + &written(&output.stdout);
        Assert::new().eq(said, shown);
        last = output.status.code().expect("an exit code");
        if let Some(fleet) = &mut fleet {
            fleet.judged |= last != 0 || args == "validate";
        }
    }
    assert_eq!(last, 0, "the exit code is not shown");
}

#[test]
fn examples_are_clean() {
    for example in fs::read_dir(repository().join("examples")).expect("examples") {
        let folder = example.expect("an example").path();
        let output = run(&["validate"], &folder);
        let said = written(&output.stderr);
        assert!(
            said.ends_with(" 0 warnings\n"),
            "{}: {said}",
            folder.display()
        );
    }
}

#[test]
fn yaml_blocks_parse() {
    for page in pages() {
        let of_yaml = |fence: &&Fence| fence.info.starts_with("yaml") && !page.is_messages();
        for fence in page.fences.iter().filter(of_yaml) {
            let mut diags = Diagnostics::default();
            let file = Sources::default().add(&page.path, fence.text.clone());
            if fence.path().is_none() {
                yaml::parse(file, &fence.text, &yaml::Unmasked, &mut diags);
            }
            assert_eq!(diags.errors(), 0, "{}:{}", page.path, fence.line);
        }
    }
}

#[test]
fn every_code_has_its_section() {
    let page = Page::read("docs/messages.md");
    let base: Vec<&Fence> = page.under("# Codes").collect();
    let headings: Vec<String> = page
        .headings()
        .filter(|heading| heading.starts_with("### `"))
        .map(ToOwned::to_owned)
        .collect();
    let expected = |code: &Code| format!("### `{}`", code.name());
    assert_eq!(headings, Code::ALL.iter().map(expected).collect::<Vec<_>>());
    for (code, heading) in Code::ALL.iter().zip(&headings) {
        let exit = match code.exit() {
            None => "A warning".to_owned(),
            Some(Exit::Files) => "Exit code 3".to_owned(),
            Some(Exit::Guard) => "Exit code 4".to_owned(),
            Some(Exit::Environment) => "Exit code 5".to_owned(),
        };
        let body = page.body(heading);
        let first = format!("\n{} *{exit}.*\n", code.about());
        assert!(body.starts_with(&first), "{heading} begins with {first}");
        assert!(body.contains("\n**Mend:** "), "{heading} says what to do");
        let change: Vec<&Fence> = page.under(heading).collect();
        if change.is_empty() {
            assert!(body.contains("\nFor example: "), "{heading} has an example");
            continue;
        }
        let fleet = Fleet::new();
        for fence in base.iter().chain(&change) {
            let path = fence.path().expect("a file");
            let head = match fence.text.lines().any(|line| line.starts_with("kind:")) {
                _ if path != "fleet.yaml" => "",
                true => "",
                false => "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\n",
            };
            fleet.write(path, &format!("{head}{}", fence.text));
        }
        let output = run(&["validate", "-o", "json"], fleet.folder.path());
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found: Vec<_> = found["messages"].as_array().expect("messages").clone();
        let found: Vec<_> = found.iter().map(|message| &message["code"]).collect();
        assert!(
            found.iter().all(|found| *found == code.name()) && !found.is_empty(),
            "the example of {heading} gives {found:?}"
        );
    }
}

/// The quoted words between two marks, wherever both stand in a text.
fn words<'t>(text: &'t str, begin: &str, end: &str) -> Vec<&'t str> {
    let lists = text.split(begin).skip(1);
    let list = |rest: &'t str| rest.split(end).next().unwrap_or_default();
    lists
        .flat_map(|rest| list(rest).split('"').skip(1).step_by(2))
        .collect()
}

#[test]
fn every_key_and_variable_is_documented() {
    let page = text("docs/language.md");
    let mut known: Vec<String> = BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
    for source in [
        "addon",
        "addon/software",
        "clusters",
        "fleet",
        "groups",
        "members",
        "origin",
        "patch",
        "safety",
        "selector",
        "templates",
    ] {
        let source = text(&format!("src/input/{source}.rs"));
        let keys = [
            words(&source, "let keys = [", "]"),
            words(&source, "Mapping::read(", "]"),
            words(&source, "const KEYS", "];"),
            words(&source, "const SOFTWARE", "];"),
            words(&source, "const CHART", "];"),
        ];
        known.extend(
            keys.concat()
                .iter()
                .filter(|word| word.starts_with(char::is_lowercase) && !word.contains(' '))
                .map(|key| (*key).to_owned()),
        );
    }
    let schema = text("src/passes/resolve/schema.rs");
    let keywords = words(&schema, "const KEYWORDS", "];");
    known.extend(keywords.iter().map(|keyword| (*keyword).to_owned()));
    for wanted in [
        "budgets",
        "clusters",
        "dependsOn",
        "list",
        "manifests",
        "runtimeValues",
        "matchLabels",
        "output",
        "pattern",
        "LABELS",
    ] {
        assert!(
            known.iter().any(|known| known == wanted),
            "{wanted} is found"
        );
    }
    for name in known {
        assert!(
            page.contains(&format!("`{name}`")),
            "`{name}` is documented"
        );
    }
}

/// The comment above the first line that uses a variable before any other one of the author's.
fn comment_of(name: &str, template: &str) -> String {
    let lines: Vec<&str> = template.lines().map(str::trim).collect();
    let is_first = |line: &str| {
        let segments = split(line).unwrap_or_default();
        let of_author = references(&segments)
            .into_iter()
            .find(|one| is_of_author(one.path))
            .map(|one| one.path.join("."));
        of_author.as_deref() == Some(name)
    };
    let at = (1..lines.len())
        .find(|at| lines[at - 1].starts_with("# ") && is_first(lines[*at]))
        .unwrap_or_else(|| panic!("a comment is above `{name}`"));
    let above = lines[..at].iter().rev();
    let mut comment: Vec<&str> = above.map_while(|line| line.strip_prefix("# ")).collect();
    comment.reverse();
    comment.join(" ")
}

/// Whether somebody has to say what a path of names leads to: a variable, or a field of an entry.
fn is_of_author(path: &[String]) -> bool {
    !BUILT_IN.contains(&path[0].as_str()) || (path[0] == "WITH" && path.len() > 1)
}

#[test]
fn every_built_in_template_is_documented() {
    let page = Page::read("docs/templates.md");
    let mut headings: Vec<String> = page
        .headings()
        .filter_map(|heading| heading.strip_prefix("### `")?.strip_suffix('`'))
        .map(ToOwned::to_owned)
        .collect();
    headings.sort();
    let names: Vec<&str> = builtin::ALL.iter().map(|one| one.name).collect();
    assert_eq!(headings, names);
    for BuiltIn { name, text } in builtin::ALL {
        let heading = format!("### `{name}`");
        let rows = page.rows_under(&heading, "| variable | default | meaning |");
        let mut used = BTreeSet::new();
        for reference in references(&split(text).expect("expressions")) {
            if is_of_author(reference.path) {
                used.insert(reference.path.join("."));
            }
        }
        let documented: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(used, documented, "the variables of {name}");
        for row in &rows {
            let (variable, meaning) = (&row[0], &row[2]);
            let is_used = |written: String| text.contains(&written);
            match row[1].as_str() {
                "required" => {
                    let with_default = format!("${{{variable}:=");
                    assert!(!is_used(with_default), "{name}: {variable}");
                }
                default => {
                    let written = format!("${{{variable}:={default}}}");
                    assert!(is_used(written), "{name}: {variable}");
                    let bare = format!("${{{variable}}}");
                    assert!(!is_used(bare), "{name}: {variable}");
                }
            }
            assert_eq!(comment_of(variable, text), *meaning, "{name}");
        }
        let line = format!("file: builtin:{name}\n");
        let is_shown = page.under(&heading).any(|fence| fence.text.contains(&line));
        assert!(is_shown, "{name} is used in a fleet");
    }
}

#[test]
fn expressions_give_what_the_table_says() {
    let page = Page::read("docs/language.md");
    let rows = page.rows("| expression | gives | result |");
    assert!(rows.len() > 15);
    for row in rows {
        for written in row[0].split("`, `") {
            let mut lookup = |path: &[String]| match path.join(".").as_str() {
                "V" => Some(Cow::Borrowed("v1.34.0")),
                "E" => Some(Cow::Borrowed("")),
                _ => None,
            };
            let segments = split(written).expect(written);
            let given = evaluate(&segments, written, &mut lookup).expect(written);
            assert_eq!(given, row[2], "{written}");
        }
    }
}

#[test]
fn examples_in_help_texts_run() {
    for command in ["generate", "validate", "get templates"] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = written(&run(&args, repository()).stdout);
        let examples = help.split("Examples:\n").nth(1).expect("examples");
        let lines = examples
            .lines()
            .filter_map(|line| line.trim().strip_prefix("kubectl fleet "));
        assert!(lines.clone().count() > 1, "{command}");
        for line in lines {
            let args = line.split(" | ").next().unwrap_or_default();
            // An example that names no folder is about the one that it is run in.
            let folder = if args.contains("examples/") {
                "."
            } else {
                "examples/eks"
            };
            let args: Vec<&str> = args.split(' ').collect();
            let output = run(&args, &repository().join(folder));
            assert!(
                output.status.success(),
                "{line}: {}",
                written(&output.stderr)
            );
        }
    }
}

#[test]
fn argo_cd_can_run_the_plugin() {
    let printed = run(&["argocd", "plugin"], repository()).stdout;
    assert_eq!(written(&printed), text("plugin.yaml"));
    let plugin: serde_json::Value = serde_saphyr::from_str(&text("plugin.yaml")).expect("YAML");
    assert_eq!(plugin["kind"], "ConfigManagementPlugin");
    assert_eq!(plugin["metadata"]["name"], "kubectl-fleet");
    assert!(plugin["spec"]["discover"].is_null());
    let words = |key: &str| -> Vec<String> {
        let list = plugin["spec"]["generate"][key].as_array().expect(key);
        let word = |word: &serde_json::Value| word.as_str().expect("a text").to_owned();
        list.iter().map(word).collect()
    };
    let command = words("command");
    let [program] = command.as_slice() else {
        panic!("one program")
    };
    let args = words("args");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = run(&args, &repository().join("examples/eks"));
    assert!(output.status.success(), "{}", written(&output.stderr));
    for line in written(&output.stdout).lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(object["metadata"]["name"].is_string(), "{line}");
    }
    let image = text("Dockerfile");
    for line in [
        format!("COPY --from=build /src/target/release/kubectl-fleet {program}\n"),
        format!("ENTRYPOINT [\"{program}\"]\n"),
        "COPY plugin.yaml /home/argocd/cmp-server/config/plugin.yaml\n".to_owned(),
        "USER 999\n".to_owned(),
    ] {
        assert!(image.contains(&line), "{line}");
    }
}

#[test]
fn links_resolve() {
    for page in pages() {
        for link in page.links() {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.path.clone(),
                path => page.beside(path),
            };
            assert!(repository().join(&target).exists(), "{}: {link}", page.path);
            if !anchor.is_empty() {
                let anchors = Page::read(&target).anchors();
                assert!(
                    anchors.iter().any(|known| known == anchor),
                    "{}: {link}",
                    page.path
                );
            }
        }
    }
}
