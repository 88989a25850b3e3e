"""The quotas of AWS that a stack can exceed: code, default, what the stack needs, and what others use.

Codes and defaults are from Service Quotas (`list-service-quotas`), in the list of gruntwork-io/terraform-aws-utilities
of 2024-02-10 (codegen/quotas, read 2026-11-28), unless a row names another source. Values of the account override them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tierup.cost.rules import PricedResource
from tierup.preflight.aws_clients import pages
from tierup.preflight.context import PreflightContext, input_text
from tierup.sandbox.aws.wafv2_capacity import MAX_UNITS, units_of

Resources = Sequence[PricedResource]

_CLOUDFRONT_PREFIX_LIST_RULES: Final = 55
"""What the managed prefix list of CloudFront counts in a security group:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html (read 2026-11-28 in a
deployment that quotes it)."""

_SERVICE: Final = "aws:ecs/service:Service"
_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_SCALING_TARGET: Final = "aws:appautoscaling/target:Target"
_CPU_UNITS: Final = 1024


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


# --- what a stack needs ---


def _count(*types: str) -> Callable[[Resources], Mapping[str, float]]:
    """Return the number of resources of these types, by region."""

    def need(resources: Resources) -> Mapping[str, float]:
        return Counter(input_text(each, "region") or "" for each in resources if each.type in types)

    return need


def _count_global(*types: str) -> Callable[[Resources], Mapping[str, float]]:
    """Return the number of resources of these types in all regions together."""

    def need(resources: Resources) -> Mapping[str, float]:
        return {"": sum(each.type in types for each in resources)}

    return need


def _maximum(counts: Mapping[str, float]) -> Mapping[str, float]:
    return {"": max(counts.values(), default=0)}


def _fargate(*, spot: bool, largest: bool) -> Callable[[Resources], Mapping[str, float]]:
    """Return the vCPUs of all services during a deployment, with the desired or the maximum number of tasks."""

    def need(resources: Resources) -> Mapping[str, float]:
        return {"": sum(_service_vcpus(each, resources, spot=spot, largest=largest) for each in resources
                        if each.type == _SERVICE)}  # fmt: skip

    return need


_SHIFTING: Final = ("BLUE_GREEN", "CANARY", "LINEAR")
"""The deployment strategies that run all tasks of both versions."""


def _service_vcpus(service: PricedResource, resources: Resources, *, spot: bool, largest: bool) -> float:
    """Return the vCPUs of one service while a deployment replaces its tasks.

    A rolling deployment runs up to deploymentMaximumPercent of the desired tasks. A blue/green, canary or linear
    deployment runs the new tasks beside the old ones:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html (from
    memory).
    """
    task = next(
        (each for each in resources if each.type == _TASK_DEFINITION and each.siblings == service.siblings), None
    )
    if task is None:
        return 0
    tasks = float(service.inputs.get("desiredCount") or 0)
    if largest:
        tasks = max(tasks, *(_max_capacity(each, service) for each in resources if each.type == _SCALING_TARGET), 0)
    strategy = (service.inputs.get("deploymentConfiguration") or {}).get("strategy")
    surge = 2.0 if strategy in _SHIFTING else float(service.inputs.get("deploymentMaximumPercent") or 200) / 100
    share = _spot_share(service, tasks)
    return math.floor(tasks * surge) * float(task.inputs["cpu"]) / _CPU_UNITS * (share if spot else 1 - share)


def _max_capacity(target: PricedResource, service: PricedResource) -> float:
    """Return the maximum of a service's scaling target: it has the service's name in front of its own."""
    return float(target.inputs.get("maxCapacity") or 0) if target.name.startswith(f"{service.parent}-") else 0


def _spot_share(service: PricedResource, tasks: float) -> float:
    """Return the share of the tasks that capacity providers start on Fargate Spot."""
    strategies = service.inputs.get("capacityProviderStrategies") or ()
    weights = {each.get("capacityProvider"): float(each.get("weight") or 0) for each in strategies}
    base = sum(float(each.get("base") or 0) for each in strategies if each.get("capacityProvider") == "FARGATE")
    if not tasks or not sum(weights.values()) or not weights.get("FARGATE_SPOT"):
        return 0
    return max(tasks - base, 0) * weights["FARGATE_SPOT"] / sum(weights.values()) / tasks


def _nat_per_zone(resources: Resources) -> Mapping[str, float]:
    zones = {each.name: input_text(each, "availabilityZone") or "" for each in resources
             if each.type == "aws:ec2/subnet:Subnet"}  # fmt: skip
    gateways = (each for each in resources if each.type == "aws:ec2/natGateway:NatGateway")
    return _maximum(Counter(zones.get(input_text(each, "subnetId") or "", "") for each in gateways))


def _security_group_rules(resources: Resources) -> Mapping[str, float]:
    """Return the rules of the fullest security group, in one direction: a prefix list counts all its entries."""
    counts: Counter[str] = Counter()
    for each in resources:
        if each.type in (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        ):
            weight = _CLOUDFRONT_PREFIX_LIST_RULES if each.inputs.get("prefixListId") else 1
            counts[f"{each.type} {input_text(each, 'securityGroupId')}"] += weight
    return _maximum(dict(counts))


def _route_tables(resources: Resources) -> Mapping[str, float]:
    return _maximum(Counter(input_text(each, "routeTableId") or "" for each in resources
                         if each.type == "aws:ec2/route:Route"))  # fmt: skip


def _interface_endpoints(resources: Resources) -> Mapping[str, float]:
    return _maximum(Counter(input_text(each, "vpcId") or "" for each in resources
                         if each.type == "aws:ec2/vpcEndpoint:VpcEndpoint"
                         and each.inputs.get("vpcEndpointType") == "Interface"))  # fmt: skip


def _gateway_endpoints(resources: Resources) -> Mapping[str, float]:
    return {"": sum(each.type == "aws:ec2/vpcEndpoint:VpcEndpoint" and each.inputs.get("vpcEndpointType") != "Interface"
                    for each in resources)}  # fmt: skip


def _cache_nodes(resources: Resources) -> Mapping[str, float]:
    nodes = 0.0
    for each in resources:
        if each.type == "aws:elasticache/replicationGroup:ReplicationGroup":
            shards = float(each.inputs.get("numNodeGroups") or 1)
            replicas = each.inputs.get("replicasPerNodeGroup")
            nodes += shards * (float(replicas) + 1 if replicas is not None else float(
                each.inputs.get("numCacheClusters") or 1))  # fmt: skip
    return {"": nodes}


def _web_acl_capacity(resources: Resources) -> Mapping[str, float]:
    return _maximum(
        {
            each.name: sum(units_of(rule.get("statement")) for rule in each.inputs.get("rules") or ())
            for each in resources
            if each.type == "aws:wafv2/webAcl:WebAcl"
        }
    )


def _web_acls(scope: str) -> Callable[[Resources], Mapping[str, float]]:
    def need(resources: Resources) -> Mapping[str, float]:
        return {"": sum(each.type == "aws:wafv2/webAcl:WebAcl" and each.inputs.get("scope") == scope
                        for each in resources)}  # fmt: skip

    return need


def _behaviors(resources: Resources) -> Mapping[str, float]:
    return _maximum({each.name: len(each.inputs.get("orderedCacheBehaviors") or ()) + 1 for each in resources
                  if each.type == "aws:cloudfront/distribution:Distribution"})  # fmt: skip


# --- what others use ---


def _listed(
    service: str, operation: str, key: str, arn: Callable[[Any, PreflightContext, str], str] | str, **arguments: Any
) -> Callable[[PreflightContext, str], float]:
    """Return the number of listed resources without the stack's own, which have its tags."""

    def used(context: PreflightContext, region: str) -> float:
        own = context.own_arns()
        found = pages(context.aws.client(service, region), operation, key, **arguments)
        arns = (str(each[arn]) if isinstance(arn, str) else arn(each, context, region) for each in found)
        return sum(each not in own for each in arns)

    return used


