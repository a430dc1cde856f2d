//! Commands for new users: `init` and `get templates`.

use std::fs;
use std::path::Path;
use std::process::Command;

use kubectl_fleet::builtin;

use crate::fleet::{Fleet, FleetFiles, PROGRAM, run};

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Runs a printed command in a shell; returns `true` if it succeeds.
fn shell(dir: &Path, command: &str) -> bool {
    let program = Path::new(PROGRAM);
    let bin = program.parent().expect("a directory").display();
    let script = format!(
        "PATH='{bin}'; {}",
        command.replace("kubectl fleet", "kubectl-fleet")
    );
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(script).current_dir(dir);
    let output = shell.output().expect("a shell");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {stderr}");
    !output.stdout.is_empty()
}

fn next(stderr: &str) -> Vec<&str> {
    let (_, next) = stderr.split_once("next:\n").expect("the next commands");
    next.lines().map(str::trim).collect()
}

#[test]
#[cfg(unix)]
fn printed_commands_of_init_run() {
    for dir in [".", "a/b", "it's here", "-x"] {
        let temp = Fleet::empty();
        let stderr = temp.run(&["init", "--", dir]).messages(0);
        assert_eq!(
            names(&temp.path(dir)),
            ["fleet.schema.json", "fleet.yaml", "users.yaml"]
        );
        assert_eq!(next(&stderr).len(), 3, "{stderr}");
        for command in next(&stderr) {
            shell(temp.dir(), command);
        }
    }
}

#[test]
#[cfg(unix)]
fn printed_commands_of_init_template_run() {
    for template in builtin::ALL {
        let temp = Fleet::empty();
        let stderr = temp.run(&["init", "--template", template.name, "x"]).stderr;
        let copy = format!("x/templates/{}.yaml", template.name);
        assert_eq!(temp.read(&copy), template.text);
        let commands = next(&stderr);
        assert_eq!(
            commands[1..],
            ["kubectl fleet init x", "kubectl fleet generate x"]
        );
        for command in commands {
            shell(temp.dir(), command);
        }
        let variables = temp.print(&["get", "templates", &copy]);
        assert_eq!(temp.print(&["get", "templates", template.name]), variables);
    }
}

/// A copy of a delivery method creates the same bytes as the built-in one, for each fleet that uses it.
#[test]
fn copied_delivery_method_equals_the_built_in_method() {
    for method in builtin::DELIVERIES {
        let temp = Fleet::empty();
        let stderr = temp.run(&["init", "--delivery", method.name, "x"]).stderr;
        let path = format!("deliveries/{}.yaml", method.name);
        let uses =
            format!("to use it, set this key in fleet.yaml or in an add-on: `deliver: {path}`\n");
        assert!(stderr.contains(&uses), "{stderr}");
        assert_eq!(
            next(&stderr),
            ["kubectl fleet init x", "kubectl fleet generate x"]
        );
        let copy = temp.read(&format!("x/{path}"));
        let written = format!("deliver: {}", method.name);
        let mut compared = 0;
        for (case, fleet) in FleetFiles::cases() {
            let uses = fleet.texts().filter(|(_, text)| text.contains(&written));
            if !uses.map(|(path, _)| path).eq(["fleet.yaml"]) {
                continue;
            }
            let mut own = fleet.map(|text| text.replace(&written, &format!("deliver: {path}")));
            own.0.insert(path.clone(), copy.clone().into_bytes());
            let printed = |fleet: &FleetFiles| fleet.compile().expect(&case);
            assert_eq!(printed(&own), printed(&fleet), "{case}: {}", method.name);
            compared += 1;
        }
        assert!(compared > 0, "no fleet uses {}", method.name);
    }
}

#[test]
fn initial_fleet_has_no_warnings() {
    let temp = Fleet::empty();
    temp.run(&["init"]);
    assert_eq!(temp.fail(&["validate"], 0), "14 objects, 0 warnings\n");
}

