//! The dependencies of add-ons as a flowchart of Mermaid.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table::{Mark, Matrix};
use crate::diagnostic::{escape_control_chars, pluralize};

/// Returns the flowchart. An arrow leads from an add-on to those that are deployed after it.
pub fn mermaid(matrix: &Matrix) -> String {
    let mut out = String::from("flowchart LR\n");
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for (at, addon) in matrix.addons.iter().enumerate() {
        let id = format!("a{at}");
        let count = pluralize(matrix.count(at), "cluster");
        let mark = match addon.mark {
            Mark::Same | Mark::Version(_) => String::new(),
            _ => format!(", {}", addon.mark.name()),
        };
        let _ = writeln!(out, "  {id}[\"{}<br/>{count}{mark}\"]", escape(&addon.name));
        ids.insert(&addon.name, id);
    }
    let needed = matrix.addons.iter().flat_map(|addon| &addon.depends_on);
    for name in needed {
        let next = format!("p{}", ids.len());
        // Only a profile is not an add-on.
        if !ids.contains_key(&**name) {
            let _ = writeln!(out, "  {next}([\"{}<br/>profile\"])", escape(name));
            ids.insert(name, next);
        }
    }
    for addon in &matrix.addons {
        for needed in &addon.depends_on {
            let _ = writeln!(out, "  {} --> {}", ids[&**needed], ids[&*addon.name]);
        }
    }
    out
}

/// Returns text for a quoted label, in which nothing has a meaning in Mermaid, Markdown or HTML.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in escape_control_chars(text).chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '-' | '.' | '/' | '_') {
            out.push(character);
        } else {
            let _ = write!(out, "#{};", u32::from(character));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn labels_are_inert() {
        assert_eq!(escape("cert-manager"), "cert-manager");
        assert_eq!(escape("\"]<b>`#"), "#34;#93;#60;b#62;#96;#35;");
    }
}
