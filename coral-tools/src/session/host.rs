//! From which networks a host can be reached.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Names that never resolve on the internet, or that belong to documentation (RFC 2606, RFC 6761).
const PLACEHOLDERS: [&str; 5] = ["example", "invalid", "example.com", "example.net", "example.org"];
/// Names of local networks (RFC 6761, RFC 6762, RFC 8375, and the reservation of `.internal` by ICANN).
const LOCAL_NAMES: [&str; 5] = ["local", "internal", "lan", "test", "home.arpa"];

/// From which networks a host can be reached, as far as its name or address shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostScope {
    /// From everywhere.
    Public,
    /// From the same machine only.
    Loopback,
    /// From its own network only.
    Private,
    /// From nowhere: a name or address that is reserved for documentation and tests.
    Placeholder,
}

impl HostScope {
    /// `host` is a name or an IP address, with or without brackets.
    pub(crate) fn of(host: &str) -> Self {
        match parse_ip(host) {
            Some(IpAddr::V4(ip)) => Self::of_ipv4(ip),
            Some(IpAddr::V6(ip)) => Self::of_ipv6(ip),
            None => Self::of_name(host),
        }
    }

    fn of_ipv4(ip: Ipv4Addr) -> Self {
        // 100.64.0.0/10 is the network between a provider and its customers (RFC 6598).
        let [a, b, ..] = ip.octets();
        let is_shared = a == 100 && (64..128).contains(&b);
        if ip.is_loopback() || ip.is_unspecified() {
            Self::Loopback
        } else if ip.is_private() || ip.is_link_local() || is_shared {
            Self::Private
        } else if ip.is_documentation() || ip.is_broadcast() || ip.is_multicast() {
            Self::Placeholder
        } else {
            Self::Public
        }
    }

    fn of_ipv6(ip: Ipv6Addr) -> Self {
        if let Some(ip) = ip.to_ipv4_mapped() {
            return Self::of_ipv4(ip);
        }
        let [first, second, ..] = ip.segments();
        if ip.is_loopback() || ip.is_unspecified() {
            Self::Loopback
        } else if ip.is_unique_local() || ip.is_unicast_link_local() {
            Self::Private
        } else if (first, second) == (0x2001, 0xdb8) || ip.is_multicast() {
            Self::Placeholder
        } else {
            Self::Public
        }
    }

    fn of_name(name: &str) -> Self {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let is_below =
            |parent: &str| name.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if is_below("localhost") {
            Self::Loopback
        } else if PLACEHOLDERS.into_iter().any(is_below) {
            Self::Placeholder
        } else if LOCAL_NAMES.into_iter().any(is_below) || !name.contains('.') {
            Self::Private
        } else {
            Self::Public
        }
    }

    /// Whether a server whose own host has this scope can usually not reach a host with the scope `host`.
    pub(crate) fn cannot_reach(self, host: Self) -> bool {
        match host {
            Self::Placeholder => true,
            Self::Loopback => self != Self::Loopback,
            Self::Private => self == Self::Public,
            Self::Public => false,
        }
    }
}

/// Completes "the host is …".
impl fmt::Display for HostScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "a public name or address",
            Self::Loopback => "the machine that calls it",
            Self::Private => "a name or address of a private network",
            Self::Placeholder => "a placeholder, which is reserved for documentation",
        })
    }
}

/// Whether a host is this machine.
#[cfg(feature = "_api")]
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || parse_ip(host).is_some_and(|ip| ip.is_loopback())
}

fn parse_ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::HostScope::{self, Loopback, Placeholder, Private, Public};

    #[test]
    fn hosts_are_classified_by_name_and_address() {
        let hosts: [(HostScope, &[&str]); 4] = [
            (
                Loopback,
                &["localhost", "LOCALHOST", "app.localhost", "127.0.0.9", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"],
            ),
            (
                Private,
                &[
                    "app",
                    "nas.local",
                    "db.internal",
                    "app.test",
                    "10.0.0.7",
                    "172.31.0.1",
                    "192.168.1.1",
                    "169.254.1.1",
                ],
            ),
            (Private, &["100.64.0.1", "[fd00::1]", "[fe80::1]", "[::ffff:10.0.0.1]"]),
            (
                Placeholder,
                &[
                    "your-app.example",
                    "a.invalid",
                    "b.invalid",
                    "example.com",
                    "www.example.org.",
                    "192.0.2.1",
                    "[2001:db8::1]",
                ],
            ),
        ];
        for (scope, hosts) in hosts {
            for host in hosts {
                assert_eq!(HostScope::of(host), scope, "{host}");
            }
        }
        for host in
            ["app.coralcloud.ai", "myexample.com", "8.8.8.8", "100.128.0.1", "[2606:4700::1]", "mylocalhost.dev"]
        {
            assert_eq!(HostScope::of(host), Public, "{host}");
        }
    }

    #[test]
    fn a_server_reaches_hosts_of_its_own_network_and_public_ones() {
        for (server, reached, unreachable) in [
            (Public, vec![Public], vec![Loopback, Private, Placeholder]),
            (Private, vec![Public, Private], vec![Loopback, Placeholder]),
            (Loopback, vec![Public, Private, Loopback], vec![Placeholder]),
        ] {
            assert!(reached.into_iter().all(|host| !server.cannot_reach(host)), "{server:?}");
            assert!(unreachable.into_iter().all(|host| server.cannot_reach(host)), "{server:?}");
        }
    }
}
