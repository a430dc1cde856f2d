//! A list of members, of clusters or of groups: what `fleet.yaml` says of it, applied to each member.

use std::collections::btree_map::Entry as MapEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::field::Field;
use super::observed::Observed;
use super::shared::SharedFiles;
use super::steps::{Made, Step, steps};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::list::Member;
use crate::input::members::Members;
use crate::input::read::report_built_in;
use crate::model::Variables;
use crate::model::cluster::NAMES;
use crate::passes::findings::{AffectedSubject, Findings};
use crate::source::Span;
use crate::template::error::FillError;
use crate::template::fill;
use crate::tree::{Node, Value};

/// The most text that the variables of a list's members may hold, in bytes.
const VARIABLE_BYTES: usize = 256 << 20;

/// A list, ready to be applied to its members.
pub(super) struct List<'a> {
    /// What messages call what is made of a member.
    noun: &'static str,
    pub(super) written: &'a Members,
    pub(super) fields: Vec<Field>,
    pub(super) shared: SharedFiles<'a>,
    /// `None` if they cannot be ordered, which was reported: no member can be resolved then.
    steps: Option<Vec<Step>>,
    pub(super) key: Rc<str>,
    /// The field that a plain text sets.
    pub(super) value: Option<Rc<str>>,
    /// What a member may say, or its path; none where that is anything.
    pub(super) settable: Option<BTreeSet<String>>,
}

/// A member whose variables are settled.
pub(super) struct SettledMember {
    /// Its variables, the names that are made of them among its own.
    pub(super) variables: Variables,
    /// Its key.
    pub(super) span: Span,
    /// Whether it is a cluster that exists already.
    pub(super) is_existing: bool,
}

impl SettledMember {
    /// Takes the names out of a member's own variables, and counts what these hold.
    pub(super) fn close(&mut self, run: &mut Run, diags: &mut Diagnostics) {
        let own = &mut self.variables.own;
        run.bytes += own
            .iter()
            .map(|(_, value)| value.text().map_or(0, str::len))
            .sum::<usize>();
        own.retain(|(name, _)| !NAMES.contains(&&**name));
        own.shrink_to_fit();
        if run.is_full() {
            let message = format!(
                "the variables of the members so far hold more than {VARIABLE_BYTES} bytes"
            );
            diags.push(Diagnostic::new(Code::TooManyMembers, self.span, message));
        }
    }

    /// The text of a variable; empty where it is none.
    pub(super) fn text(&self, name: &str) -> Rc<str> {
        self.variables.get(name).map(text).unwrap_or_default()
    }
}

/// What is found out about all members of a list.
#[derive(Default)]
pub(super) struct Run {
    pub(super) findings: Findings,
    seen: BTreeMap<Rc<str>, Span>,
    observed: Observed,
    bytes: usize,
}

impl Run {
    /// Whether the members so far hold more than a list may hold.
    pub(super) fn is_full(&self) -> bool {
        self.bytes > VARIABLE_BYTES
    }
}

impl<'a> List<'a> {
    /// Compiles what the entry says; `names` are made for each member.
    pub(super) fn new(
        noun: &'static str,
        written: &'a Members,
        names: Vec<Step>,
        diags: &mut Diagnostics,
    ) -> Self {
        let fields = written.fields.iter().flatten();
        let fields: Vec<Field> = fields.map(|field| Field::new(field, diags)).collect();
        let is_name = names.iter().any(|name| *name.name == *written.key.value);
        if !is_name {
            report_built_in(&written.key.value, written.key.span, diags);
        }
        if let Some(value) = &written.value {
            report_built_in(&value.value, value.span, diags);
        }
        let mut fixed = Vec::new();
        for variable in &written.variables {
            let name = variable.key.text.as_written();
            report_built_in(&name, variable.key.span, diags);
            if variable.value.is_literal() && !variable.value.is_null() {
                fixed.push((name, variable.value.clone()));
            }
        }
        for field in &fields {
            if field.name != written.key.value {
                report_built_in(&field.name, field.span, diags);
            }
        }
        fixed.sort_by(|a: &(Rc<str>, Node), b| a.0.cmp(&b.0));
        Self {
            noun,
            written,
            fields,
            shared: SharedFiles::new(&written.variables_from, fixed),
            steps: steps(names, written, diags),
            key: written.key.value.as_str().into(),
            value: written
                .value
                .as_ref()
                .map(|value| value.value.as_str().into()),
            settable: written.settable(),
        }
    }

    /// Settles a member's variables, and the names that are made of them.
    pub(super) fn settle(
        &mut self,
        member: Member,
        run: &mut Run,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<SettledMember> {
        let is_existing = member.is_existing;
        let mut variables = self.variables(member, run, files, diags)?;
        let key = variables.get(&self.key)?;
        let (name, span) = (text(key), key.span);
        match run.seen.entry(Rc::clone(&name)) {
            MapEntry::Vacant(entry) => {
                entry.insert(span);
            }
            MapEntry::Occupied(first) => {
                let message = format!("the member `{name}` is there twice");
                diags.push(
                    Diagnostic::new(Code::DuplicateMember, span, message)
                        .related(*first.get(), "first said here")
                        .help("remove one of them"),
                );
                return None;
            }
        }
        run.observed.observe(&self.fields, &variables);
        let mut found = Vec::new();
        for step in self.steps.as_ref()? {
            let value = match &step.value {
                // A cluster that exists already has its own names.
                _ if is_existing && *step.name == *"NAMESPACE" => {
                    variables.get("namespace")?.clone()
                }
                _ if is_existing && step.is_name() => variables.get("name")?.clone(),
                Made::Filled(value) => fill::node(value, &variables, &mut found),
                Made::Same(from) => variables.get(from)?.clone(),
            };
            let value = if step.is_name() {
                Node { span, ..value }
            } else {
                value
            };
            if !value.is_null() && *step.name != *self.key {
                variables.own.push((Rc::clone(&step.name), value));
            }
        }
        if !found.is_empty() {
            self.unfilled(found, &variables, span, run);
            return None;
        }
        Some(SettledMember {
            variables,
            span,
            is_existing,
        })
    }

    /// Notes what cannot be filled for a member.
    pub(super) fn unfilled(
        &self,
        found: Vec<FillError>,
        variables: &Variables,
        span: Span,
        run: &mut Run,
    ) {
        let shown = variables.get(&self.key).map(text).unwrap_or_default();
        let member = AffectedSubject {
            noun: self.noun,
            name: &shown,
            span: Some(span),
            variables,
        };
        run.findings.add_errors(found, member);
    }

    /// Reports what was found out about all members.
    pub(super) fn finish(&self, run: Run, diags: &mut Diagnostics) {
        run.observed.report(&self.fields, diags);
        run.findings.report(diags);
    }
}

/// The text of a value; empty if it is none.
pub(super) fn text(value: &Node) -> Rc<str> {
    match &value.value {
        Value::Scalar(scalar) => scalar.text.as_written(),
        Value::Sequence(_) | Value::Mapping(_) => Rc::default(),
    }
}
