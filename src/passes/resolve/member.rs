//! Resolves the own variables of a member from its fields, path and key.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::list::{List, ListState};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::list::{Fields, Member, field_entry};
use crate::input::read::{report_built_in, wrong_type};
use crate::model::Variables;
use crate::model::cluster::find_sorted;
use crate::source::Span;
use crate::tree::{Entry, Node, Shape, Style, Text};

impl List<'_> {
    /// Returns the variables of a member: its validated fields, shared variables and defaults.
    pub(super) fn variables(
        &mut self,
        member: Member,
        state: &mut ListState,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Variables> {
        let before = diags.errors();
        let (span, is_existing, has_string_values) =
            (member.span, member.is_existing, member.has_string_values);
        let captures = Rc::clone(&member.captures);
        let fields = self.member_fields(member, diags)?;
        let mut own = Vec::with_capacity(fields.len() + 2);
        let mut unset: BTreeMap<Rc<str>, Node> = BTreeMap::new();
        for entry in fields {
            let Text::Literal(name) = entry.key.text else {
                continue;
            };
            if !is_existing {
                self.check_name(&name, entry.key.span, diags);
            }
            if entry.value.is_null() {
                unset.insert(name, entry.value);
                continue;
            }
            if *name == *self.key {
                check_key(&entry.value, &name, diags);
            }
            let value = match self.fields.named(&name) {
                Some(field) => field.check(entry.value, has_string_values, diags),
                None => entry.value,
            };
            own.push((name, value));
        }
        if diags.errors() > before {
            return None;
        }
        own.sort_by(|(one, _), (other, _)| one.cmp(other));
        for captured in &*captures {
            let name = captured.key.text.literal().unwrap_or_default();
            let own = find_sorted(&own, name);
            if let Some(value) = own.filter(|own| own.text() != captured.value.text()) {
                self.report_capture_conflict((name, value), captured, diags);
            }
        }
        let declared = &self.fields;
        let mut problems = Vec::new();
        let shared =
            self.shared
                .member_variables(&own, Some(span), declared, &mut problems, files, diags);
        if !problems.is_empty() {
            let shared = Rc::clone(&self.shared.literals);
            self.record_fill_errors(problems, &Variables { own, shared }, span, state);
            return None;
        }
        let mut variables = Variables {
            own,
            shared: shared?,
        };
        let mut is_whole = true;
        let mut added = Vec::new();
        for field in declared.iter().filter(|_| !is_existing) {
            let name = field.name.as_str();
            let is_unset = unset.contains_key(name);
            if variables.has_own(name) || (!is_unset && variables.get(name).is_some()) {
                continue;
            }
            match &field.default {
                _ if field.has_invalid_schema() => is_whole = false,
                Some(default) if default.is_null() => {}
                Some(default) => added.push((name.into(), default.clone())),
                None => {
                    let message = format!("missing field `{name}`");
                    diags.push(
                        Diagnostic::new(Code::MissingField, span, message)
                            .related(field.span, "required because it has no default")
                            .help(format!("add `{name}: …`")),
                    );
                }
            }
        }
        variables.extend_own(added);
        // A null in a member hides the shared variable with the same name.
        unset.retain(|name, _| variables.get(name).is_some() && !variables.has_own(name));
        variables.extend_own(unset);
        (is_whole && diags.errors() == before).then_some(variables)
    }

    /// Returns the fields of a member, including those from its path and its key.
    fn member_fields(&self, member: Member, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
        let mut fields = match member.fields {
            Fields::Mapping(entries) => entries,
            Fields::Text(text) => {
                let mut fields = Vec::with_capacity(2);
                fields.push(self.scalar_field(member.span, text, diags)?);
                fields
            }
        };
        for captured in &*member.captures {
            let is_same =
                |entry: &Entry| entry.key.text == captured.key.text && !entry.value.is_null();
            if !fields.iter().any(is_same) {
                fields.push(captured.clone());
            }
        }
        let is_key =
            |entry: &Entry| entry.key.text.literal() == Some(&self.key) && !entry.value.is_null();
        if !fields.iter().any(is_key) {
            let Some(name) = &member.name else {
                let message = format!("missing key field `{}`", self.key);
                let help = format!(
                    "add `{}: …`, or set `key` in fleet.yaml to another field",
                    self.key
                );
                diags.push(
                    Diagnostic::new(Code::MissingField, member.span, message)
                        .related(self.written.key.span, "the list")
                        .help(help),
                );
                return None;
            };
            let name = Node::scalar(member.span, Style::Quoted, Rc::clone(name));
            fields.push(field_entry(&self.key, member.span, name));
        }
        Some(fields)
    }

    fn report_capture_conflict(
        &self,
        (name, value): (&str, &Node),
        captured: &Entry,
        diags: &mut Diagnostics,
    ) {
        let path = captured.value.text().unwrap_or_default();
        let message = format!("`{name}` must be `{path}`, as in the path of this file");
        diags.push(
            Diagnostic::new(Code::CaptureConflict, value.span, message)
                .related(self.written.list.span, "captured by this path")
                .help("remove the field, or move the file"),
        );
    }

    /// Returns the field that a scalar member sets, as `value` names it.
    fn scalar_field(&self, span: Span, text: Node, diags: &mut Diagnostics) -> Option<Entry> {
        let Some(field) = &self.value else {
            let message = format!("expected a mapping of fields, found {}", text.shape());
            diags.push(
                Diagnostic::new(Code::WrongType, text.span, message)
                    .related(self.written.list.span, "the list")
                    .help("add `value: FIELD` next to `list`"),
            );
            return None;
        };
        Some(field_entry(field, span, text))
    }

    /// Reports a field that a member must not set.
    fn check_name(&self, name: &str, span: Span, diags: &mut Diagnostics) {
        if let Some(set_at) = self.fixed.get(name) {
            let message =
                format!("member must not set `{name}`, which `variables` in fleet.yaml sets");
            diags.push(
                Diagnostic::new(Code::FixedVariable, span, message)
                    .related(*set_at, "set here")
                    .help("remove the field, or move the variable to `fields` with a default"),
            );
            return;
        }
        if *name != *self.key {
            report_built_in(name, span, diags);
        }
        let (Some(settable), Some(fields)) = (&self.settable, &self.written.fields) else {
            return;
        };
        if !settable.contains(name) {
            let message = format!("unknown field `{name}`");
            let names = || fields.iter().map(|field| field.name.value.as_str());
            let help = diags.suggestions.did_you_mean(name, names);
            diags.push(Diagnostic::new(Code::UnknownField, span, message).help(help));
        }
    }
}

/// Reports a key of a member that is not a string: YAML parsers convert it differently.
fn check_key(value: &Node, key: &str, diags: &mut Diagnostics) {
    if value.shape() != Shape::String {
        wrong_type(
            value,
            &format!("the key `{key}` of a member"),
            "a string",
            diags,
        );
    }
}
