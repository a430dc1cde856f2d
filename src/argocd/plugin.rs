//! The name and configuration of the plugin.

/// The plugin's name.
pub const NAME: &str = "kubectl-fleet";
/// The path of the program in the image.
pub const PROGRAM: &str = "/usr/local/bin/kubectl-fleet";

/// Returns the name that Applications use, which ends with the program's version if `versioned` is set.
pub fn name(versioned: bool) -> String {
    if versioned {
        format!("{NAME}-v{}", env!("CARGO_PKG_VERSION"))
    } else {
        NAME.to_owned()
    }
}

/// Renders `plugin.yaml`.
pub fn render_config(versioned: bool) -> String {
    // Argo CD joins the name and the version with a hyphen.
    let version = if versioned {
        format!("  version: v{}\n", env!("CARGO_PKG_VERSION"))
    } else {
        String::new()
    };
    format!(
        "\
# Configuration of the plugin for Argo CD's plugin server (argocd-cmp-server). Applications refer to the name `{}`.
# Without `discover`, because Applications name the plugin, and discovery would copy the repository once more.
apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata:
  name: {NAME}
spec:
{version}  generate:
    command: [{PROGRAM}]
    args: [generate, ., --argocd]
  parameters:
    dynamic:
      command: [{PROGRAM}]
      args: [argocd, parameters, .]
",
        name(versioned)
    )
}
