//! Generated lists of members, and the edit of one entry.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::choices::Choices;

/// Names that can be joined to the same string in several ways.
const NAMES: [&str; 9] = ["a", "b", "a-b", "c", "b-a", "eu", "a-b-a", "d", "shared"];
const TIERS: [&str; 3] = ["gold", "tin", "zinc"];
const CELLS: [&str; 2] = ["eu", "us"];
const TEAMS: [&str; 3] = ["red", "blue", "green"];
const WORDS: [&str; 8] = ["x", "a", "b-a", "y", "eu", "x-y", "gold", "apps"];
/// Strings that other engines and parsers read in another way.
const HOSTILE: [&str; 10] = [
    "{{ .x }}", "$x", "{", "}", "\"", "'", "\n", "a: b", "# c", "---\n",
];
/// Keys of `tags`; those of the fleet come last.
const KEYS: [&str; 7] = [
    "stage",
    "text",
    "size-of",
    "example.org/x",
    "y",
    "cell",
    "tier",
];
const IMAGES: [&str; 3] = ["one", "two", "three"];

/// The formats of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Format {
    Mapping,
    Sequence,
    Documents,
    ConfigMap,
    /// A file for each member, whose directory is the cell.
    Files,
}

const FORMATS: [Format; 5] = [
    Format::Mapping,
    Format::Sequence,
    Format::Documents,
    Format::ConfigMap,
    Format::Files,
];

/// The fields of each member.
pub(crate) type Members = BTreeMap<String, Map<String, Value>>;

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// The path without an extension.
    pub(crate) path: &'static str,
    pub(crate) format: Format,
    pub(crate) members: Members,
    /// Whether `tags` of a member are also its own fields, through a merge key.
    is_merged: bool,
}

/// An edit of one entry: its key before and after.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) list: usize,
    pub(crate) keys: Vec<String>,
}

impl List {
    pub(crate) fn generate(choices: &mut Choices<'_>, path: &'static str) -> Self {
        let format = choices.pick(&FORMATS);
        let is_merged = choices.is_one_of(4);
        let mut members = Members::new();
        for _ in 0..=choices.below(4) {
            let name = choices.pick(&NAMES).to_owned();
            let fields = fields(choices);
            members.entry(name).or_insert(fields);
        }
        Self {
            path,
            format,
            members,
            is_merged,
        }
    }

    /// Returns the path or pattern of `list`.
    pub(crate) fn pattern(&self) -> String {
        match self.format {
            Format::Files => format!("{}/{{cell}}/*.yaml", self.path),
            _ => format!("{}.yaml", self.path),
        }
    }

    /// Returns the files of the list.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let path = format!("{}.yaml", self.path);
        let members = self.members.iter();
        let named = |(name, fields): (&String, &Map<String, Value>)| {
            let name = Map::from_iter([("name".to_owned(), json!(name))]);
            self.write(&name.into_iter().chain(fields.clone()).collect())
        };
        let lines = |lines: Vec<String>, empty: &str| match lines.concat() {
            lines if lines.is_empty() => empty.to_owned(),
            lines => lines,
        };
        let items = |start: &str| {
            let items = members
                .clone()
                .map(|one| format!("{start}{}\n", named(one)));
            lines(items.collect(), "[]\n")
        };
        let text = match self.format {
            Format::Mapping => {
                let entry = |(name, fields)| format!("{name}: {}\n", self.write(fields));
                lines(members.map(entry).collect(), "{}\n")
            }
            Format::Sequence => items("- "),
            Format::Documents => items("---\n- "),
            Format::ConfigMap => {
                let data = members.map(|(name, fields)| (name.clone(), json!(self.write(fields))));
                let data: Map<String, Value> = data.collect();
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "list"}, "data": data})
                    .to_string()
            }
            Format::Files => {
                let file = |(name, fields): (&String, &Map<String, Value>)| {
                    let cell = fields.get("cell").and_then(Value::as_str).unwrap_or("eu");
                    let path = format!("{}/{cell}/{name}.yaml", self.path);
                    (path, self.write(fields))
                };
                return members.map(file).collect();
            }
        };
        BTreeMap::from([(path, text)])
    }

    /// Returns fields as YAML in flow style.
    fn write(&self, fields: &Map<String, Value>) -> String {
        let written = |(key, value): (&String, &Value)| {
            if self.is_merged && key == "tags" {
                format!("{}: &tags {value}, <<: *tags", json!(key))
            } else {
                format!("{}: {value}", json!(key))
            }
        };
        let own: Vec<String> = fields.iter().map(written).collect();
        format!("{{{}}}", own.join(", "))
    }
}

