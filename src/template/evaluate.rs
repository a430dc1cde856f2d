//! What expressions evaluate to.
//!
//! The functions are those of drone/envsubst v2, and give what they give there, but for
//! - lengths and offsets, which count characters here and bytes there, and shell patterns, which
//!   match characters and never a part of one;
//! - the 27 small Greek letters with an iota subscript, which have no single capital and so stay
//!   as they are here, as `ß` does in both;
//! - an unset variable, which is a mistake wherever it is used without a default. There it becomes
//!   empty text once it has any argument, or is nested in a default;
//! - offsets and lengths that are no numbers and malformed patterns, for which drone returns the
//!   value unchanged, and negative lengths and numbers beyond 32 bits, on which it can panic:
//!   mistakes here. An offset out of range gives what is left of the value, as there;
//! - `[` and `\` in the patterns of `%` and `%%`, which drone reads backwards: mistakes here.

use std::borrow::Cow;
use std::ops::Range;

use super::error::FillErrorKind;
use super::function::{MAX_LENGTH, too_long};
use crate::tree::expression::{Expression, Operation, Segment};

/// Gives the value of a variable, named as in [`Expression::path`], as text; `None` where it is
/// unset or null.
pub type Lookup<'l, 'v> = dyn FnMut(&[String]) -> Option<Cow<'v, str>> + 'l;

/// Why a text could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// What to point at: bytes of the text that was evaluated.
    pub range: Range<usize>,
    /// What is wrong.
    pub kind: FillErrorKind,
}

/// Puts values into a text: `segments` must be what [`split`](crate::tree::expression::split) made of
/// `text`, or a part of it. Gives at most [`MAX_LENGTH`] bytes.
///
/// Variables in a default are looked up only where the default is used.
///
/// # Errors
///
/// All problems, in order; every missing variable is among them.
pub fn evaluate(
    segments: &[Segment],
    text: &str,
    lookup: &mut Lookup<'_, '_>,
) -> Result<String, Vec<EvalError>> {
    let mut evaluation = Evaluation {
        text,
        lookup,
        problems: Vec::new(),
    };
    evaluation.segments(segments).ok_or(evaluation.problems)
}

impl Expression {
    /// Gives the value of this one expression of `text`, as [`evaluate`] does.
    ///
    /// # Errors
    ///
    /// As [`evaluate`].
    pub fn evaluate(
        &self,
        text: &str,
        lookup: &mut Lookup<'_, '_>,
    ) -> Result<String, Vec<EvalError>> {
        let mut evaluation = Evaluation {
            text,
            lookup,
            problems: Vec::new(),
        };
        evaluation
            .expression(self)
            .map(Cow::into_owned)
            .ok_or(evaluation.problems)
    }
}

struct Evaluation<'t, 'l, 'f, 'v> {
    text: &'t str,
    lookup: &'l mut Lookup<'f, 'v>,
    problems: Vec<EvalError>,
}

