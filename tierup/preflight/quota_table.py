"""The quotas of AWS that a stack can exceed: code, default, what the stack needs, and what others use.

Codes and defaults are from Service Quotas (`list-service-quotas`), in the list of gruntwork-io/terraform-aws-utilities
of 2024-02-10 (codegen/quotas, read 2026-11-28), unless a row names another source. Values of the account override them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tierup.preflight.context import PreflightContext
from tierup.preflight.quota_needs import (
    Resources,
    behaviors,
    cache_nodes,
    count,
    count_global,
    fargate_vcpus,
    gateway_endpoints,
    interface_endpoints,
    largest_count,
    log_policies,
    nat_gateways_per_zone,
    routes_per_table,
    security_group_rules,
    web_acl_capacity,
    web_acls,
)
from tierup.preflight.quota_use import (
    busiest_nat_zone,
    ec2_arn,
    fargate_vcpus_in_use,
    listed,
    log_policies_in_use,
    on_existing_load_balancer,
    untagged,
)
from tierup.sandbox.aws.wafv2_capacity import MAX_UNITS


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotaRow:
    """One quota."""

    service: str
    """The service code in Service Quotas."""
    code: str
    """The quota code, or "" for a fixed limit that Service Quotas does not list."""
    title: str
    default: float
    need: Callable[[Resources], Mapping[str, float]]
    """Returns what the stack needs, by region; "" is the stack's region."""
    used: Callable[[PreflightContext, str], float] | None = None
    """Returns what others than the stack use in a region; None where each stack has its own."""
    largest: Callable[[Resources], Mapping[str, float]] | None = None
    """Returns what the stack needs at its largest, where autoscaling adds to `need`."""
    is_global: bool = False
    """Whether Service Quotas lists it in us-east-1 only."""


