//! Fields: what a member says becomes its own variables.

use std::rc::Rc;

use super::list::{List, refuse_built_in};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::input::list::{Fields, Member, field_entry};
use crate::input::read::wrong_type;
use crate::model::Variables;
use crate::source::Span;
use crate::tree::{Entry, Node, Shape, Style, Text};

impl List<'_> {
    /// A member's own variables: its fields, checked, with defaults.
    pub(super) fn variables(&self, member: Member, diags: &mut Diagnostics) -> Option<Variables> {
        let before = diags.errors();
        let mut said = match member.fields {
            Fields::Mapping(entries) => entries,
            Fields::Text(text) => {
                let mut said = Vec::with_capacity(2);
                said.push(self.plain(member.span, text, diags)?);
                said
            }
        };
        let is_key =
            |entry: &Entry| entry.key.text.literal() == Some(&self.key) && !entry.value.is_null();
        if !said.iter().any(is_key) {
            let Some(name) = &member.name else {
                let message = format!("this member does not say its key `{}`", self.key);
                let diagnostic = Diagnostic::new(Code::MissingField, member.span, message);
                let help = format!(
                    "write `{}: …`, or name another field with `key` in fleet.yaml",
                    self.key
                );
                diags.push(
                    diagnostic
                        .related(self.entry.key.span, "of this list")
                        .help(help),
                );
                return None;
            };
            let name = Node::scalar(member.span, Style::Quoted, Rc::clone(name));
            said.push(field_entry(&self.key, member.span, name));
        }
        let mut own = Vec::with_capacity(said.len() + 2);
        for entry in said {
            let Text::Literal(name) = entry.key.text else {
                continue;
            };
            self.check_name(&name, entry.key.span, diags);
            if entry.value.is_null() {
                continue;
            }
            if *name == *self.key {
                check_key(&entry.value, &name, diags);
            }
            let field = self
                .fields
                .iter()
                .flatten()
                .find(|field| field.name == *name);
            let value = match field {
                Some(field) => field.check(entry.value, member.textual, diags),
                None => entry.value,
            };
            own.push((name, value));
        }
        for field in self.fields.iter().flatten() {
            if own.iter().any(|(name, _)| **name == *field.name) {
                continue;
            }
            match &field.default {
                Some(default) => own.push((field.name.as_str().into(), default.clone())),
                None if field.required => {
                    let message = format!("this member lacks the field `{}`", field.name);
                    let diagnostic = Diagnostic::new(Code::MissingField, member.span, message);
                    diags.push(
                        diagnostic
                            .related(field.span, "required here: it has no default")
                            .help(format!("write `{}: …`", field.name)),
                    );
                }
                None => {}
            }
        }
        (diags.errors() == before).then(|| Variables {
            own,
            shared: Rc::clone(&self.shared),
        })
    }

    /// The field that a plain text sets.
    fn plain(&self, span: Span, text: Node, diags: &mut Diagnostics) -> Option<Entry> {
        let Some(field) = &self.value else {
            let message = "this member is a plain text, and no field takes it";
            diags.push(
                Diagnostic::new(Code::WrongType, text.span, message)
                    .related(self.entry.list.span, "this list")
                    .help("name the field beside `list`: `value: type`"),
            );
            return None;
        };
        Some(field_entry(field, span, text))
    }

    /// Refuses a field that a member may not say.
    fn check_name(&self, name: &str, span: Span, diags: &mut Diagnostics) {
        let is_key = *name == *self.key;
        if let Some(fixed) = self
            .entry
            .variables
            .iter()
            .find(|fixed| fixed.key.text.literal() == Some(name))
        {
            let message = format!("a member cannot say `{name}`: fleet.yaml fixes it");
            let diagnostic = Diagnostic::new(Code::FixedVariable, span, message)
                .related(fixed.key.span, "fixed here");
            diags.push(
                diagnostic.help("remove the field, or make it one of `fields` with a default"),
            );
            return;
        }
        if !is_key {
            refuse_built_in(name, span, diags);
        }
        // As written: a field whose schema is wrong is known all the same.
        let Some(fields) = &self.entry.fields else {
            return;
        };
        let is_value = self
            .entry
            .value
            .as_ref()
            .is_some_and(|value| value.value == name);
        if !is_key && !is_value && !fields.iter().any(|field| field.name.value == name) {
            let message = format!("a member has no field `{name}`");
            let help = did_you_mean(name, fields.iter().map(|field| field.name.value.as_str()));
            diags.push(Diagnostic::new(Code::UnknownField, span, message).help(help));
        }
    }
}

/// A member's key is a text to every reader.
fn check_key(value: &Node, key: &str, diags: &mut Diagnostics) {
    if value.shape() != Shape::Text {
        wrong_type(
            value,
            &format!("the key `{key}` of a member"),
            "a text",
            diags,
        );
    }
}
