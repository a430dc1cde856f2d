//! `kubectl fleet init`

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::session::{Findings, fleet_dir};
use super::terminal::{CommandResult, print_stderr};
use crate::builtin;
use crate::diagnostic::pluralize;
use crate::files::{Files, create, names};
use crate::model::name::{LABEL_LENGTH, name_problem, suggestion};
use crate::schema;

/// Placeholder of the name of a new fleet.
const NAME: &str = "fleet-name";
/// Files of a new fleet.
const FLEET: [(&str, &str); 2] = [
    (names::FLEET, include_str!("init/fleet.yaml")),
    ("users.yaml", include_str!("init/users.yaml")),
];

/// The JSON Schema that the first line of fleet.yaml names.
const SCHEMA: &str = "fleet.schema.json";

/// Write a new fleet, or a copy of a built-in template or delivery method.
///
/// A new fleet contains the JSON Schema of its fleet.yaml for editors, which `kubectl fleet schema` updates. If one of the files
/// exists, the command writes no file.
#[derive(Args)]
#[command(after_help = "Examples:
  # Write a fleet to a new directory
  kubectl fleet init fleet

  # Copy a built-in template to the subdirectory templates
  kubectl fleet init --template eks fleet

  # Copy a built-in delivery method to the subdirectory deliveries
  kubectl fleet init --delivery argocd fleet")]
pub(super) struct Init {
    /// Directory of the fleet, created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Write only templates/NAME.yaml, a copy of this built-in template
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(builtin::ALL.iter().map(|one| one.name)))]
    template: Option<String>,
    /// Write only deliveries/NAME.yaml, a copy of this built-in delivery method
    #[arg(long, value_name = "NAME", conflicts_with = "template", value_parser = PossibleValuesParser::new(builtin::DELIVERIES.iter().map(|one| one.name)))]
    delivery: Option<String>,
}

impl Init {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let dir = fleet_dir(chdir, &self.dir);
        let template = self.template.as_deref().and_then(builtin::find);
        let delivery = self.delivery.as_deref().and_then(builtin::find_delivery);
        let copied = template
            .map(|one| (format!("templates/{}.yaml", one.name), one.text))
            .or(delivery.map(|one| (format!("deliveries/{}.yaml", one.name), one.text)));
        let fleet = FLEET.map(|(path, text)| (path, text.replace(NAME, &fleet_name(&dir))));
        let schema = format!("{:#}\n", schema::fleet());
        let files: Vec<(&str, &str)> = match &copied {
            Some((path, text)) => vec![(path.as_str(), *text)],
            None => fleet
                .iter()
                .map(|(path, text)| (*path, text.as_str()))
                .chain([(SCHEMA, schema.as_str())])
                .collect(),
        };
        if let Err(diagnostic) = create::create(&dir, &files) {
            return Err(Findings::from(diagnostic).reject("no file was written"));
        }
        let written: Vec<String> = files
            .iter()
            .map(|(path, _)| shell_quote(&dir.join(path)))
            .collect();
        let mut next = Vec::new();
        if template.is_some() {
            next.push(format!("kubectl fleet get templates {}", written[0]));
        }
        match copied {
            Some(_) => next.extend(commands(next_commands(&dir), &dir)),
            None => next.extend(commands(&["validate", "generate", "lock"], &dir)),
        }
        let uses = match &copied {
            Some((path, _)) if template.is_some() => {
                format!("to use it, add this entry to `templates`: `file: {path}`\n")
            }
            Some((path, _)) => format!(
                "to use it, set this key in fleet.yaml or in an add-on: `deliver: {path}`\n"
            ),
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

/// Returns the name of a new fleet: that of its directory, if it can be a name.
fn fleet_name(dir: &Path) -> String {
    let name = dir.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_name = |name: &str| name_problem(name, LABEL_LENGTH, false).is_none();
    let similar = suggestion(name).filter(|name| is_name(name));
    if is_name(name) {
        name.to_owned()
    } else {
        similar.unwrap_or_else(|| "fleet".to_owned())
    }
}

/// Returns the commands that succeed in a directory to which a file was copied.
fn next_commands(dir: &Path) -> &'static [&'static str] {
    let Ok(mut files) = Files::open(dir) else {
        return &[];
    };
    match FLEET.map(|(path, _)| files.has(path)) {
        [true, _] => &["validate", "generate"],
        [false, false] => &["init", "generate"],
        [false, true] => &[],
    }
}

/// Returns the command lines of commands for a directory, quoted for a shell.
fn commands(commands: &[&str], dir: &Path) -> Vec<String> {
    let dir = match shell_quote(dir).as_str() {
        "" => String::new(),
        dir => format!(" {dir}"),
    };
    let line = |command: &&str| format!("kubectl fleet {command}{dir}");
    commands.iter().map(line).collect()
}

/// Quotes a path for a shell.
fn shell_quote(path: &Path) -> String {
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
