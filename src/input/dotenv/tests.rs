//! Tests of `.env` files: their variables, and their errors.

use super::read;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};
use crate::tree::{Entry, Style};

fn read_text(text: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add(".env", text.to_owned());
    let mut diags = Diagnostics::default();
    let entries = read(file, &sources.text(file), &mut diags);
    (entries.unwrap_or_default(), diags.into_sorted())
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// Returns the entries as `NAME=value`, or `NAME` if the variable is unset.
fn shown(entries: &[Entry]) -> Vec<String> {
    let show = |entry: &Entry| {
        let name = entry.key.text.source_text();
        let scalar = entry.value.as_scalar().unwrap();
        match scalar.style {
            Style::Quoted => format!("{name}={}", scalar.text.source_text()),
            Style::Plain => {
                assert!(entry.value.is_null());
                name.to_string()
            }
        }
    };
    entries.iter().map(show).collect()
}

#[track_caller]
fn assert_entries(text: &str, expected: &[&str]) {
    let (entries, found) = read_text(text);
    assert_eq!(found, [], "{text}");
    assert_eq!(shown(&entries), expected, "{text}");
}

/// Checks each error: its code, the string that it points to, and a fragment of its message or help.
#[track_caller]
fn assert_errors(text: &str, expected: &[(Code, &str, &str)]) {
    let (_, found) = read_text(text);
    let places: Vec<_> = found
        .iter()
        .map(|error| (error.code, at(text, error.primary.as_ref().unwrap().span)))
        .collect();
    let expected_places: Vec<_> = expected.iter().map(|(code, at, _)| (*code, *at)).collect();
    assert_eq!(places, expected_places, "{text}");
    for (error, (_, _, fragment)) in found.iter().zip(expected) {
        let message = format!("{}; {}", error.message, error.help.as_deref().unwrap());
        assert!(message.contains(fragment), "{text}: {message}");
    }
}

#[test]
fn assignments_are_read() {
    for (text, expected) in [
        ("", &[][..]),
        ("\n \t\n# A=1 it's\n #\n", &[]),
        ("A=1", &["A=1"]),
        ("A=1 B=2;C=3 ; D=4;\n", &["A=1", "B=2", "C=3", "D=4"]),
        ("export A=1 B C=2\nexport D\n", &["A=1", "C=2"]),
        ("\texport  _a1=x # y\nB=x#y;#z\n", &["_a1=x", "B=x#y"]),
        ("A=\nB= C=1\n", &["A=", "B=", "C=1"]),
        ("export=1 unset=2 if=3", &["export=1", "unset=2", "if=3"]),
        ("A=1\r\nB='x\r\ny'\r\n", &["A=1", "B=x\ny"]),
        ("A=1 \\\n  B=2\\\n \\\n# C=3\nD=\\\n", &["A=1", "B=2", "D="]),
        ("# not continued \\\nA=1", &["A=1"]),
        (
            "A==b=c B=[*]?{a,b}!x~:@%^,+-.é",
            &["A==b=c", "B=[*]?{a,b}!x~:@%^,+-.é"],
        ),
    ] {
        assert_entries(text, expected);
    }
}

#[test]
fn platform_file_is_read() {
    let text = "# the cluster's own win\nexport CIDR=\"10.0.0.0/20\"\nexport K8S=\"\"1.25.4\nexport ID=1\n\
        unset ZONE\nexport KEY=\"$HOME/.ssh/key\"   # whose home?\n";
    let key = "KEY=${HOME}/.ssh/key";
    assert_entries(
        text,
        &["CIDR=10.0.0.0/20", "K8S=1.25.4", "ID=1", "ZONE", key],
    );
}

#[test]
fn last_assignment_wins() {
    assert_entries("A=1\nB=2\nA=3\n", &["B=2", "A=3"]);
    assert_entries("A=1\nunset A B\n", &["A", "B"]);
    assert_entries("unset A\nexport A\nB=x${A}y\nA=2", &["B=xy", "A=2"]);
}

#[test]
fn quotes_and_backslashes_follow_posix() {
    for (text, expected) in [
        (r#"A=""1.25.4"#, "A=1.25.4"),
        (r#"A=a'b'"c"d''"#, "A=abcd"),
        (r#"A='a "$X" `b` \n # ${'"#, r#"A=a "$X" `b` \n # ${"#),
        (
            r#"A="it's \$x \`y\` \"z\" \\ \n""#,
            r#"A=it's $x `y` "z" \ \n"#,
        ),
        (r"A=a\ b\#\;\'\$X\\\n\é", r"A=a b#;'$X\né"),
        ("A=\"a\nb\\\nc\" B='d\n\\\ne'", "A=a\nbc|B=d\n\\\ne"),
        ("A=a\\\n\\\nb", "A=ab"),
        (
            r#"A=$ B="$" C=a$% D="$'x'" E=$é"#,
            "A=$|B=$|C=a$%|D=$'x'|E=$é",
        ),
        (r#"A="~":'~'\~x~ B=""~ C=\:~"#, "A=~:~~x~|B=~|C=:~"),
        (r#"export A="{a,b}" B=${A}"#, "A={a,b}|B=${A}"),
    ] {
        assert_entries(text, &expected.split('|').collect::<Vec<_>>());
    }
}

#[test]
fn variables_of_the_file_are_expanded() {
    assert_entries(
        "A='x  y'\nB=$A-$A'$A'\"${A}\"",
        &["A=x  y", "B=x  y-x  y$Ax  y"],
    );
    assert_entries("A=1 B=$A\n", &["A=1", "B=1"]);
    assert_entries("A=1\nexport A=2 B=$A\n", &["A=2", "B=1"]);
    assert_entries("A=x\nA=$A${A}y", &["A=xxy"]);
}

#[test]
fn other_variables_are_expressions() {
    let text = "A=\"$HOME/x\"\nB=$A:${USER}\nexport C='$HOME'";
    assert_entries(text, &["A=${HOME}/x", "B=${HOME}/x:${USER}", "C=$HOME"]);
    let (entries, _) = read_text(text);
    let places = |entry: &Entry| -> Vec<_> {
        let slots = entry.value.as_scalar().unwrap().text.slots();
        slots.map(|slot| at(text, slot.span)).collect()
    };
    assert_eq!(places(&entries[0]), ["$HOME"]);
    assert_eq!(places(&entries[1]), ["$HOME", "${USER}"]);
    assert!(entries[2].value.is_literal());
}

#[test]
fn spans_cover_names_and_values() {
    let text = "export A=\"é\"'b' B= C=x\\\n\nunset B";
    let (entries, _) = read_text(text);
    let places: Vec<_> = entries
        .iter()
        .map(|entry| (at(text, entry.key.span), at(text, entry.value.span)))
        .collect();
    assert_eq!(places, [("A", "\"é\"'b'"), ("C", "x"), ("B", "B")]);
    let (entries, _) = read_text("A= B=1");
    assert_eq!(
        (entries[0].value.span.start, entries[0].value.span.end),
        (2, 2)
    );
}

#[test]
fn invalid_assignments_are_errors() {
    use Code::DotenvSyntax as Syntax;
    for (text, place, fragment) in [
        ("A = 1", "A", "without spaces"),
        ("A =1", "A", "without spaces"),
        ("A= 1", "1", "without spaces"),
        ("export A = 1", "=", "without spaces"),
        ("A=hello world", "world", "quote a value"),
        ("export A=b c d!", "d!", "quote a value"),
        ("MY-VAR=1", "MY-VAR", "`MY-VAR` is not a valid"),
        ("export 1A=2", "1A", "must not be a digit"),
        ("export A,B", "A,B", "is not a valid"),
        ("unset A=1", "A", "is not a valid"),
        ("$A=1", "$", "must not begin with `$`"),
        ("\"A\"=1", "\"A\"=1", "must not be quoted"),
        ("export 'A=1'", "'A=1'", "must not be quoted"),
        ("A+=x", "A+=", "`A=${A}…`"),
        ("A=(a b)", "A=(", "arrays"),
        ("A[0]=b", "A[0]=b", "arrays"),
        ("key: value", "key:", "YAML"),
        ("---", "---", "YAML"),
        (";A=1", ";", "remove"),
        ("A=1;;", ";", "remove"),
        ("unset", "unset", "needs the name"),
        ("A='x", "'", "not closed"),
        ("A=\"x\n# \\\"", "\"", "not closed"),
        ("A=${B", "${B", "not closed"),
        ("A=${B C=}", "${B", "not closed"),
        ("A=$'x'", "$'", "remove the `$`"),
        ("A=$\"x\"", "$\"", "remove the `$`"),
        ("A=$B\\\nC", "$B", "on one line"),
        ("A=$\\\nB", "$", "on one line"),
        ("A=x\\", "\\", "a backslash"),
        ("export A={a,b}", "{", "quote the value"),
        ("\u{feff}A=1", "\u{feff}", "byte order mark"),
    ] {
        assert_errors(text, &[(Syntax, place, fragment)]);
    }
}

#[test]
fn commands_and_expansions_are_errors() {
    use Code::DotenvCommand as Command;
    for (text, place, fragment) in [
        ("A=$(date)", "$(", "command substitution"),
        ("A=\"x $(echo \"y z\")\" B=1", "$(", "command substitution"),
        ("A=`date`", "`", "command substitution"),
        ("A=\"`date`\"", "`", "command substitution"),
        ("A=$((1 + 2))", "$((", "arithmetic"),
        ("A=$[1+2]", "$[", "arithmetic"),
        ("A=${B:-x y}z", "${B:-x y}", "only `${NAME}`"),
        ("A=\"${#B}\"", "${#B}", "only `${NAME}`"),
        ("A=${1}", "${1}", "only `${NAME}`"),
        ("A=a$5", "$5", "`$5` is set only in a running shell"),
        ("A=\"$$\"", "$$", "`\\$`"),
        ("A=~/x", "~", "quote the `~`"),
        ("A=\\\n~", "~", "quote the `~`"),
        ("A=/x:~user", "~", "quote the `~`"),
        ("A=a|b", "|", "quote the value"),
        ("A=http://h/?a=1&b=2", "&", "quote the value"),
        ("A=1 && B=2", "&&", "operator"),
        ("A=1 > x", ">", "operator"),
        ("(A=1)", "(", "operator"),
        ("! A=1", "!", "not run"),
        ("if true; then", "if", "conditions"),
        ("function f", "function", "functions"),
        ("source other.env", "source", "include another file"),
        (". other.env", ".", "include another file"),
        ("set -a", "set", "all variables of the file are read"),
        ("declare -x A=1", "declare", "write `NAME=value`"),
        ("echo hi it\\'s", "echo", "not run"),
        ("export", "export", "remove the line"),
        ("export -p", "-p", "options"),
        ("unset -v A", "-v", "options"),
        ("LINENO=1", "LINENO", "another name"),
        ("A=${LINENO}", "${LINENO}", "only in a running shell"),
        ("unset OPTIND", "OPTIND", "another name"),
    ] {
        assert_errors(text, &[(Command, place, fragment)]);
    }
}

#[test]
fn every_line_with_an_error_is_reported() {
    use Code::{DotenvCommand as Command, DotenvSyntax as Syntax, UncarriedCharacter as Lost};
    assert_errors(
        "A=$1$2 B=~\necho 'it is\nstill' # it's\n\nC = 1\nD=\"${E-\n}\"\nF='x",
        &[
            (Command, "$1", ""),
            (Command, "$2", ""),
            (Command, "~", ""),
            (Command, "echo", ""),
            (Syntax, "C", ""),
            (Syntax, "${E", ""),
            (Syntax, "'", ""),
        ],
    );
    assert_errors(
        "A='\u{7f}' B=\u{e000}x\n# \u{7f}",
        &[(Lost, "\u{7f}", "U+007F"), (Lost, "", "private-use")],
    );
}

#[test]
fn unclosed_quote_names_the_suspicious_one() {
    let text = "A=\"x\nB=\"y\"\nC=1";
    let (_, found) = read_text(text);
    let [unclosed] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(unclosed.primary.as_ref().unwrap().span.start, 9);
    assert_eq!(unclosed.related[0].span.start, 2);
}

#[test]
fn expansion_has_a_size_limit() {
    let doubled = |first: &str| format!("A={first}\n{}B=$A", "A=$A$A\n".repeat(60));
    let long = format!("A={}", "$X".repeat(70_000));
    for text in [doubled("x"), doubled("$X"), long] {
        let (_, found) = read_text(&text);
        assert!(matches!(found.as_slice(), [only] if only.code == Code::FileTooLarge));
    }
}

#[test]
fn broken_quotes_take_linear_time() {
    for line in ["A='\"\n", "$( '\n", "\"\\\"'\n", "A=\"$(\n", "A=\"${B\n\\"] {
        let text = line.repeat(400_000);
        assert!(!read_text(&text).1.is_empty());
    }
}
