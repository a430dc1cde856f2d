//! Schemas in the CustomResourceDefinitions of a fleet.

use std::rc::Rc;

use super::node::{Child, Schema, Type};
use super::schemas::{KindSchema, Schemas};
use crate::tree::{Node, Plain, Shape, Style, Value, type_plain};

/// The reason why a document defines no kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotADefinition {
    /// It is not a CustomResourceDefinition of this version of the API.
    Kind,
    /// A field is missing or has another type.
    Field(&'static str),
}

impl Schemas {
    /// Adds the versions of a kind that a CustomResourceDefinition serves. They replace all other versions of the kind.
    ///
    /// # Errors
    ///
    /// Returns an error if the document is not a CustomResourceDefinition.
    pub fn add_definition(&mut self, document: &Node) -> Result<(), NotADefinition> {
        let text = |node: Option<&Node>| node.and_then(Node::text).map(ToOwned::to_owned);
        let is_definition = text(document.get("kind")).as_deref()
            == Some("CustomResourceDefinition")
            && text(document.get("apiVersion")).as_deref() == Some("apiextensions.k8s.io/v1");
        if !is_definition {
            return Err(NotADefinition::Kind);
        }
        let missing = NotADefinition::Field;
        let spec = document.get("spec").ok_or(missing("spec"))?;
        let group = text(spec.get("group")).ok_or(missing("spec.group"))?;
        let names = spec.get("names").ok_or(missing("spec.names"))?;
        let kind = text(names.get("kind")).ok_or(missing("spec.names.kind"))?;
        let is_namespaced = text(spec.get("scope")).ok_or(missing("spec.scope"))? == "Namespaced";
        let versions = spec.get("versions").and_then(Node::items);
        let mut served = Vec::new();
        for version in versions.ok_or(missing("spec.versions"))? {
            let name = text(version.get("name")).ok_or(missing("spec.versions[].name"))?;
            if boolean(version, "served") {
                let schema = version
                    .get("schema")
                    .and_then(|schema| schema.get("openAPIV3Schema"));
                let root = self.root(schema);
                let api_version = match &*group {
                    "" => name,
                    group => format!("{group}/{name}"),
                };
                served.push((
                    api_version,
                    KindSchema {
                        is_namespaced,
                        root,
                    },
                ));
            }
        }
        self.own.insert((group, kind), served);
        Ok(())
    }

    /// Returns the schema of a value from an OpenAPI schema.
    pub fn schema_of(&mut self, node: &Node) -> Rc<Schema> {
        Rc::new(self.convert(node))
    }

    /// Returns the schema of an object. Its metadata is that of all kinds.
    fn root(&mut self, node: Option<&Node>) -> Rc<Schema> {
        let Some(node) = node else {
            return Rc::new(Schema::plain("?"));
        };
        let mut schema = self.convert(node);
        schema
            .required
            .retain(|name| !matches!(&**name, "apiVersion" | "kind" | "metadata"));
        for key in ["apiVersion", "kind"] {
            schema.fields.remove(key);
        }
        schema
            .fields
            .insert("status".to_owned(), Child::Plain("?".to_owned()));
        let metadata = self.metadata();
        schema.fields.insert("metadata".to_owned(), metadata);
        Rc::new(schema)
    }

    /// Returns the schema of the metadata of an object, which is the same for all kinds.
    fn metadata(&self) -> Child {
        let namespace = self.kind("v1", "ConfigMap").ok();
        let metadata = namespace.and_then(|kind| kind.root.fields.get("metadata").cloned());
        metadata.unwrap_or(Child::Plain("?".to_owned()))
    }

    fn child_of(&mut self, node: &Node) -> Child {
        let schema = self.convert(node);
        self.add(schema)
    }

    fn children_of(&mut self, node: &Node, key: &str) -> Vec<Child> {
        let items = node.get(key).and_then(Node::items).unwrap_or_default();
        items.iter().map(|item| self.child_of(item)).collect()
    }

