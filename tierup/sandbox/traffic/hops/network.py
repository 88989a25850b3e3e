"""The ends of a connection in a VPC, and what filters it: security groups and network ACLs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tierup.sandbox.behaviour import digest
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import Rows, label, listed, network, overlaps, within

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
SUBNET = "aws:ec2/subnet:Subnet"
VPC = "aws:ec2/vpc:Vpc"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
NETWORK_ACL = "aws:ec2/networkAcl:NetworkAcl"
DEFAULT_NETWORK_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
NETWORK_ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
NETWORK_ACL_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
EIP = "aws:ec2/eip:Eip"
GATEWAY_ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
EGRESS_ONLY_GATEWAY = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
INSTANCE = "aws:ec2/instance:Instance"
NETWORK_INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
EKS_CLUSTER = "aws:eks/cluster:Cluster"

_ANY = {4: "0.0.0.0/0", 6: "::/0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One end of a connection.

    An end inside a VPC has subnets and security groups. An end outside has addresses (CIDR blocks), or the name of a
    managed prefix list whose addresses the sandbox does not contain.
    """

    name: str  # in messages: "a browser", "the tasks of backend"
    subnets: Sequence[str] = ()
    groups: Sequence[str] = ()
    addresses: Sequence[str] = ()
    prefix_lists: Sequence[str] = ()  # names such as com.amazonaws.global.cloudfront.origin-facing
    public: bool = False  # whether it has public IPv4 addresses
    packet_filter: PacketFilter | None = field(default=None, compare=False, repr=False)
    """What limits its packets besides security groups, such as the NetworkPolicies of pods."""

    @property
    def inside(self) -> bool:
        """Whether it is inside a VPC."""
        return bool(self.subnets)


class PacketFilter(Protocol):
    """Decides a connection of one end with another on a TCP port. None without rules for the direction."""

    def __call__(self, world: World, other: Party, port: int, /, *, ingress: bool) -> Hop | None: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    """A security group rule in one form for all three ways to declare it."""

    row: CloudResource
    protocol: str
    from_port: int
    to_port: int
    cidrs: tuple[str, ...]
    groups: tuple[str, ...]
    prefix_lists: tuple[str, ...]

    def allows_port(self, port: int) -> bool:
        return self.protocol == "-1" or (
            self.protocol in ("tcp", "6") and (self.from_port == -1 or self.from_port <= port <= self.to_port)
        )


def rules(rows: Rows, group_id: str, *, ingress: bool) -> Iterator[_Rule]:
    """Yield the rules of a security group in one direction, however they are declared."""
    for row in rows.find(INGRESS if ingress else EGRESS, securityGroupId=group_id):
        value = row.value
        yield _Rule(
            row,
            str(value("ipProtocol")),
            int(value("fromPort") if value("fromPort") is not None else -1),
            int(value("toPort") if value("toPort") is not None else -1),
            tuple(str(each) for each in (value("cidrIpv4"), value("cidrIpv6")) if each),
            tuple(_group_id(each) for each in (value("referencedSecurityGroupId"),) if each),
            tuple(str(each) for each in (value("prefixListId"),) if each),
        )
    for row in rows.find(OLD_RULE, securityGroupId=group_id, type="ingress" if ingress else "egress"):
        yield _inline(row, row.outputs, group_id, source=row.value("sourceSecurityGroupId"))
    for type in (SECURITY_GROUP, DEFAULT_GROUP):
        for row in rows.find(type, id=group_id):
            for entry in listed(row.inputs.get("ingress" if ingress else "egress")):
                yield _inline(row, entry, group_id)
    for row in rows.all(EKS_CLUSTER):
        # EKS creates this group with a rule for itself and one for every destination:
        # https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html (read 2026-11-28)
        if (row.value("vpcConfig") or {}).get("clusterSecurityGroupId") == group_id:
            yield _Rule(row, "-1", -1, -1, () if ingress else tuple(_ANY.values()), (group_id,) if ingress else (), ())


def _inline(row: CloudResource, entry: Any, group_id: str, source: Any = None) -> _Rule:
    groups = [_group_id(each) for each in [*listed(entry.get("securityGroups")), *listed(source)] if each]
    if entry.get("self"):
        groups.append(group_id)
    return _Rule(
        row,
        str(entry.get("protocol", "-1")),
        int(entry.get("fromPort", -1) or 0),
        int(entry.get("toPort", -1) or 0),
        tuple(map(str, [*listed(entry.get("cidrBlocks")), *listed(entry.get("ipv6CidrBlocks"))])),
        tuple(groups),
        tuple(map(str, listed(entry.get("prefixListIds")))),
    )


