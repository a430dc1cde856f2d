//! Markers with which expressions of other template engines begin.

/// The markers: of Go's `text/template` (External Secrets, Argo CD, Sveltos, Cluster API), of Flux's substitution, and
/// of Jinja, in which cloud-init evaluates the user data of kubeadm's machines. Each has two ASCII characters, so a
/// marker lies in one part of a string or spans two.
const MARKERS: [&str; 4] = ["{{", "${", "{%", "{#"];

/// Returns the first marker of the table that a string contains.
pub fn find_marker(text: &str) -> Option<&'static str> {
    if !text.contains('{') {
        return None;
    }
    MARKERS.into_iter().find(|marker| text.contains(marker))
}

/// Returns the marker whose characters are the end of one string and the beginning of another.
pub(super) fn marker_between(before: &str, after: &str) -> Option<&'static str> {
    let first = *after.as_bytes().first()?;
    if !matches!(first, b'{' | b'%' | b'#') {
        return None;
    }
    let found = [*before.as_bytes().last()?, first];
    MARKERS
        .into_iter()
        .find(|marker| marker.as_bytes() == found)
}

/// Finds the markers that appear where the parts of a string are joined.
#[derive(Default)]
pub(super) struct Seams {
    /// The number of the last part that is not empty. An empty value can join what is written around it.
    last: usize,
}

impl Seams {
    /// Returns the marker that a part completes, and the number of the first part that belongs to it. The string
    /// before the part is `before`.
    pub(super) fn join(
        &mut self,
        before: &str,
        number: usize,
        part: &str,
    ) -> Option<(&'static str, usize)> {
        let found = marker_between(before, part).map(|marker| (marker, self.last));
        if !part.is_empty() {
            self.last = number;
        }
        found
    }
}
