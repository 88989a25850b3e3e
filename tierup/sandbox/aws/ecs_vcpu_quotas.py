"""The quotas of Fargate: vCPUs that run at the same time in a Region, of services and their deployments."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tierup.sandbox.behaviour import Call, Plain, Quota, documented

from .ecs_task_definitions import TASK_DEFINITION, task_definition_of

SERVICE = "aws:ecs/service:Service"
ON_DEMAND, SPOT = "FARGATE", "FARGATE_SPOT"
_DOUBLING = ("BLUE_GREEN", "LINEAR", "CANARY")  # strategies that run all tasks of both revisions

_QUOTA = documented(
    "AWS API model of batch (botocore 1.44), ResourceRequirement: 'The default for the Fargate On-Demand vCPU resource"
    " count quota is 6 vCPUs' (L-3032A538; Spot has the same number, L-36FBB829), as in"
    " https://docs.aws.amazon.com/general/latest/gr/ecs-service.html",
    read="2026-11-28",
)
# https://www.flightcontrol.dev/docs/troubleshooting/concurrent-cpu-limit (read 2026-11-28) quotes the event, and that
# the deployment fails; with a circuit breaker, tasks that cannot be placed count as failed.
_EVENT = (
    "the service was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run"
    " concurrently."
)


def shares(service: Mapping[str, Any], desired: int) -> Mapping[str, int]:
    """Return how many of a service's tasks run on Fargate and on Fargate Spot, by its strategy's bases and weights."""
    if service.get("launchType") == ON_DEMAND:
        return {ON_DEMAND: desired}
    strategy = [each for each in service.get("capacityProviderStrategies") or () if isinstance(each, Mapping)]
    counts = {str(each.get("capacityProvider")): min(int(each.get("base") or 0), desired) for each in strategy}
    rest = desired - sum(counts.values())
    weights = {str(each.get("capacityProvider")): int(each.get("weight") or 0) for each in strategy}
    total = sum(weights.values())
    for provider, weight in weights.items():
        taken = math.ceil(rest * weight / total) if total else 0
        counts[provider] += min(taken, desired - sum(counts.values()))
    return counts


def vcpus_of(task: Any) -> float:
    """Return the vCPUs of one task of a task definition's revision: its cpu is in units of 1/1,024 vCPU."""
    text = str(task.outputs.get("cpu") or "0").lower()
    if text.endswith("vcpu"):
        return float(text.removesuffix("vcpu"))
    return float(text) / 1024 if text.replace(".", "").isdigit() else 0.0


def running_vcpus(call: Call, provider: str) -> float:
    """Return the vCPUs that the Region's services run on a Fargate capacity provider, without the call's service."""
    return sum(
        _steady(call, other.outputs, provider)
        for other in call.nearby(SERVICE)
        if call.this is None or other.key != call.this.key
    )


def _steady(call: Call, service: Mapping[str, Any], provider: str) -> float:
    task = next(call.nearby(TASK_DEFINITION, arn=service.get("taskDefinition")), None)
    count = shares(service, _count(service.get("desiredCount"))).get(provider, 0)
    return count * vcpus_of(task) if task is not None else 0.0


def _count(desired: Plain) -> int:
    return int(desired) if isinstance(desired, (int, float, str)) and str(desired).isdigit() else 0


def _needed(provider: str) -> Any:
    def needs(call: Call) -> float:
        task = task_definition_of(call)
        if task is None:
            return 0.0
        merged = {**(call.this.outputs if call.this else {}), **call.inputs}
        desired = _count(merged.get("desiredCount"))
        steady = shares(merged, desired).get(provider, 0) * vcpus_of(task)
        if steady == 0:
            return 0.0
        return running_vcpus(call, provider) + max(steady, _deploying(call, merged, provider, steady, vcpus_of(task)))

    return needs


def _deploying(call: Call, service: Mapping[str, Any], provider: str, steady: float, one: float) -> float:
    """Return the vCPUs of a service while a deployment replaces its tasks, 0 if the call deploys nothing."""
    if call.this is None or not any(_deploys(call)):
        return 0.0
    before = _steady(call, call.this.outputs, provider)
    if before == 0:
        return steady
    if call.get("deploymentConfiguration.strategy") in _DOUBLING:
        return before + steady
    maximum = _count(service.get("deploymentMaximumPercent")) or 200
    if maximum <= 100:
        return max(before, steady)
    if call.get("deploymentCircuitBreaker.enable") is True:
        return before + math.floor(steady / one * (maximum - 100) / 100) * one
    low = service.get("deploymentMinimumHealthyPercent")
    return before + (one if low is None or _count(low) >= 100 else 0)  # one by one: slow, but it ends


def _deploys(call: Call) -> Iterator[bool]:
    for path in ("taskDefinition", "networkConfiguration", "platformVersion", "capacityProviderStrategies"):
        yield (call.old or {}).get(path) != call.inputs.get(path)
    yield call.get("forceNewDeployment") is True


def _quota(provider: str, name: str) -> Quota:
    return Quota(
        limit=6,
        per="region",
        what=f"vCPUs of {name}, running at the same time per Region",
        code="InvalidParameterException",
        needs=_needed(provider),
        path="desiredCount",
        reason=_EVENT,
        source=_QUOTA,
    )


VCPU_QUOTAS: tuple[Quota, ...] = (_quota(ON_DEMAND, "Fargate On-Demand"), _quota(SPOT, "Fargate Spot"))
