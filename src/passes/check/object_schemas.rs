//! Objects against the schemas of their kinds.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::schema_messages::{describe_all, unknown_code, unknown_kind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Problem, Suggestions};
use crate::fill::{Collector, Reader, Visit};
use crate::kinds::{self, Holes, KindSchema, Schema, Schemas, Unknown, Walker};
use crate::passes::findings::Findings;
use crate::plan::{Object, Template};
use crate::source::Span;
use crate::tree::{Node, Style};

/// Checks the objects of each visited template against the schemas of their kinds.
pub(crate) struct ObjectSchemas<'a> {
    schemas: &'a Schemas,
    kinds: BTreeMap<(Rc<str>, Rc<str>), Result<KindSchema, Unknown>>,
    /// The fields of the current template whose values differ between subjects.
    fields: Vec<OpenField>,
    /// Errors in what is the same for all subjects, each once.
    constant: BTreeMap<(Span, Code, String), Option<String>>,
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
        for ((span, code, message), help) in self.constant {
            let problem = Problem { message, help };
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
            Ok(KindSchema { root, .. }) => {
                let root = Rc::clone(root);
                let mut found = Found {
                    values,
                    kind: &object.kind,
                    fields: Vec::new(),
                };
                let violations = Walker::new(schemas, Some(&mut found)).object(&object.tree, &root);
                self.fields.append(&mut found.fields);
                let found = describe_all(&violations, &object.kind, &mut self.suggestions);
                for (span, code, problem) in found {
                    self.constant
                        .insert((span, code, problem.message), problem.help);
                }
            }
            Err(Unknown::Unchecked) => self.unchecked_here.push(object.qualified_kind()),
            Err(unknown) => {
                let problem =
                    unknown_kind(api_version, &object.kind, unknown, &mut self.suggestions);
                let code = unknown_code(unknown);
                if code.exit().is_none() {
                    self.unchecked_here.push(object.qualified_kind());
                }
                let key = (span, code, problem.message);
                self.constant.insert(key, problem.help);
            }
        }
    }
}

impl Reader for ObjectSchemas<'_> {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        self.fields.clear();
        for object in &template.objects {
            self.prepare_object(object, values);
        }
        for kind in self.unchecked_here.drain(..) {
            *self.unchecked.entry(kind).or_default() += template.instances.len();
        }
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if !visit.is_complete() {
            return ControlFlow::Continue(());
        }
        for field in &self.fields {
            let violations = match (
                visit.values.tree(field.value),
                visit.values.scalar(field.value),
            ) {
                (Some(tree), _) => kinds::check(self.schemas, tree, &field.schema, &field.path),
                (None, Some((_, Style::Quoted))) if field.schema.accepts_any_string() => continue,
                (None, Some((text, style))) => kinds::check_scalar(
                    self.schemas,
                    (text, style),
                    field.span,
                    &field.schema,
                    &field.path,
                ),
                (None, None) => continue,
            };
            // A part of a value is reported where the template uses the value.
            for (_, code, problem) in describe_all(&violations, &field.kind, &mut self.suggestions)
            {
                self.findings
                    .add(code, field.span, visit.scope.subject, || problem);
            }
        }
        ControlFlow::Continue(())
    }
}
