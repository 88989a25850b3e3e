"""What counts as the whole world, and which rules of security groups and network ACLs let it in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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

# Wider than anything one owner holds. Splitting the world in two (0.0.0.0/1 and 128.0.0.0/1) is a known way past
# checks that look for /0 alone.
WIDEST_OWNED = {4: 8, 6: 16}
# Wider than what one office or data centre has: a provider's, or a country's.
WIDEST_OFFICE = {4: 16, 6: 32}
OWN = tuple(
    ipaddress.ip_network(cidr)
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10")
)


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening to the world: its property path, the CIDR, the protocol, and the ports (None: all of them)."""

    path: str
    cidr: str
    protocol: str
    ports: tuple[int, int] | None

    def __str__(self) -> str:
        ports = "all ports" if self.ports is None else "port " + "–".join(str(p) for p in sorted(set(self.ports)))
        return f"{self.cidr} on {self.protocol} {ports}"


def is_public(cidr: str) -> bool:
    """Whether a CIDR (or a plain address) takes in the whole internet or a good part of it. What is no CIDR is not."""
    network = _network(cidr)
    return network is not None and network.prefixlen < WIDEST_OWNED[network.version]


def is_wide(cidr: str) -> bool:
    """Whether a CIDR takes in more of the internet than one office or data centre. Private ranges are not of it."""
    network = _network(cidr)
    if network is None or network.prefixlen >= WIDEST_OFFICE[network.version]:
        return False
    return not any(network.version == own.version and network.subnet_of(own) for own in OWN)  # pyright: ignore[reportArgumentType] (the same version on both sides)


def openings(resource: Resource, counts: Callable[[str], bool] = is_public) -> Iterator[Opening]:
    """Where a security group, a network ACL or a rule of theirs lets in a CIDR that counts: the world by default."""
    properties = resource.properties
    if resource.type in SECURITY_GROUPS:
        for path, rule in items(properties, "ingress"):
            yield from _lists(rule, counts, f"{path}.")
    elif resource.type == INGRESS_RULES[0]:
        yield from _pair(properties, ("cidrIpv4", "cidrIpv6"), "ipProtocol", counts)
    elif resource.type == INGRESS_RULES[1] and properties.get("type") == "ingress":
        yield from _lists(properties, counts)
    elif resource.type in NETWORK_ACLS:
        for path, rule in items(properties, "ingress"):
            if rule.get("action") == "allow":
                yield from _pair(rule, ("cidrBlock", "ipv6CidrBlock"), "protocol", counts, f"{path}.")
    elif resource.type in NETWORK_ACL_RULES:
        lets_in = properties.get("ruleAction") == "allow" and not properties.get("egress")
        if lets_in:
            yield from _pair(properties, ("cidrBlock", "ipv6CidrBlock"), "protocol", counts)


def ways_in(groups: Iterable[Resource], stack: Stack) -> Iterator[tuple[str, Opening]]:
    """Where security groups let the world in, in themselves or by rules that are resources of their own."""
    for group in groups:
        for holder in (group, *stack.referring(INGRESS_RULES, "securityGroupId", group, "id")):
            for opening in openings(holder):
                yield f"({group.name}), {holder.name}: {opening.path}", opening


def _lists(rule: Mapping[str, Any], counts: Callable[[str], bool], prefix: str = "") -> Iterator[Opening]:
    for key in ("cidrBlocks", "ipv6CidrBlocks"):
        for path, cidr in items(rule, key):
            if counts(cidr):
                yield Opening(f"{prefix}{path}", cidr, *_what(rule, "protocol"))


def _pair(
    rule: Mapping[str, Any], keys: tuple[str, str], protocol: str, counts: Callable[[str], bool], prefix: str = ""
) -> Iterator[Opening]:
    for key in keys:
        if (cidr := rule.get(key)) and counts(cidr):
            yield Opening(f"{prefix}{key}", cidr, *_what(rule, protocol))


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return None


def _what(rule: Mapping[str, Any], key: str) -> tuple[str, tuple[int, int] | None]:
    """The protocol by name and the ports, as AWS reads them: "-1" is everything, and TCP may be written as 6."""
    written = str(rule.get(key)).lower()
    low, high = rule.get("fromPort"), rule.get("toPort")
    name = {"6": "tcp", "17": "udp", "-1": "any protocol", "all": "any protocol"}.get(written, written)
    if name not in ("tcp", "udp") or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return name, None
    return name, (int(low), int(high))
