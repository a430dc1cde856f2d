//! Each cluster gets the same releases and manifests, whether clusters share objects or have their own.

mod draft;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use crate::fleet::Rejected;
use draft::draft;

/// The software of a cluster: the chart with repository, version, release, namespace and values, and manifests.
#[derive(Debug, PartialEq)]
struct Delivered {
    chart: [String; 5],
    values: Value,
    manifests: BTreeMap<String, String>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the object of a kind and a name.
fn object<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let is = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    let found = objects.iter().find(is);
    found.unwrap_or_else(|| panic!("no {kind} `{name}`"))
}

fn parsed(values: &Value) -> Value {
    values
        .as_str()
        .map_or(json!({}), |text| serde_saphyr::from_str(text).unwrap())
}

/// Returns manifests without empty ones.
fn manifests<'a>(data: impl Iterator<Item = (&'a String, String)>) -> BTreeMap<String, String> {
    let data = data.map(|(key, text)| (key.clone(), text.trim().to_owned()));
    data.filter(|(_, text)| !text.is_empty()).collect()
}

/// Returns the result of Sveltos's template engine for a string and a Cluster.
fn expanded(template: &str, cluster: &Value) -> String {
    let metadata = &cluster["metadata"];
    let label = |key: &str| text(&metadata["labels"][key]);
    let (mut all, mut rest, mut is_shown) = (String::new(), template, true);
    while let Some((before, expression)) = rest.split_once("{{ ") {
        let (expression, after) = expression.split_once(" }}").unwrap();
        let quoted: Vec<&str> = expression.split('`').skip(1).step_by(2).collect();
        if is_shown {
            all += before;
        }
        match (expression.split(' ').next().unwrap(), &*quoted) {
            ("get", [pairs @ .., key, default]) => {
                let mut pairs = pairs.chunks(2);
                let found = pairs.find(|pair| pair[0] == label(key));
                all += found.map_or(*default, |pair| pair[1]);
            }
            ("index", _) => all += label(expression.split('"').nth(1).unwrap()),
            (".Cluster.metadata.name", _) => all += text(&metadata["name"]),
            ("if", [key, names @ ..]) => is_shown = names.contains(&label(key)),
            ("end", _) => is_shown = true,
            _ => panic!("{expression}"),
        }
        rest = after;
    }
    all + rest
}

/// Returns the software that Sveltos deploys to a cluster.
fn by_sveltos(objects: &[Value], name: &str) -> Delivered {
    let cluster = object(objects, "Cluster", name);
    let expand = |value: &Value| expanded(text(value), cluster);
    let content = |name: &Value| object(objects, "ConfigMap", &expand(name));
    let chart = &object(objects, "ClusterProfile", "x")["spec"]["helmCharts"][0];
    let values = match &chart["valuesFrom"][0]["name"] {
        Value::Null => &chart["values"],
        name => &content(name)["data"]["values.yaml"],
    };
    let files = &object(objects, "ClusterProfile", "files")["spec"]["policyRefs"][0]["name"];
    let files = content(files);
    let is_template = files["metadata"]["annotations"]["projectsveltos.io/template"] == "ok";
    let data = files["data"].as_object().into_iter().flatten();
    let data = data.map(|(key, contents)| {
        let expanded = is_template.then(|| expand(contents));
        (key, expanded.unwrap_or_else(|| text(contents).to_owned()))
    });
    let source = expand(&chart["chartName"]);
    Delivered {
        chart: [
            expand(&chart["repositoryURL"]),
            source.rsplit('/').next().unwrap().to_owned(),
            expand(&chart["chartVersion"]),
            expand(&chart["releaseName"]),
            expand(&chart["releaseNamespace"]),
        ],
        values: parsed(values),
        manifests: manifests(data),
    }
}

/// Returns the software that Cluster API's add-on provider for Helm and a `ClusterResourceSet` deploy to a
/// cluster.
fn by_own_objects(objects: &[Value], name: &str) -> Delivered {
    let chart = &object(objects, "HelmChartProxy", &format!("x.{name}"))["spec"];
    let keys = [
        "repoURL",
        "chartName",
        "version",
        "releaseName",
        "namespace",
    ];
    let files = object(objects, "ConfigMap", &format!("files.{name}"));
    let data = files["data"].as_object().into_iter().flatten();
    Delivered {
        chart: keys.map(|key| text(&chart[key]).to_owned()),
        values: parsed(&chart["valuesTemplate"]),
        manifests: manifests(data.map(|(key, contents)| (key, text(contents).to_owned()))),
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn shared_objects_deploy_the_same_as_separate_objects(draft in draft()) {
        let own = draft.fleet("caaph").try_compile();
        let own = own.unwrap_or_else(|rejected| panic!("{}", rejected.text)).objects();
        let shared = match draft.fleet("sveltos").try_compile() {
            Ok(shared) => shared.objects(),
            Err(Rejected { codes, text, .. }) => {
                // Only clusters with the same label but different values cannot share objects.
                let is_known = codes.iter().all(|code| *code == "variant-conflict");
                prop_assert!(is_known, "{}", text);
                return Ok(());
            }
        };
        let clusters = own.iter().filter(|object| object["kind"] == "Cluster");
        for cluster in clusters {
            let name = text(&cluster["metadata"]["name"]);
            prop_assert_eq!(by_sveltos(&shared, name), by_own_objects(&own, name), "{}", name);
        }
        let needs = &object(&shared, "ClusterProfile", "x")["spec"]["dependsOn"];
        for needed in needs.as_array().into_iter().flatten() {
            object(&shared, "ClusterProfile", text(needed));
        }
    }
}
