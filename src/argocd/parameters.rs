//! The parameters of the plugin: one table to read, announce and document them.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::PARAMETERS_ENV;
use crate::diagnostic::join_or;
use crate::model::cell::FLEET;
use crate::model::name::{LABEL_LENGTH, label_value_problem, name_problem};

/// A parameter of the plugin.
#[derive(Debug)]
pub struct Parameter {
    /// The name in the Application.
    pub name: &'static str,
    /// The title in the Argo CD UI.
    pub title: &'static str,
    /// The description in the Argo CD UI.
    pub tooltip: &'static str,
    /// Whether the value is the string `true` or `false`; otherwise any string is valid.
    pub is_boolean: bool,
}

/// All parameters.
pub const PARAMETERS: [Parameter; 3] = [
    Parameter {
        name: "cell",
        title: "Cell",
        tooltip: "Render only the clusters of one cell; @fleet selects objects that belong to no cluster",
        is_boolean: false,
    },
    Parameter {
        name: "spoke",
        title: "Spoke",
        tooltip: "Render only the objects that this cluster, with its own Argo CD instance, applies to itself",
        is_boolean: false,
    },
    Parameter {
        name: "locked",
        title: "Locked",
        tooltip: "Reject clusters that are not in fleet.lock",
        is_boolean: true,
    },
];

/// The values of an Application's parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// The cell to render.
    pub cell: Option<String>,
    /// The spoke to render.
    pub spoke: Option<String>,
    /// Whether every cluster must be in `fleet.lock`.
    pub locked: bool,
}

/// Reads the parameters as Argo CD writes them: a JSON array of objects with a name and a value, or `null`.
///
/// # Errors
///
/// Returns a message that never repeats the input, which might contain a misplaced secret.
pub fn read(text: &str) -> Result<Parameters, String> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        format!(
            "{PARAMETERS_ENV} is not valid JSON: column {}",
            error.column()
        )
    })?;
    let items = match json {
        Json::Null => return Ok(Parameters::default()),
        Json::Array(items) => items,
        _ => {
            return Err(format!(
                "{PARAMETERS_ENV} must be a JSON array of parameters"
            ));
        }
    };
    let mut parameters = Parameters::default();
    let mut seen = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let wrong = |problem: &str| format!("{PARAMETERS_ENV}: parameter {} {problem}", index + 1);
        let item: &Map<String, Json> =
            item.as_object().ok_or_else(|| wrong("must be an object"))?;
        let name = item.get("name").and_then(Json::as_str);
        let name = name.ok_or_else(|| wrong("has no `name`"))?;
        let known = PARAMETERS.iter().find(|known| known.name == name);
        let Some(known) = known else {
            let names: Vec<&str> = PARAMETERS.iter().map(|known| known.name).collect();
            let names = join_or(names);
            return Err(wrong(&format!("has an unknown name: expected {names}")));
        };
        if seen.contains(&known.name) {
            return Err(wrong(&format!("is a duplicate of `{}`", known.name)));
        }
        seen.push(known.name);
        let value = read_value(item);
        let value = value.map_err(|problem| wrong(&format!("`{}` {problem}", known.name)))?;
        match (known.name, value) {
            ("cell", Some(cell)) if cell != FLEET && label_value_problem(cell).is_some() => {
                return Err(wrong("`cell` is not a valid cell name"));
            }
            ("spoke", Some(name)) if name_problem(name, LABEL_LENGTH, false).is_some() => {
                return Err(wrong("`spoke` is not a valid cluster name"));
            }
            ("spoke", value) => parameters.spoke = value.map(ToOwned::to_owned),
            ("cell", value) => parameters.cell = value.map(ToOwned::to_owned),
            (_, None | Some("false")) => parameters.locked = false,
            (_, Some("true")) => parameters.locked = true,
            (name, Some(_)) => {
                return Err(wrong(&format!("`{name}` must be `true` or `false`")));
            }
        }
    }
    if parameters.spoke.is_some() && parameters.cell.is_some() {
        return Err(format!(
            "{PARAMETERS_ENV}: `spoke` and `cell` are mutually exclusive"
        ));
    }
    Ok(parameters)
}

/// Returns the value of a parameter, or `None` if the value is empty.
fn read_value(item: &Map<String, Json>) -> Result<Option<&str>, &'static str> {
    for (key, value) in item {
        match (key.as_str(), value) {
            ("name" | "string", _) | ("array" | "map", Json::Null) => {}
            ("array" | "map", _) => return Err("must be a string, found an array or a map"),
            _ => return Err("has a key other than `name` and `string`"),
        }
    }
    match item.get("string") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err("must be a string"),
    }
}

/// A parameter in the format of Argo CD's `ParameterAnnouncement`.
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

/// Returns the parameters that Argo CD shows for a fleet.
///
/// `cells` is `None` for a fleet without cells. Only a fleet with spokes has the parameter `spoke`, and
/// its Applications set either `cell` or `spoke`, so neither is required.
pub fn announce(cells: Option<&BTreeSet<&str>>, has_spokes: bool) -> Vec<Announcement> {
    let announcement = |parameter: &Parameter| {
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
    let is_supported = |parameter: &&Parameter| has_spokes || parameter.name != "spoke";
    PARAMETERS
        .iter()
        .filter(is_supported)
        .map(announcement)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Parameters, read};

    #[test]
    fn every_json_shape_of_argo_cd_is_read() {
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
    fn long_input_has_a_short_message() {
        let long = "hunter2".repeat(150_000);
        for text in [
            long.clone(),
            "[".repeat(1 << 20),
            format!(r#"[{{"name":"{long}"}}]"#),
            format!(r#"[{{"name":"cell","string":"{long}"}}]"#),
            format!("[{}null]", "null,".repeat(200_000)),
        ] {
            let message = read(&text).expect_err("too much");
            assert!(
                message.len() < 120 && !message.contains("hunter2"),
                "{message}"
            );
        }
    }

    #[test]
    fn messages_do_not_repeat_the_input() {
        for (text, expected) in [
            ("[{hunter2", "is not valid JSON: column 3"),
            (r#"{"name":"cell"}"#, "must be a JSON array of parameters"),
            (r#"["hunter2"]"#, "parameter 1 must be an object"),
            (r#"[{"string":"hunter2"}]"#, "parameter 1 has no `name`"),
            (
                r#"[{"name":"cell"},{"name":"hunter2"}]"#,
                "parameter 2 has an unknown name: expected `cell`, `spoke` or `locked`",
            ),
            (
                r#"[{"name":"cell","array":["hunter2"]}]"#,
                "`cell` must be a string, found an array or a map",
            ),
            (r#"[{"name":"cell","string":7}]"#, "`cell` must be a string"),
            (
                r#"[{"name":"locked","string":"hunter2"}]"#,
                "`locked` must be `true` or `false`",
            ),
            (
                r#"[{"name":"cell","string":"a"},{"name":"cell","string":"hunter2"}]"#,
                "parameter 2 is a duplicate of `cell`",
            ),
            (
                r#"[{"name":"cell","string":"../hunter2"}]"#,
                "`cell` is not a valid cell name",
            ),
            (
                r#"[{"name":"cell","hunter2":1}]"#,
                "has a key other than `name` and `string`",
            ),
        ] {
            let message = read(text).expect_err(text);
            assert!(message.starts_with("ARGOCD_APP_PARAMETERS"), "{message}");
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
