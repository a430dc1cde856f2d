//! Mappings that a `ConfigMap` contains as strings.

use crate::diagnostic::Diagnostics;
use crate::tree::Node;
use crate::yaml::{self, Lines};

/// The parsed contents of a string.
pub(super) enum ConfigMapValue {
    /// A plain string.
    String,
    /// A mapping, written as YAML.
    Mapping(Node),
    /// Several lines that are not valid YAML, which was reported.
    Invalid,
}

/// Parses a string of a `ConfigMap`. A single line is a plain string if a member can be a string.
pub(super) fn parse_config_map_value(
    node: &Node,
    source: &str,
    accepts_string: bool,
    diags: &mut Diagnostics,
) -> ConfigMapValue {
    let Some(text) = node.text().filter(|text| text.contains(':')) else {
        return ConfigMapValue::String;
    };
    let has_lines = text.trim_end().contains('\n');
    if accepts_string && !has_lines {
        return ConfigMapValue::String;
    }
    let lines = Lines::new(node.span, text, source);
    let mut found = Diagnostics::default();
    found.parsed = diags.parsed;
    let documents = yaml::parse_part(node.span.file, text, &lines, &mut found).unwrap_or_default();
    diags.parsed = found.parsed;
    let is_mapping = |documents: &[Node]| matches!(documents, [only] if only.entries().is_some());
    if found.errors() > 0 && has_lines {
        diags.append(found);
        return ConfigMapValue::Invalid;
    }
    if found.errors() > 0 || !is_mapping(&documents) {
        return ConfigMapValue::String;
    }
    diags.append(found);
    documents
        .into_iter()
        .next()
        .map_or(ConfigMapValue::String, ConfigMapValue::Mapping)
}
