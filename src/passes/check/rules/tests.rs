//! Tables of strings that the webhooks accept and reject.

use super::super::formats::{Amount, NameFormat, overlap};
use super::table::rule;
use super::*;
use crate::diagnostic::Code;

fn said(field: Field, text: &str) -> Option<Code> {
    let rule = rule(("", "Kind"), "spec x", field);
    rule.problem(text).map(|(code, _)| code)
}

#[test]
fn versions_are_validated_like_cluster_api() {
    for text in [
        "",
        "v1.34.0",
        "v0.0.0",
        "v1.34.0-rc.1",
        "v1.2.3-0.a-b+build.007",
        "v1.2.3+k3s1",
    ] {
        assert_eq!(said(Field::Version, text), None, "{text}");
    }
    for text in ["1.34.0", "0.1.2-alpha"] {
        let said = said(Field::Version, text);
        assert_eq!(said, Some(Code::VersionWithoutV), "{text}");
    }
    for text in [
        "v1.34",
        "1.34",
        "vv1.34.0",
        "V1.34.0",
        "v1.34.0.1",
        "v01.2.3",
        "v1.2.03",
        "v1.2.x",
        "v1.2.3-01",
        "v1.2.3-",
        "v1.2.3+",
        "v1.2.3-a_b",
        "v 1.2.3",
        "v1.2.+3",
        "v1..3",
        "latest",
        "v99999999999999999999.0.0",
    ] {
        let said = said(Field::Version, text);
        assert_eq!(said, Some(Code::InvalidVersion), "{text}");
    }
}

#[test]
fn networks_are_parsed_like_go() {
    for text in [
        "10.0.0.0/16",
        "10.1.2.3/8",
        "0.0.0.0/0",
        "10.0.0.0/08",
        "fd00::/48",
        "::/0",
        "::ffff:10.0.0.1/104",
    ] {
        assert_eq!(said(Field::Pods, text), None, "{text}");
    }
    for text in [
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0/16",
        "010.0.0.0/8",
        "10.0.0.0/",
        "10.0.0.0/+8",
        "10.0.0.0/-1",
        "fd00::/129",
        "fe80::1%eth0/64",
        "a/8",
        " 10.0.0.0/8",
    ] {
        assert_eq!(
            said(Field::Services, text),
            Some(Code::InvalidNetwork),
            "{text}"
        );
    }
}

#[test]
fn networks_overlap_if_one_contains_the_other() {
    for (pods, services, expected) in [
        ("10.0.0.0/8", "10.96.0.0/12", true),
        ("10.96.0.0/12", "10.0.0.0/8", true),
        ("10.0.0.1/16", "10.0.0.0/16", true),
        ("10.0.0.0/16", "10.1.0.0/16", false),
        ("::/0", "10.0.0.0/8", false),
        ("fd00::/48", "fd00:0:0:1::/64", true),
        ("x", "10.0.0.0/8", false),
    ] {
        let found = overlap(&["192.168.0.0/16", pods], &[services]);
        assert_eq!(found.is_some(), expected, "{pods} {services}");
    }
}

#[test]
fn names_are_validated_like_providers() {
    let long = "a".repeat(101);
    for (field, good, bad) in [
        (
            Field::Name(100, NameFormat::Word),
            vec!["a", "A_b-9", &long[1..]],
            vec!["_a", "a.b", "é"],
        ),
        (
            Field::Name(54, NameFormat::Dashed),
            vec!["aB", "a-b"],
            vec!["a", "-a", "a-", "a.b"],
        ),
        (
            Field::Name(44, NameFormat::LowerDashed),
            vec!["ab", "a-9"],
            vec!["aB", "a", "a-"],
        ),
        (
            Field::Name(12, NameFormat::Lower),
            vec!["a", "pool1"],
            vec!["1a", "a-b", "aB"],
        ),
        (
            Field::Name(63, NameFormat::Unbranded),
            vec!["a"],
            vec!["my-Windows", "microsoft"],
        ),
        (Field::Name(40, NameFormat::Any), vec!["a_B"], vec![]),
    ] {
        for text in good {
            assert_eq!(said(field, text), None, "{text}");
        }
        for text in bad {
            assert_eq!(said(field, text), Some(Code::InvalidName), "{text}");
        }
        assert_eq!(said(field, &long), Some(Code::NameTooLong));
    }
}

#[test]
fn amounts_are_validated_like_cluster_api() {
    for (amount, good, bad) in [
        (
            Amount::Positive,
            &["1", "20"][..],
            &["0", "-1", "", "x", "1%"][..],
        ),
        (Amount::EtcdMembers, &["1", "3", "5"], &["2", "4", "x", ""]),
        (Amount::OneOrNone, &["0", "1"], &["2", "-1", "half"]),
        (
            Amount::Share,
            &["0", "25%", "150%", "-1"],
            &["half", "%", "x%", "", "1.5"],
        ),
        (
            Amount::StartupSeconds,
            &["0", "30", "600"],
            &["29", "-1", "10m"],
        ),
    ] {
        for text in good {
            assert_eq!(
                said(Field::Amount(amount), text),
                None,
                "{amount:?}: {text}"
            );
        }
        for text in bad {
            let said = said(Field::Amount(amount), text);
            assert_eq!(said, Some(Code::RefusedValue), "{amount:?}: {text}");
        }
    }
}

#[test]
fn names_in_aws_are_validated_like_aws() {
    for text in ["alice.external-dns", "A_+=,.@-9"] {
        assert_eq!(said(Field::Name(64, NameFormat::Iam), text), None, "{text}");
    }
    for text in ["a b", "a/b", "a*", "é"] {
        let said = said(Field::Name(64, NameFormat::Iam), text);
        assert_eq!(said, Some(Code::InvalidName), "{text}");
    }
    let long = "a".repeat(65);
    let said = said(Field::Name(64, NameFormat::Iam), &long);
    assert_eq!(said, Some(Code::NameTooLong));
}
