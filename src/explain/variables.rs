//! The levels of a variable: defaults of fields, files of `variablesFrom`, `variables` and the member.

use std::rc::Rc;

use super::context::Context;
use super::level::{Level, Section, State, mark_winner};
use super::path;
use super::shown::{is_secret_path, json};
use crate::diagnostic::Diagnostics;
use crate::files::captures;
use crate::input::members::Members;
use crate::input::shared;
use crate::model::Variables;
use crate::plan::{SubjectId, SubjectScope};
use crate::template::BUILT_IN;
use crate::template::any_path;
use crate::template::fill::{Scope as _, lookup};
use crate::tree::{Entry, Node};

/// Returns the levels of a variable for a subject. With a path, only the value at this path in the variable.
pub(super) fn variable(
    context: &mut Context<'_>,
    id: SubjectId,
    keys: &[String],
    is_secret: bool,
) -> Section {
    let is_secret = is_secret || is_secret_variable(context, id, keys);
    let levels = Variable {
        id,
        keys,
        is_secret,
    }
    .levels(context);
    let scope = SubjectScope::new(context.plan().subjects(), context.subject(id), &[]);
    let value = lookup(&scope, keys);
    Section {
        title: path::format(keys),
        value: value.map(|value| json(&value, is_secret)),
        levels,
    }
}

/// Maximum number of variables that read each other, for secrets.
const MAX_DEPTH: usize = 8;

/// Returns `true` if a variable is a secret: because of its name or a key of its path, or because it reads a secret.
pub(super) fn is_secret_variable(context: &Context<'_>, id: SubjectId, keys: &[String]) -> bool {
    let variables = context.members(id).map(|members| &members.variables);
    let variables = variables.map_or(&[][..], |variables| &variables[..]);
    is_secret_path(keys) || reads_secret_variable(variables, keys, MAX_DEPTH)
}

/// Returns `true` if a value reads a variable that is a secret.
pub(super) fn reads_secret(context: &Context<'_>, id: SubjectId, written: Option<&Node>) -> bool {
    written
        .is_some_and(|written| any_path(written, &mut |keys| is_secret_variable(context, id, keys)))
}

fn reads_secret_variable(variables: &[Entry], keys: &[String], depth: usize) -> bool {
    let mut named = variables.iter();
    let named = named.find(|entry| entry.key.text.literal() == keys.first().map(String::as_str));
    depth > 0
        && named.is_some_and(|entry| {
            any_path(&entry.value, &mut |path| {
                is_secret_path(path) || reads_secret_variable(variables, path, depth - 1)
            })
        })
}

/// Returns the kind of the level that sets a variable of a subject, and its location.
pub(super) fn origin(context: &Context<'_>, id: SubjectId, name: &str, value: &Node) -> Level {
    let kind = match context.members(id) {
        Some(members) => winner(members, context.variables(id), name, value),
        None => Winner::Member,
    };
    let kind = match kind {
        Winner::Default => "fields",
        Winner::File => "variablesFrom",
        Winner::Fixed => "variables",
        Winner::Path => "path",
        Winner::Member => "member",
    };
    Level::new(kind, name, value.span)
}

/// The level that sets a variable.
#[derive(Clone, Copy, PartialEq)]
enum Winner {
    Default,
    File,
    Fixed,
    Path,
    Member,
}

fn winner(members: &Members, variables: &Variables, name: &str, value: &Node) -> Winner {
    let is_fixed = |entry: &Entry| entry.key.text.literal() == Some(name);
    if members.variables.iter().any(is_fixed) {
        return Winner::Fixed;
    }
    if !variables.has_own(name) {
        return Winner::File;
    }
    let default = default(members, name);
    if default.is_some_and(|default| default.span == value.span) {
        return Winner::Default;
    }
    let is_captured = || {
        captures(&members.list.value)
            .iter()
            .any(|one| **one == *name)
    };
    // A captured value is at the start of its file.
    if value.span.end == 0 && is_captured() {
        return Winner::Path;
    }
    Winner::Member
}

/// Returns the default of a field.
fn default<'a>(members: &'a Members, name: &str) -> Option<&'a Node> {
    let mut fields = members.fields.iter().flatten();
    let field = fields.find(|field| field.name.value == name)?;
    field.schema.get("default")
}

struct Variable<'k> {
    id: SubjectId,
    keys: &'k [String],
    is_secret: bool,
}