def _ec2_arn(kind: str, key: str) -> Callable[[Any, PreflightContext, str], str]:
    def arn(each: Any, context: PreflightContext, region: str) -> str:
        return f"arn:aws:ec2:{region}:{context.account_id()}:{kind}/{each[key]}"

    return arn


def _untagged(
    service: str, operation: str, key: str, need: Callable[[Resources], Mapping[str, float]], **arguments: Any
) -> Callable[[PreflightContext, str], float]:
    """Return the number of listed resources of a type without tags.

    If the stack exists, its own are among them.
    """

    def used(context: PreflightContext, region: str) -> float:
        found = sum(1 for _ in pages(context.aws.client(service, region), operation, key, **arguments))
        own = need(context.resources()).get("", 0) if context.exists else 0
        return max(found - own, 0)

    return used


def _fargate_in_use(*, spot: bool) -> Callable[[PreflightContext, str], float]:
    """Return the vCPUs of running Fargate tasks in clusters without the stack's tags."""

    def used(context: PreflightContext, region: str) -> float:
        ecs, own = context.aws.client("ecs", region), context.own_arns()
        total = 0.0
        for cluster in pages(ecs, "list_clusters", "clusterArns"):
            if cluster in own:
                continue
            arns = list(pages(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus="RUNNING"))
            for start in range(0, len(arns), 100):  # the maximum of DescribeTasks
                answer = ecs.describe_tasks(cluster=cluster, tasks=arns[start : start + 100])
                total += sum(_task_vcpus(task, spot=spot) for task in answer["tasks"])
        return total

    return used


