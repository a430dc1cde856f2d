//! The environment of a run, and the destination of its output.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{CLUSTER, FLEET, MEMORY, POOL, RUN, lines, with_list, with_users};
use crate::fleet::{Fleet, PROGRAM, Run};

fn many() -> Fleet {
    with_users(lines(0..2_000, |number| format!("user{number}: {{}}")))
}

fn shell(fleet: &Fleet, script: &str) -> Run {
    fleet.run_script(MEMORY, script, &["generate"])
}

/// Returns a fleet with cells, so that each command prints something.
fn with_cells() -> Fleet {
    let list = "- list: users.yaml\n  value: cell\n  labels: {cell: \"${cell}\"}\n";
    with_users(lines(0..900, |number| format!("user{number}: eu"))).with(
        "fleet.yaml",
        FLEET.replace("- list: users.yaml\n", list) + "cells: {label: cell}\n",
    )
}

/// Every command that prints.
const PRINTING: [&[&str]; 6] = [
    &["generate"],
    &["generate", "-o", "json", "--cell", "eu"],
    &["validate", "-o", "json"],
    &["remove", "user7", "--dry-run"],
    &["argocd", "parameters"],
    &["argocd", "apps", "--repo", "https://git.example.org/a.git"],
];

#[test]
fn full_disk_is_reported() {
    let fleet = with_cells();
    let script = "\"$0\" \"$@\" >/dev/full";
    for args in PRINTING {
        let run = fleet.run_script(MEMORY, script, args);
        assert_eq!(run.code, 5, "{args:?} {}", run.stderr);
        assert_eq!(
            run.stderr, "error: cannot write the output: No space left on device (os error 28)\n",
            "{args:?}"
        );
    }
    // If stderr is full, the message cannot be written either.
    let run = fleet.run_script(MEMORY, &format!("{script} 2>&1"), &["generate"]);
    assert_eq!(run.code, 5);
}

/// Earlier output remains; the exit code indicates that it is incomplete.
#[test]
fn closed_reader_is_not_reported() {
    let run = shell(
        &many(),
        "{ \"$0\" \"$@\"; echo $? >code; } | head -1; cat code",
    );
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("apiVersion: v1\n5\n", "")
    );
}

#[test]
fn closed_streams_cause_no_panic() {
    for closed in ["<&-", "2>&-", "<&- 2>&-"] {
        let run = shell(&many(), &format!("\"$0\" \"$@\" {closed}"));
        assert_eq!(run.code, 0, "{closed} {}", run.stderr);
        assert_eq!(run.stdout, many().printed());
    }
    let run = shell(&many(), "\"$0\" \"$@\" >&-");
    assert!(matches!(run.code, 0 | 5), "{:?} {}", run.code, run.stderr);
    let wrong = with_users("Alice: {}\n");
    assert_eq!(shell(&wrong, "\"$0\" \"$@\" 2>&-").code, 3);
    assert_eq!(shell(&wrong, "\"$0\" \"$@\" >&- 2>&- <&-").code, 3);
}

#[test]
fn output_is_the_same_in_every_environment() {
    let fleet = many();
    let expected = fleet.printed();
    for script in [
        "exec env -i \"$0\" \"$@\"",
        "TZ=Pacific/Kiritimati LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 exec \"$0\" \"$@\"",
        "HOME=/nonexistent TMPDIR=/nonexistent XDG_CONFIG_HOME=/dev/null exec \"$0\" \"$@\"",
        "CLICOLOR_FORCE=1 FORCE_COLOR=1 TERM=xterm COLUMNS=20 exec \"$0\" \"$@\"",
        "RUST_BACKTRACE=full RUST_LOG=trace KUBECONFIG=/nonexistent exec \"$0\" \"$@\"",
        "chmod -R a-w . && exec \"$0\" \"$@\"",
        "dir=$PWD; cd / && exec \"$0\" \"$@\" \"$dir\"",
        "ulimit -s 64 && exec \"$0\" \"$@\"",
        "ulimit -n 16 && exec \"$0\" \"$@\"",
        "cpu=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//') && exec taskset -c \"$cpu\" \"$0\" \"$@\"",
    ] {
        let run = shell(&fleet, script);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{script}");
        assert!(run.stdout == expected, "{script}");
    }
}

