//! The variables, and the keywords of schemas.

use kubectl_fleet::template::BUILT_IN;

use crate::repository;

/// Returns the quoted words between two marks.
fn words<'t>(text: &'t str, begin: &str, end: &str) -> Vec<&'t str> {
    let list = text.split(begin).nth(1).expect(begin);
    let list = list.split(end).next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

#[test]
fn every_built_in_variable_is_documented() {
    let page = repository::read("docs/reference/variables.md");
    for name in BUILT_IN {
        assert!(page.contains(&format!("| `{name}` | ")), "`{name}`");
    }
}

#[test]
fn every_keyword_of_schemas_is_documented() {
    let schema = repository::read("src/passes/resolve/schema.rs");
    let page = repository::read("docs/reference/fields.md");
    let keywords = words(&schema, "const KEYWORDS", "];");
    assert!(keywords.contains(&"pattern"));
    for keyword in keywords {
        assert!(page.contains(&format!("`{keyword}`")), "`{keyword}`");
    }
}
