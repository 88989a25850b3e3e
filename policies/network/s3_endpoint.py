"""NET-008: a VPC with NAT gateways reaches S3 through a gateway endpoint, which is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
)
from .routes import VPCS
from .sources import SUBNETS

NAT_GATEWAYS = ("aws:ec2/natGateway:NatGateway",)
ENDPOINTS = ("aws:ec2/vpcEndpoint:VpcEndpoint",)
ENDPOINT_TABLES = ("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",)


def check(vpc: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    zonal = (
        nat
        for subnet in stack.referring(SUBNETS, "vpcId", vpc, "id")
        for nat in stack.referring(NAT_GATEWAYS, "subnetId", subnet, "id")
    )
    if not any(chain(stack.referring(NAT_GATEWAYS, "vpcId", vpc, "id"), zonal)):
        raise NotApplicable("the VPC has no NAT gateway in this stack")
    endpoints = [
        endpoint
        for endpoint in stack.referring(ENDPOINTS, "vpcId", vpc, "id")
        if endpoint.properties.get("vpcEndpointType") in (None, "Gateway")
        and str(endpoint.properties.get("serviceName")).endswith(".s3")
    ]
    if not endpoints:
        yield Finding("VPC endpoint for S3", "missing", "a gateway endpoint in the private subnets' route tables")
        return
    for endpoint in endpoints:
        if not declared(endpoint.properties, "routeTableIds") and not any(
            stack.referring(ENDPOINT_TABLES, "vpcEndpointId", endpoint, "id")
        ):
            yield Finding(f"{endpoint.name}: routeTableIds", "not set", "the private subnets' route tables")


RULE = StackRule(
    id="NET-008",
    name="vpc-s3-endpoint",
    title="A VPC with a NAT gateway has a gateway endpoint for S3.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # affects only cost
    applies_to=VPCS,
    check=check,
    remediation="Add a gateway endpoint for S3 to the private subnets' route tables.",
    example="""aws.ec2.VpcEndpoint(
    "s3",
    vpc_id=vpc.id,
    service_name="com.amazonaws.eu-west-1.s3",
    route_table_ids=[private.id],
)""",
    source="https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-startup-security-baseline/wkld-12.html",
    read=date(2026, 11, 24),
)