def _task_vcpus(task: Mapping[str, Any], *, spot: bool) -> float:
    on_spot = task.get("capacityProviderName") == "FARGATE_SPOT"
    if task.get("launchType", "FARGATE") != "FARGATE" or on_spot != spot:
        return 0
    return float(task.get("cpu") or 0) / _CPU_UNITS


def _rows() -> Iterator[QuotaRow]:
    yield QuotaRow(
        service="fargate",
        code="L-3032A538",
        title="Fargate On-Demand vCPU resource count",
        default=6,  # of a new account
        need=_fargate(spot=False, largest=False),
        largest=_fargate(spot=False, largest=True),
        used=_fargate_in_use(spot=False),
    )
    yield QuotaRow(
        service="fargate",
        code="L-36FBB829",
        title="Fargate Spot vCPU resource count",
        default=6,
        need=_fargate(spot=True, largest=False),
        largest=_fargate(spot=True, largest=True),
        used=_fargate_in_use(spot=True),
    )
    yield QuotaRow(
        service="ec2",
        code="L-0263D0A3",
        title="EC2-VPC Elastic IPs",
        default=5,
        need=_count("aws:ec2/eip:Eip"),
        used=_listed(
            "ec2", "describe_addresses", "Addresses", _ec2_arn("elastic-ip", "AllocationId"),
            Filters=[{"Name": "domain", "Values": ["vpc"]}],
        ),
    )  # fmt: skip
    yield QuotaRow(
        service="vpc",
        code="L-F678F1CE",
        title="VPCs per Region",
        default=5,
        need=_count("aws:ec2/vpc:Vpc"),
        used=_listed("ec2", "describe_vpcs", "Vpcs", _ec2_arn("vpc", "VpcId")),
    )
    yield QuotaRow(
        service="vpc",
        code="L-A4707A72",
        title="Internet gateways per Region",
        default=5,
        need=_count("aws:ec2/internetGateway:InternetGateway"),
        used=_listed(
            "ec2", "describe_internet_gateways", "InternetGateways", _ec2_arn("internet-gateway", "InternetGatewayId")
        ),
    )
    yield QuotaRow(
        service="vpc",
        code="L-FE5A380F",
        title="NAT gateways per Availability Zone",
        default=5,
        need=_nat_per_zone,
        used=_busiest_nat_zone,
    )
    yield QuotaRow(
        service="vpc",
        code="L-E79EC296",
        title="VPC security groups per Region",
        default=2500,
        need=_count("aws:ec2/securityGroup:SecurityGroup"),
        used=_listed("ec2", "describe_security_groups", "SecurityGroups", _ec2_arn("security-group", "GroupId")),
    )
    yield QuotaRow(
        service="vpc",
        code="L-1B52E74A",
        title="Gateway VPC endpoints per Region",
        default=20,
        need=_gateway_endpoints,
        used=_listed(
            "ec2", "describe_vpc_endpoints", "VpcEndpoints", _ec2_arn("vpc-endpoint", "VpcEndpointId"),
            Filters=[{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}],
        ),
    )  # fmt: skip
    yield QuotaRow(
        service="vpc",
        code="L-407747CB",
        title="Subnets per VPC",
        default=200,
        need=lambda resources: _maximum(_count("aws:ec2/subnet:Subnet")(resources)),
    )
    yield QuotaRow(
        service="vpc",
        code="L-589F43AA",
        title="Route tables per VPC",
        default=200,
        need=lambda resources: _maximum(_count("aws:ec2/routeTable:RouteTable")(resources)),
    )
    yield QuotaRow(service="vpc", code="L-93826ACB", title="Routes per route table", default=50, need=_route_tables)
    yield QuotaRow(
        service="vpc",
        code="L-29B6F2EB",
        title="Interface VPC endpoints per VPC",
        default=50,
        need=_interface_endpoints,
    )
    yield QuotaRow(
        service="vpc",
        code="L-0EA8095F",
        title="Inbound or outbound rules per security group",
        default=60,
        need=_security_group_rules,
    )
    yield QuotaRow(
        service="elasticloadbalancing",
        code="L-53DA6B97",
        title="Application Load Balancers per Region",
        default=50,
        need=_count("aws:lb/loadBalancer:LoadBalancer"),
        used=_listed("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    )
    yield QuotaRow(
        service="elasticloadbalancing",
        code="L-B22855CB",
        title="Target Groups per Region",
        default=3000,
        need=_count("aws:lb/targetGroup:TargetGroup"),
        used=_listed("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    )
    yield QuotaRow(
        service="elasticloadbalancing",
        code="L-B6DF7632",
        title="Listeners per Application Load Balancer",
        default=50,
        need=_count("aws:lb/listener:Listener"),
        used=_on_existing_load_balancer("listeners"),
    )
    yield QuotaRow(
        service="elasticloadbalancing",
        code="L-7EED9B64",
        title="Rules per Application Load Balancer",
        default=100,
        need=_count("aws:lb/listenerRule:ListenerRule"),
        used=_on_existing_load_balancer("rules"),
    )
    yield QuotaRow(
        service="elasticache",
        code="L-DFE45DF3",
        title="Nodes per Region",
        default=300,
        need=_cache_nodes,
        used=_listed("elasticache", "describe_cache_clusters", "CacheClusters", "ARN"),
    )
    yield QuotaRow(
        service="wafv2",
        code="L-2EC3DE7B",
        title="Maximum web ACLs per account in WAF for regional",
        default=100,
        need=_web_acls("REGIONAL"),
        used=_listed("wafv2", "list_web_acls", "WebACLs", "ARN", Scope="REGIONAL"),
    )
    yield QuotaRow(
        service="wafv2",
        code="",
        title="Capacity units (WCU) of a web ACL",
        # https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html (read 2026-11-24)
        default=MAX_UNITS,
        need=_web_acl_capacity,
    )
    yield QuotaRow(
        service="s3",
        code="L-DC2B2D3D",
        title="General purpose buckets",
        default=10_000,  # since November 2024: https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
        need=_count_global("aws:s3/bucket:Bucket"),
        used=_listed("s3", "list_buckets", "Buckets", lambda each, _context, _region: f"arn:aws:s3:::{each['Name']}"),
        is_global=True,
    )
    roles = _count_global("aws:iam/role:Role")
    yield QuotaRow(
        service="iam",
        code="L-FE177D64",
        title="Roles per account",
        default=1000,
        need=roles,
        used=_untagged("iam", "list_roles", "Roles", roles),
        is_global=True,
    )
    yield QuotaRow(
        service="cloudfront",
        code="L-24B04930",
        title="Web distributions per AWS account",
        default=200,
        need=_count_global("aws:cloudfront/distribution:Distribution"),
        used=_listed("cloudfront", "list_distributions", "DistributionList.Items", "ARN"),
        is_global=True,
    )
    yield QuotaRow(
        service="cloudfront",
        code="L-F432D044",
        title="Cache behaviors per distribution",
        default=25,
        need=_behaviors,
        is_global=True,
    )
    cache_policies = _count_global("aws:cloudfront/cachePolicy:CachePolicy")
    yield QuotaRow(
        service="cloudfront",
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html (read 2026-11-28)
        code="L-7D134442",
        title="Custom cache policies per AWS account",
        default=20,
        need=cache_policies,
        used=_untagged("cloudfront", "list_cache_policies", "CachePolicyList.Items", cache_policies, Type="custom"),
        is_global=True,
    )
    header_policies = _count_global("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    yield QuotaRow(
        service="cloudfront",
        # Default: the same page. Code: from a public collector of usage (read 2026-11-28)
        code="L-CF0D4FC5",
        title="Response headers policies per AWS account",
        default=20,
        need=header_policies,
        used=_untagged(
            "cloudfront", "list_response_headers_policies", "ResponseHeadersPolicyList.Items", header_policies,
            Type="custom",
        ),
        is_global=True,
    )  # fmt: skip
    health_checks = _count_global("aws:route53/healthCheck:HealthCheck")
    yield QuotaRow(
        service="route53",
        code="L-ACB674F3",
        title="Health checks",
        default=200,
        need=health_checks,
        used=_untagged("route53", "list_health_checks", "HealthChecks", health_checks),
        is_global=True,
    )
    yield QuotaRow(
        service="logs",
        code="",
        title="Resource policies of CloudWatch Logs per Region",
        # Not adjustable: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (from
        # memory). AWS adds one for each kind of vended logs in a region (AWSLogDeliveryWrite…), not for each group.
        default=10,
        need=_log_policies,
        used=_log_policies_in_use,
    )


def _log_policies(resources: Resources) -> Mapping[str, float]:
    """Return the policies that AWS adds for vended logs: one for a region with a delivery to CloudWatch Logs."""
    needed = {input_text(each, "region") or "" for each in resources
              if each.type == "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"}  # fmt: skip
    return dict.fromkeys(needed, 1)


def _log_policies_in_use(context: PreflightContext, region: str) -> float:
    found = list(pages(context.aws.client("logs", region), "describe_resource_policies", "resourcePolicies"))
    return sum(not str(each.get("policyName")).startswith("AWSLogDeliveryWrite") for each in found)


def _busiest_nat_zone(context: PreflightContext, region: str) -> float:
    """Return the NAT gateways of others in the zone that has the most."""
    ec2, own = context.aws.client("ec2", region), context.own_arns()
    arn = _ec2_arn("natgateway", "NatGatewayId")
    filters = [{"Name": "state", "Values": ["pending", "available"]}]
    others = [
        each
        for each in pages(ec2, "describe_nat_gateways", "NatGateways", Filters=filters)
        if arn(each, context, region) not in own
    ]
    if not others:
        return 0
    subnets = {str(each["SubnetId"]) for each in others}
    zones = {
        each["SubnetId"]: each["AvailabilityZone"]
        for each in pages(ec2, "describe_subnets", "Subnets", SubnetIds=sorted(subnets))
    }
    return max(Counter(zones[each["SubnetId"]] for each in others).values())


def _on_existing_load_balancer(what: str) -> Callable[[PreflightContext, str], float]:
    """Return the listeners or rules of the existing load balancer that the stack uses, without the stack's own."""

    def used(context: PreflightContext, region: str) -> float:
        existing = context.settings.existing_load_balancer
        if existing is None:
            return 0
        elb, own = context.aws.client("elbv2", region), context.own_arns()
        listeners = [
            str(each["ListenerArn"])
            for each in pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=existing.arn)
        ]
        if what == "listeners":
            return sum(each not in own for each in listeners)
        return sum(
            not rule["IsDefault"] and rule["RuleArn"] not in own
            for listener in listeners
            for rule in pages(elb, "describe_rules", "Rules", ListenerArn=listener)
        )

    return used


QUOTAS: Final = tuple(_rows())
"""The quotas, by service."""