/// Nesting is limited, so it fits into the stack that the program allocates.
#[test]
fn small_stack_suffices_for_deep_nesting() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("{}x{}", open.repeat(levels), close.repeat(levels))
    };
    let users = format!("alice: {{a: {}}}\n", deep("[", "]", 60));
    let template = format!(
        "{CLUSTER}---\n{POOL}spec: {{a: \"${{a}}\", b: {}, c: \"{}\"}}\n",
        deep("{k: ", "}", 60),
        deep("${X:=", "}", 20)
    );
    let fleet = with_users(users).with("cluster.yaml", template.replace("\"${a}\"", "${a}"));
    let run = fleet.run_script(MEMORY, "ulimit -s 64 && exec \"$0\" \"$@\"", &["generate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let fleet = with_users(format!("alice: {}\n", deep("[", "]", 100_000)));
    let run = fleet.run_script(MEMORY, "ulimit -s 64 && exec \"$0\" \"$@\"", &["generate"]);
    assert_eq!(run.code, 4, "{}", run.stderr);
}

/// Like the memory of a small container.
#[test]
fn large_fleet_needs_little_memory() {
    let users = lines(0..20_000, |number| format!("user{number}: {{}}"));
    let run = with_users(users).run_script(256 << 10, RUN, &["generate"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn missing_memory_is_reported_and_no_output_is_written() {
    let users = lines(0..100_000, |number| format!("user{number}: {{}}"));
    let run = with_users(users).run_script(64 << 10, RUN, &["generate"]);
    assert_eq!((run.code, run.stdout.as_str()), (134, ""));
    assert!(
        run.stderr.contains("memory allocation of "),
        "{}",
        run.stderr
    );
}

/// Returns a run that writes to a file, or to a pipe that is not read yet.
fn started(fleet: &Fleet, stdout: Stdio) -> Child {
    with_default_interrupt(fleet, &["generate", "-o", "json"])
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(File::create(fleet.path("stderr")).unwrap())
        .spawn()
        .unwrap()
}

/// Returns the command with the default action of SIGINT: a shell ignores it in the background, and programs inherit
/// that. Without the option of GNU `env`, the test must run in the foreground.
fn with_default_interrupt(fleet: &Fleet, args: &[&str]) -> Command {
    let reset = "--default-signal=INT";
    let mut probe = Command::new("env");
    let probe = probe.args([reset, "true"]).stderr(Stdio::null()).status();
    if probe.is_ok_and(|status| status.success()) {
        fleet.command_of("env", &[&[reset, PROGRAM], args].concat())
    } else {
        fleet.command(args)
    }
}

fn signal(child: &Child, name: &str) {
    let script = format!("kill -{name} {}", child.id());
    let status = Command::new("/bin/sh").args(["-c", &script]).status();
    assert!(status.unwrap().success());
}

const SIGNALS: [(&str, i32); 3] = [("INT", 2), ("TERM", 15), ("KILL", 9)];

#[test]
fn interrupted_compilation_writes_no_output() {
    let users = lines(0..100_000, |number| format!("user{number}: {{}}"));
    let fleet = with_users(users);
    for (name, number) in SIGNALS {
        // A busy machine might deliver the signal late, but not every time.
        let was_ended = (0..20).any(|_| {
            let mut child = started(&fleet, File::create(fleet.path("stdout")).unwrap().into());
            sleep(Duration::from_millis(10));
            signal(&child, name);
            let is_ended = child.wait().unwrap().signal() == Some(number);
            let printed = fs::metadata(fleet.path("stdout")).unwrap().len();
            is_ended && printed == 0
        });
        assert!(was_ended, "{name}");
        assert_eq!(fs::read_to_string(fleet.path("stderr")).unwrap(), "");
    }
}

/// A signal also ends a run that waits for its reader; the written output is a prefix of the whole.
#[test]
fn interrupted_output_is_a_prefix() {
    let fleet = many();
    let whole = fleet.run_limited(&["generate", "-o", "json"]).stdout;
    for (name, number) in SIGNALS {
        let mut child = started(&fleet, Stdio::piped());
        let mut stdout = child.stdout.take().unwrap();
        let mut printed = vec![0];
        stdout.read_exact(&mut printed).unwrap();
        signal(&child, name);
        assert_eq!(child.wait().unwrap().signal(), Some(number), "{name}");
        stdout.read_to_end(&mut printed).unwrap();
        assert!(printed.len() < whole.len(), "{name}");
        assert!(whole.as_bytes().starts_with(&printed), "{name}");
        assert_eq!(fs::read_to_string(fleet.path("stderr")).unwrap(), "");
    }
}

/// Argo CD ends a render with a signal after its timeout. Needs `strace`, and permission to trace.
#[test]
fn slow_disk_delays_the_output() {
    let fleet = (0..30).fold(with_list("lists/*.yaml"), |fleet, number| {
        fleet.with(&format!("lists/user{number}.yaml"), "{}")
    });
    let slowly = "timeout -s KILL 1 strace -f -qq -o /dev/null -e inject=?openat2,?openat:delay_enter=100000";
    let run = fleet.run_script(
        1 << 20,
        &format!("strace -qq -o /dev/null true || exit 98; {slowly} \"$0\" \"$@\"; exit $?"),
        &["generate"],
    );
    if run.code != 98 && run.code != 127 {
        assert_eq!((run.code, run.stdout.as_str()), (137, ""), "{}", run.stderr);
    }
}

/// A run that cannot write a whole file changes no file. Needs `strace`, too.
#[test]
fn full_disk_keeps_existing_files() {
    let fleet = with_users("alice: {}\nbob: {}\n");
    fleet.run_limited(&["lock"]);
    let lock = fleet.read("fleet.lock");
    for call in ["fsync", "write"] {
        let inject = format!("inject={call}:error=ENOSPC:when=1");
        let script = format!(
            "strace -qq -o /dev/null true || exit 98; exec strace -f -qq -o /dev/null -e {inject} \"$0\" \"$@\""
        );
        let run = fleet.run_script(1 << 20, &script, &["remove", "bob"]);
        if matches!(run.code, 98 | 127) {
            return;
        }
        assert_eq!(run.code, 5, "{call}: {}", run.stderr);
        assert_eq!(
            run.stderr, "error: cannot write: No space left on device (os error 28)\n",
            "{call}"
        );
        let read = |path: &str| fs::read_to_string(fleet.path(path)).unwrap();
        assert_eq!(read("users.yaml"), "alice: {}\nbob: {}\n");
        assert_eq!(read("fleet.lock"), lock);
        assert_eq!(fs::read_dir(fleet.path(".")).unwrap().count(), 4, "{call}");
    }
}
