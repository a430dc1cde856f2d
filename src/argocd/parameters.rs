//! The plugin's parameters: one table for what is read, announced and documented.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::PARAMETERS;
use crate::diagnostic::join_and;
use crate::model::cell::FLEET;
use crate::model::name::{LABEL_LENGTH, label_value_problem, name_problem};

/// A parameter of the plugin.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What a form shows.
    pub title: &'static str,
    /// What it does.
    pub tooltip: &'static str,
    /// Whether it is a boolean, written as the text `true` or `false`; else it is a text.
    pub is_boolean: bool,
}

/// All parameters.
pub const TABLE: [Parameter; 3] = [
    Parameter {
        name: "cell",
        title: "Cell",
        tooltip: "Print the clusters of one cell; @fleet prints what belongs to no cluster",
        is_boolean: false,
    },
    Parameter {
        name: "spoke",
        title: "Spoke",
        tooltip: "Print what this cluster, which has an Argo CD of its own, applies to itself",
        is_boolean: false,
    },
    Parameter {
        name: "locked",
        title: "Locked",
        tooltip: "Refuse a cluster that fleet.lock does not have",
        is_boolean: true,
    },
];

/// What an Application asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `cell`.
    pub cell: Option<String>,
    /// `spoke`.
    pub spoke: Option<String>,
    /// `locked`.
    pub locked: bool,
}

/// Reads the parameters as Argo CD writes them: a JSON list of objects with a name and a value, or
/// `null`. A message never repeats what was given: it may hold a secret that went astray.
pub fn read(text: &str) -> Result<Parameters, String> {
    let json: Json = serde_json::from_str(text)
        .map_err(|error| format!("{PARAMETERS} is not JSON: column {}", error.column()))?;
    let items = match json {
        Json::Null => return Ok(Parameters::default()),
        Json::Array(items) => items,
        _ => return Err(format!("{PARAMETERS} is not a list of parameters")),
    };
    let mut parameters = Parameters::default();
    let mut said = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let wrong = |what: &str| format!("{PARAMETERS}: parameter {} {what}", index + 1);
        let item: &Map<String, Json> = item.as_object().ok_or_else(|| wrong("is no object"))?;
        let name = item.get("name").and_then(Json::as_str);
        let name = name.ok_or_else(|| wrong("has no name"))?;
        let known = TABLE.iter().find(|known| known.name == name);
        let Some(known) = known else {
            let names: Vec<&str> = TABLE.iter().map(|known| known.name).collect();
            let names = join_and(names);
            return Err(wrong(&format!("has an unknown name: there are {names}")));
        };
        if said.contains(&known.name) {
            return Err(wrong(&format!("says `{}` again", known.name)));
        }
        said.push(known.name);
        let value = value(item).map_err(|what| wrong(&format!("`{}` {what}", known.name)))?;
        match (known.name, value) {
            ("cell", Some(cell)) if cell != FLEET && label_value_problem(cell).is_some() => {
                return Err(wrong("`cell` is no name of a cell"));
            }
            ("spoke", Some(name)) if name_problem(name, LABEL_LENGTH, false).is_some() => {
                return Err(wrong("`spoke` is no name of a cluster"));
            }
            ("spoke", value) => parameters.spoke = value.map(ToOwned::to_owned),
            ("cell", value) => parameters.cell = value.map(ToOwned::to_owned),
            (_, None | Some("false")) => parameters.locked = false,
            (_, Some("true")) => parameters.locked = true,
            (name, Some(_)) => {
                return Err(wrong(&format!("`{name}` is neither `true` nor `false`")));
            }
        }
    }
    if parameters.spoke.is_some() && parameters.cell.is_some() {
        return Err(format!(
            "{PARAMETERS}: a spoke has no cells: say `spoke` or `cell`"
        ));
    }
    Ok(parameters)
}

/// The text of a parameter; an empty one is as good as none.
fn value(item: &Map<String, Json>) -> Result<Option<&str>, &'static str> {
    for (key, value) in item {
        match (key.as_str(), value) {
            ("name" | "string", _) | ("array" | "map", Json::Null) => {}
            ("array" | "map", _) => return Err("is a text, not a list or a map"),
            _ => return Err("has a key other than `name` and `string`"),
        }
    }
    match item.get("string") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err("is no text"),
    }
}

