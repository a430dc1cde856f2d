//! The grammar of `${…}`: splits a string into literals and expressions.
//!
//! It is the grammar of drone/envsubst v2, which clusterctl uses, with two additions: `${a.b}` selects a
//! field of a mapping, and whitespace around a name (`${ VAR }`) is part of the grammar. clusterctl instead
//! removes the whitespace from the whole string first, also from the literal `$${ VAR }`. `$VAR`,
//! `$(VAR)`, a single `$` and `{{ … }}` are literals.
//!
//! Some expressions that drone accepts but evaluates incorrectly are errors, so that a template never has
//! a different value than with clusterctl: `${V^,}`, `${V,^}`, `${V/#a/}`, `${V/%a/}`
//! (drone returns the value unchanged) and the arguments that [`Function::check`] rejects.

mod function;
mod grammar;
mod parser;
pub(crate) mod pattern;

pub use function::Function;
pub use grammar::{
    Expression, MAX_DEPTH, MAX_ERRORS, Operation, Reference, Segment, SyntaxError, is_name,
    references,
};
pub use parser::split;

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats segments as a string, with expressions as `{name|argument|…}`.
    fn format(segments: &[Segment], text: &str) -> String {
        let show = |segment: &Segment| match segment {
            Segment::Text(range) => text[range.clone()].to_owned(),
            Segment::Dollar(_) => "$".to_owned(),
            Segment::Expression(expression) => {
                let arguments = match &expression.operation {
                    Operation::None => String::new(),
                    Operation::Default(default) => format!("|Default|{}", format(default, text)),
                    Operation::Call {
                        function,
                        arguments,
                    } => arguments
                        .iter()
                        .fold(format!("|{function:?}"), |head, argument| {
                            format!("{head}|{}", format(argument, text))
                        }),
                };
                format!("{{{}{arguments}}}", expression.path.join("."))
            }
        };
        segments.iter().map(show).collect()
    }

    #[test]
    fn parses_the_syntax_of_drone() {
        for (text, expected) in [
            ("$V $(V) {{ ds.x }} a$ }", "$V $(V) {{ ds.x }} a$ }"),
            ("$$ $${V} $$${V}", "$ ${V} ${V}"),
            ("${ä}${\tV\n}${a.b.c}${1}", "{ä}{V}{a.b.c}{1}"),
            (
                "${V:={}}${V==a:b$$\\/}",
                "{V|Default|{}}{V|Default|=a:b$$\\/}",
            ),
            (
                "${V:-a${B:+${ C }}d}${V:?}",
                "{V|Default|a{B|Default|{C}}d}{V|Default|}",
            ),
            (
                "${#V}${V###}${V%%%}",
                "{V|Length}{V|TrimLongestPrefix|#}{V|TrimLongestSuffix|%}",
            ),
            (
                "${V,}${V^^}${V:1::${N}}",
                "{V|LowerFirst}{V|Upper}{V|Substring|1|{N}}",
            ),
            (r"${V/a}\/b\c//$${\\}", r"{V|ReplaceFirst|a}/b\c|${\}"),
            (
                r"${V//${a}/${b}}${V//\\/}",
                r"{V|ReplaceAll|{a}|{b}}{V|ReplaceAll|\}",
            ),
        ] {
            assert_eq!(
                split(text).map(|segments| format(&segments, text)),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn reports_every_error_with_its_range() {
        for (text, expected) in [
            ("${V-d} ${V\nx: ${V", vec!["-", "${V", "${V"]),
            ("${} ${ V:=x} ${é.}", vec!["${}", "${ ", "."]),
            ("${A:=${B+x}}${V:=", vec!["+", "${V"]),
            (
                "${V#} ${V##} ${V/a${B}/c} ${V/a}",
                vec!["${V#", "${V##", "$", "${V"],
            ),
            ("${V^,} ${V,,,} ${#V:1}", vec![",", ",", ":"]),
            (
                "${V: -3} ${V:0:-1} ${V:99999999999}",
                vec![" -3", "-1", "99999999999"],
            ),
            ("${V/#a/} ${V/%a//}", vec!["/#", "/%"]),
            (r"${V#[} ${V%[a]} ${V%%\*}", vec!["[", "[a]", r"\*"]),
        ] {
            let errors = split(text).expect_err(text);
            let ranges: Vec<_> = errors
                .iter()
                .map(|error| &text[error.range.clone()])
                .collect();
            assert_eq!(ranges, expected, "{text}");
        }
    }

    #[test]
    fn references_are_required_or_conditional() {
        let segments = split("${A}${B:=${C:=${D}}}${E:=}${F/${G}/x}").unwrap();
        let found: Vec<_> = references(&segments)
            .into_iter()
            .map(|r| (r.path.join("."), r.required, r.conditional))
            .collect();
        let expected = [
            ("A", true, false),
            ("B", false, false),
            ("C", false, true),
            ("D", true, true),
            ("E", true, false),
            ("F", true, false),
            ("G", true, false),
        ];
        assert_eq!(
            found,
            expected.map(|(name, required, conditional)| (name.to_owned(), required, conditional))
        );
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| "${a:=".repeat(depth) + &"}".repeat(depth);
        assert!(split(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(split(&nested(MAX_DEPTH + 1)).unwrap_err().len(), 1);
        assert!(split(&"${a:=".repeat(100_000)).is_err());
    }

    #[test]
    fn segments_cover_every_valid_string() {
        let alphabet = ["${", "}", "$", "V", ":", "=", "/", "\\", "#", "é"];
        for number in 0..100_000_usize {
            let digits = [1, 10, 100, 1_000, 10_000].map(|place| alphabet[number / place % 10]);
            let text = digits.concat();
            let Ok(segments) = split(&text) else { continue };
            let end = segments.iter().fold(0, |end, segment| {
                let (Segment::Text(range) | Segment::Dollar(range)) = segment else {
                    let Segment::Expression(expression) = segment else {
                        unreachable!()
                    };
                    assert_eq!(expression.range.start, end, "{text}");
                    return expression.range.end;
                };
                assert_eq!(range.start, end, "{text}");
                range.end
            });
            assert_eq!(end, text.len(), "{text}");
        }
    }
}
