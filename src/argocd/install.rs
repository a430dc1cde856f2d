//! Installation of the plugin as a sidecar of Argo CD's repo-server.

use super::config::{self, indent};
use super::plugin;

/// The policy that rejects deletions of clusters that were not confirmed, and its binding.
pub const POLICY: &str = include_str!("install/policy.yaml");

const SIDECAR: &str = include_str!("install/sidecar.yaml");
const VOLUMES: &str = include_str!("install/volumes.yaml");

/// The mount of plugin.yaml for a versioned plugin.
const CONFIG_MOUNT: &str = "  - name: kubectl-fleet-plugin
    mountPath: /home/argocd/cmp-server/config/plugin.yaml
    subPath: ${KEY}
";

/// The volume of [`CONFIG_MOUNT`].
const CONFIG_VOLUME: &str = "\
- name: kubectl-fleet-plugin
  configMap: {name: ${NAME}}
";

/// A plugin to install.
#[derive(Debug)]
pub struct Install {
    /// The image, valid by [`is_valid_image`].
    pub image: String,
    /// Whether the plugin's name ends with its version.
    pub versioned: bool,
}

/// Returns the image of this version.
pub fn default_image() -> String {
    format!("{}:v{}", plugin::NAME, env!("CARGO_PKG_VERSION"))
}

/// Returns `true` if a string can be an image reference, so that YAML needs no quotes around it.
pub fn is_valid_image(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        && text.bytes().all(is_allowed)
}

impl Install {
    /// Renders the sidecar container.
    ///
    /// The image contains the unversioned plugin.yaml, so a versioned one is mounted over it.
    fn render_sidecar(&self, key: &str) -> String {
        let mount = if self.versioned {
            CONFIG_MOUNT.replace("${KEY}", key)
        } else {
            String::new()
        };
        SIDECAR.replace("${IMAGE}", &self.image) + &mount
    }

    fn render_volumes(&self, config_map: &str) -> String {
        let volume = if self.versioned {
            CONFIG_VOLUME.replace("${NAME}", config_map)
        } else {
            String::new()
        };
        VOLUMES.to_owned() + &volume
    }

    /// Renders a Kustomize component for the kustomization that contains the manifests of Argo CD.
    pub fn render_component(&self) -> String {
        // `configMapGenerator` adds a hash of the content to the name, so a change restarts the sidecar.
        let generator = if self.versioned {
            format!(
                "\
configMapGenerator:
- name: kubectl-fleet-plugin
  literals:
  - |
    plugin.yaml={}",
                indent(&plugin::render_config(true), 4).trim_start()
            )
        } else {
            String::new()
        };
        format!(
            "\
# The plugin {} as a sidecar of Argo CD's repo-server, and health checks for the objects of fleets.
# Add the directory of this file to the kustomization of Argo CD: components: [DIRECTORY]
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
{generator}patches:
- target: {{kind: Deployment, name: argocd-repo-server}}
  patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: argocd-repo-server
    spec:
      template:
        spec:
          containers:
{}          volumes:
{}- target: {{kind: ConfigMap, name: argocd-cm}}
  patch: |
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
    data:
{}",
            plugin::name(self.versioned),
            indent(&self.render_sidecar("plugin.yaml"), 10),
            indent(&self.render_volumes("kubectl-fleet-plugin"), 10),
            indent(&config::render_entries(), 6),
        )
    }

