"""AWS services for a VPC: through its endpoints, or through the internet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, Verdict, World, fails, passes, unknown
from ..rows import label, listed
from .network import (
    ENDPOINT,
    SUBNET,
    VPC,
    Party,
    inside_vpc,
    network_acl,
    security_group,
    usable_subnets,
)
from .routes import route_table_of, to_internet


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
