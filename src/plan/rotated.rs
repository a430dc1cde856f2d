//! Objects whose names follow their content, because it can never be changed.

use std::rc::Rc;

use super::{Scoped, SubjectId};
use crate::model::name::{LABEL_LENGTH, rotated};
use crate::source::Span;
use crate::template::fill;
use crate::template::fill::yaml::sorted;
use crate::tree::{Node, Part, Text};
use crate::yaml::print::{self, Format, Place};

/// An object whose name ends with a hash of its `spec`.
#[derive(Debug)]
pub struct Rotated {
    /// The group of its `apiVersion`.
    pub group: Rc<str>,
    /// Its kind.
    pub kind: Rc<str>,
    /// Its namespace.
    pub namespace: Option<Text>,
    /// Its name as the template writes it.
    pub name: (Text, Span),
    /// The template's own variables.
    pub variables: Rc<[(Rc<str>, Node)]>,
    /// See [`Template::selected`](super::Template::selected).
    pub selected: Option<Rc<[usize]>>,
    /// Its forms; more than one where patches make it different for some.
    pub forms: Vec<Form>,
}

/// What a rotated object holds for some subjects.
#[derive(Debug)]
pub struct Form {
    /// The subjects, ascending.
    pub subjects: Vec<SubjectId>,
    /// Its `spec`.
    pub content: Node,
}

impl Rotated {
    /// The name that the template writes, for the subject of a scope.
    pub fn written(&self, scope: &Scoped<'_>) -> Rc<str> {
        fill::text(&self.name.0, &self.scope(scope), &mut Vec::new())
    }

    /// The name; none where the object is not made for the subject. What cannot be filled is told of
    /// the object itself.
    pub fn named(&self, scope: &Scoped<'_>, id: SubjectId) -> Option<Rc<str>> {
        let is_for = |form: &&Form| form.subjects.binary_search(&id).is_ok();
        let form = self.forms.iter().find(is_for)?;
        let content = fill::node(&form.content, &self.scope(scope), &mut Vec::new());
        Some(rotated(&self.written(scope), &canonical(&content), LABEL_LENGTH).into())
    }

    /// The variables of the object's template, whoever refers to it.
    fn scope<'a>(&'a self, scope: &Scoped<'a>) -> Scoped<'a> {
        Scoped {
            variables: &self.variables,
            selected: self.selected.as_deref(),
            ..*scope
        }
    }
}

/// The content as compact JSON with sorted keys: the same whatever the author's style and order.
fn canonical(content: &Node) -> Vec<u8> {
    let mut json = Vec::with_capacity(1 << 10);
    print::value(Format::Json, &sorted(content), Place::Document, &mut json);
    json
}

/// Which rotated object's name a text is.
pub fn index(text: &Text) -> Option<usize> {
    match text {
        Text::Parts(parts) => match &**parts {
            [Part::Rotated(name)] => Some(name.index),
            _ => None,
        },
        Text::Literal(_) => None,
    }
}
