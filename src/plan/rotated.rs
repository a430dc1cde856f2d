//! Objects whose names follow their content, because it can never be changed.

use std::rc::Rc;

use super::object::Object;
use super::subject::SubjectId;
use crate::model::name::{LABEL_LENGTH, rotated as hashed_name};
use crate::template::fill::yaml::sorted;
use crate::tree::{Node, Part, Text};
use crate::yaml::print::{self, Format, Place};

/// An object whose name ends with a hash of its `spec`.
#[derive(Debug)]
pub struct Rotated {
    /// The object as its template writes it, in its first form.
    pub object: Object,
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
    /// Returns its `spec` for a subject, or `None` if the object is not created for the subject.
    pub fn content(&self, id: SubjectId) -> Option<&Node> {
        let is_for = |form: &&Form| form.subjects.binary_search(&id).is_ok();
        Some(&self.forms.iter().find(is_for)?.content)
    }
}

/// Returns the name of an object from the name that its template writes and from its filled content.
pub fn name(written: &str, content: &Node) -> Rc<str> {
    hashed_name(written, &canonical(content), LABEL_LENGTH).into()
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
