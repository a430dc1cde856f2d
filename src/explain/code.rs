//! The pages of codes, from the documentation.

use crate::diagnostic::Code;

/// The pages of messages.
const PAGES: [&str; 11] = [
    include_str!("../../docs/reference/messages/files.md"),
    include_str!("../../docs/reference/messages/yaml.md"),
    include_str!("../../docs/reference/messages/fleet.md"),
    include_str!("../../docs/reference/messages/lists.md"),
    include_str!("../../docs/reference/messages/clusters.md"),
    include_str!("../../docs/reference/messages/add-ons.md"),
    include_str!("../../docs/reference/messages/cells.md"),
    include_str!("../../docs/reference/messages/templates.md"),
    include_str!("../../docs/reference/messages/objects.md"),
    include_str!("../../docs/reference/messages/schemas.md"),
    include_str!("../../docs/reference/messages/argocd.md"),
];
/// The page with the fleet that the examples change.
const BASE: &str = include_str!("../../docs/reference/messages/README.md");

/// The documentation of a code.
#[derive(Debug, PartialEq, Eq)]
pub struct CodePage {
    /// The code.
    pub code: Code,
    /// Its section, without the heading.
    pub text: &'static str,
    /// The fleet that the example changes, if the section has an example.
    pub base: Option<&'static str>,
}

/// Returns the fix of a code in one line: the paragraph of its section that starts with “Fix”, without its links.
pub fn fix(code: Code) -> String {
    let text = page(code.name()).map_or("", |page| page.text);
    let fix = text.split_once("**Fix:** ").map_or("", |(_, fix)| fix);
    let fix = fix.split("\n\n").next().unwrap_or_default();
    let mut plain = String::new();
    let mut rest = fix;
    while let Some((text, link)) = rest.split_once("](") {
        let (before, text) = text.rsplit_once('[').unwrap_or((text, ""));
        plain.extend([before, text]);
        rest = link.split_once(')').map_or("", |(_, rest)| rest);
    }
    (plain + rest).replace('\n', " ")
}

/// Returns the documentation of a code. Returns `None` if no code has this name.
pub fn page(name: &str) -> Option<CodePage> {
    let code = *Code::ALL.iter().find(|code| code.name() == name)?;
    let heading = format!("\n## `{name}`\n");
    let text = PAGES.iter().find_map(|page| section(page, &heading))?;
    let base = section(BASE, "\n## The fleet of the examples\n");
    Some(CodePage {
        code,
        text,
        base: base.filter(|_| text.contains("\n```yaml ")),
    })
}

/// Returns the text between a heading and the next one of its level.
fn section(page: &'static str, heading: &str) -> Option<&'static str> {
    let (_, text) = page.split_once(heading)?;
    let end = text.find("\n## ").unwrap_or(text.len());
    Some(text[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::{fix, page};
    use crate::diagnostic::Code;

    #[test]
    fn every_code_has_a_page_with_a_fix() {
        for code in Code::ALL {
            let page = page(code.name()).expect("a page");
            assert!(page.text.starts_with(code.summary()), "{}", code.name());
            assert!(page.text.contains("**Fix:** "), "{}", code.name());
        }
        assert_eq!(page("unknown"), None);
        let links = |code: &&Code| fix(**code).contains("](") || fix(**code).contains(".md");
        assert_eq!(Code::ALL.iter().find(links), None);
    }
}
