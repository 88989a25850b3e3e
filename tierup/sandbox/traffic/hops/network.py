"""The network of a VPC: security groups, network ACLs, routes, gateways, endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tierup.sandbox.behaviour import digest
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, Verdict, World, fails, passes, unknown
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
_PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Blocks that no route of the internet has (RFC 1918 and RFC 6598)."""


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


# --- routes ---


def zone_of(rows: Rows, subnet: str) -> str:
    """Return the Availability Zone of a subnet, "" if it does not exist."""
    row = rows.one(SUBNET, id=subnet)
    return str(row.value("availabilityZone") or "") if row is not None else ""


def usable_subnets(world: World, subnets: Iterable[str]) -> list[str]:
    """Return the subnets whose zone is not down."""
    return [subnet for subnet in subnets if not world.conditions.zone_is_down(zone_of(world.rows, subnet))]


def route_table_of(rows: Rows, subnet: str) -> str:
    """Return the id of the route table of a subnet, "" if it is the VPC's main table without a row."""
    association = rows.one(ASSOCIATION, subnetId=subnet)
    if association is not None:
        return str(association.value("routeTableId"))
    row = rows.one(SUBNET, id=subnet)
    if row is not None:
        main = rows.one(MAIN_ASSOCIATION, vpcId=str(row.value("vpcId")))
        if main is not None:
            return str(main.value("routeTableId"))
    return ""


def routes_of(rows: Rows, table: str) -> list[dict[str, Any]]:
    """Return the routes of a table as plain values, those that are declared inside the table included."""
    found = [dict(row.outputs) for row in rows.find(ROUTE, routeTableId=table)]
    inside = rows.one(ROUTE_TABLE, id=table)
    found += [
        {
            **entry,
            "destinationCidrBlock": entry.get("cidrBlock"),
            "destinationIpv6CidrBlock": entry.get("ipv6CidrBlock"),
        }
        for entry in (listed(inside.inputs.get("routes")) if inside is not None else ())
    ]
    return found


def route(world: World, subnet: str, destination: str) -> dict[str, Any] | None:
    """Return the route from a subnet to a CIDR block or an address: the longest prefix wins. None without a route."""
    best: tuple[int, dict[str, Any]] | None = None
    for entry in routes_of(world.rows, route_table_of(world.rows, subnet)):
        cidr = entry.get("destinationCidrBlock") or entry.get("destinationIpv6CidrBlock")
        if cidr and within(destination, str(cidr)):
            length = network(str(cidr)).prefixlen
            if best is None or length > best[0]:
                best = (length, entry)
    return best[1] if best else None


def to_internet(world: World, party: Party, *, ipv6: bool = False) -> Hop:
    """Return whether every subnet of a party has a working route to the internet."""
    subnets = usable_subnets(world, party.subnets)
    if not subnets:
        reason = f"No subnet of {party.name} is in a zone that works."
        return fails("route", party.name, "subnets", reason, sources.ROUTES)
    result: Hop | None = None
    for subnet in subnets:
        result = _internet_from(world, subnet, party, ipv6=ipv6)
        if not result.passed:
            return result
    assert result is not None
    return result


def to_block(world: World, party: Party, block: str) -> Iterator[Hop]:
    """Yield whether a route leads from every subnet of a party to an IPv4 block. The VPC itself needs none.

    A private block outside the VPC has to be the destination of a route, such as that of a peering connection: packets
    on the default route to the internet do not arrive.
    """
    if not any(within(block, each) for each in _PRIVATE_BLOCKS):
        yield to_internet(world, party)
        return
    for subnet in usable_subnets(world, party.subnets):
        row = world.rows.one(SUBNET, id=subnet)
        vpc = world.rows.one(VPC, id=str(row.value("vpcId"))) if row is not None else None
        if row is None or vpc is None:
            yield unknown("route", subnet, "vpcId", f"The VPC of {subnet} is not in the sandbox.", sources.ROUTES)
            return
        if within(block, str(vpc.value("cidrBlock"))):
            continue
        found = route(world, subnet, block)
        if found is None or found.get("destinationCidrBlock") == _ANY[4]:
            reason = f"No route leads from {label(row)} to {block}."
            yield fails("route", label(row), "routes", reason, sources.ROUTES)
            return
    yield passes("route", party.name, "subnets", f"A route leads to {block}.", sources.ROUTES)


