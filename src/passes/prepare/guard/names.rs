//! Names as written, compared before their variables are substituted.

use crate::template::BUILT_IN;
use crate::tree::{Node, Part, Text, roots_of_text};

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Token {
    /// A character.
    Char(char),
    /// An expression of built-in variables, which has one value for each subject.
    Variable(String),
    /// Anything else, which can have any value.
    Any,
}

impl Token {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Char(one), Self::Char(other)) => one == other,
            (Self::Variable(one), Self::Variable(other)) => one == other,
            _ => false,
        }
    }
}

/// Returns the parts of a name.
pub(super) fn tokens(text: &Text) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => tokens.extend(literal.chars().map(Token::Char)),
            Part::Dollar => tokens.push(Token::Char('$')),
            Part::Rotated(_) | Part::Yaml(_) => tokens.push(Token::Any),
            Part::Expression(_) => {
                let text = Text::Parts([part].into());
                let roots = roots_of_text(&text);
                let is_built_in = roots.iter().all(|name| BUILT_IN.contains(&&**name));
                tokens.push(if is_built_in {
                    Token::Variable(text.source_text().to_string())
                } else {
                    Token::Any
                });
            }
        }
    }
    tokens
}

/// Returns a string that consists of characters only.
pub(super) fn literal(tokens: &[Token]) -> Option<String> {
    let char = |token: &Token| match token {
        Token::Char(char) => Some(*char),
        Token::Variable(_) | Token::Any => None,
    };
    tokens.iter().map(char).collect()
}

/// Returns `true` if two names can be equal. An unnecessary guard does less damage than a missing one.
pub(super) fn can_be_equal(one: &[Token], other: &[Token]) -> bool {
    let is_same = |(one, other): &(&Token, &Token)| one.is_same(other);
    let start = one.iter().zip(other).take_while(is_same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let reversed = one.iter().rev().zip(other.iter().rev());
    let end = reversed.take_while(is_same).count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    let is_char = |token: Option<&Token>| matches!(token, Some(Token::Char(_)));
    if one.is_empty() || other.is_empty() {
        let mut rest = one.iter().chain(other);
        return !rest.any(|token| is_char(Some(token)));
    }
    let is_fixed = |one, other| is_char(one) && is_char(other);
    !is_fixed(one.first(), other.first()) && !is_fixed(one.last(), other.last())
}

/// Returns the strings that a field can have. If a variable decides whether it exists, it can be any string.
pub(super) fn texts_at(node: &Node, path: &[&str]) -> Vec<Vec<Token>> {
    let mut texts = Vec::new();
    for outcome in node.outcomes() {
        let scalar = outcome.as_scalar().filter(|_| !outcome.is_null());
        let entries = outcome.entries().unwrap_or_default();
        match path {
            [] => texts.extend(scalar.map(|scalar| tokens(&scalar.as_text()))),
            [key, path @ ..] => match outcome.get(key) {
                Some(value) => texts.extend(texts_at(value, path)),
                None if scalar.is_some()
                    || entries.iter().any(|entry| entry.key.is_unresolved()) =>
                {
                    texts.push(vec![Token::Any]);
                }
                None => {}
            },
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Sources, Span};

    #[test]
    fn names_differ_if_no_value_makes_them_equal() {
        let span = Span::new(Sources::default().add("", String::new()), 0..0);
        let joined = |parts: &[&str]| {
            let parts = parts.iter().flat_map(|part| match part.strip_prefix('$') {
                Some(name) => Text::variable(name, span).parts(),
                None => Text::Literal((*part).into()).parts(),
            });
            tokens(&Text::joined(parts.collect::<Vec<_>>().into_iter()))
        };
        for (one, other, expected) in [
            (&["a"][..], &["a"][..], true),
            (&["a"], &["b"], false),
            (&["$CLUSTER_NAME", "-x"], &["$CLUSTER_NAME", "-x"], true),
            (&["$CLUSTER_NAME", "-x"], &["$CLUSTER_NAME", "-y"], false),
            (&["$CLUSTER_NAME", "-x"], &["$CLUSTER_NAME"], false),
            (&["$CLUSTER_NAME", "-x"], &["$CLUSTER_NAME", "$y"], true),
            (&["$CLUSTER_NAME", "-x"], &["a-x"], true),
            (&["$x"], &["anything"], true),
            (&["$x", "-a"], &["b-", "$x"], true),
            (&["a-", "$x"], &["b-", "$x"], false),
        ] {
            assert_eq!(
                can_be_equal(&joined(one), &joined(other)),
                expected,
                "{one:?} {other:?}"
            );
        }
    }
}
