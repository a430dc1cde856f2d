//! Applies an entry of `clusters` or `groups` to each of its members.

use std::collections::btree_map::Entry as MapEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cross_member::CrossMemberChecks;
use super::field::{DeclaredFields, Field};
use super::shared::SharedFiles;
use super::steps::{Step, StepValue, steps};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{Files, captures};
use crate::input::list::Member;
use crate::input::members::Members;
use crate::input::read::report_built_in;
use crate::model::cluster::NAME_VARIABLES;
use crate::model::{Decided, Variables};
use crate::passes::findings::{AffectedSubject, Findings};
use crate::source::{Span, Spanned};
use crate::template::error::FillError;
use crate::template::fill;
use crate::tree::{Entry, Node, Value};

/// Maximum size of all variables of a list's members, in bytes.
const MAX_VARIABLE_BYTES: usize = 256 << 20;

/// An entry of `clusters` or `groups`, ready to be applied to its members.
pub(super) struct List<'a> {
    /// The noun for the result of a member in messages: `cluster` or `group`.
    noun: &'static str,
    pub(super) written: &'a Members,
    pub(super) fields: DeclaredFields,
    /// The names that `variables` sets, so that a member must not set them.
    pub(super) fixed: BTreeMap<Rc<str>, Span>,
    pub(super) shared: SharedFiles<'a>,
    /// `None` if the steps have no order, which was reported: no member can be resolved then.
    steps: Option<Vec<Step>>,
    pub(super) key: Rc<str>,
    /// The field that a scalar member sets.
    pub(super) value: Option<Rc<str>>,
    /// The names that a member, or its path, can set; `None` if it can set any.
    pub(super) settable: Option<BTreeSet<String>>,
}

/// A member with resolved variables.
pub(super) struct ResolvedMember {
    /// The variables, including the names computed from them.
    pub(super) variables: Variables,
    /// The location of the key.
    pub(super) span: Span,
    /// Whether the member is an existing cluster.
    pub(super) is_existing: bool,
}

impl ResolvedMember {
    /// Removes the names from a member's own variables, and adds the size of these variables to `state`.
    pub(super) fn finish_variables(&mut self, state: &mut ListState, diags: &mut Diagnostics) {
        let own = &mut self.variables.own;
        state.bytes += own
            .iter()
            .map(|(_, value)| value.text().map_or(0, str::len))
            .sum::<usize>();
        own.retain(|(name, _)| !NAME_VARIABLES.contains(&&**name));
        own.shrink_to_fit();
        if state.is_full() {
            let message = format!(
                "the variables of the members exceed the limit of {MAX_VARIABLE_BYTES} bytes"
            );
            let help = "move values that members share to a file of `variablesFrom`";
            diags.push(Diagnostic::new(Code::TooManyMembers, self.span, message).help(help));
        }
    }

    /// Returns the string of a variable; empty if it has none.
    pub(super) fn text(&self, name: &str) -> Rc<str> {
        self.variables.get(name).map(string).unwrap_or_default()
    }
}

/// Data collected over all members of a list.
#[derive(Default)]
pub(super) struct ListState {
    pub(super) findings: Findings,
    seen: BTreeMap<Rc<str>, Span>,
    cross_member: CrossMemberChecks,
    bytes: usize,
}

impl ListState {
    /// Returns `true` if the members so far exceed the size limit.
    pub(super) fn is_full(&self) -> bool {
        self.bytes > MAX_VARIABLE_BYTES
    }
}

