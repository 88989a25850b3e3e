"""Provider functions (data sources) that look up VPCs, subnets and route tables by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tierup.sandbox.behaviour import digest
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from .ec2_routes import DESTINATIONS, ROUTE, ROUTE_TABLE_ASSOCIATION, TARGETS
from .network import ROUTE_TABLE, VPC

Arguments = Mapping[str, Any]


def _found(type: str, what: str, id: Any, arguments: Arguments, cloud: Cloud, own: Configuration) -> CloudResource:
    """Return the resource with an id in the caller's account and region. Raises InvokeError if there is none."""
    region = str(arguments.get("region") or own.region)
    if not id:
        raise InvokeError(f"the sandbox looks up an {what} by its id only. Set the id.")
    found = cloud.get(type, str(id), region)
    if found is None or found.account != own.account:
        raise InvokeError(f"no matching {what} found: '{id}' is not in account {own.account}, {region}")
    return found


_ROUTE_KEYS: Mapping[str, str] = {
    **{"destinationCidrBlock": "cidrBlock", "destinationIpv6CidrBlock": "ipv6CidrBlock"},
    "destinationPrefixListId": "destinationPrefixListId",
    **{target: target for target in TARGETS},
}
"""A Route's input -> the property of the lookup's result."""


def _route_table(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    id = arguments.get("routeTableId")
    region = str(arguments.get("region") or configuration.region)
    vpc = next((each for each in cloud.find(VPC, mainRouteTableId=id) if each.region == region), None) if id else None
    if vpc is not None:  # a VPC's main table, which is an output of the VPC
        found = _found(VPC, "EC2 Route Table", vpc.id, arguments, cloud, configuration)
    else:
        found = _found(ROUTE_TABLE, "EC2 Route Table", id, arguments, cloud, configuration)
    joined = [
        {"subnetId": each.inputs.get("subnetId") or "", "routeTableAssociationId": each.id, "main": False}
        for each in cloud.find(ROUTE_TABLE_ASSOCIATION, routeTableId=id)
    ]
    by_default = [{"subnetId": "", "routeTableAssociationId": f"rtbassoc-{digest(str(id), 17)}", "main": True}]
    return {
        "id": id,
        "routeTableId": id,
        "region": region,
        "arn": f"arn:aws:ec2:{region}:{configuration.account}:route-table/{id}",
        "ownerId": configuration.account,
        "vpcId": vpc.id if vpc else found.outputs.get("vpcId"),
        "associations": [
            {"gatewayId": "", "routeTableId": id, **each} for each in [*joined, *(by_default if vpc else [])]
        ],
        "routes": [
            {_ROUTE_KEYS[key]: route.inputs.get(key) or "" for key in (*DESTINATIONS, *TARGETS)}
            for route in cloud.find(ROUTE, routeTableId=id)
        ],
        "tags": {} if vpc else found.outputs.get("tagsAll") or {},
    }


INVOKES: Mapping[str, Invoke] = {
    "aws:ec2/getRouteTable:getRouteTable": _route_table,
}
