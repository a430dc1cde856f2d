//! Selectors as in Kubernetes.

use crate::source::Spanned;

/// Requirements that the labels of a cluster must satisfy; an empty selector matches all clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// The requirements.
    pub requirements: Vec<Requirement>,
}

/// A requirement for one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The key of the label.
    pub key: Spanned<String>,
    /// The requirement for the value.
    pub rule: Rule,
}

/// A requirement for the value of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The value is one of these.
    In(Vec<String>),
    /// The value is none of these, or the label is absent.
    NotIn(Vec<String>),
    /// The label exists.
    Exists,
    /// The label does not exist.
    DoesNotExist,
}

impl Selector {
    /// Returns `true` if labels satisfy all requirements; `label` returns the value of a label.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements
            .iter()
            .all(|requirement| requirement.matches(label(&requirement.key.value)))
    }
}

impl Requirement {
    /// Returns `true` if a value, or `None` for an absent label, satisfies the requirement.
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
    fn absent_label_is_matched_like_kubernetes() {
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
