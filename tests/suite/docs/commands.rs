//! Commands, fleets and YAML of all pages.

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::source::Sources;
use kubectl_fleet::yaml;
use snapbox::Assert;

use super::page::{Fence, is_overwriting, overwrite, pages};
use crate::fleet::{Fleet, run};
use crate::repository;

/// Commands that are not run: the tests themselves, and commands that need other programs.
const EXEMPT: [&str; 5] = [
    "cargo test",
    "cargo install --locked --path .",
    "cargo +nightly fuzz ",
    "docker build -t kubectl-fleet:v",
    "docker run --rm --network none ",
];

/// A fleet in fences.
struct ShownFleet {
    fleet: Fleet,
    /// Whether the page shows its errors, too.
    is_validated: bool,
}

impl ShownFleet {
    fn new() -> Self {
        Self {
            fleet: Fleet::empty(),
            is_validated: false,
        }
    }

    /// Checks that the fleet has no errors, unless the page shows them.
    fn check(&self) {
        if !self.is_validated {
            let messages = self.fleet.run(&["validate"]).stderr;
            assert!(
                messages.ends_with(" 0 warnings\n"),
                "a shown fleet: {messages}"
            );
        }
    }
}

#[test]
fn documented_commands_run() {
    for page in pages() {
        let is_tutorial = page.path.starts_with("docs/tutorials/");
        let mut fleet = is_tutorial.then(|| (0, ShownFleet::new()));
        for fence in &page.fences {
            if page.is_messages() && fence.heading.starts_with("## `") {
                continue;
            }
            let is_other = |(section, _): &(usize, ShownFleet)| *section != fence.section;
            let begins_fleet = fence.path() == Some("fleet.yaml");
            if !is_tutorial && (begins_fleet || fleet.as_ref().is_some_and(is_other)) {
                fleet.take().inspect(|(_, fleet)| fleet.check());
            }
            eprintln!("{}:{}", page.path, fence.line);
            match fence.path() {
                Some(path) if path.starts_with("examples/") => {
                    assert_eq!(fence.text, repository::read(path), "{path}");
                }
                Some(path) => {
                    let (_, fleet) =
                        fleet.get_or_insert_with(|| (fence.section, ShownFleet::new()));
                    fleet.fleet.write(path, &fence.text);
                }
                None if fence.info == "console" => {
                    commands(&page.path, fence, fleet.as_mut().map(|(_, fleet)| fleet));
                }
                None => {}
            }
        }
        fleet.inspect(|(_, fleet)| fleet.check());
    }
}

/// Runs the commands of a fence. `SNAPSHOTS=overwrite` writes their output if it is shown without `...`.
fn commands(path: &str, fence: &Fence, mut fleet: Option<&mut ShownFleet>) {
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
        let dir = fleet
            .as_ref()
            .map_or(repository::root(), |shown| shown.fleet.dir());
        let run = run(dir, &args.split(' ').collect::<Vec<_>>());
        let output = run.stderr + &run.stdout;
        if is_overwriting() && output != shown && !shown.contains("..") {
            let [found, output] = [shown, output].map(|output| format!("$ {command}\n{output}"));
            overwrite(path, &found, &output);
        } else {
            Assert::new().eq(output, shown);
        }
        last = run.code;
        if let Some(fleet) = &mut fleet {
            fleet.is_validated |= last != 0 || args == "validate";
        }
    }
    assert_eq!(last, 0, "the exit code is not shown");
}

#[test]
fn examples_are_clean() {
    for example in repository::entries("examples") {
        let messages = run(&example, &["validate"]).stderr;
        let is_clean = messages.ends_with(" 0 warnings\n");
        assert!(is_clean, "{}: {messages}", example.display());
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
                yaml::parse(file, &fence.text, &yaml::NoMask, &mut diags);
            }
            assert_eq!(diags.errors(), 0, "{}:{}", page.path, fence.line);
        }
    }
}

#[test]
fn examples_in_help_texts_run() {
    for command in ["generate", "validate", "get templates"] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = run(repository::root(), &args).output();
        let examples = help.split("Examples:\n").nth(1).expect("examples");
        let lines = examples
            .lines()
            .filter_map(|line| line.trim().strip_prefix("kubectl fleet "));
        assert!(lines.clone().count() > 1, "{command}");
        for line in lines {
            let args = line.split(" | ").next().unwrap_or_default();
            // An example without a directory runs in the directory of a fleet.
            let dir = if args.contains("examples/") {
                "."
            } else {
                "examples/eks"
            };
            let args: Vec<&str> = args.split(' ').collect();
            run(&repository::root().join(dir), &args).output();
        }
    }
}
