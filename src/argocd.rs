//! Integration with Argo CD: the plugin, its installation and its Applications.

pub mod apps;
pub mod check;
pub mod config;
pub mod install;
pub mod parameters;
pub mod plugin;

/// Environment variable with the parameters of an Application.
pub const PARAMETERS_ENV: &str = "ARGOCD_APP_PARAMETERS";

/// Maximum length of an error report, in bytes: Argo CD stores it in the Application's status.
pub const MESSAGE_BYTES: usize = 4 << 10;