impl<'a> List<'a> {
    /// Compiles an entry; `names` are computed for each member.
    pub(super) fn new(
        noun: &'static str,
        (written, allow_empty): (&'a Members, bool),
        names: Vec<Step>,
        labels: &[Entry],
        diags: &mut Diagnostics,
    ) -> Self {
        let fields = written.fields.iter().flatten();
        let fields: DeclaredFields = fields.map(|field| Field::new(field, diags)).collect();
        let is_name = names.iter().any(|name| *name.name == *written.key.value);
        if !is_name {
            report_built_in(&written.key.value, written.key.span, diags);
        }
        if let Some(value) = &written.value {
            report_built_in(&value.value, value.span, diags);
        }
        let mut literals = Vec::new();
        let mut fixed = BTreeMap::new();
        for variable in &written.variables {
            let name = variable.key.text.source_text();
            report_built_in(&name, variable.key.span, diags);
            if let Some(name) = variable.key.text.literal() {
                fixed.insert(name.into(), variable.key.span);
            }
            if variable.value.is_literal() && !variable.value.is_null() {
                literals.push((name, variable.value.clone()));
            }
        }
        for field in fields.iter() {
            if field.name != written.key.value {
                report_built_in(&field.name, field.span, diags);
            }
        }
        literals.sort_by(|a: &(Rc<str>, Node), b| a.0.cmp(&b.0));
        Self {
            noun,
            written,
            fields,
            fixed,
            shared: SharedFiles::new(
                &written.variables_from,
                literals,
                decided(written, labels),
                allow_empty,
            ),
            steps: steps(names, written, diags),
            key: written.key.value.as_str().into(),
            value: written
                .value
                .as_ref()
                .map(|value| value.value.as_str().into()),
            settable: written.settable(),
        }
    }

    /// Returns the entries of `variables`, each after those that it reads.
    pub(super) fn ordered_variables(&self) -> impl Iterator<Item = (Rc<str>, &Node)> {
        let literal = self.written.variables.iter();
        let literal = literal.filter(|variable| variable.value.is_literal());
        let literal = literal.map(|variable| (variable.key.text.source_text(), &variable.value));
        let steps = self.steps.iter().flatten();
        let computed = steps.filter_map(|step| match &step.value {
            StepValue::Filled(value) if self.fixed.contains_key(&step.name) => {
                Some((Rc::clone(&step.name), value))
            }
            StepValue::Filled(_) | StepValue::Same(_) => None,
        });
        literal.chain(computed)
    }

    /// Resolves the variables of a member, and the names computed from them.
    pub(super) fn resolve_member(
        &mut self,
        member: Member,
        state: &mut ListState,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<ResolvedMember> {
        let is_existing = member.is_existing;
        let mut variables = self.variables(member, state, files, diags)?;
        let key = variables.get(&self.key)?;
        let (name, span) = (string(key), key.span);
        match state.seen.entry(Rc::clone(&name)) {
            MapEntry::Vacant(entry) => {
                entry.insert(span);
            }
            MapEntry::Occupied(first) => {
                let message = format!("duplicate member `{name}`");
                diags.push(
                    Diagnostic::new(Code::DuplicateMember, span, message)
                        .related(*first.get(), "first defined here")
                        .help("remove one of them"),
                );
                return None;
            }
        }
        state.cross_member.add_member(&self.fields, &variables);
        let mut errors = Vec::new();
        for step in self.steps.as_ref()? {
            let value = match &step.value {
                // An existing cluster keeps its names.
                _ if is_existing && *step.name == *"NAMESPACE" => {
                    existing_namespace(&mut variables, &step.value, span)
                }
                _ if is_existing && step.is_name() => variables.get("name")?.clone(),
                StepValue::Filled(value) => fill::traced(value, &variables, &mut errors),
                StepValue::Same(from) => variables.get(from)?.clone(),
            };
            let value = if step.is_name() {
                Node { span, ..value }
            } else {
                value
            };
            if !value.is_null() && *step.name != *self.key {
                variables.add_own(&step.name, value);
            }
        }
        if !errors.is_empty() {
            self.record_fill_errors(errors, &variables, span, state);
            return None;
        }
        Some(ResolvedMember {
            variables,
            span,
            is_existing,
        })
    }

    /// Records expressions of a member that cannot be evaluated.
    pub(super) fn record_fill_errors(
        &self,
        errors: Vec<FillError>,
        variables: &Variables,
        span: Span,
        state: &mut ListState,
    ) {
        let key = variables.get(&self.key).map(string).unwrap_or_default();
        let member = AffectedSubject {
            noun: self.noun,
            name: &key,
            span: Some(span),
            variables,
        };
        state.findings.add_errors(errors, member);
    }

    /// Reports the errors of all members.
    pub(super) fn finish(&self, state: ListState, diags: &mut Diagnostics) {
        state.cross_member.report(&self.fields, diags);
        state.findings.report(diags);
    }
}

/// Returns the namespace of an existing cluster. If its manifest sets none, it is the one in `fleet.yaml`, or the one
/// that kubectl uses by default.
fn existing_namespace(variables: &mut Variables, written: &StepValue, span: Span) -> Node {
    if let Some(namespace) = variables.get("namespace") {
        return namespace.clone();
    }
    let default = match written {
        StepValue::Filled(written) => written.text(),
        StepValue::Same(_) => None,
    };
    let namespace = Node::string(span, default.unwrap_or("default"));
    variables.add_own(&"namespace".into(), namespace.clone());
    namespace
}

/// Returns the names that an entry and its `labels` set or restrict.
fn decided(written: &Members, labels: &[Entry]) -> Decided {
    let variables = written.variables.iter();
    let variables = variables.map(|entry| (entry.key.text.source_text(), entry.key.span));
    // The name of a member is its own: entries commonly have a name, too.
    let is_key = |field: &&Spanned<String>| field.value == written.key.value;
    let fields = written.fields.iter().flatten().map(|field| &field.name);
    let fields = fields.filter(|field| !is_key(field));
    let fields = fields.map(|name| (name.value.as_str().into(), name.span));
    let captures = captures(&written.list.value).into_iter();
    let captures = captures.map(|name| (name, written.list.span));
    let mut names: Vec<(Rc<str>, Span)> = variables.chain(fields).chain(captures).collect();
    names.sort();
    let labels = labels.iter().filter(|label| !label.key.is_spread());
    let labels = labels.map(|label| (label.key.text.source_text(), label.key.span));
    let mut labels: Vec<(Rc<str>, Span)> = labels.collect();
    labels.sort();
    Decided {
        list: Some(written.list.span),
        names,
        labels,
        is_closed: written.fields.is_some(),
    }
}

/// Returns the string of a value; empty if it is not a scalar.
pub(super) fn string(value: &Node) -> Rc<str> {
    match &value.value {
        Value::Scalar(scalar) => scalar.text.source_text(),
        Value::Sequence(_) | Value::Mapping(_) => Rc::default(),
    }
}
