//! Where the program is run, and where its output goes.

use super::{Fleet, MEMORY, Run, lines};

fn many() -> Fleet {
    Fleet::of_users(lines(0..2_000, |number| format!("user{number}: {{}}")))
}

fn shell(fleet: &Fleet, script: &str) -> Run {
    fleet.run_with(MEMORY, script, &["generate"])
}

#[test]
fn a_full_disk_is_told() {
    let run = shell(&many(), "\"$0\" \"$@\" >/dev/full");
    assert_eq!(run.code, Some(5), "{}", run.stderr);
    assert!(
        run.stderr.starts_with("error: cannot write the output: "),
        "{}",
        run.stderr
    );
}

#[test]
fn a_reader_that_goes_away_is_no_news() {
    let run = shell(&many(), "\"$0\" \"$@\" | head -1");
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("apiVersion: v1\n", "")
    );
}

#[test]
fn closed_streams_make_no_panic() {
    for closed in ["<&-", "2>&-", "<&- 2>&-"] {
        let run = shell(&many(), &format!("\"$0\" \"$@\" {closed}"));
        assert_eq!(run.code, Some(0), "{closed} {}", run.stderr);
        assert_eq!(run.stdout, many().printed());
    }
    let run = shell(&many(), "\"$0\" \"$@\" >&-");
    assert!(
        matches!(run.code, Some(0 | 5)),
        "{:?} {}",
        run.code,
        run.stderr
    );
    let wrong = Fleet::of_users("Alice: {}\n");
    assert_eq!(shell(&wrong, "\"$0\" \"$@\" 2>&-").code, Some(3));
    assert_eq!(shell(&wrong, "\"$0\" \"$@\" >&- 2>&- <&-").code, Some(3));
}

#[test]
fn the_same_bytes_everywhere() {
    let fleet = many();
    let expected = fleet.printed();
    for script in [
        "exec env -i \"$0\" \"$@\"",
        "TZ=Pacific/Kiritimati LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 exec \"$0\" \"$@\"",
        "HOME=/nonexistent TMPDIR=/nonexistent XDG_CONFIG_HOME=/dev/null exec \"$0\" \"$@\"",
        "CLICOLOR_FORCE=1 FORCE_COLOR=1 TERM=xterm COLUMNS=20 exec \"$0\" \"$@\"",
        "RUST_BACKTRACE=full RUST_LOG=trace KUBECONFIG=/nonexistent exec \"$0\" \"$@\"",
        "chmod -R a-w . && exec \"$0\" \"$@\"",
        "folder=$PWD; cd / && exec \"$0\" \"$@\" \"$folder\"",
    ] {
        let run = shell(&fleet, script);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{script}");
        assert!(run.stdout == expected, "{script}");
    }
}
