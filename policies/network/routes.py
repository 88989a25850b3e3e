"""The route table of a subnet, and its routes to the internet."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Resource, Stack, items
from .sources import sources

VPCS = ("aws:ec2/vpc:Vpc",)
ROUTE_TABLES = ("aws:ec2/routeTable:RouteTable",)
DEFAULT_ROUTE_TABLES = ("aws:ec2/defaultRouteTable:DefaultRouteTable",)
ROUTES = ("aws:ec2/route:Route",)
ASSOCIATIONS = ("aws:ec2/routeTableAssociation:RouteTableAssociation",)
MAIN_ASSOCIATIONS = ("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",)
INTERNET_GATEWAYS = ("aws:ec2/internetGateway:InternetGateway",)


def route_table_of(subnet: Resource, stack: Stack) -> Resource | None:
    """Return the route table of a subnet, its VPC in place of the VPC's main table, or None outside the stack."""
    for association in stack.referring(ASSOCIATIONS, "subnetId", subnet, "id"):
        return _table(association, stack)
    for vpc in sources(subnet, "vpcId", stack, VPCS):
        for association in stack.referring(MAIN_ASSOCIATIONS, "vpcId", vpc, "id"):
            return _table(association, stack)
        for table in stack.referring(DEFAULT_ROUTE_TABLES, "defaultRouteTableId", vpc, "defaultRouteTableId"):
            return table
        return vpc
    return None


def internet_routes(table: Resource, stack: Stack) -> Iterator[str]:
    """Yield the names or paths of a table's routes to an internet gateway."""
    if sources(table, "routes", stack, INTERNET_GATEWAYS):
        yield f"{table.name}: routes"
    else:
        for path, route in items(table.properties, "routes"):
            if str(route.get("gatewayId")).startswith("igw-"):
                yield f"{table.name}: {path}"
    for route in stack.referring(ROUTES, "routeTableId", table, "mainRouteTableId" if table.type in VPCS else "id"):
        if sources(route, "gatewayId", stack, INTERNET_GATEWAYS) or (
            not route.references.get("gatewayId") and str(route.properties.get("gatewayId")).startswith("igw-")
        ):
            yield route.name


def _table(association: Resource, stack: Stack) -> Resource | None:
    tables = sources(association, "routeTableId", stack, (*ROUTE_TABLES, *DEFAULT_ROUTE_TABLES))
    return tables[0] if tables else None
