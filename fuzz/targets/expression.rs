//! Any string, divided into expressions and evaluated with any values.

#![no_main]

use std::borrow::Cow;
use std::collections::BTreeMap;

use kubectl_fleet::template::evaluate::evaluate;
use kubectl_fleet::template::function::MAX_LENGTH;
use kubectl_fleet::tree::expression::{MAX_ERRORS, Segment, references, split};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, Vec<Option<&str>>)| {
    let (text, values) = input;
    let segments = match split(text) {
        Ok(segments) => segments,
        Err(errors) => {
            assert!((1..=MAX_ERRORS).contains(&errors.len()));
            for error in errors {
                assert!(text.get(error.range.clone()).is_some(), "{error:?}");
            }
            return;
        }
    };
    let end = segments.iter().fold(0, |end, segment| {
        let range = match segment {
            Segment::Text(range) | Segment::Dollar(range) => range,
            Segment::Expression(expression) => &expression.range,
        };
        assert_eq!(range.start, end);
        range.end
    });
    assert_eq!(end, text.len());

    let mut values = values.into_iter().cycle();
    let mentioned = references(&segments);
    let known: BTreeMap<String, Option<&str>> = mentioned
        .iter()
        .map(|reference| (reference.path.join("."), values.next().unwrap_or(Some("v"))))
        .collect();
    let mut asked = 0;
    let mut lookup = |path: &[String]| {
        asked += 1;
        known[&path.join(".")].map(Cow::Borrowed)
    };
    match evaluate(&segments, text, &mut lookup) {
        Ok(value) => {
            assert!(value.len() <= MAX_LENGTH);
            let is_complete = |name: &str| known[name].is_some_and(|value| !value.is_empty());
            if mentioned.is_empty() {
                assert_eq!(value, text.replace("$$", "$"));
            } else if !mentioned.iter().all(|one| is_complete(&one.path.join("."))) {
                let plain = mentioned
                    .iter()
                    .filter(|one| one.required && !one.conditional);
                for one in plain {
                    assert!(known[&one.path.join(".")].is_some(), "{one:?} is unset");
                }
            }
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(text.get(problem.range.clone()).is_some(), "{problem:?}");
            }
        }
    }
    assert!(asked <= mentioned.len());
});
