//! Objects of `profiles`, which are copied unchanged.

use super::prepare::metadata::Home;
use super::prepare::object::object;
use crate::diagnostic::Diagnostics;
use crate::input::profile::{self, Profile};
use crate::plan::Object;
use crate::source::Span;
use crate::tree::Text;

/// Returns the objects that are copied unchanged, sorted by namespace and name.
pub(super) fn profiles(profiles: &[Profile], diags: &mut Diagnostics) -> Vec<Object> {
    let documents = profiles.iter().map(|profile| &profile.object);
    let objects =
        documents.filter_map(|document| object(document, &Home::Fixed(profile::NAMESPACE), diags));
    let mut objects: Vec<Object> = objects.collect();
    let text = |text: &(Text, Span)| text.0.as_written();
    objects.sort_by_cached_key(|object| (object.namespace.as_ref().map(text), text(&object.name)));
    objects
}
