//! Fields: what a member says becomes its own variables.

use std::rc::Rc;

use super::list::{List, Run};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::files::Files;
use crate::input::list::{Fields, Member, field_entry};
use crate::input::read::{report_built_in, wrong_type};
use crate::model::Variables;
use crate::source::Span;
use crate::tree::{Entry, Node, Shape, Style, Text};

impl List<'_> {
    /// A member's variables: its fields, checked, what it shares with others, and defaults.
    pub(super) fn variables(
        &mut self,
        member: Member,
        run: &mut Run,
        files: &mut Files,
        diags: &mut Diagnostics,
    ) -> Option<Variables> {
        let before = diags.errors();
        let (span, is_existing, has_string_values) =
            (member.span, member.is_existing, member.has_string_values);
        let captures = Rc::clone(&member.captures);
        let said = self.said(member, diags)?;
        let mut own = Vec::with_capacity(said.len() + 2);
        let mut unset: Vec<(Rc<str>, Node)> = Vec::new();
        for entry in said {
            let Text::Literal(name) = entry.key.text else {
                continue;
            };
            if !is_existing {
                self.check_name(&name, entry.key.span, diags);
            }
            if entry.value.is_null() {
                unset.push((name, entry.value));
                continue;
            }
            if *name == *self.key {
                check_key(&entry.value, &name, diags);
            }
            let mut fields = self.fields.iter();
            let value = match fields.find(|field| field.name == *name) {
                Some(field) => field.check(entry.value, has_string_values, diags),
                None => entry.value,
            };
            own.push((name, value));
        }
        if diags.errors() > before {
            return None;
        }
        for captured in &*captures {
            let mut own = own.iter();
            let own = own.find(|(name, _)| captured.key.text.literal() == Some(name));
            if let Some((name, value)) = own.filter(|(_, own)| own.text() != captured.value.text())
            {
                self.refuse_disagreement((name, value), captured, diags);
            }
        }
        let fields = &self.fields;
        let mut problems = Vec::new();
        let shared = self
            .shared
            .of(&own, Some(span), fields, &mut problems, files, diags);
        if !problems.is_empty() {
            let shared = Rc::clone(&self.shared.fixed);
            self.unfilled(problems, &Variables { own, shared }, span, run);
            return None;
        }
        let mut variables = Variables {
            own,
            shared: shared?,
        };
        let mut is_whole = true;
        for field in fields.iter().filter(|_| !is_existing) {
            let name = field.name.as_str();
            let is_unset = unset.iter().any(|(unset, _)| **unset == *name);
            let is_said = variables.own.iter().any(|(own, _)| **own == *name);
            if is_said || (!is_unset && variables.get(name).is_some()) {
                continue;
            }
            match &field.default {
                _ if field.is_broken() => is_whole = false,
                Some(default) if default.is_null() => {}
                Some(default) => variables.own.push((name.into(), default.clone())),
                None => {
                    let message = format!("this member lacks the field `{name}`");
                    diags.push(
                        Diagnostic::new(Code::MissingField, span, message)
                            .related(field.span, "required here: it has no default")
                            .help(format!("write `{name}: …`")),
                    );
                }
            }
        }
        // What a member unsets hides what it would share.
        for (name, null) in unset {
            let is_shared = variables.get(&name).is_some();
            if is_shared && !variables.own.iter().any(|(own, _)| *own == name) {
                variables.own.push((name, null));
            }
        }
        (is_whole && diags.errors() == before).then_some(variables)
    }

    /// What a member says: its fields, what its path says, and its key.
    fn said(&self, member: Member, diags: &mut Diagnostics) -> Option<Vec<Entry>> {
        let mut said = match member.fields {
            Fields::Mapping(entries) => entries,
            Fields::Text(text) => {
                let mut said = Vec::with_capacity(2);
                said.push(self.plain(member.span, text, diags)?);
                said
            }
        };
        for captured in &*member.captures {
            let is_same =
                |entry: &Entry| entry.key.text == captured.key.text && !entry.value.is_null();
            if !said.iter().any(is_same) {
                said.push(captured.clone());
            }
        }
        let is_key =
            |entry: &Entry| entry.key.text.literal() == Some(&self.key) && !entry.value.is_null();
        if !said.iter().any(is_key) {
            let Some(name) = &member.name else {
                let message = format!("this member does not say its key `{}`", self.key);
                let help = format!(
                    "write `{}: …`, or name another field with `key` in fleet.yaml",
                    self.key
                );
                diags.push(
                    Diagnostic::new(Code::MissingField, member.span, message)
                        .related(self.written.key.span, "of this list")
                        .help(help),
                );
                return None;
            };
            let name = Node::scalar(member.span, Style::Quoted, Rc::clone(name));
            said.push(field_entry(&self.key, member.span, name));
        }
        Some(said)
    }

    fn refuse_disagreement(
        &self,
        (name, value): (&str, &Node),
        captured: &Entry,
        diags: &mut Diagnostics,
    ) {
        let path = captured.value.text().unwrap_or_default();
        let message =
            format!("the path of this file says `{name}: {path}`, and the member does not");
        diags.push(
            Diagnostic::new(Code::CaptureConflict, value.span, message)
                .related(self.written.list.span, "the path")
                .help("remove the field, or move the file"),
        );
    }

    /// The field that a plain text sets.
    fn plain(&self, span: Span, text: Node, diags: &mut Diagnostics) -> Option<Entry> {
        let Some(field) = &self.value else {
            let message = "this member is a plain text, and no field takes it";
            diags.push(
                Diagnostic::new(Code::WrongType, text.span, message)
                    .related(self.written.list.span, "this list")
                    .help("name the field beside `list`: `value: type`"),
            );
            return None;
        };
        Some(field_entry(field, span, text))
    }

    /// Refuses a field that a member may not say.
    fn check_name(&self, name: &str, span: Span, diags: &mut Diagnostics) {
        if let Some(fixed) = self
            .written
            .variables
            .iter()
            .find(|fixed| fixed.key.text.literal() == Some(name))
        {
            let message = format!("a member cannot say `{name}`: fleet.yaml fixes it");
            diags.push(
                Diagnostic::new(Code::FixedVariable, span, message)
                    .related(fixed.key.span, "fixed here")
                    .help("remove the field, or make it one of `fields` with a default"),
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
            let message = format!("a member has no field `{name}`");
            let help = did_you_mean(name, fields.iter().map(|field| field.name.value.as_str()));
            diags.push(Diagnostic::new(Code::UnknownField, span, message).help(help));
        }
    }
}

/// Reports a key of a member that is not a string: YAML parsers convert it differently.
fn check_key(value: &Node, key: &str, diags: &mut Diagnostics) {
    if value.shape() != Shape::Text {
        wrong_type(
            value,
            &format!("the key `{key}` of a member"),
            "a string",
            diags,
        );
    }
}
