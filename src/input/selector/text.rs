//! Parses selectors in the format of `kubectl -l`: `a=b,c!=d,e in (f,g),h,!i`.

use crate::model::name::{label_key_problem, label_value_problem};
use crate::model::selector::{Requirement, Rule, Selector};
use crate::source::{Sources, Spanned};

/// Parses the selector of a command line.
///
/// # Errors
///
/// Returns the message about the first error.
pub fn parse(text: &str) -> Result<Selector, String> {
    let requirements = split(text)?.into_iter().map(requirement);
    Ok(Selector {
        requirements: requirements.collect::<Result<_, _>>()?,
    })
}

/// Splits a selector into its requirements at the commas outside of parentheses.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let (mut start, mut is_open) = (0, false);
    for (at, character) in text.char_indices() {
        match character {
            '(' if is_open => return Err("parentheses must not be nested".to_owned()),
            '(' => is_open = true,
            ')' if !is_open => return Err("`)` without `(`".to_owned()),
            ')' => is_open = false,
            ',' if !is_open => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if is_open {
        return Err("`(` without `)`".to_owned());
    }
    found.push(&text[start..]);
    Ok(found)
}

fn requirement(text: &str) -> Result<Requirement, String> {
    let text = text.trim();
    let single = |value: &str| vec![value.trim().to_owned()];
    let (key, rule) = if let Some((key, values)) = key_and_values(text, "notin") {
        (key, Rule::NotIn(values))
    } else if let Some((key, values)) = key_and_values(text, "in") {
        (key, Rule::In(values))
    } else if let Some((key, value)) = text.split_once("!=") {
        (key, Rule::NotIn(single(value)))
    } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        (key, Rule::In(single(value)))
    } else if let Some(key) = text.strip_prefix('!') {
        (key, Rule::DoesNotExist)
    } else {
        (text, Rule::Exists)
    };
    let key = key.trim();
    if let Some(problem) = label_key_problem(key) {
        return Err(format!("`{key}` is not a valid label key: {problem}"));
    }
    if let Rule::In(values) | Rule::NotIn(values) = &rule {
        for value in values {
            if let Some(problem) = label_value_problem(value) {
                return Err(format!("`{value}` is not a valid label value: {problem}"));
            }
        }
    }
    let mut sources = Sources::default();
    let nowhere = sources.add("", String::new());
    Ok(Requirement {
        key: Spanned {
            value: key.to_owned(),
            span: sources.start(nowhere),
        },
        rule,
    })
}

/// Splits `key in (a,b)` into its key and its values.
fn key_and_values<'t>(text: &'t str, operator: &str) -> Option<(&'t str, Vec<String>)> {
    let (head, values) = text.split_once('(')?;
    let values = values.trim_end().strip_suffix(')')?;
    let key = head.trim_end().strip_suffix(operator)?;
    let is_word = key.ends_with(char::is_whitespace);
    let values = values.split(',').map(|value| value.trim().to_owned());
    is_word.then(|| (key, values.collect()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn selectors_match_like_kubectl() {
        let labels = [("a", "b"), ("x.org/y", ""), ("n", "3")];
        let label = |key: &str| {
            let found = labels.iter().find(|(known, _)| *known == key);
            found.map(|(_, value)| *value)
        };
        for (text, expected) in [
            ("a", true),
            ("!a", false),
            ("z", false),
            ("!z", true),
            ("a=b", true),
            ("a==b", true),
            ("a = b , n=3", true),
            ("a!=b", false),
            ("z!=b", true),
            ("a in (b, c)", true),
            ("a notin (b,c)", false),
            ("z notin (b)", true),
            ("z in (b)", false),
            ("x.org/y=", true),
            ("a=b,n=4", false),
        ] {
            let selector = parse(text).expect(text);
            assert_eq!(selector.matches(label), expected, "{text}");
        }
        for text in [
            "",
            "a,",
            "a=b c",
            "in (b)",
            "a in (b",
            "a in b)",
            "=b",
            "a b",
            "a in ((b))",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
