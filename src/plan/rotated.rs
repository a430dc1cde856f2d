//! Rotated objects, whose names end with a hash of their content because their content is immutable.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::object::Object;
use super::subject::{SubjectId, With};
use crate::model::name::{LABEL_LENGTH, with_content_hash};
use crate::template::fill::yaml::sorted;
use crate::tree::{Node, Part, Text};
use crate::yaml::print::{self, Format, Place};

/// An object whose name ends with a hash of its `spec`.
#[derive(Debug)]
pub struct RotatedObject {
    /// The object as its template defines it, in its first variant.
    pub object: Object,
    /// The template's own variables.
    pub variables: Rc<[(Rc<str>, Node)]>,
    /// See [`Template::selected`](super::Template::selected).
    pub selected: Option<Rc<[usize]>>,
    /// Its variants. There are several if patches change it for some subjects.
    pub variants: Vec<RotatedVariant>,
    /// The number of the variant of each subject, sorted by subject; determined when it is first needed.
    pub by_subject: OnceCell<Vec<(SubjectId, usize)>>,
    /// The indices of the rotated objects that its content names. They do not need this object.
    pub needs: Vec<usize>,
    /// Its names that are known.
    pub names: KnownNames,
}

/// The name of a rotated object for an entry of `with`.
type EntryName = (SubjectId, With, Option<Rc<str>>);

/// The names of a rotated object, each computed once. A name is `None` if the object is not created for the subject.
#[derive(Debug, Default)]
pub struct KnownNames {
    /// The names of subjects.
    of_subjects: RefCell<BTreeMap<SubjectId, Option<Rc<str>>>>,
    /// The last name of an entry of `with`.
    of_entry: RefCell<Option<EntryName>>,
}

impl KnownNames {
    /// Returns a name if it is known.
    pub fn get(&self, id: SubjectId, with: &With) -> Option<Option<Rc<str>>> {
        if matches!(with, With::None) {
            return self.of_subjects.borrow().get(&id).cloned();
        }
        let last = self.of_entry.borrow();
        let last = last
            .as_ref()
            .filter(|(known, entry, _)| *known == id && entry.is(with));
        last.map(|(.., name)| name.clone())
    }

    /// Remembers a name.
    pub fn insert(&self, id: SubjectId, with: &With, name: Option<Rc<str>>) {
        if matches!(with, With::None) {
            self.of_subjects.borrow_mut().insert(id, name);
        } else {
            *self.of_entry.borrow_mut() = Some((id, with.clone(), name));
        }
    }
}

/// The content of a rotated object for some subjects.
#[derive(Debug)]
pub struct RotatedVariant {
    /// The subjects, ascending.
    pub subjects: Vec<SubjectId>,
    /// Its `spec`.
    pub content: Node,
}

impl RotatedObject {
    /// Returns its `spec` for a subject, or `None` if the object is not created for the subject.
    pub fn content(&self, id: SubjectId) -> Option<&Node> {
        let by_subject = self.by_subject.get_or_init(|| {
            let numbered = self.variants.iter().enumerate();
            let all =
                numbered.flat_map(|(at, variant)| variant.subjects.iter().map(move |id| (*id, at)));
            let mut all: Vec<(SubjectId, usize)> = all.collect();
            all.sort_unstable();
            all
        });
        let at = by_subject.partition_point(|(known, _)| *known < id);
        let (known, variant) = by_subject.get(at)?;
        (*known == id).then(|| &self.variants[*variant].content)
    }
}

/// Returns the name of a rotated object, given the name in its template and its content after substitution.
pub fn name(written: &str, content: &Node) -> Rc<str> {
    with_content_hash(written, &canonical(content), LABEL_LENGTH).into()
}

/// Returns the content as compact JSON with sorted keys, which is independent of the author's style and order.
fn canonical(content: &Node) -> Vec<u8> {
    let mut json = Vec::with_capacity(1 << 10);
    print::value(Format::Json, &sorted(content), Place::Document, &mut json);
    json
}

/// Returns the index of the rotated object whose name a string is.
pub fn rotated_index(text: &Text) -> Option<usize> {
    match text {
        Text::Parts(parts) => match &**parts {
            [Part::Rotated(name)] => Some(name.index),
            _ => None,
        },
        Text::Literal(_) => None,
    }
}