    /// Renders values of the chart argo-cd.
    pub fn render_values(&self) -> String {
        let config = plugin::render_config(self.versioned);
        let spec = config.split_once("\nspec:\n").map_or("", |(_, spec)| spec);
        let cmp = if self.versioned {
            // The chart adds the other fields of plugin.yaml to the contents of `spec`.
            format!(
                "  cmp:\n    create: true\n    plugins:\n      {}:\n{}",
                plugin::NAME,
                indent(spec, 6)
            )
        } else {
            String::new()
        };
        format!(
            "\
# The plugin {} as a sidecar of Argo CD's repo-server, and health checks for the objects of fleets.
# Values of the chart argo-cd.
repoServer:
  extraContainers:
{}  volumes:
{}configs:
{cmp}  cm:
{}",
            plugin::name(self.versioned),
            indent(&self.render_sidecar(&format!("{}.yaml", plugin::NAME)), 2),
            indent(&self.render_volumes("argocd-cmp-cm"), 2),
            indent(&config::render_entries(), 4),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Install, POLICY, default_image, is_valid_image};
    use serde_json::Value as Json;

    fn read(text: &str) -> Json {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn install(versioned: bool) -> Install {
        Install {
            image: "registry.example.org/fleet:v1".to_owned(),
            versioned,
        }
    }

    #[test]
    fn strings_that_need_quotes_in_yaml_are_not_valid_images() {
        assert!(is_valid_image(&default_image()));
        for (text, expected) in [
            ("kubectl-fleet", true),
            ("registry.example.org:5000/a/b_c:v1.2.3", true),
            ("a@sha256:0123456789abcdef", true),
            ("", false),
            ("a b", false),
            ("a:", false),
            ("a: b", false),
            ("{a}", false),
            ("-a", false),
            ("a\nb", false),
            ("é", false),
        ] {
            assert_eq!(is_valid_image(text), expected, "{text}");
        }
    }

    #[test]
    fn component_and_values_have_the_same_sidecar() {
        for versioned in [false, true] {
            let component = read(&install(versioned).render_component());
            let patch = read(component["patches"][0]["patch"].as_str().expect("a patch"));
            let pod = &patch["spec"]["template"]["spec"];
            let values = read(&install(versioned).render_values());
            let repo_server = &values["repoServer"];
            let mounts = |sidecar: &Json| sidecar["volumeMounts"].as_array().expect("mounts").len();
            assert_eq!(mounts(&pod["containers"][0]), 3 + usize::from(versioned));
            for (one, other) in [
                (&pod["containers"][0], &repo_server["extraContainers"][0]),
                (&pod["volumes"][0], &repo_server["volumes"][0]),
            ] {
                let [one, other] = [one, other].map(|part| {
                    // The mount of plugin.yaml differs: the chart names the key of its ConfigMap.
                    let mut part = part.clone();
                    let mounts = part.get_mut("volumeMounts").and_then(Json::as_array_mut);
                    if let Some(mounts) = mounts {
                        mounts.truncate(3);
                    }
                    part
                });
                assert_eq!(one, other);
            }
            assert_eq!(
                pod["containers"][0]["image"],
                "registry.example.org/fleet:v1"
            );
        }
    }

    #[test]
    fn versioned_plugin_includes_its_configuration() {
        let component = read(&install(true).render_component());
        let literal = component["configMapGenerator"][0]["literals"][0]
            .as_str()
            .expect("a literal");
        assert_eq!(
            literal.strip_prefix("plugin.yaml="),
            Some(crate::argocd::plugin::render_config(true).as_str())
        );
        let values = read(&install(true).render_values());
        let plugin = &values["configs"]["cmp"]["plugins"]["kubectl-fleet"];
        let config = read(&crate::argocd::plugin::render_config(true));
        assert_eq!(*plugin, config["spec"]);
        let plain = read(&install(false).render_values());
        assert!(plain["configs"]["cmp"].is_null());
    }

    #[test]
    fn policy_selects_the_label_of_clusters() {
        let (policy, binding) = POLICY.split_once("---\n").expect("two documents");
        let [policy, binding] = [policy, binding].map(read);
        let constraints = &policy["spec"]["matchConstraints"];
        let selector = &constraints["objectSelector"]["matchExpressions"][0];
        assert_eq!(selector["key"], crate::model::cluster::CLUSTER_LABEL);
        assert_eq!(binding["spec"]["policyName"], policy["metadata"]["name"]);
    }

    #[test]
    fn values_contain_no_helm_template() {
        assert!(!install(true).render_values().contains("{{"));
    }
}
