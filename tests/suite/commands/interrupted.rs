//! Runs that are killed while they write: each file is old or new, and a later run completes the work.
//!
//! With `strace`, a run is killed at each system call that changes a file. Without it, runs are killed after
//! different times, which do not hit every call.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use super::{fleet_with_clusters, lines};
use crate::fleet::{Fleet, PROGRAM};

/// System calls that change a directory. Not every system has all of them.
const CALLS: [&str; 8] = [
    "write",
    "fchmod",
    "fsync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
];

/// Prefix of the name of an incomplete file.
const UNFINISHED: &str = ".kubectl-fleet-unfinished-";

/// Runs the program repeatedly, killed at another moment each time, until a run completes. `check` is called
/// after each run, and restores the previous files. Returns `true` if a run was killed at every moment.
fn kill_at_each_moment(fleet: &Fleet, args: &[&str], mut check: impl FnMut()) -> bool {
    let strace = |call: &str, what: &str| {
        let inject = format!("inject=?{call}:{what}");
        let options = ["-f", "-qq", "-o", "/dev/null", "-e", &inject, PROGRAM];
        let mut command = fleet.command_of("strace", &[&options, args].concat());
        command.stderr(Stdio::null()).stdout(Stdio::null());
        command.status()
    };
    // `strace` without permission to trace is useless.
    if strace("write", "delay_enter=0").is_ok_and(|status| status.success()) {
        check();
        for call in CALLS {
            let killed = (1..1_000).find(|number| {
                let status = strace(call, &format!("signal=KILL:when={number}"));
                check();
                status.expect("strace starts").success()
            });
            assert!(killed.is_some(), "{call}: the program never ends");
        }
        return true;
    }
    let start = Instant::now();
    fleet.run(args);
    let whole = start.elapsed();
    check();
    for step in 0..60 {
        let mut command = fleet.command(args);
        let child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn();
        let mut child = child.expect("the program starts");
        sleep(whole * step / 50);
        let _ = child.kill();
        child.wait().expect("an end");
        check();
    }
    false
}

/// Returns the number of files that a killed run left.
fn unfinished(files: &BTreeMap<String, String>) -> usize {
    let is_unfinished = |path: &&String| path.contains(UNFINISHED);
    files.keys().filter(is_unfinished).count()
}

/// Restores the files of a directory, and keeps others.
fn restore(fleet: &Fleet, dir: &str, old: &BTreeMap<String, String>) {
    for (path, text) in old {
        fleet.write(&format!("{dir}/{path}"), text);
    }
}

#[test]
fn output_dir_is_written_atomically() {
    let fleet = fleet_with_clusters(5);
    fleet.run(&["generate", "-o", "dir=rendered"]);
    let old = fleet.files("rendered");
    fleet.edit("fleet.yaml", "eu-central-1", "us-east-1");
    fleet.edit("users.yaml", "u4: {cell: c1} # end\n", "");
    fleet.run(&["generate", "-o", "dir=new"]);
    let new = fleet.files("new");
    assert_eq!(old.len(), new.len() + 1);
    let (mut between, mut left) = (BTreeSet::new(), 0);
    restore(&fleet, "rendered", &old);
    let is_exact = kill_at_each_moment(&fleet, &["generate", "-o", "dir=rendered"], || {
        let now = fleet.files("rendered");
        for (path, text) in now.iter().filter(|(path, _)| !path.contains(UNFINISHED)) {
            let texts = [old.get(path), new.get(path)];
            assert!(texts.contains(&Some(text)), "{path}");
        }
        for path in new.keys() {
            assert!(now.contains_key(path), "{path}");
        }
        between.insert(
            now.values()
                .filter(|text| text.contains("us-east-1"))
                .count(),
        );
        left = left.max(unfinished(&now));
        restore(&fleet, "rendered", &old);
    });
    if is_exact {
        assert!((0..=4).all(|files| between.contains(&files)), "{between:?}");
        assert!(left > 0, "no run was killed between two files");
    }
    fleet.print(&["generate", "-o", "dir=rendered"]);
    assert_eq!(fleet.files("rendered"), new);
}

/// Returns a fleet with a lock and two lists, in a directory of which every file is a list.
fn listed() -> Fleet {
    let fleet = fleet_with_clusters(0);
    fleet.edit("fleet.yaml", "list: users.yaml", "list: users/**");
    for user in ["alice", "bob", "carol"] {
        fleet.write(&format!("users/{user}.yaml"), "cell: c0\n");
    }
    fleet.edit(
        "fleet.yaml",
        "\ntemplates",
        "\n- {list: more.yaml, value: cell, variables: {AWS_REGION: eu-west-1}, labels: {cell: \"${cell}\"}}\ntemplates",
    );
    fleet.write("more.yaml", "# more\ndave: c1\nerin: c1 # end\n");
    fleet.print(&["lock"]);
    fleet
}

