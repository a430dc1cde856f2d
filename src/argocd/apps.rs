//! Applications of a fleet: one for each cell, and one for the objects that belong to no cluster.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::plugin;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, escape_control_chars};
use crate::model::Cell;
use crate::model::cell::FLEET;
use crate::model::name::name_problem;
use crate::source::{Sources, Span};
use crate::template;
use crate::template::fill::{self, Scope};
use crate::tree::{Entry, Node, Value};
use crate::yaml::print;

const APPLICATION: &str = include_str!("apps/application.yaml");

/// Maximum length of a name: Argo CD might write the name into a label.
const NAME_LENGTH: usize = 63;

/// The cluster to which Argo CD applies a fleet.
#[derive(Clone, Debug)]
pub enum Destination {
    /// The URL of an API server.
    Server(String),
    /// The name of the cluster in Argo CD.
    Name(String),
}

/// Settings that all Applications of a fleet share.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The prefix of each name.
    pub name: String,
    /// The namespace of the Applications.
    pub namespace: String,
    /// The project of the Applications.
    pub project: String,
    /// The URL of the Git repository.
    pub repo: String,
    /// The branch, tag or commit.
    pub revision: String,
    /// The fleet's directory in the repository.
    pub path: String,
    /// The cluster to which Argo CD applies the fleet.
    pub destination: Destination,
    /// Whether Argo CD syncs and prunes automatically.
    pub automated: bool,
    /// Whether the plugin's name ends with its version.
    pub versioned: bool,
    /// Whether every cluster must be in `fleet.lock`.
    pub locked: bool,
}

/// Returns the default prefix of the names: the directory's name, or the repository's name for its root.
pub fn default_name(path: &str, repo: &str) -> String {
    let last = |text: &str| {
        let parts = text.split(['/', ':']);
        let mut names = parts.filter(|part| !part.is_empty() && *part != ".");
        names.next_back().unwrap_or_default().to_owned()
    };
    match last(path) {
        dir if dir.is_empty() => last(repo.strip_suffix(".git").unwrap_or(repo)),
        dir => dir,
    }
}

/// Renders the Applications as YAML documents, one for each cell.
///
/// The cell is `None` in a fleet without cells.
pub fn render_applications(
    settings: &Settings,
    cells: &[Option<Cell>],
    diags: &mut Diagnostics,
) -> String {
    let mut out = format!(
        "# Applications of the fleet in {}, for the plugin {}.\n",
        escape_control_chars(&settings.path),
        plugin::name(settings.versioned)
    );
    let mut names: BTreeMap<String, &Option<Cell>> = BTreeMap::new();
    let mut sources = Sources::default();
    let file = sources.add("application.yaml", APPLICATION.to_owned());
    let documents = template::parse(file, &sources, diags).unwrap_or_default();
    for cell in cells {
        let name = application_name(&settings.name, cell.as_ref());
        if let Some(problem) = name_problem(&name, NAME_LENGTH, false) {
            let message = format!("`{name}` is not a valid Application name: {problem}");
            let help = "set another prefix: --name NAME";
            diags.push(Diagnostic::without_location(Code::InvalidName, message).help(help));
        }
        if let Some(Some(other)) = names.insert(name.clone(), cell) {
            let message =
                format!("Application name `{name}` is already used for the cell `{other}`");
            let help = "rename one of the cells: names must differ in letters or digits, regardless of case";
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

/// Returns the name of a cell's Application: label values allow more characters than names.
fn application_name(fleet: &str, cell: Option<&Cell>) -> String {
    let name = match cell {
        None => fleet.to_owned(),
        Some(Cell::Fleet) => format!("{fleet}-{}", FLEET.trim_start_matches('@')),
        Some(Cell::Named(cell)) => format!("{fleet}-{cell}"),
    };
    let name = name.to_ascii_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    name.chars().map(plain).collect()
}

/// Values of the variables in `apps/application.yaml`.
struct Variables<'a> {
    settings: &'a Settings,
    cell: Option<&'a Cell>,
    name: &'a str,
    span: Span,
}

impl Variables<'_> {
    /// Returns the parameters of the plugin, or `None` if it needs no parameter.
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