#[test]
fn init_overwrites_no_file() {
    for (known, args) in [
        ("users.yaml", &["init"][..]),
        ("fleet.yaml", &["init", "."]),
        ("templates/eks.yaml", &["init", "--template", "eks"]),
        ("deliveries/flux.yaml", &["init", "--delivery", "flux"]),
    ] {
        let temp = Fleet::empty();
        temp.write(known, "mine");
        let before = names(temp.dir());
        let stderr = temp.run(args).messages(5);
        let expected = format!("error[file-exists]: `.` already contains `{known}`\n");
        assert!(stderr.starts_with(&expected), "{stderr}");
        assert_eq!(temp.read(known), "mine");
        assert_eq!(names(temp.dir()), before);
    }
}

/// A link counts as an existing file regardless of its target, and does not lead outside the directory.
#[test]
#[cfg(unix)]
fn init_follows_no_symbolic_link() {
    let temp = Fleet::empty();
    let (fleet, other) = (temp.path("fleet"), temp.path("other"));
    fs::create_dir(&fleet).expect("a directory");
    fs::create_dir(&other).expect("a directory");
    std::os::unix::fs::symlink("../nowhere", fleet.join("fleet.yaml")).expect("a link");
    std::os::unix::fs::symlink("../other", fleet.join("templates")).expect("a link");
    assert_eq!(run(&fleet, &["init"]).code, 5);
    assert_eq!(run(&fleet, &["init", "--template", "eks"]).code, 5);
    assert!(names(&other).is_empty());
    assert_eq!(names(temp.dir()), ["fleet", "other"]);
}

#[test]
fn templates_are_listed_in_every_format() {
    let temp = Fleet::empty();
    temp.write("t.yaml", "# One. Two.\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"${CLUSTER_NAME}\"}\ndata: {a: \"${a}\", b: \"${b:=x}${a:=y}\"}\n");
    for (args, expected) in [
        (
            &["t.yaml"][..],
            "NAME           VALUE      DEFAULT\na              required   <none>\nb              optional   x\nCLUSTER_NAME   built-in   <none>\n",
        ),
        (
            &["t.yaml", "-o", "wide"],
            "NAME           VALUE      DEFAULT   PLACE\na              required   <none>    5:12\nb              optional   x         5:23\nCLUSTER_NAME   built-in   <none>    4:19\n",
        ),
        (&["./t.yaml", "-o", "name"], "a\nb\nCLUSTER_NAME\n"),
        (
            &["t.yaml", "-o", "yaml"],
            "formatVersion: \"1.0\"\ntemplates:\n- name: t.yaml\n  description: One.\n  kinds:\n  - ConfigMap\n  variables:\n  - name: a\n    required: true\n    builtIn: false\n    place: \"5:12\"\n  - name: b\n    required: false\n    builtIn: false\n    default: x\n    place: \"5:23\"\n  - name: CLUSTER_NAME\n    required: false\n    builtIn: true\n    place: \"4:19\"\n",
        ),
    ] {
        let args = [&["get", "templates"], args].concat();
        assert_eq!(temp.print(&args), expected);
    }
    let all = temp.print(&["get", "templates", "-o", "name"]);
    let names: Vec<&str> = builtin::ALL.iter().map(|template| template.name).collect();
    assert_eq!(all.lines().collect::<Vec<_>>(), names);
    let path = temp.path("t.yaml").display().to_string();
    run(Path::new("/"), &["get", "template", &path]).output();
}

#[test]
fn unknown_template_exits_with_3() {
    let temp = Fleet::empty();
    temp.write("t.yaml", "a: ${\n");
    fs::create_dir(temp.path("f.yaml")).expect("a directory");
    for (name, expected) in [
        (
            "ekz",
            "error[unknown-builtin]: there is no built-in template `ekz`",
        ),
        ("x/t.yaml", "error[no-such-file]: `x/t.yaml` does not exist"),
        ("t.yaml", "error[expression-syntax]: "),
        ("f.yaml", "error[not-a-file]: "),
    ] {
        let stderr = temp.run(&["get", "templates", name]).messages(3);
        assert!(stderr.starts_with(expected), "{stderr}");
    }
}
