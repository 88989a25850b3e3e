"""Public CIDRs, and the rules of security groups and network ACLs that are open to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..inputs import number
from ..rule import Resource, Stack, items

DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
SECURITY_GROUPS = ("aws:ec2/securityGroup:SecurityGroup", DEFAULT_SECURITY_GROUP)
INGRESS_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
EGRESS_RULES = ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",)
NETWORK_ACLS = ("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
NETWORK_ACL_RULES = ("aws:ec2/networkAclRule:NetworkAclRule",)

# A CIDR with a shorter prefix than this is public: no owner has a range as wide. Splitting the internet in two
# (0.0.0.0/1 and 128.0.0.0/1) is a known way to bypass checks for /0.
WIDEST_OWNED = {4: 8, 6: 16}
# A CIDR with a shorter prefix than this is wider than one office or data centre: it belongs to a provider or a country.
WIDEST_OFFICE = {4: 16, 6: 32}
PRIVATE = tuple(
    ipaddress.ip_network(cidr)
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10")
)


ICMP = frozenset({"icmp", "icmpv6"})
ANY_PROTOCOL = "any protocol"
# By number, which AWS accepts in place of the name.
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "-1": ANY_PROTOCOL, "all": ANY_PROTOCOL}
WITH_PORTS = frozenset({"tcp", "udp", ANY_PROTOCOL})


@dataclass(frozen=True, slots=True)
class Opening:
    """An ingress opening: its property path, CIDR, protocol and ports (None: the rule restricts no ports)."""

    path: str
    cidr: str
    protocol: str
    ports: tuple[int, int] | None

    def __str__(self) -> str:
        if self.ports is not None:
            return f"{self.cidr} on {self.protocol} port " + "–".join(str(port) for port in sorted(set(self.ports)))
        return f"{self.cidr} on {self.protocol}" + (", all ports" if self.protocol in WITH_PORTS else "")


def is_public(cidr: str) -> bool:
    """Return whether a CIDR or address contains the whole internet or a large part of it. An invalid CIDR does not."""
    network = _network(cidr)
    return network is not None and network.prefixlen < WIDEST_OWNED[network.version]


def is_wide(cidr: str) -> bool:
    """Return whether a CIDR contains more of the internet than one office or data centre. Private ranges do not."""
    network = _network(cidr)
    if network is None or network.prefixlen >= WIDEST_OFFICE[network.version]:
        return False
    return not any(network.version == private.version and network.subnet_of(private) for private in PRIVATE)  # pyright: ignore[reportArgumentType] (the same version on both sides)


def openings(resource: Resource, matches: Callable[[str], bool] = is_public) -> Iterator[Opening]:
    """Yield the openings of a security group, a network ACL or a rule of these to CIDRs for which `matches` holds.

    ICMP has types instead of ports, so a rule that allows a ping opens no port and is not an opening.
    """
    for opening in _all_openings(resource, matches):
        if opening.protocol not in ICMP:
            yield opening


def _all_openings(resource: Resource, matches: Callable[[str], bool]) -> Iterator[Opening]:
    properties = resource.properties
    if resource.type in SECURITY_GROUPS:
        for path, rule in items(properties, "ingress"):
            yield from _list_openings(rule, matches, f"{path}.")
    elif resource.type == INGRESS_RULES[0]:
        yield from _pair_openings(properties, ("cidrIpv4", "cidrIpv6"), "ipProtocol", matches)
    elif resource.type == INGRESS_RULES[1] and properties.get("type") == "ingress":
        yield from _list_openings(properties, matches)
    elif resource.type in NETWORK_ACLS:
        for path, rule in items(properties, "ingress"):
            if rule.get("action") == "allow":
                yield from _pair_openings(rule, ("cidrBlock", "ipv6CidrBlock"), "protocol", matches, f"{path}.")
    elif (
        resource.type in NETWORK_ACL_RULES and properties.get("ruleAction") == "allow" and not properties.get("egress")
    ):
        yield from _pair_openings(properties, ("cidrBlock", "ipv6CidrBlock"), "protocol", matches)


def public_openings(groups: Iterable[Resource], stack: Stack) -> Iterator[tuple[str, Opening]]:
    """Yield the openings of security groups to the internet, in inline rules and in separate rule resources."""
    for group in groups:
        for holder in (group, *stack.referring(INGRESS_RULES, "securityGroupId", group, "id")):
            for opening in openings(holder):
                yield f"({group.name}), {holder.name}: {opening.path}", opening


def _list_openings(rule: Mapping[str, Any], matches: Callable[[str], bool], prefix: str = "") -> Iterator[Opening]:
    for key in ("cidrBlocks", "ipv6CidrBlocks"):
        for path, cidr in items(rule, key):
            if matches(cidr):
                yield Opening(f"{prefix}{path}", cidr, *_protocol_and_ports(rule, "protocol"))


def _pair_openings(
    rule: Mapping[str, Any], keys: tuple[str, str], protocol: str, matches: Callable[[str], bool], prefix: str = ""
) -> Iterator[Opening]:
    for key in keys:
        if (cidr := rule.get(key)) and matches(cidr):
            yield Opening(f"{prefix}{key}", cidr, *_protocol_and_ports(rule, protocol))


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(cidr.strip(), strict=False)
    except ValueError:
        return None


def _protocol_and_ports(rule: Mapping[str, Any], key: str) -> tuple[str, tuple[int, int] | None]:
    """Return the protocol's name and ports as AWS interprets them: "-1" is all traffic, and TCP may be written as 6.

    AWS ignores the ports of any protocol but TCP, UDP and ICMP.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (read 2026-11-28)
    """
    written = str(rule.get(key)).lower()
    protocol = PROTOCOLS.get(written, written)
    low, high = number(rule, "fromPort"), number(rule, "toPort")
    if protocol not in ("tcp", "udp") or low is None or high is None:
        return protocol, None
    return protocol, (int(low), int(high))
