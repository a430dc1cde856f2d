//! Generated operations of JSON Patches, most of them on existing values of the template.

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use serde_json::{Value, json};

use crate::tree::{Tree, known, token};
use crate::written::{mapping, quoted};

#[derive(Debug, Arbitrary)]
pub enum Operation {
    Add(Pointer, Tree),
    Remove(Pointer),
    Replace(Pointer, Tree),
    Move(Pointer, Pointer),
    Copy(Pointer, Pointer),
    /// Copies a sequence to its own end.
    Double(u8),
    Test(Pointer, Tree),
    /// Tests that a value is the one in the template.
    TestItself(Pointer),
}

/// A location in the template, possibly with a key.
#[derive(Debug, Arbitrary)]
pub struct Pointer(u8, Option<u8>);

/// An operation with resolved pointers.
pub struct Written {
    pub name: &'static str,
    pub path: String,
    from: Option<String>,
    pub value: Option<Tree>,
}

impl Operation {
    /// Resolves the operation for a template with these locations.
    pub fn written(&self, places: &[(String, Tree)]) -> Written {
        let path = |Pointer(place, key): &Pointer| {
            let place = &places[usize::from(*place) % places.len()].0;
            let key = key.map_or(String::new(), |key| format!("/{}", token(known(key))));
            format!("{place}{key}")
        };
        let (name, to, from, value) = match self {
            Self::Add(to, value) => ("add", to, None, Some(value.pruned())),
            Self::Remove(to) => ("remove", to, None, None),
            Self::Replace(to, value) => ("replace", to, None, Some(value.pruned())),
            Self::Move(from, to) => ("move", to, Some(from), None),
            Self::Double(place) => {
                let from = path(&Pointer(*place, None));
                let path = format!("{from}/-");
                return Written {
                    name: "copy",
                    path,
                    from: Some(from),
                    value: None,
                };
            }
            Self::Copy(from, to) => ("copy", to, Some(from), None),
            Self::Test(to, value) => ("test", to, None, Some(value.pruned())),
            Self::TestItself(to) => {
                let value = &places[usize::from(to.0) % places.len()].1;
                ("test", to, None, Some(value.clone()))
            }
        };
        Written {
            name,
            path: path(to),
            from: from.map(path),
            value,
        }
    }
}

impl Written {
    pub fn yaml(&self) -> String {
        let texts = [
            ("op", Some(quoted(self.name))),
            ("path", Some(quoted(&self.path))),
        ];
        let from = ("from", self.from.as_deref().map(quoted));
        let value = ("value", self.value.as_ref().map(Tree::written));
        let entries = texts.into_iter().chain([from, value]);
        mapping(entries.filter_map(|(key, value)| Some((key.to_owned(), value?))))
    }

    /// Returns the operation with a rendered value.
    pub fn json(&self, filled: &Value) -> json_patch::PatchOperation {
        let mut json = json!({"op": self.name, "path": self.path});
        if let Some(from) = &self.from {
            json["from"] = json!(from);
        }
        if self.value.is_some() {
            json["value"] = filled.clone();
        }
        serde_json::from_value(json).expect("an operation")
    }
}
