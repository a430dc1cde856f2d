//! Conversion of trees to JSON.

use serde_json::Value as Json;

use super::data::{Node, Style, Value};
use super::typing::{Plain, type_plain};

impl Node {
    /// Converts a tree to JSON, with scalars typed as in the YAML parser of Kubernetes.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => {
                let text = scalar.text.source_text();
                match type_plain(&text) {
                    _ if scalar.style == Style::Quoted => Json::String(text.to_string()),
                    Plain::Null => Json::Null,
                    Plain::Bool(value) => Json::Bool(value),
                    Plain::Number(number) => number
                        .parse()
                        .map_or_else(|_| Json::String(text.to_string()), Json::Number),
                    Plain::String | Plain::Unrepresentable(_) => Json::String(text.to_string()),
                }
            }
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| {
                    (
                        entry.key.text.source_text().to_string(),
                        entry.value.to_json(),
                    )
                })
                .collect(),
        }
    }
}
