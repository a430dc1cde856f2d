//! What Argo CD's plugin server gives to the program, and asks of it.

pub mod apps;
pub mod check;
pub mod config;
pub mod install;
pub mod parameters;
pub mod plugin;

/// The variable that holds an Application's parameters.
pub const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";

/// The most that Argo CD is told of a failure, in bytes: it is kept in the Application's status.
pub const MESSAGE_BYTES: usize = 4 << 10;
