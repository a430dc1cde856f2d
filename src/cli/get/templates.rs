//! `kubectl fleet get templates`

use std::collections::BTreeSet;
use std::path::{Component, Path};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::builtin;
use crate::cli::listing::{ListFormat, Listing};
use crate::cli::session::{Findings, fleet_dir};
use crate::cli::terminal::CommandResult;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Suggestions};
use crate::files::Files;
use crate::source::{FileId, Sources};
use crate::template::variables::{Variable, variables};
use crate::tree::Node;

/// List the built-in templates, or the variables of a template.
///
/// A variable without a default is required. The variables are those of `clusterctl generate cluster
/// --list-variables`; kubectl-fleet sets the built-in ones.
#[derive(Args)]
#[command(
    visible_alias = "template",
    after_help = "Examples:
  # List the built-in templates
  kubectl fleet get templates

  # List the variables of a built-in template
  kubectl fleet get templates eks

  # List the variables of a template file, for a program
  kubectl fleet get templates examples/own-template/templates/cluster.yaml -o json"
)]
pub(super) struct Templates {
    /// Name of a built-in template, or path of a file
    #[arg(value_name = "NAME|PATH")]
    template: Option<String>,
    /// Output format; defaults to a table
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    output: Option<ListFormat>,
}

impl Templates {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let mut diags = Diagnostics::default();
        let mut sources = Sources::default();
        let listing = match &self.template {
            None => Some(list_builtin(&mut sources, &mut diags)),
            Some(name_or_path) => find_template(name_or_path, chdir, &mut sources, &mut diags)
                .map(|template| template.listing()),
        };
        match listing {
            Some(listing) if diags.errors() == 0 => listing.print(self.output),
            _ => Err(Findings::new(diags, sources).report()),
        }
    }
}

/// A template and its variables.
struct TemplateInfo {
    name: String,
    /// First sentence of the template's leading comment.
    description: String,
    /// Kinds of its objects, in the format of `safety.protect`.
    kinds: BTreeSet<String>,
    /// Variables: required, optional, built-in; each in the order of names.
    variables: Vec<VariableRow>,
}

/// A variable and the location of its first use.
struct VariableRow {
    variable: Variable,
    location: String,
}

/// Lists the built-in templates.
fn list_builtin(sources: &mut Sources, diags: &mut Diagnostics) -> Listing {
    let templates: Vec<TemplateInfo> = builtin::ALL
        .iter()
        .filter_map(|one| {
            let file = sources.add(&format!("builtin:{}", one.name), one.text.to_owned());
            TemplateInfo::read(one.name, file, sources, diags)
        })
        .collect();
    let row = |template: &TemplateInfo| {
        let required = template.variables.iter().map(|row| &row.variable);
        let required = required.filter(|variable| variable.is_required());
        let required: Vec<&str> = required.map(|variable| variable.name.as_str()).collect();
        let kinds: Vec<&str> = template.kinds.iter().map(String::as_str).collect();
        vec![
            template.name.clone(),
            or_none(required.join(",")),
            or_none(template.description.clone()),
            kinds.join(","),
        ]
    };
    Listing {
        head: vec!["NAME", "REQUIRED", "DESCRIPTION", "KINDS"],
        wide: 1,
        rows: templates.iter().map(row).collect(),
        json: to_json(&templates),
    }
}

