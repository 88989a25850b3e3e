"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.violations import Violation

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

VIOLATIONS: Mapping[str, Violation] = {
    "NET-001": Violation(
        INGRESS,
        {"fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"},
        also={"NET-002": "the group is a service's, which is now reached past its load balancer"},
    ),
    "NET-002": Violation(INGRESS, {"fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}),
    "NET-003": Violation("aws:ec2/flowLog:FlowLog", {}),
    "NET-004": Violation("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {}),
    "NET-005": Violation(INGRESS, {"fromPort": 22, "toPort": 22, "cidrIpv4": "198.0.0.0/12", "cidrIpv6": None}),
    "NET-006": Violation("aws:ecs/service:Service", {"networkConfiguration.subnets": ["subnet-1"]}),
    "NET-007": Violation(
        "aws:ec2/routeTable:RouteTable", {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]}
    ),
    "NET-008": Violation("aws:ec2/vpcEndpoint:VpcEndpoint", {"serviceName": "com.amazonaws.eu-west-1.dynamodb"}),
}