def _internet_from(world: World, subnet: str, party: Party, *, ipv6: bool) -> Hop:
    rows = world.rows
    row = rows.one(SUBNET, id=subnet)
    if row is None:
        return unknown("route", subnet, "subnetId", "The subnet is not in the sandbox.", sources.ROUTES)
    found = route(world, subnet, "2001:db8::1" if ipv6 else "198.51.100.1")
    table = rows.one(ROUTE_TABLE, id=route_table_of(rows, subnet))
    table_name = label(table) if table is not None else label(row)
    if found is None:
        if table is None and not _known(rows, row):
            reason = f"The route table of {label(row)} is not in the sandbox."
            return unknown("route", label(row), "routeTableId", reason, sources.ROUTES)
        family = "IPv6" if ipv6 else "IPv4"
        reason = f"The route table of {label(row)} has no {family} route to the internet."
        return fails("route", table_name, "routes", reason, sources.ROUTES)
    if found.get("gatewayId"):
        return _internet_gateway(rows, str(found["gatewayId"]), row, party, table_name, ipv6=ipv6)
    if found.get("egressOnlyGatewayId"):
        gateway = rows.one(EGRESS_ONLY_GATEWAY, id=str(found["egressOnlyGatewayId"]))
        if gateway is None:
            return fails("route", table_name, "routes", "The egress-only gateway does not exist.", sources.ROUTES)
        reason = f"{label(row)} reaches the internet over IPv6."
        return passes("route", label(gateway), "routes", reason, sources.ROUTES)
    if found.get("natGatewayId"):
        return _nat_gateway(world, str(found["natGatewayId"]), row, table_name)
    if found.get("networkInterfaceId"):
        return _nat_instance(world, str(found["networkInterfaceId"]), row, table_name)
    reason = f"The route of {label(row)} to the internet leads to a target that the model does not know."
    return unknown("route", table_name, "routes", reason, sources.ROUTES)


def _known(rows: Rows, subnet: CloudResource) -> bool:
    """Return whether a stack created the subnet, so that its routes are in the sandbox."""
    return bool(subnet.urn) or bool(rows.one(VPC, id=str(subnet.value("vpcId"))))


def _attached(rows: Rows, gateway: CloudResource, subnet: CloudResource) -> bool:
    """Return whether a gateway is attached to the VPC of a subnet. One that no stack created is taken as attached."""
    vpc = subnet.value("vpcId")
    if vpc is None or ("vpcId" not in gateway.outputs and not any(rows.all(GATEWAY_ATTACHMENT))):
        return True
    if gateway.value("vpcId"):
        return gateway.value("vpcId") == vpc
    return not gateway.urn or any(
        each.value("internetGatewayId") == gateway.id for each in rows.find(GATEWAY_ATTACHMENT, vpcId=str(vpc))
    )


def _leads_out(rows: Rows, world: World, subnet: str) -> bool:
    """Return whether a subnet has a route to an internet gateway that is attached to its VPC."""
    found = route(world, subnet, "198.51.100.1")
    gateway = rows.one(INTERNET_GATEWAY, id=str(found.get("gatewayId"))) if found is not None else None
    row = rows.one(SUBNET, id=subnet)
    return gateway is not None and (row is None or _attached(rows, gateway, row))


def _internet_gateway(
    rows: Rows, gateway_id: str, subnet: CloudResource, party: Party, table: str, *, ipv6: bool
) -> Hop:
    gateway = rows.one(INTERNET_GATEWAY, id=gateway_id)
    if gateway is None:
        reason = f"The internet gateway of {label(subnet)} does not exist."
        return fails("route", table, "routes", reason, sources.INTERNET_GATEWAY)
    if not _attached(rows, gateway, subnet):
        reason = f"The internet gateway is not attached to the VPC of {label(subnet)}."
        return fails("route", label(gateway), "vpcId", reason, sources.INTERNET_GATEWAY)
    if not party.public and not ipv6:
        reason = f"{party.name} has no public IPv4 address, which a route to an internet gateway needs."
        return fails("route", party.name, "assignPublicIp", reason, sources.INTERNET_GATEWAY)
    reason = f"{label(subnet)} reaches the internet through the internet gateway."
    return passes("route", label(gateway), "routes", reason, sources.INTERNET_GATEWAY)


