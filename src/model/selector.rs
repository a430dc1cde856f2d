//! Selectors with Kubernetes' meaning.

use crate::source::Spanned;

/// Requirements that a cluster's labels must all meet; none is `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// What is required.
    pub requirements: Vec<Requirement>,
}

/// What is required of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Spanned<String>,
    /// What its value must meet.
    pub rule: Rule,
}

/// What a label's value must meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is one of these.
    In(Vec<String>),
    /// It is none of these; an absent label meets that.
    NotIn(Vec<String>),
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

impl Selector {
    /// Whether labels meet all requirements; `label` gives a label's value.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(label(&requirement.key.value)))
    }
}

impl Requirement {
    /// Whether a label's value, or its absence, meets this.
    pub fn matches(&self, value: Option<&str>) -> bool {
        match &self.rule {
            Rule::In(values) => value.is_some_and(|value| values.iter().any(|one| one == value)),
            Rule::NotIn(values) => value.is_none_or(|value| values.iter().all(|one| one != value)),
            Rule::Exists => value.is_some(),
            Rule::DoesNotExist => value.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Requirement, Rule};
    use crate::source::{Sources, Span, Spanned};

    #[test]
    fn an_absent_label_meets_what_kubernetes_says() {
        let file = Sources::default().add("fleet.yaml", String::new());
        let values = || vec!["a".to_owned(), "b".to_owned()];
        for (rule, value, expected) in [
            (Rule::In(values()), Some("a"), true),
            (Rule::In(values()), Some("c"), false),
            (Rule::In(values()), None, false),
            (Rule::NotIn(values()), Some("a"), false),
            (Rule::NotIn(values()), Some("c"), true),
            (Rule::NotIn(values()), None, true),
            (Rule::Exists, Some(""), true),
            (Rule::Exists, None, false),
            (Rule::DoesNotExist, None, true),
            (Rule::DoesNotExist, Some("a"), false),
        ] {
            let key = Spanned {
                value: "key".to_owned(),
                span: Span::new(file, 0..0),
            };
            let requirement = Requirement { key, rule };
            assert_eq!(
                requirement.matches(value),
                expected,
                "{requirement:?} {value:?}"
            );
        }
    }
}
