//! The place of a new member in a list, by the format of the list.

use super::assignments;
use super::field::FieldValue;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::edit::{self, Insertion, NewMember, NewValue};
use crate::files::is_pattern;
use crate::input::list::{is_config_map, value_at};
use crate::input::members::Members;
use crate::source::FileId;
use crate::tree::{Node, Shape};
use crate::yaml::{self, NoMask};

/// A new member, and the list that reads it.
pub(super) struct Placed<'a> {
    pub(super) members: &'a Members,
    pub(super) path: &'a str,
    pub(super) name: &'a str,
    pub(super) fields: &'a [FieldValue],
}

/// Returns the name of a file without its extension, and the extension.
fn split_name(path: &str) -> (&str, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .map_or((name, ""), |(stem, extension)| (stem, extension))
}

impl Placed<'_> {
    /// Returns the contents of a new file with the member.
    pub(super) fn new_file(&self) -> Result<String, Diagnostic> {
        let (stem, extension) = split_name(self.path);
        if self.members.at.is_some() {
            return Err(self.cannot("`at` reads a part of an object, which must exist"));
        }
        let mut fields = self.pairs();
        let is_named = stem == self.name;
        if extension == "env" {
            let name = (!is_named).then_some((&*self.members.key.value, self.name));
            let fields = self.fields.iter();
            let fields =
                fields.map(|field| (&*field.name, field.node.text().unwrap_or(&field.text)));
            return assignments::write(name.into_iter().chain(fields)).map_err(|name| {
                self.cannot(&format!(
                    "`{name}` is not a name that a `.env` file can set"
                ))
            });
        }
        if !is_named {
            fields.insert(0, self.key_field());
        }
        Ok(edit::document(&fields, extension == "json"))
    }

    /// Returns what to insert into a file of the list.
    pub(super) fn insertions(
        &self,
        file: FileId,
        text: &str,
    ) -> Result<Vec<Insertion>, Diagnostic> {
        let (_, extension) = split_name(self.path);
        let is_single = self.members.at.is_some() || is_pattern(&self.members.list.value);
        if extension == "env" {
            return Err(self.is_member());
        }
        let documents = yaml::parse(file, text, &NoMask, &mut Diagnostics::default());
        let documents = documents.unwrap_or_default();
        let Some(document) = documents.last() else {
            return if is_single {
                Err(self.is_member())
            } else {
                Ok(edit::append(text, &self.in_mapping()))
            };
        };
        let (parent, member) = match &self.members.at {
            Some(at) => match value_at(document, &at.value) {
                Some(found) if found.items().is_some() => (found, self.in_sequence()),
                _ => return Err(self.is_member()),
            },
            None if document.items().is_some() => (document, self.in_sequence()),
            None if is_config_map(document) => match document.get("data") {
                Some(data) => (data, self.in_config_map()),
                None => return Err(self.cannot("its last ConfigMap has no `data`")),
            },
            None if is_single => return Err(self.is_member()),
            None => (document, self.in_mapping()),
        };
        edit::insertions(text, parent, &member, extension == "json")
            .ok_or_else(|| self.cannot("the layout of its last member is not supported"))
    }

    fn in_sequence(&self) -> NewMember {
        let mut fields = self.pairs();
        fields.insert(0, self.key_field());
        NewMember {
            key: None,
            value: NewValue::Fields(fields),
        }
    }

    fn in_mapping(&self) -> NewMember {
        let sole = self.sole_value();
        let sole = sole.filter(|field| field.node.shape() == Shape::String);
        let value = match sole {
            Some(field) => NewValue::Scalar(field.node.clone()),
            None => NewValue::Fields(self.pairs()),
        };
        self.keyed(value)
    }

    /// Returns the member for a `ConfigMap`, whose values are strings. A string of one line is the field `value`, and
    /// other fields need several lines then.
    fn in_config_map(&self) -> NewMember {
        if let Some(field) = self.sole_value()
            && let text = field.node.text().unwrap_or(&field.text)
            && !text.contains(['\n', '\r'])
        {
            return self.keyed(NewValue::Scalar(Node::string(field.node.span, text)));
        }
        let mut fields = self.pairs();
        let needs_lines = self.members.value.is_some();
        if fields.is_empty() || (needs_lines && fields.len() == 1) {
            fields.insert(0, self.key_field());
        }
        let end = if needs_lines && fields.len() == 1 {
            "# no fields\n"
        } else {
            ""
        };
        let lines = edit::document(&fields, false) + end;
        self.keyed(NewValue::Lines(lines))
    }

    /// Returns the field that a plain string sets, if it is the only one.
    fn sole_value(&self) -> Option<&FieldValue> {
        match (self.fields, &self.members.value) {
            ([field], Some(value)) if field.name == value.value => Some(field),
            _ => None,
        }
    }

    fn keyed(&self, value: NewValue) -> NewMember {
        let key = Some(self.name.to_owned());
        NewMember { key, value }
    }

    fn pairs(&self) -> Vec<(String, Node)> {
        let fields = self.fields.iter();
        fields
            .map(|field| (field.name.clone(), field.node.clone()))
            .collect()
    }

    fn key_field(&self) -> (String, Node) {
        let key = &self.members.key;
        (key.value.clone(), Node::string(key.span, self.name))
    }

    fn is_member(&self) -> Diagnostic {
        let example = match self.path.rsplit_once('/') {
            Some((dir, _)) => format!("{dir}/{}", self.name),
            None => self.name.to_owned(),
        };
        let (_, extension) = split_name(self.path);
        let message = format!("`{}` is the file of one member", self.path);
        let help = format!("pass the path of a new file, such as `--list {example}.{extension}`");
        Diagnostic::without_location(Code::CannotEdit, message).help(help)
    }

    fn cannot(&self, reason: &str) -> Diagnostic {
        let message = format!("cannot add a member to `{}`: {reason}", self.path);
        Diagnostic::without_location(Code::CannotEdit, message).help("edit the list by hand")
    }
}
