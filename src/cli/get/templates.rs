//! `kubectl fleet get templates`

use std::collections::BTreeSet;
use std::path::{Component, Path};

use clap::Args;
use serde_json::{Value as Json, json};

use super::listing::{ListFormat, Listing};
use crate::builtin;
use crate::cli::session::{Findings, fleet_dir};
use crate::cli::terminal::CommandResult;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::source::{FileId, Sources};
use crate::template::variables::{Variable, variables};
use crate::tree::Node;

/// List the built-in templates, or the variables of a template.
///
/// Of a variable without a value or a default nothing can be made: it is required. The list is that
/// of `clusterctl generate cluster --list-variables`; what the fleet itself says is built in.
#[derive(Args)]
#[command(
    visible_alias = "template",
    after_help = "Examples:
  # List the built-in templates
  kubectl fleet get templates

  # List the variables of one
  kubectl fleet get templates eks

  # List those of a file, for a program
  kubectl fleet get templates examples/own-template/templates/cluster.yaml -o json"
)]
pub(super) struct Templates {
    /// A built-in template, or the path of a file
    #[arg(value_name = "NAME|PATH")]
    template: Option<String>,
    /// The form of the list; default: a table
    #[arg(short, long, value_name = "FORM", value_enum)]
    output: Option<ListFormat>,
}

impl Templates {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut diags = Diagnostics::default();
        let mut sources = Sources::default();
        let listing = match &self.template {
            None => Some(all(&mut sources, &mut diags)),
            Some(named) => {
                find(named, chdir, &mut sources, &mut diags).map(|template| template.listing())
            }
        };
        match listing {
            Some(listing) if diags.errors() == 0 => listing.print(self.output),
            _ => Err(Findings::new(diags, sources).report()),
        }
    }
}

/// A template, read.
struct Template {
    name: String,
    about: String,
    /// The kinds of its objects, as `safety.protect` writes them.
    kinds: BTreeSet<String>,
    /// Required ones first, and then by name.
    variables: Vec<Shown>,
}

/// A variable, and where it is used first.
struct Shown {
    variable: Variable,
    place: String,
}

fn all(sources: &mut Sources, diags: &mut Diagnostics) -> Listing {
    let templates: Vec<Template> = builtin::ALL
        .iter()
        .filter_map(|one| {
            let file = sources.add(&format!("builtin:{}", one.name), one.text.to_owned());
            Template::read(one.name, file, sources, diags)
        })
        .collect();
    let row = |template: &Template| {
        let required = template.variables.iter().map(|shown| &shown.variable);
        let required = required.filter(|variable| variable.is_required());
        let required: Vec<&str> = required.map(|variable| variable.name.as_str()).collect();
        let kinds: Vec<&str> = template.kinds.iter().map(String::as_str).collect();
        vec![
            template.name.clone(),
            or_none(required.join(",")),
            or_none(template.about.clone()),
            kinds.join(","),
        ]
    };
    Listing {
        head: vec!["NAME", "REQUIRED", "DESCRIPTION", "KINDS"],
        wide: 1,
        rows: templates.iter().map(row).collect(),
        json: listed(&templates),
    }
}

/// The template of a name or a path.
fn find(
    named: &str,
    chdir: &Path,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Template> {
    let name = named.strip_prefix("builtin:").unwrap_or(named);
    if let Some(one) = builtin::find(name) {
        let file = sources.add(&format!("builtin:{name}"), one.text.to_owned());
        return Template::read(name, file, sources, diags);
    }
    let path = Path::new(named);
    let inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    // Within the folder of the command a mistake can be shown as it was written.
    let (root, file) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(file)) if !inside => (chdir.join(parent), file.to_string_lossy()),
        _ => (chdir.to_owned(), named.into()),
    };
    let read = Files::open(&fleet_dir(&root, Path::new(""))).and_then(|mut files| {
        if !named.contains(['/', '.']) && !files.has(&file) {
            let message = format!("there is no built-in template `{name}`");
            let unknown = Diagnostic::without_location(Code::UnknownBuiltin, message);
            return Err(unknown.help(builtin::help(name)));
        }
        let file = files.read(&file, None)?;
        Ok(files.sources.text(file))
    });
    match read {
        Ok(text) => {
            let file = sources.add(named, text.to_string());
            Template::read(named, file, sources, diags)
        }
        Err(diagnostic) => {
            diags.push(diagnostic);
            None
        }
    }
}

impl Template {
    /// Reads a template; none if it is wrong.
    fn read(name: &str, file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Option<Self> {
        let before = diags.errors();
        let (documents, variables) = variables(file, sources, diags);
        let shown = |variable: Variable| {
            let place = sources.position(variable.span);
            Shown {
                variable,
                place: format!("{}:{}", place.line, place.column),
            }
        };
        let mut variables: Vec<Shown> = variables.into_iter().map(shown).collect();
        variables.sort_by_key(|shown| rank(&shown.variable));
        (diags.errors() == before).then(|| Self {
            name: name.to_owned(),
            about: about(&sources.text(file)),
            kinds: documents.iter().filter_map(kind).collect(),
            variables,
        })
    }

    fn listing(&self) -> Listing {
        let row = |shown: &Shown| {
            let variable = &shown.variable;
            let set = ["required", "optional", "built-in"][rank(variable)];
            let default = variable.default.clone();
            let default = default.filter(|_| !variable.is_built_in());
            vec![
                variable.name.clone(),
                set.to_owned(),
                or_none(default.unwrap_or_default()),
                shown.place.clone(),
            ]
        };
        Listing {
            head: vec!["NAME", "VALUE", "DEFAULT", "PLACE"],
            wide: 1,
            rows: self.variables.iter().map(row).collect(),
            json: listed(std::slice::from_ref(self)),
        }
    }

    fn json(&self) -> Json {
        let variable = |Shown { variable, place }: &Shown| {
            let mut json = json!({"name": variable.name, "required": variable.is_required(), "builtIn": variable.is_built_in()});
            if let Some(default) = &variable.default {
                json["default"] = json!(default);
            }
            json["place"] = json!(place);
            json
        };
        json!({
            "name": self.name,
            "description": self.about,
            "kinds": self.kinds,
            "variables": self.variables.iter().map(variable).collect::<Vec<_>>(),
        })
    }
}

fn listed(templates: &[Template]) -> Json {
    let templates: Vec<Json> = templates.iter().map(Template::json).collect();
    json!({"formatVersion": "1.0", "templates": templates})
}

/// What somebody has to say comes first, what nobody can say last.
fn rank(variable: &Variable) -> usize {
    match variable.is_required() {
        _ if variable.is_built_in() => 2,
        true => 0,
        false => 1,
    }
}

/// An empty cell, as kubectl shows it.
fn or_none(text: String) -> String {
    if text.is_empty() {
        "<none>".to_owned()
    } else {
        text
    }
}

/// The first sentence of the comment that a template begins with.
fn about(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix('#'));
    let words: Vec<&str> = comment.flat_map(str::split_whitespace).collect();
    let end = words.iter().position(|word| word.ends_with('.'));
    words[..end.map_or(0, |end| end + 1)].join(" ")
}

fn kind(document: &Node) -> Option<String> {
    let kind = document.get("kind")?.text()?;
    let group = document.get("apiVersion")?.text()?.split_once('/');
    Some(group.map_or_else(|| kind.to_owned(), |(group, _)| format!("{kind}.{group}")))
}