#[test]
fn interrupted_removal_can_be_resumed() {
    const GONE: [&str; 2] = ["bob", "erin"];
    let fleet = listed();
    let old = fleet.files(".");
    let printed = |fleet: &Fleet| fleet.print(&["generate", "-o", "json"]);
    let before = printed(&fleet);
    let (mut seen, mut left) = (BTreeSet::new(), 0);
    let is_exact = kill_at_each_moment(&fleet, &["remove", "bob", "erin"], || {
        let now = fleet.files(".");
        left = left.max(unfinished(&now));
        let is_old = |path: &str, new: Option<&str>| {
            let text = now.get(path).map(String::as_str);
            assert!(text == Some(&old[path]) || text == new, "{path}: {text:?}");
            text == Some(&old[path])
        };
        let lock = old["fleet.lock"].replace("bob/bob c0 +1\n", "");
        let lock = &lock.replace("erin/erin c1 +1\n", "");
        let state = (
            is_old("fleet.lock", Some(lock)),
            is_old("more.yaml", Some("# more\ndave: c1\n")),
            is_old("users/bob.yaml", None),
        );
        for (path, text) in &old {
            let is_edited = ["fleet.lock", "more.yaml", "users/bob.yaml"].contains(&path.as_str());
            assert!(is_edited || now.get(path) == Some(text), "{path}");
        }
        // At no moment is an entry deleted that the command does not name.
        let after = printed(&fleet);
        assert!(lines(&after).is_subset(&lines(&before)));
        for object in lines(&before).difference(&lines(&after)) {
            let is_of = |name: &&str| object.contains(&format!("\"name\":\"{name}"));
            assert!(GONE.iter().any(is_of), "{object}");
        }
        // The same command completes the remaining work.
        let rest = [(state.2, "bob"), (state.1, "erin")];
        let rest: Vec<&str> = rest
            .iter()
            .filter(|(is_there, _)| *is_there)
            .map(|(_, name)| *name)
            .collect();
        if !rest.is_empty() {
            fleet.print(&[&["remove"], rest.as_slice()].concat());
        }
        assert_eq!(fleet.read("fleet.lock"), *lock);
        assert_eq!(fleet.read("more.yaml"), "# more\ndave: c1\n");
        assert!(!fleet.path("users/bob.yaml").exists());
        assert_eq!(unfinished(&fleet.files(".")), 0);
        seen.insert(state);
        restore(&fleet, ".", &old);
    });
    if is_exact {
        let all = [
            (true, true, true),
            (false, true, true),
            (false, false, true),
            (false, false, false),
        ];
        assert_eq!(seen, BTreeSet::from(all));
        assert!(left > 0, "no run was killed while it wrote");
    }
}

/// If a run is killed between the two files, a list contains an entry without a line in the lock.
#[test]
fn interruption_between_lock_and_list_loses_no_entry() {
    let fleet = listed();
    let before = fleet.print(&["generate", "-o", "json"]);
    fleet.edit("fleet.lock", "bob/bob c0 +1\n", "");
    assert_eq!(fleet.print(&["generate", "-o", "json"]), before);
    let stderr = fleet.fail(&["generate", "--locked"], 4);
    assert!(stderr.contains("error[unlocked]: "), "{stderr}");
    let stderr = fleet.run(&["remove", "bob"]).stderr;
    assert!(stderr.starts_with("changed users/bob.yaml\n"), "{stderr}");
}

#[test]
fn temporary_file_of_a_killed_run_is_ignored_and_removed() {
    let fleet = listed();
    let before = fleet.print(&["generate"]);
    for dir in ["", "users/"] {
        fleet.write(&format!("{dir}{UNFINISHED}0123456789abcdef"), "cell: c0\n");
    }
    assert_eq!(fleet.print(&["generate"]), before);
    fleet.write("more.yaml", "dave: c1\nerin: c1\nfred: c1\n");
    fleet.run(&["lock"]);
    assert_eq!(unfinished(&fleet.files(".")), 1);
    fleet.write("users/list.yaml", "cell: c0\n");
    fleet.run(&["remove", "list"]);
    assert_eq!(unfinished(&fleet.files(".")), 0);
}

/// If the new name reached the disk before the contents, a power loss would leave half a file.
#[test]
fn contents_are_synced_before_the_rename() {
    let fleet = listed();
    let trace = fleet.path("trace");
    let trace = trace.to_str().expect("UTF-8");
    let calls = "trace=fsync,?rename,?renameat,?renameat2";
    let options = ["-f", "-qq", "-o", trace, "-e", calls, PROGRAM];
    let mut command = fleet.command_of("strace", &[&options[..], &["remove", "erin"]].concat());
    if !command.output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let trace = fleet.read("trace");
    // Probing for a system call that the kernel does not support fails, and changes nothing.
    let done = trace.lines().filter(|line| line.ends_with("= 0"));
    let calls: Vec<&str> = done
        .filter_map(|line| {
            ["fsync", "rename"]
                .into_iter()
                .find(|call| line.contains(call))
        })
        .collect();
    let of_a_file = ["fsync", "rename", "fsync"];
    assert_eq!(calls, [of_a_file, of_a_file].concat());
}
