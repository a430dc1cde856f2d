//! Schemas of kinds of objects: the fields that an API server accepts, and their values.
//!
//! The data is generated from the CustomResourceDefinitions and OpenAPI documents of pinned versions by a program of
//! the conformance suite, and contains only facts. Each distinct part of all schemas is one line of `nodes.txt`, which
//! is parsed when an object needs it.

mod definition;
mod format;
mod node;
mod schemas;
mod violation;
mod walk;

pub use definition::NotADefinition;
pub use node::{Child, Schema, Type};
pub use schemas::{KindSchema, Schemas, Unknown};
pub use violation::{Fault, Violation};
pub use walk::{Holes, Walker, check, check_scalar};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::Sources;
    use crate::tree::Node;
    use crate::yaml::{self, NoMask};

    fn documents(text: &str) -> Vec<Node> {
        let mut diags = Diagnostics::default();
        let file = Sources::default().add("crds.yaml", text.to_owned());
        yaml::parse(file, text, &NoMask, &mut diags).unwrap_or_default()
    }

    #[test]
    fn every_line_is_a_node() {
        let schemas = Schemas::new();
        for (number, line) in schemas.lines.iter().enumerate() {
            let schema: Schema = serde_json::from_str(line).unwrap();
            let children = schema
                .fields
                .values()
                .chain(&schema.others)
                .chain(&schema.items);
            let children = children
                .chain(&schema.any)
                .chain(&schema.all)
                .chain(&schema.one);
            for child in children.chain(&schema.not) {
                match child {
                    Child::Number(child) => assert!(*child < schemas.lines.len(), "{number}"),
                    Child::Plain(letter) => assert!("sinbx?".contains(&**letter), "{number}"),
                }
            }
            if let Some(pattern) = &schema.pattern {
                assert!(node::compile(pattern).is_ok(), "{pattern}");
            }
        }
        assert!(schemas.kinds.is_sorted());
    }

    #[test]
    fn unknown_kinds_have_a_reason() {
        let schemas = Schemas::new();
        let reason = |version: &str, kind: &str| schemas.kind(version, kind).unwrap_err();
        assert!(matches!(
            reason("cluster.x-k8s.io/v1beta3", "Cluster"),
            Unknown::Version(_)
        ));
        assert_eq!(
            reason("infrastructure.cluster.x-k8.io/v1beta2", "AWSCluster"),
            Unknown::Group("infrastructure.cluster.x-k8s.io/v1beta2")
        );
        assert!(matches!(reason("v1", "ConfigMapp"), Unknown::Kind(_)));
        assert_eq!(reason("example.org/v1", "App"), Unknown::Unchecked);
        assert_eq!(schemas.is_namespaced("", "Namespace"), Some(false));
        assert_eq!(schemas.is_namespaced("apps", "Deployment"), Some(true));
        assert_eq!(schemas.is_namespaced("example.org", "App"), None);
    }

    #[test]
    fn definitions_replace_built_in_kinds() {
        let text = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: apps.example.org
  scope: Cluster
  names: {kind: App}
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size, zone]
            properties:
              size: {type: integer, minimum: 1}
              zone: {type: string, default: a}
              tags: {type: object, additionalProperties: {type: string, maxLength: 3}}
";
        let mut schemas = Schemas::new();
        schemas.add_definition(&documents(text)[0]).unwrap();
        assert_eq!(
            schemas.is_namespaced("apps.example.org", "App"),
            Some(false)
        );
        assert!(matches!(
            schemas.kind("apps.example.org/v2", "App"),
            Err(Unknown::Version(_))
        ));
        let kind = schemas.kind("apps.example.org/v1", "App").unwrap();
        let check = |spec: &str| {
            let text = format!(
                "apiVersion: apps.example.org/v1\nkind: App\nmetadata: {{name: a}}\nspec: {spec}\n"
            );
            let found = check(&schemas, &documents(&text)[0], &kind.root, "");
            found
                .into_iter()
                .map(|violation| violation.path)
                .collect::<Vec<_>>()
        };
        assert!(check("{size: 1}").is_empty());
        assert_eq!(check("{size: 0}"), ["spec.size"]);
        assert_eq!(check("{size: 1, tags: {a: long}}"), ["spec.tags.a"]);
        assert_eq!(check("{sice: 1}"), ["spec", "spec"]);
    }
}