def _nat_gateway(world: World, gateway_id: str, subnet: CloudResource, table: str) -> Hop:
    gateway = world.rows.one(NAT_GATEWAY, id=gateway_id)
    if gateway is None:
        return fails("route", table, "routes", f"The NAT gateway of {label(subnet)} does not exist.", sources.NAT)
    home = str(gateway.value("subnetId") or "")
    zone = zone_of(world.rows, home)
    if zone and world.conditions.zone_is_down(zone):
        reason = f"{label(subnet)} uses the NAT gateway in {zone}, which is down."
        return fails("nat", label(gateway), "subnetId", reason, sources.NAT)
    if str(gateway.value("connectivityType") or "public") != "public":
        reason = "The NAT gateway is private, so it does not lead to the internet."
        return fails("nat", label(gateway), "connectivityType", reason, sources.NAT)
    allocation = str(gateway.value("allocationId") or "")
    if gateway.urn and allocation and not any(world.rows.find(EIP, allocationId=allocation)):
        reason = "The elastic IP address of the NAT gateway does not exist."
        return fails("nat", label(gateway), "allocationId", reason, sources.NAT)
    if home:
        if not _leads_out(world.rows, world, home):
            reason = "The NAT gateway's own subnet has no route to an internet gateway."
            return fails("nat", label(gateway), "subnetId", reason, sources.NAT)
        acl = _forwards(world, home, subnet)
        if acl is not None:
            return acl
    reason = f"{label(subnet)} reaches the internet through the NAT gateway."
    return passes("nat", label(gateway), "routes", reason, sources.NAT)


def _forwards(world: World, home: str, subnet: CloudResource) -> Hop | None:
    """Return the hop of the network ACL that stops a subnet's packets at the NAT device in `home`, or None."""
    there = Party(name=label(subnet), subnets=[subnet.id])
    if home == subnet.id:
        return None
    for acl in (
        network_acl(world, [home], 443, ingress=True, other=there),
        network_acl(world, [home], 443, ingress=False),
    ):
        if acl is not None and not acl.passed:
            return acl
    return None


def _nat_instance(world: World, interface: str, subnet: CloudResource, table: str) -> Hop:
    rows = world.rows
    instance = next(
        (
            each
            for each in rows.all(INSTANCE)
            if each.value("primaryNetworkInterfaceId") == interface
            or any(entry.get("networkInterfaceId") == interface for entry in listed(each.value("networkInterfaces")))
        ),
        None,
    )
    owner = instance or rows.one(NETWORK_INTERFACE, id=interface)
    if owner is None:
        reason = f"The network interface that {label(subnet)} routes to does not exist."
        return fails("route", table, "routes", reason, sources.NAT)
    if owner.value("sourceDestCheck") is not False:
        reason = "The NAT instance drops forwarded packets, because its source/destination check is on."
        return fails("nat", label(owner), "sourceDestCheck", reason, sources.NAT)
    zone = zone_of(rows, str(owner.value("subnetId") or ""))
    if zone and world.conditions.zone_is_down(zone):
        reason = f"{label(subnet)} uses the NAT instance in {zone}, which is down."
        return fails("nat", label(owner), "subnetId", reason, sources.NAT)
    groups = [str(each) for each in listed(owner.value("vpcSecurityGroupIds") or owner.value("securityGroups"))]
    here = Party(name="the NAT instance", subnets=[str(owner.value("subnetId"))], groups=groups)
    there = Party(name=label(subnet), subnets=[subnet.id])
    for allowed in (
        security_group(world, here, there, 443, ingress=True),
        security_group(world, here, Party(name="the internet", addresses=["198.51.100.1/32"]), 443, ingress=False),
    ):
        if not allowed.passed:
            return allowed
    home = str(owner.value("subnetId") or "")
    if home and rows.one(SUBNET, id=home) is not None:
        if not _leads_out(rows, world, home):
            reason = "The subnet of the NAT instance has no route to an internet gateway."
            return fails("nat", label(owner), "subnetId", reason, sources.NAT)
        acl = _forwards(world, home, subnet)
        if acl is not None:
            return acl
    reason = f"{label(subnet)} reaches the internet through the NAT instance."
    return passes("nat", label(owner), "routes", reason, sources.NAT)


def reachable_from_internet(world: World, subnets: Sequence[str]) -> Hop:
    """Return whether the internet reaches public addresses in subnets: a route to an internet gateway answers."""
    party = Party(name="the load balancer", subnets=subnets, public=True)
    rows = world.rows
    for subnet in usable_subnets(world, subnets):
        if _leads_out(rows, world, subnet):
            continue
        row = rows.one(SUBNET, id=subnet)
        if row is None or not _known(rows, row):
            return unknown("route", subnet, "routes", "The route table is not in the sandbox.", sources.ROUTES)
        reason = f"{label(row)} has no route to an internet gateway, so answers do not leave it."
        return fails("route", label(row), "routes", reason, sources.INTERNET_GATEWAY)
    return to_internet(world, party)


# --- endpoints ---


