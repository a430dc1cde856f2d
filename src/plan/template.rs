//! Objects with the subjects that they are created for.

use std::rc::Rc;

use super::object::Object;
use super::stack::Stack;
use super::subject::Instance;
use crate::source::Span;
use crate::tree::Node;

/// The creator of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creator {
    /// The program itself: the Namespace of a cluster.
    Namespace,
    /// An entry of `templates`, by the location of its `file`.
    Template(Span),
    /// The delivery method of an add-on, by its name.
    AddOn(Rc<str>),
    /// An entry of `profiles`.
    Profiles,
}

/// Objects and their instances.
#[derive(Debug)]
pub struct Template {
    /// The creator of the objects.
    pub creator: Creator,
    /// The objects, whose variables are not yet substituted.
    pub objects: Vec<Object>,
    /// The inputs of each object; empty if no patch changes any of the objects.
    pub stacks: Rc<[Stack]>,
    /// Variables of the template itself; they hide those of its subjects.
    pub variables: Rc<[(Rc<str>, Node)]>,
    /// The instances, in output order. The objects are created once for each.
    pub instances: Vec<Instance>,
    /// The clusters that the template's selector matches, ascending, if the objects are created for groups or for
    /// the fleet. `CLUSTERS` contains only these.
    pub selected: Option<Rc<[usize]>>,
    /// Whether spokes apply the objects to themselves; otherwise the hub applies them.
    pub is_from_spoke: bool,
}

impl Template {
    /// Returns a template of the hub, without variables and patches.
    pub fn new(creator: Creator, objects: Vec<Object>, instances: Vec<Instance>) -> Self {
        Self {
            creator,
            objects,
            stacks: Rc::default(),
            variables: Rc::default(),
            instances,
            selected: None,
            is_from_spoke: false,
        }
    }

    /// Returns the template with other objects, for some of its instances.
    #[must_use]
    pub fn part(&self, objects: Vec<Object>, instances: Vec<Instance>) -> Self {
        Self {
            creator: self.creator.clone(),
            objects,
            stacks: Rc::clone(&self.stacks),
            variables: Rc::clone(&self.variables),
            instances,
            selected: self.selected.clone(),
            is_from_spoke: self.is_from_spoke,
        }
    }
}