_ROLES: Final = count_global("aws:iam/role:Role")
_CACHE_POLICIES: Final = count_global("aws:cloudfront/cachePolicy:CachePolicy")
_HEADER_POLICIES: Final = count_global("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
_HEALTH_CHECKS: Final = count_global("aws:route53/healthCheck:HealthCheck")

QUOTAS: Final = (
    QuotaRow(
        service="fargate",
        code="L-3032A538",
        title="Fargate On-Demand vCPU resource count",
        default=6,  # of a new account
        need=fargate_vcpus(spot=False, largest=False),
        largest=fargate_vcpus(spot=False, largest=True),
        used=fargate_vcpus_in_use(spot=False),
    ),
    QuotaRow(
        service="fargate",
        code="L-36FBB829",
        title="Fargate Spot vCPU resource count",
        default=6,
        need=fargate_vcpus(spot=True, largest=False),
        largest=fargate_vcpus(spot=True, largest=True),
        used=fargate_vcpus_in_use(spot=True),
    ),
    QuotaRow(
        service="ec2",
        code="L-0263D0A3",
        title="EC2-VPC Elastic IPs",
        default=5,
        need=count("aws:ec2/eip:Eip"),
        used=listed(
            "ec2",
            "describe_addresses",
            "Addresses",
            ec2_arn("elastic-ip", "AllocationId"),
            Filters=[{"Name": "domain", "Values": ["vpc"]}],
        ),
    ),
    QuotaRow(
        service="vpc",
        code="L-F678F1CE",
        title="VPCs per Region",
        default=5,
        need=count("aws:ec2/vpc:Vpc"),
        used=listed("ec2", "describe_vpcs", "Vpcs", ec2_arn("vpc", "VpcId")),
    ),
    QuotaRow(
        service="vpc",
        code="L-A4707A72",
        title="Internet gateways per Region",
        default=5,
        need=count("aws:ec2/internetGateway:InternetGateway"),
        used=listed(
            "ec2", "describe_internet_gateways", "InternetGateways", ec2_arn("internet-gateway", "InternetGatewayId")
        ),
    ),
    QuotaRow(
        service="vpc",
        code="L-FE5A380F",
        title="NAT gateways per Availability Zone",
        default=5,
        need=nat_gateways_per_zone,
        used=busiest_nat_zone,
    ),
    QuotaRow(
        service="vpc",
        code="L-E79EC296",
        title="VPC security groups per Region",
        default=2500,
        need=count("aws:ec2/securityGroup:SecurityGroup"),
        used=listed("ec2", "describe_security_groups", "SecurityGroups", ec2_arn("security-group", "GroupId")),
    ),
    QuotaRow(
        service="vpc",
        code="L-1B52E74A",
        title="Gateway VPC endpoints per Region",
        default=20,
        need=gateway_endpoints,
        used=listed(
            "ec2",
            "describe_vpc_endpoints",
            "VpcEndpoints",
            ec2_arn("vpc-endpoint", "VpcEndpointId"),
            Filters=[{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}],
        ),
    ),
    QuotaRow(
        service="vpc",
        code="L-407747CB",
        title="Subnets per VPC",
        default=200,
        need=lambda resources: largest_count(count("aws:ec2/subnet:Subnet")(resources)),
    ),
    QuotaRow(
        service="vpc",
        code="L-589F43AA",
        title="Route tables per VPC",
        default=200,
        need=lambda resources: largest_count(count("aws:ec2/routeTable:RouteTable")(resources)),
    ),
    QuotaRow(service="vpc", code="L-93826ACB", title="Routes per route table", default=50, need=routes_per_table),
    QuotaRow(
        service="vpc",
        code="L-29B6F2EB",
        title="Interface VPC endpoints per VPC",
        default=50,
        need=interface_endpoints,
    ),
    QuotaRow(
        service="vpc",
        code="L-0EA8095F",
        title="Inbound or outbound rules per security group",
        default=60,
        need=security_group_rules,
    ),
    QuotaRow(
        service="elasticloadbalancing",
        code="L-53DA6B97",
        title="Application Load Balancers per Region",
        default=50,
        need=count("aws:lb/loadBalancer:LoadBalancer"),
        used=listed("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    ),
    QuotaRow(
        service="elasticloadbalancing",
        code="L-B22855CB",
        title="Target Groups per Region",
        default=3000,
        need=count("aws:lb/targetGroup:TargetGroup"),
        used=listed("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    ),
    QuotaRow(
        service="elasticloadbalancing",
        code="L-B6DF7632",
        title="Listeners per Application Load Balancer",
        default=50,
        need=count("aws:lb/listener:Listener"),
        used=on_existing_load_balancer("listeners"),
    ),
    QuotaRow(
        service="elasticloadbalancing",
        code="L-7EED9B64",
        title="Rules per Application Load Balancer",
        default=100,
        need=count("aws:lb/listenerRule:ListenerRule"),
        used=on_existing_load_balancer("rules"),
    ),
    QuotaRow(
        service="elasticache",
        code="L-DFE45DF3",
        title="Nodes per Region",
        default=300,
        need=cache_nodes,
        used=listed("elasticache", "describe_cache_clusters", "CacheClusters", "ARN"),
    ),
    QuotaRow(
        service="wafv2",
        code="L-2EC3DE7B",
        title="Maximum web ACLs per account in WAF for regional",
        default=100,
        need=web_acls("REGIONAL"),
        used=listed("wafv2", "list_web_acls", "WebACLs", "ARN", Scope="REGIONAL"),
    ),
    QuotaRow(
        service="wafv2",
        code="",
        title="Capacity units (WCU) of a web ACL",
        # https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html (read 2026-11-24)
        default=MAX_UNITS,
        need=web_acl_capacity,
    ),
    QuotaRow(
        service="s3",
        code="L-DC2B2D3D",
        title="General purpose buckets",
        default=10_000,  # since November 2024: https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
        need=count_global("aws:s3/bucket:Bucket"),
        used=listed("s3", "list_buckets", "Buckets", lambda each, _context, _region: f"arn:aws:s3:::{each['Name']}"),
        is_global=True,
    ),
    QuotaRow(
        service="iam",
        code="L-FE177D64",
        title="Roles per account",
        default=1000,
        need=_ROLES,
        used=untagged("iam", "list_roles", "Roles", _ROLES),
        is_global=True,
    ),
    QuotaRow(
        service="cloudfront",
        code="L-24B04930",
        title="Web distributions per AWS account",
        default=200,
        need=count_global("aws:cloudfront/distribution:Distribution"),
        used=listed("cloudfront", "list_distributions", "DistributionList.Items", "ARN"),
        is_global=True,
    ),
    QuotaRow(
        service="cloudfront",
        code="L-F432D044",
        title="Cache behaviors per distribution",
        default=25,
        need=behaviors,
        is_global=True,
    ),
    QuotaRow(
        service="cloudfront",
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html (read 2026-11-28)
        code="L-7D134442",
        title="Custom cache policies per AWS account",
        default=20,
        need=_CACHE_POLICIES,
        used=untagged("cloudfront", "list_cache_policies", "CachePolicyList.Items", _CACHE_POLICIES, Type="custom"),
        is_global=True,
    ),
    QuotaRow(
        service="cloudfront",
        # Default: the same page. Code: from a public collector of usage (read 2026-11-28)
        code="L-CF0D4FC5",
        title="Response headers policies per AWS account",
        default=20,
        need=_HEADER_POLICIES,
        used=untagged(
            "cloudfront",
            "list_response_headers_policies",
            "ResponseHeadersPolicyList.Items",
            _HEADER_POLICIES,
            Type="custom",
        ),
        is_global=True,
    ),
    QuotaRow(
        service="route53",
        code="L-ACB674F3",
        title="Health checks",
        default=200,
        need=_HEALTH_CHECKS,
        used=untagged("route53", "list_health_checks", "HealthChecks", _HEALTH_CHECKS),
        is_global=True,
    ),
    QuotaRow(
        service="logs",
        code="",
        title="Resource policies of CloudWatch Logs per Region",
        # Not adjustable: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (from
        # memory). AWS adds one for each kind of vended logs in a region (AWSLogDeliveryWrite…), not for each group.
        default=10,
        need=log_policies,
        used=log_policies_in_use,
    ),
)
"""The quotas, by service."""
