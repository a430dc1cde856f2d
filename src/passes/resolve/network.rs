//! `disjoint` fields: networks of different members that must not overlap.

use ipnet::{IpNet, Ipv6Net};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::Node;

/// Reports strings of a `disjoint` field that are not networks.
pub(super) fn check(value: &Node, field: &str, diags: &mut Diagnostics) {
    for node in strings(value) {
        let text = node.text().unwrap_or_default();
        match text.parse::<IpNet>() {
            Ok(network) if network.addr() == network.network() => {}
            Ok(network) => {
                let message = format!("`{text}` is not a network: bits after the prefix are set");
                let help = format!("write `{}`", network.trunc());
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
            Err(_) => {
                let message = format!("`{field}` must be a network in CIDR notation, not `{text}`");
                let help = "write an address and a prefix length, for example `10.0.0.0/16`";
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
        }
    }
}

fn strings(value: &Node) -> &[Node] {
    value.items().unwrap_or(std::slice::from_ref(value))
}

/// A network, the number of its member, and its location.
#[derive(Clone, Copy)]
struct Network {
    /// The network as written.
    written: IpNet,
    /// Its addresses: an IPv4 address and the IPv6 address that maps it are the same address.
    addresses: Ipv6Net,
    member: usize,
    span: Span,
}

/// Returns the addresses of a network as IPv6 addresses; those of IPv4 are mapped (RFC 4291, section 2.5.5.2).
fn addresses(network: IpNet) -> Ipv6Net {
    match network {
        IpNet::V6(network) => network,
        IpNet::V4(network) => {
            let mapped = network.network().to_ipv6_mapped();
            Ipv6Net::new_assert(mapped, 96 + network.prefix_len())
        }
    }
}

/// The networks that the members of a list set.
#[derive(Default)]
pub(super) struct Networks {
    found: Vec<Network>,
    members: usize,
}

impl Networks {
    /// Adds the networks of one member.
    pub(super) fn add(&mut self, value: &Node) {
        self.members += 1;
        for node in strings(value) {
            if let Some(written) = node.text().and_then(|text| text.parse().ok()) {
                self.found.push(Network {
                    written,
                    addresses: addresses(written),
                    member: self.members,
                    span: node.span,
                });
            }
        }
    }

    /// Reports each network that overlaps a network of another member.
    pub(super) fn report(mut self, field: &str, declared: Span, diags: &mut Diagnostics) {
        // Two networks either nest or do not overlap. After sorting by address and size, all networks inside a
        // network directly follow it, so the networks that contain the current one form a stack.
        self.found.sort_by_key(
            |Network {
                 addresses, span, ..
             }| { (addresses.network(), addresses.prefix_len(), *span) },
        );
        let mut open: Vec<Network> = Vec::new();
        for network in self.found {
            open.retain(|outer| outer.addresses.contains(&network.addresses));
            if let Some(outer) = open.iter().find(|other| other.member != network.member) {
                let message = format!(
                    "`{field}`: {} overlaps {} of another member",
                    network.written, outer.written
                );
                diags.push(
                    Diagnostic::new(Code::OverlappingNetworks, network.span, message)
                        .related(outer.span, "the other member")
                        .related(declared, "declared `disjoint` here")
                        .help("choose networks that do not overlap"),
                );
            } else if open.is_empty() {
                // A network inside another network of the same member cannot add overlaps.
                open.push(network);
            }
        }
    }
}
