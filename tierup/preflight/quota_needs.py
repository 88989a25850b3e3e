"""What a stack needs of each quota, by region, counted from its planned resources. "" is the stack's region."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tierup.cost.rules import PricedResource
from tierup.preflight.context import input_text
from tierup.sandbox.aws.wafv2_capacity import units_of

Resources = Sequence[PricedResource]

_CLOUDFRONT_PREFIX_LIST_RULES: Final = 55
"""What the managed prefix list of CloudFront counts in a security group:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html (read 2026-11-28 in a
deployment that quotes it)."""

_SERVICE: Final = "aws:ecs/service:Service"
_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_SCALING_TARGET: Final = "aws:appautoscaling/target:Target"
_CPU_UNITS: Final = 1024


def count(*types: str) -> Callable[[Resources], Mapping[str, float]]:
    """Return the number of resources of these types, by region."""

    def need(resources: Resources) -> Mapping[str, float]:
        return Counter(input_text(each, "region") or "" for each in resources if each.type in types)

    return need


def count_global(*types: str) -> Callable[[Resources], Mapping[str, float]]:
    """Return the number of resources of these types in all regions together."""

    def need(resources: Resources) -> Mapping[str, float]:
        return {"": sum(each.type in types for each in resources)}

    return need


def largest_count(counts: Mapping[str, float]) -> Mapping[str, float]:
    """Return the largest of the counts, for a quota that each of their keys has for itself."""
    return {"": max(counts.values(), default=0)}


def fargate_vcpus(*, spot: bool, largest: bool) -> Callable[[Resources], Mapping[str, float]]:
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


def nat_gateways_per_zone(resources: Resources) -> Mapping[str, float]:
    zones = {each.name: input_text(each, "availabilityZone") or "" for each in resources
             if each.type == "aws:ec2/subnet:Subnet"}  # fmt: skip
    gateways = (each for each in resources if each.type == "aws:ec2/natGateway:NatGateway")
    return largest_count(Counter(zones.get(input_text(each, "subnetId") or "", "") for each in gateways))


def security_group_rules(resources: Resources) -> Mapping[str, float]:
    """Return the rules of the fullest security group, in one direction: a prefix list counts all its entries."""
    counts: Counter[str] = Counter()
    for each in resources:
        if each.type in (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        ):
            weight = _CLOUDFRONT_PREFIX_LIST_RULES if each.inputs.get("prefixListId") else 1
            counts[f"{each.type} {input_text(each, 'securityGroupId')}"] += weight
    return largest_count(dict(counts))


def routes_per_table(resources: Resources) -> Mapping[str, float]:
    return largest_count(Counter(input_text(each, "routeTableId") or "" for each in resources
                         if each.type == "aws:ec2/route:Route"))  # fmt: skip


def interface_endpoints(resources: Resources) -> Mapping[str, float]:
    return largest_count(Counter(input_text(each, "vpcId") or "" for each in resources
                         if each.type == "aws:ec2/vpcEndpoint:VpcEndpoint"
                         and each.inputs.get("vpcEndpointType") == "Interface"))  # fmt: skip


def gateway_endpoints(resources: Resources) -> Mapping[str, float]:
    return {"": sum(each.type == "aws:ec2/vpcEndpoint:VpcEndpoint" and each.inputs.get("vpcEndpointType") != "Interface"
                    for each in resources)}  # fmt: skip


def cache_nodes(resources: Resources) -> Mapping[str, float]:
    nodes = 0.0
    for each in resources:
        if each.type == "aws:elasticache/replicationGroup:ReplicationGroup":
            shards = float(each.inputs.get("numNodeGroups") or 1)
            replicas = each.inputs.get("replicasPerNodeGroup")
            nodes += shards * (float(replicas) + 1 if replicas is not None else float(
                each.inputs.get("numCacheClusters") or 1))  # fmt: skip
    return {"": nodes}


def web_acl_capacity(resources: Resources) -> Mapping[str, float]:
    return largest_count(
        {
            each.name: sum(units_of(rule.get("statement")) for rule in each.inputs.get("rules") or ())
            for each in resources
            if each.type == "aws:wafv2/webAcl:WebAcl"
        }
    )


def web_acls(scope: str) -> Callable[[Resources], Mapping[str, float]]:
    def need(resources: Resources) -> Mapping[str, float]:
        return {"": sum(each.type == "aws:wafv2/webAcl:WebAcl" and each.inputs.get("scope") == scope
                        for each in resources)}  # fmt: skip

    return need


def behaviors(resources: Resources) -> Mapping[str, float]:
    return largest_count({each.name: len(each.inputs.get("orderedCacheBehaviors") or ()) + 1 for each in resources
                  if each.type == "aws:cloudfront/distribution:Distribution"})  # fmt: skip


def log_policies(resources: Resources) -> Mapping[str, float]:
    """Return the policies that AWS adds for vended logs: one for a region with a delivery to CloudWatch Logs."""
    needed = {input_text(each, "region") or "" for each in resources
              if each.type == "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"}  # fmt: skip
    return dict.fromkeys(needed, 1)