def endpoint_of(world: World, subnet: str, service: str) -> CloudResource | None:
    """Return the endpoint that serves an AWS service for a subnet: an interface with private DNS, or a gateway."""
    rows = world.rows
    row = rows.one(SUBNET, id=subnet)
    if row is None:
        return None
    table = route_table_of(rows, subnet)
    vpc = rows.one(VPC, id=str(row.value("vpcId")))
    names = vpc is None or vpc.value("enableDnsHostnames") is not False
    for endpoint in rows.find(ENDPOINT, vpcId=str(row.value("vpcId"))):
        name = str(endpoint.value("serviceName"))
        if not name.endswith(f".{service}") or not name.startswith("com.amazonaws."):
            continue
        kind = str(endpoint.value("vpcEndpointType") or "Gateway")
        if kind == "Interface" and endpoint.value("privateDnsEnabled") and names:
            return endpoint
        if kind == "Gateway" and table in listed(endpoint.value("routeTableIds")):
            return endpoint
    return None


def resolves(world: World, party: Party) -> Hop | None:
    """Return the hop that fails if the VPC of a party has no DNS resolver; None if it has one."""
    row = world.rows.one(SUBNET, id=party.subnets[0]) if party.subnets else None
    vpc = world.rows.one(VPC, id=str(row.value("vpcId"))) if row is not None else None
    if vpc is None or vpc.value("enableDnsSupport") is not False:
        return None
    reason = f"DNS is disabled in the VPC, so {party.name} resolve no names."
    return fails("vpc-dns", label(vpc), "enableDnsSupport", reason, sources.VPC_DNS)


def endpoints_of(world: World, party: Party, service: str) -> list[CloudResource]:
    """Return the endpoints through which the usable subnets of a party reach an AWS service."""
    found = [endpoint_of(world, subnet, service) for subnet in usable_subnets(world, party.subnets)]
    return list({each.key: each for each in found if each is not None}.values())


def aws_service(world: World, party: Party, service: str) -> Iterator[Hop]:
    """Yield the hops from a party to an AWS service: through an endpoint in its VPC, or through the internet."""
    subnets = usable_subnets(world, party.subnets)
    by_endpoint: dict[int, tuple[CloudResource, list[str]]] = {}
    direct: list[str] = []
    for subnet in subnets:
        endpoint = endpoint_of(world, subnet, service)
        if endpoint is None:
            direct.append(subnet)
        else:
            by_endpoint.setdefault(endpoint.key, (endpoint, []))[1].append(subnet)
    outside = Party(name=f"the public endpoint of {service}", addresses=["198.51.100.1/32"])
    for endpoint, inside in by_endpoint.values():
        here = replace(party, subnets=inside)
        yield from endpoint_state(endpoint)
        if str(endpoint.value("vpcEndpointType")) == "Interface":
            yield from inside_vpc(world, here, endpoint_party(endpoint), 443)
            reason = f"{party.name} reaches {service} through a VPC endpoint."
            yield passes("endpoint", label(endpoint), "serviceName", reason, sources.ENDPOINTS)
            continue
        yield security_group(world, here, outside, 443, ingress=False)
        acl = network_acl(world, inside, 443, ingress=False)
        if acl is not None:
            yield acl
        reason = f"{party.name} reaches {service} through a gateway endpoint."
        yield passes("endpoint", label(endpoint), "routeTableIds", reason, sources.ENDPOINTS)
    if direct or not subnets:
        here = replace(party, subnets=direct)
        yield security_group(world, here, outside, 443, ingress=False)
        acl = network_acl(world, direct, 443, ingress=False)
        if acl is not None:
            yield acl
        yield to_internet(world, here)


_STATES = {
    "pendingAcceptance": Verdict.UNKNOWN,
    "rejected": Verdict.FAIL,
    "failed": Verdict.FAIL,
    "expired": Verdict.FAIL,
}


def endpoint_state(endpoint: CloudResource) -> Iterator[Hop]:
    """Yield a hop if an endpoint does not work, or waits until its service accepts it."""
    state = str(endpoint.value("state") or "available")
    verdict = _STATES.get(state)
    if verdict is not None:
        make = fails if verdict is Verdict.FAIL else unknown
        yield make("endpoint", label(endpoint), "state", f"The state of the endpoint is {state}.", sources.ENDPOINTS)


def endpoint_party(endpoint: CloudResource) -> Party:
    """Return an interface endpoint as one end of a connection."""
    return Party(
        name=label(endpoint),
        subnets=[str(each) for each in listed(endpoint.value("subnetIds"))],
        groups=[str(each) for each in listed(endpoint.value("securityGroupIds"))],
    )


def inside_vpc(world: World, here: Party, there: Party, port: int) -> Iterator[Hop]:
    """Yield the hops of a connection inside a VPC: both ends' security groups and network ACLs."""
    yield security_group(world, here, there, port, ingress=False)
    yield security_group(world, there, here, port, ingress=True)
    for subnets, other, ingress in ((here.subnets, there, False), (there.subnets, here, True)):
        acl = network_acl(world, list(subnets), port, ingress=ingress, other=other)
        if acl is not None:
            yield acl
