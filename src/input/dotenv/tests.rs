//! What `.env` files give, and what is said of those that hold more than assignments.

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

/// The entries as `NAME=text`, an unset one as `NAME`.
fn shown(entries: &[Entry]) -> Vec<String> {
    let show = |entry: &Entry| {
        let name = entry.key.text.as_written();
        let scalar = entry.value.as_scalar().unwrap();
        match scalar.style {
            Style::Quoted => format!("{name}={}", scalar.text.as_written()),
            Style::Plain => {
                assert!(entry.value.is_null());
                name.to_string()
            }
        }
    };
    entries.iter().map(show).collect()
}

#[track_caller]
fn gives(text: &str, expected: &[&str]) {
    let (entries, found) = read_text(text);
    assert_eq!(found, [], "{text}");
    assert_eq!(shown(&entries), expected, "{text}");
}

/// Each mistake: its code, the text that it points at, and words of its message or help.
#[track_caller]
fn refuses(text: &str, expected: &[(Code, &str, &str)]) {
    let (_, found) = read_text(text);
    let places: Vec<_> = found
        .iter()
        .map(|one| (one.code, at(text, one.primary.as_ref().unwrap().span)))
        .collect();
    let wanted: Vec<_> = expected.iter().map(|one| (one.0, one.1)).collect();
    assert_eq!(places, wanted, "{text}");
    for (one, (_, _, words)) in found.iter().zip(expected) {
        let said = format!("{}; {}", one.message, one.help.as_deref().unwrap());
        assert!(said.contains(words), "{text}: {said}");
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
        gives(text, expected);
    }
}

#[test]
fn a_file_of_a_platform_is_read() {
    let text = "# the cluster's own win\nexport CIDR=\"10.0.0.0/20\"\nexport K8S=\"\"1.25.4\nexport ID=1\n\
        unset ZONE\nexport KEY=\"$HOME/.ssh/key\"   # whose home?\n";
    let key = "KEY=${HOME}/.ssh/key";
    gives(
        text,
        &["CIDR=10.0.0.0/20", "K8S=1.25.4", "ID=1", "ZONE", key],
    );
}

#[test]
fn the_last_word_about_a_variable_counts() {
    gives("A=1\nB=2\nA=3\n", &["B=2", "A=3"]);
    gives("A=1\nunset A B\n", &["A", "B"]);
    gives("unset A\nexport A\nB=x${A}y\nA=2", &["B=xy", "A=2"]);
}

#[test]
fn quotes_and_backslashes_are_a_shells() {
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
        gives(text, &expected.split('|').collect::<Vec<_>>());
    }
}

#[test]
fn variables_of_the_file_are_expanded() {
    gives(
        "A='x  y'\nB=$A-$A'$A'\"${A}\"",
        &["A=x  y", "B=x  y-x  y$Ax  y"],
    );
    gives("A=1 B=$A\n", &["A=1", "B=1"]);
    gives("A=1\nexport A=2 B=$A\n", &["A=2", "B=1"]);
    gives("A=x\nA=$A${A}y", &["A=xxy"]);
}

#[test]
fn other_variables_are_expressions() {
    let text = "A=\"$HOME/x\"\nB=$A:${USER}\nexport C='$HOME'";
    gives(text, &["A=${HOME}/x", "B=${HOME}/x:${USER}", "C=$HOME"]);
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
fn places_are_those_of_names_and_values() {
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
fn what_is_no_assignment_is_refused() {
    use Code::DotenvSyntax as Syntax;
    for (text, place, words) in [
        ("A = 1", "A", "without blanks"),
        ("A =1", "A", "without blanks"),
        ("A= 1", "1", "without blanks"),
        ("export A = 1", "=", "without blanks"),
        ("A=hello world", "world", "quote a value"),
        ("export A=b c d!", "d!", "quote a value"),
        ("MY-VAR=1", "MY-VAR", "`MY-VAR` is no name"),
        ("export 1A=2", "1A", "no digit first"),
        ("export A,B", "A,B", "is no name"),
        ("unset A=1", "A", "is no name"),
        ("$A=1", "$", "without `$`"),
        ("\"A\"=1", "\"A\"=1", "without quotes"),
        ("export 'A=1'", "'A=1'", "without quotes"),
        ("A+=x", "A+=", "`A=${A}…`"),
        ("A=(a b)", "A=(", "an array"),
        ("A[0]=b", "A[0]=b", "an array"),
        ("key: value", "key:", "YAML"),
        ("---", "---", "YAML"),
        (";A=1", ";", "remove"),
        ("A=1;;", ";", "remove"),
        ("unset", "unset", "names no variable"),
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
        refuses(text, &[(Syntax, place, words)]);
    }
}

#[test]
fn what_only_a_shell_could_tell_is_refused() {
    use Code::DotenvCommand as Command;
    for (text, place, words) in [
        ("A=$(date)", "$(", "the output of a command"),
        (
            "A=\"x $(echo \"y z\")\" B=1",
            "$(",
            "the output of a command",
        ),
        ("A=`date`", "`", "the output of a command"),
        ("A=\"`date`\"", "`", "the output of a command"),
        ("A=$((1 + 2))", "$((", "a calculation"),
        ("A=$[1+2]", "$[", "a calculation"),
        ("A=${B:-x y}z", "${B:-x y}", "only `${NAME}`"),
        ("A=\"${#B}\"", "${#B}", "only `${NAME}`"),
        ("A=${1}", "${1}", "only `${NAME}`"),
        ("A=a$5", "$5", "only a running shell knows `$5`"),
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
        ("source other.env", "source", "another file"),
        (". other.env", ".", "another file"),
        ("set -a", "set", "every variable of the file is read"),
        ("declare -x A=1", "declare", "write `NAME=value`"),
        ("echo hi it\\'s", "echo", "not run"),
        ("export", "export", "remove the line"),
        ("export -p", "-p", "an option"),
        ("unset -v A", "-v", "an option"),
        ("LINENO=1", "LINENO", "another name"),
        ("A=${LINENO}", "${LINENO}", "only a running shell"),
        ("unset OPTIND", "OPTIND", "another name"),
    ] {
        refuses(text, &[(Command, place, words)]);
    }
}

#[test]
fn every_line_with_a_mistake_is_reported() {
    use Code::{DotenvCommand as Command, DotenvSyntax as Syntax, UncarriedCharacter as Lost};
    refuses(
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
    refuses(
        "A='\u{7f}' B=\u{e000}x\n# \u{7f}",
        &[(Lost, "\u{7f}", "U+007F"), (Lost, "", "private-use")],
    );
}

#[test]
fn the_quote_that_may_lack_its_end_is_shown() {
    let text = "A=\"x\nB=\"y\"\nC=1";
    let (_, found) = read_text(text);
    let [unclosed] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(unclosed.primary.as_ref().unwrap().span.start, 9);
    assert_eq!(unclosed.related[0].span.start, 2);
}

#[test]
fn what_expands_without_end_is_refused() {
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
