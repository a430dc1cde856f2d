//! `kubectl fleet init`

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::session::{Findings, fleet_dir};
use super::terminal::{CommandResult, print_stderr};
use crate::builtin;
use crate::diagnostic::pluralize;
use crate::files::{Files, create, names};

/// A fleet to begin with.
const FLEET: [(&str, &str); 2] = [
    (names::FLEET, include_str!("init/fleet.yaml")),
    ("users.yaml", include_str!("init/users.yaml")),
];

/// Write a fleet to begin with, or a built-in template or delivery method to edit.
///
/// Nothing is overwritten: if a file that would be written is there already, none is written.
#[derive(Args)]
#[command(after_help = "Examples:
  # Write a fleet into a new folder
  kubectl fleet init fleet

  # Copy a built-in template into its folder templates/
  kubectl fleet init --template eks fleet

  # Copy a built-in delivery method into its folder deliveries/
  kubectl fleet init --delivery argocd fleet")]
pub(super) struct Init {
    /// The fleet's folder, which is made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Copy this built-in template to templates/NAME.yaml, and write nothing else
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(builtin::ALL.iter().map(|one| one.name)))]
    template: Option<String>,
    /// Copy this built-in delivery method to deliveries/NAME.yaml, and write nothing else
    #[arg(long, value_name = "NAME", conflicts_with = "template", value_parser = PossibleValuesParser::new(builtin::DELIVERIES.iter().map(|one| one.name)))]
    delivery: Option<String>,
}

impl Init {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let folder = fleet_dir(chdir, &self.dir);
        let template = self.template.as_deref().and_then(builtin::find);
        let delivery = self.delivery.as_deref().and_then(builtin::find_delivery);
        let copied = template
            .map(|one| (format!("templates/{}.yaml", one.name), one.text))
            .or(delivery.map(|one| (format!("deliveries/{}.yaml", one.name), one.text)));
        let files = match &copied {
            Some((path, text)) => vec![(path.as_str(), *text)],
            None => FLEET.to_vec(),
        };
        if let Err(diagnostic) = create::create(&folder, &files) {
            return Err(Findings::from(diagnostic).reject("nothing was written"));
        }
        let written: Vec<String> = files
            .iter()
            .map(|(path, _)| shown(&folder.join(path)))
            .collect();
        let mut next = Vec::new();
        if template.is_some() {
            next.push(format!("kubectl fleet get templates {}", written[0]));
        }
        match copied {
            Some(_) => next.extend(commands(beside(&folder), &folder)),
            None => next.extend(commands(&["validate", "generate", "lock"], &folder)),
        }
        let uses = match &copied {
            Some((path, _)) if template.is_some() => {
                format!("an entry of `templates` uses it: `file: {path}`\n")
            }
            Some((path, _)) => format!("fleet.yaml or an add-on uses it: `deliver: {path}`\n"),
            None => String::new(),
        };
        print_stderr(&format!(
            "{} written: {}\n{uses}next:\n  {}\n",
            pluralize(files.len(), "file"),
            written.join(" "),
            next.join("\n  ")
        ));
        Ok(())
    }
}

/// What can be run in a folder that a file was copied into.
fn beside(folder: &Path) -> &'static [&'static str] {
    let Ok(mut files) = Files::open(folder) else {
        return &[];
    };
    match FLEET.map(|(path, _)| files.has(path)) {
        [true, _] => &["validate", "generate"],
        [false, false] => &["init", "generate"],
        [false, true] => &[],
    }
}

/// Commands on a folder, as a shell takes them.
fn commands(commands: &[&str], folder: &Path) -> Vec<String> {
    let folder = match shown(folder).as_str() {
        "" => String::new(),
        folder => format!(" {folder}"),
    };
    let whole = |command: &&str| format!("kubectl fleet {command}{folder}");
    commands.iter().map(whole).collect()
}

/// A path as a shell takes it.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).to_string_lossy();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(&byte);
    let path = match path.strip_prefix('-') {
        Some(_) => format!("./{path}"),
        None => path.into_owned(),
    };
    if path.bytes().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
