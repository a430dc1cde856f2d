//! Objects against the schemas of their kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Problem, Suggestions, is_secret_key, join_or};
use crate::fill::{Collector, Reader, Visit};
use crate::passes::findings::Findings;
use crate::plan::{Object, Template};
use crate::schema::{self, Fault, Holes, KindSchema, Schema, Schemas, Unknown, Violation, Walker};
use crate::source::Span;
use crate::tree::{Node, Style};

/// Checks the objects of each visited template against the schemas of their kinds.
pub(crate) struct ObjectSchemas<'a> {
    schemas: &'a Schemas,
    kinds: BTreeMap<(Rc<str>, Rc<str>), Result<KindSchema, Unknown>>,
    /// The fields of the current template whose values differ between subjects.
    fields: Vec<OpenField>,
    /// Errors in what is the same for all subjects, each once.
    constant: BTreeMap<(Span, Code), Problem>,
    findings: Findings,
    suggestions: Suggestions,
    /// The kinds without a schema, and how many objects have them.
    unchecked: BTreeMap<String, usize>,
    /// The kinds without a schema in the current template.
    unchecked_here: Vec<String>,
}

/// A value that depends on variables, and its schema.
struct OpenField {
    value: usize,
    span: Span,
    schema: Rc<Schema>,
    path: String,
    kind: Rc<str>,
}

/// The open fields of one object.
struct Found<'a, 'b> {
    values: &'a mut Collector<'b>,
    kind: &'a Rc<str>,
    fields: Vec<OpenField>,
}

impl Holes for Found<'_, '_> {
    fn hole(&mut self, node: &Node, schema: &Rc<Schema>, path: &str) -> Option<Node> {
        if let Some(constant) = self.values.constant(node) {
            return Some(constant);
        }
        let scalar = node.as_scalar();
        let is_string = scalar.is_some_and(|scalar| scalar.style == Style::Quoted);
        if !(is_string && schema.accepts_any_string()) {
            self.fields.push(OpenField {
                value: self.values.value(node),
                span: node.span,
                schema: Rc::clone(schema),
                path: path.to_owned(),
                kind: Rc::clone(self.kind),
            });
        }
        None
    }
}

impl<'a> ObjectSchemas<'a> {
    /// Returns a checker.
    pub(crate) fn new(schemas: &'a Schemas) -> Self {
        Self {
            schemas,
            kinds: BTreeMap::new(),
            fields: Vec::new(),
            constant: BTreeMap::new(),
            findings: Findings::default(),
            suggestions: Suggestions::default(),
            unchecked: BTreeMap::new(),
            unchecked_here: Vec::new(),
        }
    }

    /// Reports all errors, and returns the kinds without a schema, each with the number of its objects.
    pub(crate) fn report(self, diags: &mut Diagnostics) -> BTreeMap<String, usize> {
        for ((span, code), problem) in self.constant {
            diags.push(Diagnostic::from_problem(code, span, problem));
        }
        self.findings.report(diags);
        self.unchecked
    }

    /// Checks what is the same for all subjects, and finds what is not.
    fn prepare_object(&mut self, object: &Object, values: &mut Collector<'_>) {
        let version = object.tree.entry("apiVersion");
        let Some(api_version) = version.and_then(|entry| entry.value.text()) else {
            return;
        };
        let key = (Rc::from(api_version), Rc::clone(&object.kind));
        let schemas = self.schemas;
        let kind = self.kinds.entry(key);
        let kind = kind.or_insert_with_key(|(version, kind)| schemas.kind(version, kind));
        let span = version.map_or(object.span, |entry| entry.value.span);
        match kind {
            Ok(KindSchema { root, is_namespaced }) => {
                let root = Rc::clone(root);
                let is_namespaced = *is_namespaced;
                if let Some(problem) = scope_problem(object, is_namespaced) {
                    self.constant.entry((object.name.span, Code::WrongScope)).or_insert(problem);
                }
                let mut found = Found { values, kind: &object.kind, fields: Vec::new() };
                let violations = Walker::new(schemas, Some(&mut found)).object(&object.tree, &root);
                self.fields.append(&mut found.fields);
                for violation in violations {
                    let (code, problem) =
                        describe(&violation, &object.kind, &mut self.suggestions);
                    self.constant.entry((violation.span, code)).or_insert(problem);
                }
            }
            Err(Unknown::Unchecked) => self.unchecked_here.push(object.qualified_kind()),
            Err(unknown) => {
                let problem = unknown_kind(api_version, &object.kind, unknown, &mut self.suggestions);
                self.constant.entry((span, Code::UnknownKind)).or_insert(problem);
            }
        }
    }
}

