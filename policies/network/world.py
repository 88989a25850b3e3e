"""What counts as the whole world, and which ingress rules let it in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from ..rule import Resource, items

SECURITY_GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
INGRESS_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)

# Wider than anything one owner holds. Splitting the world in two (0.0.0.0/1 and 128.0.0.0/1) is a known way past
# checks that look for /0 alone.
WIDEST_OWNED = {4: 8, 6: 16}


@dataclass(frozen=True, slots=True)
class WorldIngress:
    """An opening to the world: its property path, the CIDR, the protocol, and the ports (None: all of them)."""

    path: str
    cidr: str
    protocol: str
    ports: tuple[int, int] | None

    def __str__(self) -> str:
        ports = "all ports" if self.ports is None else "port " + "–".join(str(p) for p in sorted(set(self.ports)))
        return f"{self.cidr} on {self.protocol} {ports}"


def is_world(cidr: str) -> bool:
    """Whether a CIDR (or a plain address) takes in the whole internet or a good part of it. What is no CIDR is not."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen < WIDEST_OWNED[network.version]


def openings(resource: Resource) -> Iterator[WorldIngress]:
    """Where a security group or one of its rules lets the world in."""
    properties = resource.properties
    if resource.type in SECURITY_GROUPS:
        for path, rule in items(properties, "ingress"):
            for key in ("cidrBlocks", "ipv6CidrBlocks"):
                for at, cidr in items(rule, key):
                    if is_world(cidr):
                        yield WorldIngress(
                            f"{path}.{at}", cidr, *_what(rule.get("protocol"), rule.get("fromPort"), rule.get("toPort"))
                        )
    elif resource.type == INGRESS_RULES[0]:
        for key in ("cidrIpv4", "cidrIpv6"):
            cidr = properties.get(key)
            if cidr and is_world(cidr):
                yield WorldIngress(
                    key,
                    cidr,
                    *_what(properties.get("ipProtocol"), properties.get("fromPort"), properties.get("toPort")),
                )
    elif resource.type == INGRESS_RULES[1] and properties.get("type") == "ingress":
        for key in ("cidrBlocks", "ipv6CidrBlocks"):
            for at, cidr in items(properties, key):
                if is_world(cidr):
                    yield WorldIngress(
                        at,
                        cidr,
                        *_what(properties.get("protocol"), properties.get("fromPort"), properties.get("toPort")),
                    )


def _what(protocol: object, low: object, high: object) -> tuple[str, tuple[int, int] | None]:
    """The protocol by name and the ports, as AWS reads them: "-1" is everything, and TCP may be written as 6."""
    name = {"6": "tcp", "17": "udp", "-1": "any protocol", "all": "any protocol"}.get(
        str(protocol).lower(), str(protocol).lower()
    )
    if name not in ("tcp", "udp") or not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return name, None
    return name, (int(low), int(high))
