//! Insertion of texts into a file that keeps its line ends.

use super::insert::Insertion;

/// Returns a file with insertions, which are sorted. Their lines end as the first line of the file does.
pub fn splice(file: &str, insertions: &[Insertion]) -> String {
    let is_crlf = file
        .find('\n')
        .is_some_and(|end| file[..end].ends_with('\r'));
    let written = |text: &str| {
        if is_crlf {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        }
    };
    let mut out = String::with_capacity(file.len());
    let mut at = 0;
    let mut rest = insertions.iter().peekable();
    let mut chars = file.char_indices().peekable();
    loop {
        while let Some(insertion) = rest.next_if(|insertion| insertion.at <= at) {
            out.push_str(&written(&insertion.text));
        }
        let Some((start, found)) = chars.next() else {
            return out;
        };
        let mut end = start + found.len_utf8();
        at += found.len_utf8();
        if found == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        out.push_str(&file[start..end]);
    }
}