impl Reader for ObjectSchemas<'_> {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        self.fields.clear();
        self.unchecked_here.clear();
        for object in &template.objects {
            self.prepare_object(object, values);
        }
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        for kind in &self.unchecked_here {
            *self.unchecked.entry(kind.clone()).or_default() += 1;
        }
        if !visit.is_complete() {
            return ControlFlow::Continue(());
        }
        for field in &self.fields {
            let violations = match (visit.values.tree(field.value), visit.values.scalar(field.value)) {
                (Some(tree), _) => schema::check(self.schemas, tree, &field.schema, &field.path),
                (None, Some((_, Style::Quoted))) if field.schema.accepts_any_string() => continue,
                (None, Some((text, style))) => {
                    schema::check_scalar(self.schemas, (text, style), field.span, &field.schema, &field.path)
                }
                (None, None) => continue,
            };
            for violation in violations {
                let (code, problem) = describe(&violation, &field.kind, &mut self.suggestions);
                // A part of a member's value is reported where the template uses it.
                self.findings.add(code, field.span, visit.scope.subject, || problem);
            }
        }
        ControlFlow::Continue(())
    }
}

/// Returns the problem of an object whose namespace does not fit the scope of its kind.
fn scope_problem(object: &Object, is_namespaced: bool) -> Option<Problem> {
    let kind = &object.kind;
    match (&object.namespace, is_namespaced) {
        (Some(_), false) => Some(
            Problem::new(format!("{kind} objects have no namespace"))
                .help("write `namespace: \"\"` in `metadata`"),
        ),
        (None, true) => Some(
            Problem::new(format!("{kind} objects need a namespace")).help("set `metadata.namespace`"),
        ),
        _ => None,
    }
}

/// Returns the code and the problem of a violation in an object of a kind.
fn describe(violation: &Violation, kind: &str, suggestions: &mut Suggestions) -> (Code, Problem) {
    let Violation { path, fault, .. } = violation;
    let last = path.rsplit('.').next().unwrap_or_default();
    let is_secret = kind == "Secret" || is_secret_key(last);
    let field = if path.is_empty() {
        format!("this {kind}")
    } else {
        format!("`{path}` of this {kind}")
    };
    match fault {
        Fault::Undefined { field: name, schema } => {
            let names = || schema.fields.keys().map(String::as_str);
            let help = match suggestions.closest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None if schema.fields.is_empty() => "remove it".to_owned(),
                None => format!("remove it, or use {}", join_or(names())),
            };
            let message = format!("{field} has no field `{name}`");
            (Code::UndefinedField, Problem::new(message).help(help))
        }
        Fault::Missing(name) => {
            let message = format!("{field} lacks the required field `{name}`");
            (Code::IncompleteObject, Problem::new(message).help(format!("set `{name}`")))
        }
        Fault::Type(expected, found) => {
            let message = format!("{field} must be {}, not {found}", expected.noun());
            let help = match expected {
                schema::Type::String => "quote the value".to_owned(),
                _ => format!("write {}", expected.noun()),
            };
            (Code::WrongType, Problem::new(message).help(help))
        }
        Fault::Value(text, requirement) => {
            let message = match text.as_ref().filter(|_| !is_secret) {
                Some(text) => format!("{field} is `{text}`, but {requirement}"),
                None => format!("{field} {requirement}"),
            };
            let help = "change this value or the variables it uses";
            (Code::RefusedValue, Problem::new(message).help(help))
        }
    }
}

/// Returns the problem of a kind that does not exist.
fn unknown_kind(
    api_version: &str,
    kind: &str,
    unknown: &Unknown,
    suggestions: &mut Suggestions,
) -> Problem {
    let written = format!("`{kind}` of `{api_version}` does not exist");
    match unknown {
        Unknown::Version(versions) => {
            let versions = join_or(versions.iter().copied());
            Problem::new(written).help(format!("use {versions}"))
        }
        Unknown::Group(near) => Problem::new(written).help(format!("did you mean `{near}`?")),
        Unknown::Kind(kinds) => {
            let kinds: BTreeSet<&str> = kinds.iter().copied().collect();
            let near = suggestions.closest(kind, || kinds.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "correct `apiVersion` and `kind`".to_owned(),
            };
            Problem::new(written).help(help)
        }
        Unknown::Unchecked => Problem::new(written),
    }
}
