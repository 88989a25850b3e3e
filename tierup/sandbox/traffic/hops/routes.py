"""The routes of a VPC, and its ways to the internet: gateways and NAT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import Rows, label, listed, network, within
from .network import (
    ASSOCIATION,
    EGRESS_ONLY_GATEWAY,
    EIP,
    GATEWAY_ATTACHMENT,
    INSTANCE,
    INTERNET_GATEWAY,
    MAIN_ASSOCIATION,
    NAT_GATEWAY,
    NETWORK_INTERFACE,
    ROUTE,
    ROUTE_TABLE,
    SUBNET,
    VPC,
    Party,
    network_acl,
    security_group,
    usable_subnets,
    zone_of,
)

_PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Blocks that no route of the internet has (RFC 1918 and RFC 6598)."""


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
        if found is None or found.get("destinationCidrBlock") == "0.0.0.0/0":
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
