//! `disjoint` fields: networks of different members that must not overlap.

use ipnet::IpNet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::Node;

/// Reports texts of a `disjoint` field that are no networks.
pub(super) fn check(value: &Node, field: &str, diags: &mut Diagnostics) {
    for node in texts(value) {
        let text = node.text().unwrap_or_default();
        match text.parse::<IpNet>() {
            Ok(network) if network.addr() == network.network() => {}
            Ok(network) => {
                let message = format!("`{text}` is no network: bits behind the prefix are set");
                let help = format!("write `{}`", network.trunc());
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
            Err(_) => {
                let message =
                    format!("`{field}` holds `{text}`, which is no network in CIDR notation");
                let help = "write for example 10.0.0.0/16";
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
        }
    }
}

fn texts(value: &Node) -> &[Node] {
    value.items().unwrap_or(std::slice::from_ref(value))
}

/// The networks that the members of a list say.
#[derive(Default)]
pub(super) struct Networks {
    found: Vec<(IpNet, usize, Span)>,
    members: usize,
}

impl Networks {
    /// Adds the networks of one member.
    pub(super) fn add(&mut self, value: &Node) {
        self.members += 1;
        for node in texts(value) {
            if let Some(network) = node.text().and_then(|text| text.parse().ok()) {
                self.found.push((network, self.members, node.span));
            }
        }
    }

    /// Reports each network that lies in one of another member.
    pub(super) fn report(mut self, field: &str, declared: Span, diags: &mut Diagnostics) {
        // Sorted by address, then by size, a network's overlaps follow it without a gap; as networks
        // either nest or are apart, the open ones form a stack.
        self.found
            .sort_by_key(|(network, _, span)| (network.network(), network.prefix_len(), *span));
        let mut open: Vec<(IpNet, usize, Span)> = Vec::new();
        for (network, member, span) in self.found {
            open.retain(|(outer, ..)| outer.contains(&network));
            if let Some((outer, _, place)) = open.iter().find(|(_, other, _)| *other != member) {
                let message = format!("`{field}`: {network} overlaps {outer} of another member");
                diags.push(
                    Diagnostic::new(Code::OverlappingNetworks, span, message)
                        .related(*place, "the other member")
                        .related(declared, "the field is disjoint"),
                );
            } else if open.is_empty() {
                // What lies in a network of the same member adds nothing to it.
                open.push((network, member, span));
            }
        }
    }
}
