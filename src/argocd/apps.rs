//! Applications: one for each cell of a fleet, and one for what belongs to no cluster.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::plugin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Cell;
use crate::model::cell::FLEET;
use crate::model::name::name_problem;
use crate::source::{Sources, Span};
use crate::template;
use crate::template::fill::{self, Scope};
use crate::tree::{Entry, Node, Value};
use crate::yaml::print;

const APPLICATION: &str = include_str!("apps/application.yaml");

/// The longest name: Argo CD may write it into a label.
const NAME_LENGTH: usize = 63;

/// Where Argo CD applies a fleet.
#[derive(Clone, Debug)]
pub enum Destination {
    /// The URL of an API server.
    Server(String),
    /// The name of a cluster that Argo CD knows.
    Name(String),
}

/// What Applications say beside their cells.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What each name begins with.
    pub name: String,
    /// The namespace of the Applications.
    pub namespace: String,
    /// Their project.
    pub project: String,
    /// The URL of the Git repository.
    pub repo: String,
    /// The branch, tag or commit.
    pub revision: String,
    /// The fleet's folder in the repository.
    pub path: String,
    /// Where Argo CD applies the fleet.
    pub destination: Destination,
    /// Whether Argo CD syncs and prunes by itself.
    pub automated: bool,
    /// Whether the plugin's name has its version.
    pub versioned: bool,
    /// Whether every cluster has to be in `fleet.lock`.
    pub locked: bool,
}

/// The name of a fleet: that of its folder, else that of its repository.
pub fn name_of(path: &str, repo: &str) -> String {
    let last = |text: &str| {
        let parts = text.split(['/', ':']);
        let mut named = parts.filter(|part| !part.is_empty() && *part != ".");
        named.next_back().unwrap_or_default().to_owned()
    };
    match last(path) {
        folder if folder.is_empty() => last(repo.strip_suffix(".git").unwrap_or(repo)),
        folder => folder,
    }
}

/// The Applications as YAML documents: one for each cell; `None` stands for a fleet without cells.
pub fn applications(
    settings: &Settings,
    cells: &[Option<Cell>],
    diags: &mut Diagnostics,
) -> String {
    let mut out = format!(
        "# Applications of the fleet in {}, for the plugin {}.\n",
        one_line(&settings.path),
        plugin::name(settings.versioned)
    );
    let mut names: BTreeMap<String, &Option<Cell>> = BTreeMap::new();
    let mut sources = Sources::default();
    let file = sources.add("application.yaml", APPLICATION.to_owned());
    let documents = template::parse(file, &sources, diags).unwrap_or_default();
    for cell in cells {
        let name = name(&settings.name, cell.as_ref());
        if let Some(problem) = name_problem(&name, NAME_LENGTH, false) {
            let message = format!("`{name}` is no name of an Application: {problem}");
            let help = "name the Applications: --name NAME";
            diags.push(Diagnostic::without_location(Code::InvalidName, message).help(help));
        }
        if let Some(Some(other)) = names.insert(name.clone(), cell) {
            let message = format!("another cell than `{other}` has the Application `{name}`, too");
            let help = "name cells so that they differ in more than capitals and signs";
            diags.push(Diagnostic::without_location(Code::InvalidName, message).help(help));
        }
        for document in &documents {
            let scope = Variables {
                settings,
                cell: cell.as_ref(),
                name: &name,
                span: document.span,
            };
            let filled = fill::node(document, &scope, &mut Vec::new());
            out += "---\n";
            out += &print::document(&filled);
        }
    }
    out
}

/// The name of a cell's Application. Cells are values of labels, which may be more than names.
fn name(fleet: &str, cell: Option<&Cell>) -> String {
    let name = match cell {
        None => fleet.to_owned(),
        Some(Cell::Fleet) => format!("{fleet}-{}", FLEET.trim_start_matches('@')),
        Some(Cell::Named(cell)) => format!("{fleet}-{cell}"),
    };
    let name = name.to_ascii_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    name.chars().map(plain).collect()
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    crate::diagnostic::escape_control_chars(text)
}

struct Variables<'a> {
    settings: &'a Settings,
    cell: Option<&'a Cell>,
    name: &'a str,
    span: Span,
}

impl Variables<'_> {
    /// Returns the parameters of the plugin, if there are some.
    fn parameters(&self) -> Option<Node> {
        let cell = self.cell.map(|cell| ("cell", cell.to_string()));
        let locked = self.settings.locked.then(|| ("locked", true.to_string()));
        let parameter = |(name, value): (&str, String)| {
            let entries = [("name", name), ("string", &*value)];
            let entry = |(key, value)| Entry::new(key, Node::string(self.span, value));
            Node::mapping(self.span, entries.map(entry).into())
        };
        let items: Vec<Node> = cell.into_iter().chain(locked).map(parameter).collect();
        let span = self.span;
        (!items.is_empty()).then(|| Node {
            span,
            value: Value::Sequence(items.into()),
        })
    }
}

impl Scope for Variables<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Node>> {
        let settings = self.settings;
        let (server, cluster) = match &settings.destination {
            Destination::Server(url) => (Some(url), None),
            Destination::Name(name) => (None, Some(name)),
        };
        let plugin = plugin::name(settings.versioned);
        let text = match name {
            "NAME" => self.name,
            "NAMESPACE" => &settings.namespace,
            "PROJECT" => &settings.project,
            "REPO" => &settings.repo,
            "REVISION" => &settings.revision,
            "PATH" => &settings.path,
            "PLUGIN" => &plugin,
            "SERVER" => server?,
            "CLUSTER" => cluster?,
            "AUTOMATED" => settings.automated.then_some("true")?,
            "PARAMETERS" => return self.parameters().map(Cow::Owned),
            _ => return None,
        };
        Some(Cow::Owned(Node::string(self.span, text)))
    }
}

#[cfg(test)]
#[path = "apps/tests.rs"]
mod tests;