    /// Returns a part of an OpenAPI schema.
    fn convert(&mut self, node: &Node) -> Schema {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let number = |key: &str| text(key).and_then(|text| text.parse::<f64>().ok());
        let count = |keys: [&str; 3]| {
            keys.iter()
                .find_map(|key| text(key))
                .and_then(|text| text.parse::<usize>().ok())
        };
        let is_int_or_string = boolean(node, "x-kubernetes-int-or-string");
        let mut schema = Schema {
            kind: match text("type") {
                _ if is_int_or_string => Some(Type::IntegerOrString),
                Some("object") => Some(Type::Mapping),
                Some("array") => Some(Type::Sequence),
                Some("string") => Some(Type::String),
                Some("integer") => Some(Type::Integer),
                Some("number") => Some(Type::Number),
                Some("boolean") => Some(Type::Boolean),
                _ => None,
            },
            is_nullable: boolean(node, "nullable"),
            keeps_unknown: boolean(node, "x-kubernetes-preserve-unknown-fields"),
            is_object: boolean(node, "x-kubernetes-embedded-resource"),
            is_set: boolean(node, "uniqueItems") || text("x-kubernetes-list-type") == Some("set"),
            pattern: text("pattern").map(ToOwned::to_owned),
            format: text("format").map(ToOwned::to_owned),
            minimum: number("minimum"),
            maximum: number("maximum"),
            excludes_minimum: boolean(node, "exclusiveMinimum"),
            excludes_maximum: boolean(node, "exclusiveMaximum"),
            multiple_of: number("multipleOf"),
            min_count: count(["minLength", "minItems", "minProperties"]),
            max_count: count(["maxLength", "maxItems", "maxProperties"]),
            ..Schema::default()
        };
        schema.keys = strings(node, "x-kubernetes-list-map-keys");
        schema.values = node
            .get("enum")
            .and_then(Node::items)
            .unwrap_or_default()
            .iter()
            .map(json)
            .collect();
        let fields = node
            .get("properties")
            .and_then(Node::entries)
            .unwrap_or_default();
        let mut has_default = Vec::new();
        for entry in fields {
            let name = entry.key.text.source_text();
            if entry.value.entry("default").is_some() {
                has_default.push(name.to_string());
            }
            let child = self.child_of(&entry.value);
            schema.fields.insert(name.to_string(), child);
        }
        // The server sets defaults before it validates.
        schema.required = strings(node, "required");
        schema.required.retain(|name| !has_default.contains(name));
        schema.others = match node.get("additionalProperties") {
            Some(others) if others.entries().is_some() => Some(self.child_of(others)),
            Some(others) if others.text() == Some("true") => Some(Child::Plain("?".to_owned())),
            _ => None,
        };
        schema.items = node.get("items").map(|items| self.child_of(items));
        if !is_int_or_string {
            schema.any = self.children_of(node, "anyOf");
        }
        schema.all = self.children_of(node, "allOf");
        schema.one = self.children_of(node, "oneOf");
        schema.not = node.get("not").map(|not| self.child_of(not));
        schema
    }
}

fn boolean(node: &Node, key: &str) -> bool {
    node.get(key)
        .is_some_and(|value| value.shape() == Shape::Boolean && value.text() == Some("true"))
}

fn strings(node: &Node, key: &str) -> Vec<String> {
    let items = node.get(key).and_then(Node::items).unwrap_or_default();
    items
        .iter()
        .filter_map(Node::text)
        .map(ToOwned::to_owned)
        .collect()
}

/// Returns a scalar as JSON.
fn json(node: &Node) -> serde_json::Value {
    let Value::Scalar(scalar) = &node.value else {
        return serde_json::Value::Null;
    };
    let text = node.text().unwrap_or_default();
    match (scalar.style, type_plain(text)) {
        (Style::Plain, Plain::Null) => serde_json::Value::Null,
        (Style::Plain, Plain::Bool(value)) => value.into(),
        (Style::Plain, Plain::Number(number)) => serde_json::from_str(&number).unwrap_or_default(),
        _ => text.into(),
    }
}