def _group_id(reference: Any) -> str:
    return str(reference).rpartition("/")[2]


def _group_label(rows: Rows, group_id: str) -> str:
    found = rows.one(SECURITY_GROUP, id=group_id) or rows.one(DEFAULT_GROUP, id=group_id)
    return label(found) if found is not None else group_id


def _matches(rows: Rows, rule: _Rule, other: Party, *, ipv6: bool) -> bool:
    if any(group in other.groups for group in rule.groups):
        return True
    for prefix_list in rule.prefix_lists:
        row = rows.one(PREFIX_LIST, id=prefix_list)
        name = str(row.value("name")) if row is not None else prefix_list
        if name in other.prefix_lists or prefix_list in other.prefix_lists:
            return True
        managed = {f"pl-{digest(rule.row.region + each, 8)}" for each in other.prefix_lists}  # as the sandbox's ids
        if prefix_list in managed:
            return True
        entries = [str(entry.get("cidr")) for entry in listed(row.value("entries"))] if row is not None else []
        if any(within(address, entry) for address in other.addresses for entry in entries):
            return True
    family = 6 if ipv6 else 4
    cidrs = [cidr for cidr in rule.cidrs if network(cidr).version == family]
    if other.inside:
        blocks = cidr_blocks(rows, other.subnets, ipv6=ipv6)
        return bool(blocks) and all(any(within(block, cidr) for cidr in cidrs) for block in blocks)
    if _ANY[family] in cidrs:
        return True
    addresses = [each for each in other.addresses if network(each).version == family]
    return bool(addresses) and all(any(within(address, cidr) for cidr in cidrs) for address in addresses)


def cidr_blocks(rows: Rows, subnets: Iterable[str], *, ipv6: bool = False) -> list[str]:
    """Return the CIDR blocks of subnets, without those that the sandbox does not have."""
    name = "ipv6CidrBlock" if ipv6 else "cidrBlock"
    found = [rows.one(SUBNET, id=subnet) for subnet in subnets]
    return [str(row.value(name)) for row in found if row is not None and row.value(name)]


def security_group(world: World, here: Party, other: Party, port: int, *, ingress: bool, ipv6: bool = False) -> Hop:
    """Return whether one of the groups of `here` allows the connection with `other` on a TCP port."""
    direction = "ingress" if ingress else "egress"
    source = sources.SECURITY_GROUPS
    filtered = here.packet_filter(world, other, port, ingress=ingress) if here.packet_filter is not None else None
    if filtered is not None and not filtered.passed:
        return filtered
    if not here.groups:
        return unknown("security-group", here.name, "securityGroups", f"{here.name} names no security group.", source)
    for group in here.groups:
        for rule in rules(world.rows, group, ingress=ingress):
            if rule.allows_port(port) and _matches(world.rows, rule, other, ipv6=ipv6):
                preposition = "from" if ingress else "to"
                reason = f"{direction.capitalize()} {preposition} {other.name} on port {port} is allowed."
                return passes("security-group", label(rule.row), direction, reason, source)
    preposition = "from" if ingress else "to"
    reason = f"No {direction} rule allows port {port} {preposition} {other.name}."
    groups = ", ".join(_group_label(world.rows, group) for group in here.groups)
    return fails("security-group", groups, direction, reason, source)


def network_acl(
    world: World,
    subnets: Sequence[str],
    port: int,
    *,
    ingress: bool,
    other: Party | None = None,
    ipv6: bool = False,
) -> Hop | None:
    """Return whether the network ACLs of subnets allow a TCP connection with `other`; None without an ACL of a stack.

    Network ACLs are stateless: the other direction must allow the ephemeral ports of the answers. Without `other`, the
    other end is any address.
    """
    family = 6 if ipv6 else 4
    if other is None:
        blocks = [_ANY[family]]
    elif other.inside:
        blocks = cidr_blocks(world.rows, other.subnets, ipv6=ipv6) or [_ANY[family]]
    else:
        blocks = [each for each in other.addresses if network(each).version == family] or [_ANY[family]]
    result: Hop | None = None
    for subnet in subnets:
        acl = _acl_of(world.rows, subnet)
        if acl is None:
            continue
        for block in blocks:
            result = _evaluate_acl(world.rows, acl, block, [port], ingress=ingress)
            if not result.passed:
                return result
            answers = _evaluate_acl(world.rows, acl, block, _EPHEMERAL, ingress=not ingress)
            if not answers.passed:
                return answers
    return result


