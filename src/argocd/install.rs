//! What makes Argo CD run the plugin: a sidecar of its repo-server.

use super::config::{self, indented};
use super::plugin;

const SIDECAR: &str = include_str!("install/sidecar.yaml");
const VOLUMES: &str = include_str!("install/volumes.yaml");

/// Where a versioned plugin finds its plugin.yaml.
const CONFIG_MOUNT: &str = "  - name: kubectl-fleet-plugin
    mountPath: /home/argocd/cmp-server/config/plugin.yaml
    subPath: ${KEY}
";

/// Where that comes from.
const CONFIG_VOLUME: &str = "\
- name: kubectl-fleet-plugin
  configMap: {name: ${NAME}}
";

/// A plugin to install.
#[derive(Debug)]
pub struct Install {
    /// The image; [`is_image`] holds for it.
    pub image: String,
    /// Whether the plugin's name has its version.
    pub versioned: bool,
}

/// The image of this version.
pub fn image() -> String {
    format!("{}:v{}", plugin::NAME, env!("CARGO_PKG_VERSION"))
}

/// Whether a text can be an image's name, so that it stands in YAML as it is.
pub fn is_image(text: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        && text.bytes().all(is_known)
}

impl Install {
    /// The sidecar; the image has an unversioned plugin.yaml, so another one is mounted over it.
    fn sidecar(&self, key: &str) -> String {
        let mount = if self.versioned {
            CONFIG_MOUNT.replace("${KEY}", key)
        } else {
            String::new()
        };
        SIDECAR.replace("${IMAGE}", &self.image) + &mount
    }

    fn volumes(&self, config_map: &str) -> String {
        let volume = if self.versioned {
            CONFIG_VOLUME.replace("${NAME}", config_map)
        } else {
            String::new()
        };
        VOLUMES.to_owned() + &volume
    }

    /// A component of kustomize, for a kustomization that has Argo CD's own manifests.
    pub fn component(&self) -> String {
        // A generated ConfigMap has another name when its content changes, which starts the sidecar anew.
        let generator = if self.versioned {
            format!(
                "\
configMapGenerator:
- name: kubectl-fleet-plugin
  literals:
  - |
    plugin.yaml={}",
                indented(&plugin::config(true), 4).trim_start()
            )
        } else {
            String::new()
        };
        format!(
            "\
# The plugin {} as a sidecar of Argo CD's repo-server, and the health of what fleets are made of.
# In the kustomization of Argo CD: components: [the folder of this file]
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
            indented(&self.sidecar("plugin.yaml"), 10),
            indented(&self.volumes("kubectl-fleet-plugin"), 10),
            indented(&config::entries(), 6),
        )
    }

    /// Values of the chart argo-cd.
    pub fn values(&self) -> String {
        let config = plugin::config(self.versioned);
        let spec = config.split_once("\nspec:\n").map_or("", |(_, spec)| spec);
        let cmp = if self.versioned {
            // The chart makes plugin.yaml of what follows `spec`.
            format!(
                "  cmp:\n    create: true\n    plugins:\n      {}:\n{}",
                plugin::NAME,
                indented(spec, 6)
            )
        } else {
            String::new()
        };
        format!(
            "\
# The plugin {} as a sidecar of Argo CD's repo-server, and the health of what fleets are made of.
# Values of the chart argo-cd.
repoServer:
  extraContainers:
{}  volumes:
{}configs:
{cmp}  cm:
{}",
            plugin::name(self.versioned),
            indented(&self.sidecar(&format!("{}.yaml", plugin::NAME)), 2),
            indented(&self.volumes("argocd-cmp-cm"), 2),
            indented(&config::entries(), 4),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Install, image, is_image};
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
    fn images_are_told_from_what_would_be_yaml() {
        assert!(is_image(&image()));
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
            assert_eq!(is_image(text), expected, "{text}");
        }
    }

    #[test]
    fn both_forms_have_the_same_sidecar() {
        for versioned in [false, true] {
            let component = read(&install(versioned).component());
            let patch = read(component["patches"][0]["patch"].as_str().expect("a patch"));
            let pod = &patch["spec"]["template"]["spec"];
            let values = read(&install(versioned).values());
            let of_chart = &values["repoServer"];
            let mounts = |sidecar: &Json| sidecar["volumeMounts"].as_array().expect("mounts").len();
            assert_eq!(mounts(&pod["containers"][0]), 3 + usize::from(versioned));
            for (one, other) in [
                (&pod["containers"][0], &of_chart["extraContainers"][0]),
                (&pod["volumes"][0], &of_chart["volumes"][0]),
            ] {
                let [one, other] = [one, other].map(|whole| {
                    // Where plugin.yaml comes from is not the same.
                    let mut whole = whole.clone();
                    let mounts = whole.get_mut("volumeMounts").and_then(Json::as_array_mut);
                    if let Some(mounts) = mounts {
                        mounts.truncate(3);
                    }
                    whole
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
    fn a_versioned_plugin_brings_its_configuration() {
        let component = read(&install(true).component());
        let literal = component["configMapGenerator"][0]["literals"][0]
            .as_str()
            .expect("a literal");
        assert_eq!(
            literal.strip_prefix("plugin.yaml="),
            Some(crate::argocd::plugin::config(true).as_str())
        );
        let values = read(&install(true).values());
        let plugin = &values["configs"]["cmp"]["plugins"]["kubectl-fleet"];
        let config = read(&crate::argocd::plugin::config(true));
        assert_eq!(*plugin, config["spec"]);
        let plain = read(&install(false).values());
        assert!(plain["configs"]["cmp"].is_null());
    }

    #[test]
    fn helm_finds_nothing_to_run() {
        assert!(!install(true).values().contains("{{"));
    }
}
