//! Evaluation of expressions.
//!
//! The functions return the same values as those of drone/envsubst v2, except for
//! - lengths and offsets, which count characters instead of bytes, and shell patterns, which match
//!   characters instead of bytes;
//! - the 27 small Greek letters with an iota subscript, which have no single capital and so remain
//!   unchanged, as `ß` does in both;
//! - an unset variable, which is an error wherever it is used without a default. In drone it becomes
//!   an empty string if its expression has an argument, or if it is nested in a default;
//! - offsets and lengths that are not numbers, and malformed patterns, for which drone returns the
//!   value unchanged, and negative lengths and numbers beyond 32 bits, on which drone can panic: these
//!   are errors. An offset out of range returns the rest of the value, as in drone;
//! - `[` and `\` in the patterns of `%` and `%%`, which drone reads backward: these are errors.

use std::borrow::Cow;
use std::ops::Range;

use super::engine::{Danger, Seams, find_marker};
use super::error::FillErrorKind;
use super::function::{MAX_LENGTH, too_long};
use crate::tree::expression::{Expression, Operation, Segment};

/// A function from the path of a variable, as in [`Expression::path`], to its value as a string.
///
/// The function returns `None` if the variable is unset or null.
pub type Lookup<'l, 'v> = dyn FnMut(&[String]) -> Option<Cow<'v, str>> + 'l;

/// A function from an expression to the first of its variables whose value comes from a member.
pub type Member<'l> = dyn Fn(&Expression) -> Option<String> + 'l;

/// An error of an evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// Location of the error: bytes of the evaluated string.
    pub range: Range<usize>,
    /// The cause.
    pub kind: FillErrorKind,
}

/// Evaluates the expressions of a string. The result has at most [`MAX_LENGTH`] bytes.
///
/// `segments` must be the result of [`split`](crate::tree::expression::split) for `text`, or a part of it.
/// Variables in a default are looked up only if the default is used.
///
/// # Errors
///
/// Returns all errors in order, including one for each missing variable.
pub fn evaluate(
    segments: &[Segment],
    text: &str,
    lookup: &mut Lookup<'_, '_>,
) -> Result<String, Vec<EvalError>> {
    let mut evaluation = Evaluation {
        text,
        lookup,
        member: &|_| None,
        problems: Vec::new(),
    };
    evaluation.segments(segments).ok_or(evaluation.problems)
}

impl Expression {
    /// Evaluates this expression of `text`.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`evaluate`], and an error if a function, or joined values, create a marker of
    /// another template engine from a value of a member, or the value could change an expression around it.
    pub fn evaluate(
        &self,
        text: &str,
        lookup: &mut Lookup<'_, '_>,
        member: &Member<'_>,
    ) -> Result<String, Vec<EvalError>> {
        let mut evaluation = Evaluation {
            text,
            lookup,
            member,
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
    member: &'l Member<'l>,
    problems: Vec<EvalError>,
}

impl<'v> Evaluation<'_, '_, '_, 'v> {
    /// Returns the value of segments, or `None` after an error; the segments after the error are evaluated too.
    fn segments(&mut self, segments: &[Segment]) -> Option<String> {
        let known = self.problems.len();
        let mut value = String::new();
        let mut seams = Seams::default();
        for (number, segment) in segments.iter().enumerate() {
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
            if let Some(danger) = seams.join(&value, number, &part) {
                let mut joined = segments[danger.first..=number].iter();
                self.report_engine(range, danger, joined.find_map(|one| self.of_member(one)));
            }
            value.push_str(&part);
            if value.len() > MAX_LENGTH {
                value.clear();
                self.report(range, too_long());
            }
        }
        (known == self.problems.len()).then_some(value)
    }

    /// Returns the value of an expression, or `None` after an error.
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
        // Collected first, so that errors in the arguments after an invalid one are reported too.
        let arguments: Vec<_> = arguments
            .iter()
            .map(|argument| self.segments(argument))
            .collect();
        let arguments: Vec<_> = arguments.into_iter().collect::<Option<_>>()?;
        match function.call(&value?, &arguments) {
            Ok(value) => {
                let known = self.problems.len();
                if let Some(marker) = find_marker(&value) {
                    let danger = Danger {
                        marker,
                        is_inside: false,
                        first: 0,
                    };
                    self.report_engine(range, danger, (self.member)(expression));
                }
                (known == self.problems.len()).then_some(Cow::Owned(value))
            }
            Err(kind) => {
                self.report(range, kind);
                None
            }
        }
    }

    /// Returns the variable of a segment whose value comes from a member.
    fn of_member(&self, segment: &Segment) -> Option<String> {
        match segment {
            Segment::Expression(expression) => (self.member)(expression),
            Segment::Text(_) | Segment::Dollar(_) => None,
        }
    }

    /// Reports a dangerous part of a string if it comes from a member.
    fn report_engine(&mut self, range: &Range<usize>, danger: Danger, variable: Option<String>) {
        if let Some(variable) = variable {
            self.report(range, FillErrorKind::engine(danger, variable));
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
    fn functions_return_the_values_of_clusterctl() {
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
    fn all_errors_are_reported() {
        let missing = |name: &str| FillErrorKind::Missing(name.to_owned());
        let found =
            run("${X} ${Y:=} ${V:=${Z}} ${E:=${Z}} ${X/${Y}/${Z:=z}} ${V:0:${N}} ${V#${G}}");
        let problems = found.expect_err("problems");
        let (unset, failed) = problems.split_at(5);
        let expected = [
            ("${X}", "X"),
            ("${Y:=}", "Y"),
            ("${Z}", "Z"),
            ("${X/${Y}/${Z:=z}}", "X"),
            ("${Y}", "Y"),
        ];
        assert_eq!(unset, expected.map(|(range, name)| (range, missing(name))));
        let ranges: Vec<_> = failed.iter().map(|(range, _)| *range).collect();
        assert_eq!(ranges, ["${V:0:${N}}", "${V#${G}}"]);
        assert!(matches!(
            failed,
            [(_, FillErrorKind::Failed(_)), (_, FillErrorKind::Failed(_))]
        ));
    }

    #[test]
    fn result_size_is_limited() {
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