_EPHEMERAL = (1024, 32768, 49152, 60999, 65535)
"""Ports of answers, at the ends of the ranges of load balancers and NAT gateways (1024 to 65535), Linux (32768 to
60999, in the guide 61000) and Windows (49152 to 65535):
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports (read 2026-11-28)."""


def _acl_of(rows: Rows, subnet: str) -> CloudResource | None:
    association = rows.one(NETWORK_ACL_ASSOCIATION, subnetId=subnet)
    if association is not None:
        return rows.one(NETWORK_ACL, id=str(association.value("networkAclId")))
    for type in (NETWORK_ACL, DEFAULT_NETWORK_ACL):
        named = next((acl for acl in rows.all(type) if subnet in listed(acl.value("subnetIds"))), None)
        if named is not None:
            return named
    row = rows.one(SUBNET, id=subnet)
    return rows.one(DEFAULT_NETWORK_ACL, vpcId=str(row.value("vpcId"))) if row is not None else None


def _evaluate_acl(rows: Rows, acl: CloudResource, block: str, ports: Sequence[int], *, ingress: bool) -> Hop:
    """Return whether an ACL allows a block's packets on ports. It is unknown if it allows a part of them only."""
    entries = [
        (int(entry.get("ruleNo") or entry.get("ruleNumber") or 0), str(entry.get("action")), entry)
        for entry in listed(acl.inputs.get("ingress" if ingress else "egress"))
    ]
    entries += [
        (int(row.value("ruleNumber") or 0), str(row.value("ruleAction")), row.outputs)
        for row in rows.find(NETWORK_ACL_RULE, networkAclId=acl.id)
        if bool(row.value("egress")) is not ingress
    ]
    direction, place = "ingress" if ingress else "egress", label(acl)
    ordered = sorted(entries, key=lambda each: each[0])
    text = f"port {ports[0]}" if len(ports) == 1 else f"the ports of answers ({ports[0]} to {ports[-1]})"
    verdicts = {port: _acl_verdict(ordered, block, port) for port in ports}
    if None in verdicts.values():
        reason = f"A {direction} rule of the network ACL for {text} applies to some of the addresses in {block} only."
        return unknown("network-acl", place, direction, reason, sources.NETWORK_ACLS)
    if all(verdicts.values()):
        return passes(
            "network-acl", place, direction, f"{direction.title()} on {text} is allowed.", sources.NETWORK_ACLS
        )
    if not any(verdicts.values()):
        reason = f"The {direction} rules deny {text} for {block}."
        return fails("network-acl", place, direction, reason, sources.NETWORK_ACLS)
    reason = f"The {direction} rules allow {text} for {block} in part only."
    return unknown("network-acl", place, direction, reason, sources.NETWORK_ACLS)


def _acl_verdict(ordered: Sequence[tuple[int, str, Any]], block: str, port: int) -> bool | None:
    """Return what the first rule that matches decides; None if a rule applies to a part of the block only."""
    for _, action, entry in ordered:
        protocol = str(entry.get("protocol"))
        if protocol not in ("-1", "all", "tcp", "6"):
            continue
        if protocol not in ("-1", "all"):
            first, last = int(entry.get("fromPort") or 0), int(entry.get("toPort") or 0)
            if not first <= port <= last:
                continue
        cidr = str(entry.get("ipv6CidrBlock" if network(block).version == 6 else "cidrBlock") or "")
        if not cidr or not overlaps(block, cidr):
            continue
        if not within(block, cidr):
            return None
        return action.lower() == "allow"
    return False


def inside_vpc(world: World, here: Party, there: Party, port: int) -> Iterator[Hop]:
    """Yield the hops of a connection inside a VPC: both ends' security groups and network ACLs."""
    yield security_group(world, here, there, port, ingress=False)
    yield security_group(world, there, here, port, ingress=True)
    for subnets, other, ingress in ((here.subnets, there, False), (there.subnets, here, True)):
        acl = network_acl(world, list(subnets), port, ingress=ingress, other=other)
        if acl is not None:
            yield acl


def zone_of(rows: Rows, subnet: str) -> str:
    """Return the Availability Zone of a subnet, "" if it does not exist."""
    row = rows.one(SUBNET, id=subnet)
    return str(row.value("availabilityZone") or "") if row is not None else ""


def usable_subnets(world: World, subnets: Iterable[str]) -> list[str]:
    """Return the subnets whose zone is not down."""
    return [subnet for subnet in subnets if not world.conditions.zone_is_down(zone_of(world.rows, subnet))]
