//! One Application.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::Node;

/// An Application, or the template of an `ApplicationSet`.
pub(super) struct Application<'a> {
    pub(super) metadata: Option<&'a Node>,
    pub(super) spec: &'a Node,
}

impl<'a> Application<'a> {
    /// Returns an annotation.
    pub(super) fn annotation(&self, key: &str) -> Option<&'a Node> {
        self.metadata?.get("annotations")?.get(key)
    }

    /// Returns the location that enables automated pruning, or `None` if it is disabled.
    pub(super) fn prunes(&self) -> Option<Span> {
        let automated = self.spec.get("syncPolicy")?.get("automated")?;
        let find = |key: &str, expected: &str| {
            let value = automated.get(key)?;
            (value.text() == Some(expected)).then_some(value.span)
        };
        if find("enabled", "false").is_some() {
            return None;
        }
        find("prune", "true")
    }

    /// Reports finalizers that delete clusters.
    pub(super) fn check_finalizers(&self, diags: &mut Diagnostics) {
        let finalizers = self.metadata.and_then(|node| node.get("finalizers"));
        for finalizer in finalizers.and_then(Node::items).unwrap_or_default() {
            // The finalizer can have a suffix: /foreground or /background.
            let is_deleting = finalizer
                .text()
                .is_some_and(|text| text.starts_with("resources-finalizer.argocd.argoproj.io"));
            if is_deleting {
                let message = "with this finalizer, deleting the Application deletes its clusters";
                let help = "remove the finalizer";
                let diagnostic = Diagnostic::new(Code::DeletingFinalizer, finalizer.span, message);
                diags.push(diagnostic.help(help));
            }
        }
    }
}

impl Application<'_> {
    /// Reports options with which Argo CD replaces or recreates objects.
    ///
    /// Argo CD then sends the whole generated object (`kubectl replace`, or delete and create), and a live Cluster loses
    /// finalizers, owners and the endpoint of its control plane.
    pub(super) fn check_sync_options(&self, diags: &mut Diagnostics) {
        for (option, text) in self.sync_options() {
            if matches!(&*text, "Replace=true" | "Force=true") {
                let message = format!(
                    "with `{text}`, Argo CD replaces or recreates live clusters, which lose fields of Cluster API"
                );
                let help = "remove the option";
                diags.push(Diagnostic::new(Code::ReplacingSync, option.span, message).help(help));
            }
        }
        self.check_propagation(diags);
    }

    /// Returns the sync options, without the whitespace that Argo CD ignores.
    fn sync_options(&self) -> impl Iterator<Item = (&Node, String)> {
        let policy = self.spec.get("syncPolicy");
        let options = policy.and_then(|policy| policy.get("syncOptions"));
        let options = options.and_then(Node::items).unwrap_or_default().iter();
        options.map(|option| {
            let text = option.text().unwrap_or_default();
            (option, text.split_whitespace().collect())
        })
    }

    /// Reports another order of deletions than that of Cluster API.
    ///
    /// Argo CD prunes in the foreground unless `PrunePropagationPolicy=background` is set (`controller/sync.go` of 3.5.7).
    /// The garbage collector then deletes all objects whose owner reference blocks the deletion of the Cluster at once.
    fn check_propagation(&self, diags: &mut Diagnostics) {
        const NAME: &str = "PrunePropagationPolicy=";
        let mut options = self.sync_options();
        let policy = options.find(|(_, text)| text.starts_with(NAME));
        let span = match &policy {
            Some((_, text)) if text.ends_with("=background") => return,
            Some((option, _)) => option.span,
            None => {
                let policy = self.spec.get("syncPolicy");
                let options = policy.and_then(|policy| policy.get("syncOptions"));
                options.or(policy).unwrap_or(self.spec).span
            }
        };
        let message = "when a cluster is removed, Argo CD deletes its infrastructure before its machines, which then cannot be deleted";
        let help = "add `PrunePropagationPolicy=background` to `spec.syncPolicy.syncOptions`";
        diags.push(Diagnostic::new(Code::ForegroundPruning, span, message).help(help));
    }
}

/// Returns `true` if an `ApplicationSet` evaluates the string later.
pub(super) fn is_generator_expression(text: &str) -> bool {
    text.contains("{{")
}