impl<'v> Evaluation<'_, '_, '_, 'v> {
    /// `None` after a problem; the segments behind it are looked at nevertheless.
    fn segments(&mut self, segments: &[Segment]) -> Option<String> {
        let known = self.problems.len();
        let mut value = String::new();
        for segment in segments {
            let (part, range) = match segment {
                Segment::Text(range) => {
                    let part = self.text.get(range.clone()).unwrap_or_default();
                    (Cow::Borrowed(part), range)
                }
                Segment::Dollar(range) => (Cow::Borrowed("$"), range),
                Segment::Expression(expression) => match self.expression(expression) {
                    Some(part) => (part, &expression.range),
                    None => continue,
                },
            };
            value.push_str(&part);
            if value.len() > MAX_LENGTH {
                value.clear();
                self.report(range, too_long());
            }
        }
        (known == self.problems.len()).then_some(value)
    }

    /// `None` after a problem.
    fn expression(&mut self, expression: &Expression) -> Option<Cow<'v, str>> {
        let Expression {
            path,
            operation,
            range,
        } = expression;
        let value = (self.lookup)(path);
        if let Operation::Default(default) = operation
            && !default.is_empty()
        {
            return match value.filter(|value| !value.is_empty()) {
                None => self.segments(default).map(Cow::Owned),
                value => value,
            };
        }
        if value.is_none() {
            self.report(range, FillErrorKind::Missing(path.join(".")));
        }
        let Operation::Call {
            function,
            arguments,
        } = operation
        else {
            return value;
        };
        // Collected first, so that the arguments behind a problem are looked at too.
        let arguments: Vec<_> = arguments
            .iter()
            .map(|argument| self.segments(argument))
            .collect();
        let arguments: Vec<_> = arguments.into_iter().collect::<Option<_>>()?;
        match function.call(&value?, &arguments) {
            Ok(value) => Some(Cow::Owned(value)),
            Err(kind) => {
                self.report(range, kind);
                None
            }
        }
    }

    fn report(&mut self, range: &Range<usize>, kind: FillErrorKind) {
        self.problems.push(EvalError {
            range: range.clone(),
            kind,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::expression::split;

    fn value(name: &str) -> Option<&'static str> {
        Some(match name {
            "V" => "v1.34.0",
            "P" => "/usr/local/lib",
            "R" => "aXbXaXb",
            "U" => "ÄöStraße",
            "E" => "",
            "N" => "-2",
            "G" => "[",
            "a.b" => "inner",
            _ => return None,
        })
    }

    fn run(text: &str) -> Result<String, Vec<(&str, FillErrorKind)>> {
        let segments = split(text).expect(text);
        let mut lookup = |path: &[String]| value(&path.join(".")).map(Cow::Borrowed);
        evaluate(&segments, text, &mut lookup).map_err(|problems| {
            problems
                .into_iter()
                .map(|p| (&text[p.range], p.kind))
                .collect()
        })
    }

    #[test]
    fn functions_give_what_clusterctl_gives() {
        for (text, expected) in [
            ("a ${V} $$ $V", "a v1.34.0 $ $V"),
            ("${a.b} ${ V }", "inner v1.34.0"),
            (
                "${E:=d} ${X=d} ${X:-${E:?${V}}} ${V:+d}",
                "d d v1.34.0 v1.34.0",
            ),
            ("${E:=} ${X:=\"\"}", " \"\""),
            ("${#V} ${#U} ${#E}", "7 8 0"),
            (
                "${V^} ${V^^} ${U,} ${U,,} ${U^^} ${E^}",
                "V1.34.0 V1.34.0 äöStraße äöstraße ÄÖSTRAßE ",
            ),
            (
                "${V:1} ${V:1:4} ${V:9} ${V:5:9} ${V:${N}} ${U:1:1}",
                "1.34.0 1.34  .0 .0 ö",
            ),
            (
                "${V#v} ${V#*.} ${V##*.} ${V#?} ${V#x}",
                "1.34.0 34.0 0 1.34.0 v1.34.0",
            ),
            ("${V%.*} ${V%%.*} ${R%%X*} ${V%]}", "v1.34 v1 a v1.34.0"),
            (
                "${P#[^a]usr} ${P#\\/[t-v]} ${P##/*/}",
                "/local/lib sr/local/lib lib",
            ),
            (
                "${R/X/-} ${R//X/-} ${R//X/} ${R/#a/A} ${R/%b/B}",
                "a-bXaXb a-b-a-b abab AXbXaXb aXbXaXB",
            ),
            (r"${V//./\\.} ${P//\//$$}", r"v1\.34\.0 $usr$local$lib"),
        ] {
            assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn all_problems_are_found() {
        let missing = |name: &str| FillErrorKind::Missing(name.to_owned());
        let found =
            run("${X} ${Y:=} ${V:=${Z}} ${E:=${Z}} ${X/${Y}/${Z:=z}} ${V:0:${N}} ${V#${G}}");
        let problems = found.expect_err("problems");
        let (said, other) = problems.split_at(5);
        let expected = [
            ("${X}", "X"),
            ("${Y:=}", "Y"),
            ("${Z}", "Z"),
            ("${X/${Y}/${Z:=z}}", "X"),
            ("${Y}", "Y"),
        ];
        assert_eq!(said, expected.map(|(range, name)| (range, missing(name))));
        let places: Vec<_> = other.iter().map(|(range, _)| *range).collect();
        assert_eq!(places, ["${V:0:${N}}", "${V#${G}}"]);
        assert!(matches!(
            other,
            [(_, FillErrorKind::Failed(_)), (_, FillErrorKind::Failed(_))]
        ));
    }

    #[test]
    fn growth_is_bounded() {
        let long = "a".repeat(4096);
        let mut text = "${V}".to_owned();
        for _ in 0..40 {
            text = format!("${{V//a/{text}}}");
        }
        let mut lookup = |_: &[String]| Some(Cow::Borrowed(long.as_str()));
        let problems = evaluate(&split(&text).unwrap(), &text, &mut lookup).unwrap_err();
        assert_eq!(
            problems.into_iter().map(|p| p.kind).collect::<Vec<_>>(),
            [too_long()]
        );
    }
}
