//! Markers with which expressions of other template engines begin, and the expressions that they open.

mod open;

use open::Open;

/// The markers: of Go's `text/template` (External Secrets, Argo CD, Sveltos, Cluster API), of Flux's substitution, and
/// of Jinja, in which cloud-init evaluates the user data of kubeadm's machines. Each has two ASCII characters, so a
/// marker lies in one part of a string or spans two.
const MARKERS: [&str; 4] = ["{{", "${", "{%", "{#"];

/// What makes a part of a string from a member dangerous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Danger {
    /// The marker that the part completes, or that begins the expression around it.
    pub marker: &'static str,
    /// Whether the part lies in an expression.
    pub is_inside: bool,
    /// The number of the first part that belongs to the danger.
    pub first: usize,
}

/// Returns the first marker of the table that a string contains.
pub fn find_marker(text: &str) -> Option<&'static str> {
    if !text.contains('{') {
        return None;
    }
    MARKERS.into_iter().find(|marker| text.contains(marker))
}

/// Returns the marker whose characters are the end of one string and the beginning of another.
fn marker_between(before: &str, after: &str) -> Option<&'static str> {
    let first = *after.as_bytes().first()?;
    if !matches!(first, b'{' | b'%' | b'#') {
        return None;
    }
    let found = [*before.as_bytes().last()?, first];
    MARKERS
        .into_iter()
        .find(|marker| marker.as_bytes() == found)
}

/// Finds the markers that appear where the parts of a string are joined, and the parts that lie in an expression.
#[derive(Default)]
pub(super) struct Seams {
    /// The number of the last part that is not empty. An empty value can join what is written around it.
    last: usize,
    open: Open,
}

impl Seams {
    /// Returns what is dangerous about a part if a member wrote it. The string before the part is `before`.
    pub(super) fn join(&mut self, before: &str, number: usize, part: &str) -> Option<Danger> {
        let completed = marker_between(before, part).map(|marker| Danger {
            marker,
            is_inside: false,
            first: self.last,
        });
        let danger = completed.or_else(|| {
            let marker = self.open.marker().filter(|_| !is_name(part))?;
            Some(Danger {
                marker,
                is_inside: true,
                first: number,
            })
        });
        self.open.read(part);
        if !part.is_empty() {
            self.last = number;
        }
        danger
    }
}

/// Returns `true` if a part of an expression remains a part of a name, a path or a quoted string in all engines.
fn is_name(part: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-/:@".contains(&byte);
    part.bytes().all(is_allowed)
}