/// Returns the template with a built-in name or a path, or `None` after reporting an error.
fn find_template(
    name_or_path: &str,
    chdir: &Path,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<TemplateInfo> {
    let name = name_or_path
        .strip_prefix("builtin:")
        .unwrap_or(name_or_path);
    if let Some(one) = builtin::find(name) {
        let file = sources.add(&format!("builtin:{name}"), one.text.to_owned());
        return TemplateInfo::read(name, file, sources, diags);
    }
    let path = Path::new(name_or_path);
    let is_inside = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    // A path inside the working directory is the root's own file, so that errors show it unchanged.
    let (root, file) = match (path.parent(), path.file_name()) {
        (Some(parent), Some(file)) if !is_inside => (chdir.join(parent), file.to_string_lossy()),
        _ => (chdir.to_owned(), name_or_path.into()),
    };
    let read = Files::open(&fleet_dir(&root, Path::new(""))).and_then(|mut files| {
        if !name_or_path.contains(['/', '.']) && !files.has(&file) {
            let message = format!("there is no built-in template `{name}`");
            let unknown = Diagnostic::without_location(Code::UnknownBuiltin, message);
            return Err(unknown.help(builtin::suggest(name, &mut Suggestions::default())));
        }
        let file = files.read(&file, None)?;
        Ok(files.sources.text(file))
    });
    match read {
        Ok(text) => {
            let file = sources.add(name_or_path, text.to_string());
            TemplateInfo::read(name_or_path, file, sources, diags)
        }
        Err(diagnostic) => {
            diags.push(diagnostic);
            None
        }
    }
}

impl TemplateInfo {
    /// Reads a template, or returns `None` after reporting errors.
    fn read(name: &str, file: FileId, sources: &Sources, diags: &mut Diagnostics) -> Option<Self> {
        let before = diags.errors();
        let (documents, variables) = variables(file, sources, diags);
        let row = |variable: Variable| {
            let position = sources.position(variable.span);
            VariableRow {
                variable,
                location: format!("{}:{}", position.line, position.column),
            }
        };
        let mut variables: Vec<VariableRow> = variables.into_iter().map(row).collect();
        variables.sort_by_key(|row| rank(&row.variable));
        (diags.errors() == before).then(|| Self {
            name: name.to_owned(),
            description: first_sentence(&sources.text(file)),
            kinds: documents.iter().filter_map(kind).collect(),
            variables,
        })
    }

    fn listing(&self) -> Listing {
        let row = |row: &VariableRow| {
            let variable = &row.variable;
            let class = ["required", "optional", "built-in"][rank(variable)];
            let default = variable.default.clone();
            let default = default.filter(|_| !variable.is_built_in());
            vec![
                variable.name.clone(),
                class.to_owned(),
                or_none(default.unwrap_or_default()),
                row.location.clone(),
            ]
        };
        Listing {
            head: vec!["NAME", "VALUE", "DEFAULT", "PLACE"],
            wide: 1,
            rows: self.variables.iter().map(row).collect(),
            json: to_json(std::slice::from_ref(self)),
        }
    }

    fn json(&self) -> Json {
        let variable = |VariableRow { variable, location }: &VariableRow| {
            let mut json = json!({"name": variable.name, "required": variable.is_required(), "builtIn": variable.is_built_in()});
            if let Some(default) = &variable.default {
                json["default"] = json!(default);
            }
            json["place"] = json!(location);
            json
        };
        json!({
            "name": self.name,
            "description": self.description,
            "kinds": self.kinds,
            "variables": self.variables.iter().map(variable).collect::<Vec<_>>(),
        })
    }
}

fn to_json(templates: &[TemplateInfo]) -> Json {
    let templates: Vec<Json> = templates.iter().map(TemplateInfo::json).collect();
    json!({"formatVersion": "1.0", "templates": templates})
}

/// Returns the position of a variable's class: required, optional, built-in.
fn rank(variable: &Variable) -> usize {
    match variable.is_required() {
        _ if variable.is_built_in() => 2,
        true => 0,
        false => 1,
    }
}

/// Returns `<none>` for an empty cell, as kubectl does.
fn or_none(text: String) -> String {
    if text.is_empty() {
        "<none>".to_owned()
    } else {
        text
    }
}

/// Returns the first sentence of a template's leading comment.
fn first_sentence(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix('#'));
    let words: Vec<&str> = comment.flat_map(str::split_whitespace).collect();
    let end = words.iter().position(|word| word.ends_with('.'));
    words[..end.map_or(0, |end| end + 1)].join(" ")
}

/// Returns the kind of a document, with its API group.
fn kind(document: &Node) -> Option<String> {
    let kind = document.get("kind")?.text()?;
    let group = document.get("apiVersion")?.text()?.split_once('/');
    Some(group.map_or_else(|| kind.to_owned(), |(group, _)| format!("{kind}.{group}")))
}
