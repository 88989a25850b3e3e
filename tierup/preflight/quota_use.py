"""What others than the stack use of each quota of the account, in a region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from tierup.preflight.aws_clients import pages
from tierup.preflight.context import PreflightContext
from tierup.preflight.quota_needs import Resources

_CPU_UNITS: Final = 1024


def listed(
    service: str, operation: str, key: str, arn: Callable[[Any, PreflightContext, str], str] | str, **arguments: Any
) -> Callable[[PreflightContext, str], float]:
    """Return the number of listed resources without the stack's own, which have its tags."""

    def used(context: PreflightContext, region: str) -> float:
        own = context.own_arns()
        found = pages(context.aws.client(service, region), operation, key, **arguments)
        arns = (str(each[arn]) if isinstance(arn, str) else arn(each, context, region) for each in found)
        return sum(each not in own for each in arns)

    return used


def ec2_arn(kind: str, key: str) -> Callable[[Any, PreflightContext, str], str]:
    def arn(each: Any, context: PreflightContext, region: str) -> str:
        return f"arn:aws:ec2:{region}:{context.account_id()}:{kind}/{each[key]}"

    return arn


def untagged(
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


def fargate_vcpus_in_use(*, spot: bool) -> Callable[[PreflightContext, str], float]:
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


def log_policies_in_use(context: PreflightContext, region: str) -> float:
    found = list(pages(context.aws.client("logs", region), "describe_resource_policies", "resourcePolicies"))
    return sum(not str(each.get("policyName")).startswith("AWSLogDeliveryWrite") for each in found)


def busiest_nat_zone(context: PreflightContext, region: str) -> float:
    """Return the NAT gateways of others in the zone that has the most."""
    ec2, own = context.aws.client("ec2", region), context.own_arns()
    arn = ec2_arn("natgateway", "NatGatewayId")
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


def on_existing_load_balancer(what: str) -> Callable[[PreflightContext, str], float]:
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