impl Variable<'_> {
    fn name(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    /// Returns a level with the value at the path in a variable.
    fn set(&self, level: Level, value: Option<&Node>) -> Level {
        let Some(value) = value else {
            return level.state(State::NotSet);
        };
        let below = path::at(value, &self.keys[1..]);
        let span = below.map_or(value.span, |below| below.span);
        let shown = below.map_or(serde_json::Value::Null, |below| json(below, self.is_secret));
        Level {
            span: Some(span),
            ..level.value(shown)
        }
    }

    fn levels(&self, context: &mut Context<'_>) -> Vec<Level> {
        let name = self.name();
        if BUILT_IN.contains(&name) {
            return self.built_in(context);
        }
        let variables = context.variables(self.id);
        let value = variables.get(name);
        let Some(members) = context.members(self.id) else {
            let level = Level::new("variables", name, None);
            let mut levels: Vec<Level> = value
                .map(|value| self.set(level, Some(value)))
                .into_iter()
                .collect();
            mark_winner(&mut levels);
            return levels;
        };
        let mut levels = Vec::new();
        let mut fields = members.fields.iter().flatten();
        if let Some(field) = fields.find(|field| field.name.value == name) {
            let level = Level::new("fields", format!("default of `{name}`"), field.name.span);
            levels.push(match default(members, name) {
                Some(default) => self.set(level, Some(default)),
                None => level.state(State::NotSet).note("it has no default"),
            });
        }
        levels.extend(self.files(context, members, variables));
        let mut fixed = members.variables.iter();
        let fixed = fixed.find(|entry| entry.key.text.literal() == Some(name));
        if let Some(fixed) = fixed {
            let level = Level::new("variables", name, fixed.key.span);
            levels.push(self.set(level, Some(&fixed.value)));
        }
        levels.push(self.member(context, members, value));
        mark_winner(&mut levels);
        let is_default =
            value.is_some_and(|value| winner(members, variables, name, value) == Winner::Default);
        if is_default {
            select_default(&mut levels);
        }
        levels
    }

    fn files(
        &self,
        context: &mut Context<'_>,
        members: &Members,
        variables: &Variables,
    ) -> Vec<Level> {
        let pairs = members.variables_from.iter().zip(&variables.shared.files);
        let level = |(written, file): (&crate::source::Spanned<crate::tree::Text>, &_)| {
            let start = context.files.sources.start(*file);
            let found = shared::read(
                context.files,
                *file,
                start,
                false,
                &mut Diagnostics::default(),
            );
            let set = found.into_iter().flat_map(|found| found.variables);
            let value = set.into_iter().find(|(name, _)| **name == *self.name());
            let level = Level::new("variablesFrom", &*written.value.source_text(), start);
            let level = level.resolved(context.files.sources.path(*file));
            self.set(level, value.as_ref().map(|(_, value)| value))
        };
        pairs.map(level).collect()
    }

    /// Returns the level of the member itself, or of the path of its file.
    fn member(&self, context: &Context<'_>, members: &Members, value: Option<&Node>) -> Level {
        let variables = context.variables(self.id);
        let span = context.subject(self.id).span();
        let kind = value.map(|value| winner(members, variables, self.name(), value));
        let (kind, name, value) = match kind {
            Some(Winner::Path) => ("path", members.list.value.clone(), value),
            Some(Winner::Member) => ("member", self.subject(context), value),
            _ => ("member", self.subject(context), None),
        };
        self.set(Level::new(kind, name, span), value)
    }

    fn subject(&self, context: &Context<'_>) -> String {
        match context.subject(self.id) {
            crate::plan::Subject::Cluster(cluster) => cluster.name.to_string(),
            crate::plan::Subject::Group(group) => group.name.to_string(),
            crate::plan::Subject::Fleet(_) => "the fleet".to_owned(),
        }
    }

    /// Returns the level of a variable that the program sets.
    fn built_in(&self, context: &Context<'_>) -> Vec<Level> {
        let subject = context.subject(self.id);
        let scope = SubjectScope::new(context.plan().subjects(), subject, &[]);
        let level = Level::new("built-in", self.name(), subject.span());
        let value = scope.get(self.name()).map(std::borrow::Cow::into_owned);
        let mut levels = vec![Level {
            span: subject.span(),
            ..self.set(level, value.as_ref())
        }];
        mark_winner(&mut levels);
        levels
    }
}

/// Marks the default as the winner: a member that sets `null` selects it, and files of variables do not count.
fn select_default(levels: &mut [Level]) {
    let mut is_hidden = false;
    for level in levels {
        match level.kind {
            "fields" => level.state = State::Wins,
            "variablesFrom" if level.value.is_some() => {
                level.state = State::Overridden;
                is_hidden = true;
            }
            "member" if is_hidden => level.note = Some("`null` selects the default".to_owned()),
            _ => {}
        }
    }
}

/// Returns the names of the variables of a subject, sorted.
pub(super) fn names(variables: &Variables) -> Vec<Rc<str>> {
    let own = variables.own.iter().map(|(name, _)| Rc::clone(name));
    let shared = variables
        .shared
        .values
        .iter()
        .map(|(name, _)| Rc::clone(name));
    let mut names: Vec<Rc<str>> = own.chain(shared).collect();
    names.sort_unstable();
    names.dedup();
    names
}
