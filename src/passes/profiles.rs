//! Copies the objects of `profiles`.

use super::prepare::metadata::DefaultNamespace;
use super::prepare::object::object;
use crate::deliver::profiles::NAMESPACE;
use crate::diagnostic::Diagnostics;
use crate::input::profile::Profile;
use crate::plan::Object;
use crate::tree::Text;

/// Returns the objects that are copied unchanged, sorted by namespace and name.
pub(super) fn profiles(profiles: &[Profile], diags: &mut Diagnostics) -> Vec<Object> {
    let documents = profiles.iter().map(|profile| &profile.object);
    let objects = documents
        .filter_map(|document| object(document, &DefaultNamespace::Fixed(NAMESPACE), diags));
    let mut objects: Vec<Object> = objects.collect();
    let namespace = |object: &Object| object.written_namespace().map(Text::source_text);
    objects.sort_by_cached_key(|object| (namespace(object), object.name.value.source_text()));
    objects
}