/// A parameter as Argo CD wants it announced.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    name: &'static str,
    title: String,
    tooltip: &'static str,
    required: bool,
    item_type: &'static str,
    collection_type: &'static str,
    string: &'static str,
}

/// What Argo CD shows of the parameters; `cells` are those of a fleet that has cells. A spoke is asked
/// of a fleet that has spokes, and in place of a cell.
pub fn announcements(cells: Option<&BTreeSet<&str>>, has_spokes: bool) -> Vec<Announcement> {
    let announce = |parameter: &Parameter| {
        let cells = cells.filter(|_| parameter.name == "cell");
        let names = cells.map(|cells| std::iter::once(&FLEET).chain(cells));
        let names: Option<Vec<&str>> = names.map(|names| names.copied().collect());
        Announcement {
            name: parameter.name,
            title: match names {
                Some(names) => format!("{}: {}", parameter.title, names.join(", ")),
                None => parameter.title.to_owned(),
            },
            tooltip: parameter.tooltip,
            required: cells.is_some() && !has_spokes,
            item_type: if parameter.is_boolean {
                "boolean"
            } else {
                "string"
            },
            collection_type: "string",
            string: if parameter.is_boolean { "false" } else { "" },
        }
    };
    let of_fleet = |parameter: &&Parameter| has_spokes || parameter.name != "spoke";
    TABLE.iter().filter(of_fleet).map(announce).collect()
}

#[cfg(test)]
mod tests {
    use super::{Parameters, read};

    #[test]
    fn parameters_are_read_in_every_form_that_argo_cd_writes() {
        let cell = |name: &str| Parameters {
            spoke: None,
            cell: Some(name.to_owned()),
            locked: false,
        };
        for (text, expected) in [
            ("null", Parameters::default()),
            ("[]", Parameters::default()),
            (r#"[{"name":"cell","string":"eu"}]"#, cell("eu")),
            (r#"[{"string":"@fleet","name":"cell"}]"#, cell("@fleet")),
            (r#"[{"name":"cell","string":""}]"#, Parameters::default()),
            (r#"[{"name":"cell"}]"#, Parameters::default()),
            (
                r#"[{"array":null,"map":null,"name":"cell","string":"a_B.1"}]"#,
                cell("a_B.1"),
            ),
            (
                r#"[{"name":"locked","string":"true"},{"name":"cell","string":"x"}]"#,
                Parameters {
                    locked: true,
                    ..cell("x")
                },
            ),
            (
                r#"[{"name":"locked","string":"false"}]"#,
                Parameters::default(),
            ),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_megabyte_is_read_and_told_in_few_words() {
        let long = "hunter2".repeat(150_000);
        for text in [
            long.clone(),
            "[".repeat(1 << 20),
            format!(r#"[{{"name":"{long}"}}]"#),
            format!(r#"[{{"name":"cell","string":"{long}"}}]"#),
            format!("[{}null]", "null,".repeat(200_000)),
        ] {
            let said = read(&text).expect_err("too much");
            assert!(said.len() < 120 && !said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn a_mistake_is_told_without_what_was_given() {
        for (text, expected) in [
            ("[{hunter2", "is not JSON: column 3"),
            (r#"{"name":"cell"}"#, "is not a list of parameters"),
            (r#"["hunter2"]"#, "parameter 1 is no object"),
            (r#"[{"string":"hunter2"}]"#, "parameter 1 has no name"),
            (
                r#"[{"name":"cell"},{"name":"hunter2"}]"#,
                "parameter 2 has an unknown name: there are `cell`, `spoke` and `locked`",
            ),
            (
                r#"[{"name":"cell","array":["hunter2"]}]"#,
                "`cell` is a text, not a list or a map",
            ),
            (r#"[{"name":"cell","string":7}]"#, "`cell` is no text"),
            (
                r#"[{"name":"locked","string":"hunter2"}]"#,
                "`locked` is neither `true` nor `false`",
            ),
            (
                r#"[{"name":"cell","string":"a"},{"name":"cell","string":"hunter2"}]"#,
                "parameter 2 says `cell` again",
            ),
            (
                r#"[{"name":"cell","string":"../hunter2"}]"#,
                "`cell` is no name of a cell",
            ),
            (
                r#"[{"name":"cell","hunter2":1}]"#,
                "has a key other than `name` and `string`",
            ),
        ] {
            let said = read(text).expect_err(text);
            assert!(said.starts_with("ARGOCD_APP_PARAMETERS"), "{said}");
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    }
}
