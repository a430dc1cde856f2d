//! `plugin.yaml` and the image.

use crate::fleet::run;
use crate::repository;

#[test]
fn documented_plugin_runs_in_argo_cd() {
    let printed = run(repository::root(), &["argocd", "plugin"]).output();
    assert_eq!(printed, repository::read("plugin.yaml"));
    let plugin: serde_json::Value = serde_saphyr::from_str(&printed).expect("YAML");
    assert_eq!(plugin["kind"], "ConfigManagementPlugin");
    assert_eq!(plugin["metadata"]["name"], "kubectl-fleet");
    assert!(plugin["spec"]["discover"].is_null());
    let words = |key: &str| -> Vec<String> {
        let list = plugin["spec"]["generate"][key].as_array().expect(key);
        let word = |word: &serde_json::Value| word.as_str().expect("a string").to_owned();
        list.iter().map(word).collect()
    };
    let command = words("command");
    let [program] = command.as_slice() else {
        panic!("one program")
    };
    let args = words("args");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let printed = run(&repository::root().join("examples/eks"), &args).output();
    for line in printed.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(object["metadata"]["name"].is_string(), "{line}");
    }
    let image = repository::read("Dockerfile");
    for line in [
        format!("COPY --from=build /src/target/release/kubectl-fleet {program}\n"),
        format!("ENTRYPOINT [\"{program}\"]\n"),
        "COPY plugin.yaml /home/argocd/cmp-server/config/plugin.yaml\n".to_owned(),
        "USER 999\n".to_owned(),
    ] {
        assert!(image.contains(&line), "{line}");
    }
}