impl Edit {
    /// Changes, deletes, adds or renames an entry of one list, or changes or removes a field of it.
    pub(crate) fn generate(choices: &mut Choices<'_>, lists: &mut [List]) -> Self {
        let list = choices.below(lists.len());
        let members = &mut lists[list].members;
        let known: Vec<String> = members.keys().cloned().collect();
        let name = known[choices.below(known.len())].clone();
        let mut keys = vec![name.clone()];
        match choices.below(8) {
            0 => drop(members.remove(&name)),
            1 => {
                let new = choices.pick(&NAMES).to_owned();
                if let Some(fields) = members.remove(&name) {
                    members.entry(new.clone()).or_insert(fields);
                }
                keys.push(new);
            }
            2 => {
                let new = choices.pick(&NAMES).to_owned();
                keys = vec![new.clone()];
                members.insert(new, fields(choices));
            }
            3 => {
                members.insert(name, fields(choices));
            }
            4 => {
                let fields = members.entry(name).or_default();
                let of: Vec<String> = fields.keys().cloned().collect();
                if let Some(key) = of.get(choices.below(of.len())) {
                    fields.remove(key);
                }
            }
            _ => {
                let new = fields(choices);
                let of: Vec<&String> = new.keys().collect();
                if let Some(key) = of.get(choices.below(of.len())) {
                    let fields = members.entry(name).or_default();
                    fields.insert((*key).clone(), new[*key].clone());
                }
            }
        }
        Self { list, keys }
    }

    /// Returns `true` if the member whose key is at a location is the edited one.
    pub(crate) fn is_of(&self, lists: &[List], file: &str, key: &str) -> bool {
        let list = &lists[self.list];
        if list.format == Format::Files {
            let name = file
                .strip_prefix(list.path)
                .and_then(|path| path.rsplit('/').next());
            let name = name.and_then(|name| name.strip_suffix(".yaml"));
            return name.is_some_and(|name| self.keys.iter().any(|key| key == name));
        }
        let key = key.trim_matches(['"', '\'']);
        file == format!("{}.yaml", list.path) && self.keys.iter().any(|known| known == key)
    }
}

fn fields(choices: &mut Choices<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut set = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    set("tier", json!(choices.pick(&TIERS)));
    set("cell", json!(choices.pick(&CELLS)));
    set("team", json!(choices.pick(&TEAMS)));
    set("x", json!(choices.pick(&WORDS)));
    set("remote", json!(choices.pick(&["no", "yes"])));
    set("text", json!(text(choices)));
    let net = choices.below(256);
    set("cidr", json!(format!("10.{net}.0.0/16")));
    let pools = (0..choices.below(3))
        .map(|_| json!({"pool": choices.pick(&WORDS), "image": choices.pick(&IMAGES)}));
    set("pools", pools.collect());
    let parts = (0..choices.below(3)).map(|_| json!(choices.pick(&WORDS)));
    set("parts", parts.collect());
    let tags = (0..choices.below(2)).map(|_| (choices.pick(&KEYS).to_owned(), json!("v")));
    set("tags", tags.collect());
    let size = choices.is_one_of(6).then(|| choices.below(9));
    set("size", json!(size));
    fields
}

/// Returns a string, rarely one with a hostile part.
fn text(choices: &mut Choices<'_>) -> String {
    let mut text = choices.pick(&WORDS).to_owned();
    if choices.is_one_of(12) {
        text.push_str(choices.pick(&HOSTILE));
    }
    text
}
