"""Which addresses may be called on behalf of a stranger.

Sources: the IANA special-purpose address registries, as Python's ipaddress has them; RFC 6052 (NAT64).
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Where clouds keep a machine's keys outside the link-local range, and the relays of old tunnels.
_KEYS = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "100.100.100.200/32", "fd00:ec2::254/128", "192.88.99.0/24")
)
# A gateway would unpack an IPv4 address from these; nobody serves the public by them any more.
_TUNNELS = tuple(
    ipaddress.IPv6Network(network) for network in ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
_LOOPBACK = ipaddress.IPv6Address("::1")


def may_call(address: Address, private_allowed: bool) -> bool:
    """Whether an address is on the public internet.

    With `private_allowed` loopback and private networks are open too, but never the addresses under which clouds
    keep the machine's own keys (link-local ones and a few others).
    """
    meant = _meant(address)
    if meant.is_link_local or meant.is_multicast or meant.is_unspecified:
        return False
    closed = _KEYS if meant == _LOOPBACK else (*_KEYS, *_TUNNELS)
    if any(meant in network for network in closed):  # an address of the other version is in none
        return False
    site_local = isinstance(meant, ipaddress.IPv6Address) and meant.is_site_local
    return private_allowed or (meant.is_global and not meant.is_reserved and not site_local)


def _meant(address: Address) -> Address:
    """The IPv4 address behind one that only wraps it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
