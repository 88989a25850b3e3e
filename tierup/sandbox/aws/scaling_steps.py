"""Auto Scaling of EC2 and of applications: steps, target values, time zones, and groups against their network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, located, rule
from . import regions
from .network import APPLY, vpc_of_group, vpc_of_subnets
from .same_scope import known, others_in_region
from .sources import sdk

_ERROR = "ValidationError"
_GROUP = "aws:autoscaling/group:Group"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_POLICY = "aws:appautoscaling/policy:Policy"
_MODEL = documented(
    "AWS API models of autoscaling and application-autoscaling (botocore 1.44): StepAdjustment, PutScalingPolicy,"
    " PutScheduledUpdateGroupAction: StartTime, TimeZone, CreateAutoScalingGroup: VPCZoneIdentifier",
    read="2026-11-29",
)


def step_violations(steps: Sequence[Any]) -> Iterator[str]:
    """Yield what is wrong with the intervals of step adjustments: gaps, overlaps and empty intervals."""
    bounds: list[tuple[float, float]] = []
    for step in steps:
        if not isinstance(step, dict):
            return
        try:
            low, high = (
                float(value) if (value := step.get(f"metricInterval{side}Bound")) not in (None, "") else edge
                for side, edge in (("Lower", float("-inf")), ("Upper", float("inf")))
            )
        except (TypeError, ValueError):
            return
        if low >= high:
            yield "the lower bound of a step adjustment must be less than its upper bound"
        bounds.append((low, high))
    for (_, end), (start, _) in pairwise(sorted(bounds)):
        if end != start:
            yield f"there can't be {'an overlap' if end > start else 'a gap'} between the intervals of step adjustments"


@rule("step-adjustments-meet", Stage.PLAN, source=_MODEL)
def _steps(call: Call) -> Iterator[Rejection]:
    for path in ("stepAdjustments", "stepScalingPolicyConfiguration.stepAdjustments"):
        steps = known(call, path)
        for reason in step_violations(steps) if isinstance(steps, list) else ():
            yield Rejection(path, f"Invalid step adjustments: {reason}.", _ERROR)
    configuration = known(call, "stepScalingPolicyConfiguration")
    if isinstance(configuration, dict) and not configuration.get("stepAdjustments"):
        yield Rejection(
            "stepScalingPolicyConfiguration.stepAdjustments", "At least one step adjustment is required.", _ERROR
        )
    kind = known(call, "adjustmentType")
    if call.get("minAdjustmentMagnitude") and kind not in (None, "PercentChangeInCapacity"):
        yield Rejection(
            "minAdjustmentMagnitude", f"MinAdjustmentMagnitude is not supported by the adjustment type {kind}.", _ERROR
        )
    for path in ("targetTrackingConfiguration", "targetTrackingScalingPolicyConfiguration"):
        value = known(call, f"{path}.targetValue")
        if isinstance(value, (int, float)) and value <= 0:
            yield Rejection(f"{path}.targetValue", f"The target value must be more than 0 (got {value:g}).", _ERROR)


@rule("one-target-tracking-policy-per-metric", *APPLY, source=_MODEL)
def _one_metric(call: Call) -> Iterator[Rejection]:
    at = "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification"
    metric = call.get(at)
    if not metric:
        return
    for other in others_in_region(call, _POLICY, resourceId=call.get("resourceId")):
        same = next((value for _, value in located(other.inputs, at)), None) == metric
        if same and other.inputs.get("scalableDimension") == call.get("scalableDimension"):
            yield Rejection(
                at,
                "Only one TargetTrackingScaling policy for a given metric specification is allowed"
                f" ({other.name} has it, too).",
                "ValidationException",
            )


@rule("schedule-is-in-the-future", Stage.CREATE, source=_MODEL)
def _start(call: Call) -> Iterator[Rejection]:
    text = call.get("startTime")
    try:
        start = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return
    if start is not None and (start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp() < time.time():
        yield Rejection("startTime", f"Given start time is in the past (got '{text}').", _ERROR)


@rule("time-zone-exists", *APPLY, source=_MODEL)
def _zone(call: Call) -> Iterator[Rejection]:
    zones = available_timezones()
    for path in ("timeZone", "timezone", "rules[*].scheduleExpressionTimezone"):
        for at, zone in located(call.inputs, path):
            if zones and zone not in zones:
                yield Rejection(
                    at, f"Invalid time zone (got '{zone}'). Allowed are names such as Europe/Berlin.", _ERROR
                )


@rule("group-has-a-network", *APPLY, source=_MODEL)
def _network(call: Call) -> Iterator[Rejection]:
    zones, subnets = call.get("availabilityZones"), call.get("vpcZoneIdentifiers")
    if not zones and not subnets and not call.get("availabilityZoneIds"):
        yield Rejection("vpcZoneIdentifiers", "At least one Availability Zone or VPC Subnet is required.", _ERROR)
    here = regions.zones(call.region)
    for at, zone in located(call.inputs, "availabilityZones[*]"):
        if here and zone not in here and not str(zone).startswith(f"{call.region}-"):
            yield Rejection(at, f"Invalid availability zones: [{zone}] is not one of {call.region}.", _ERROR)
    vpc = vpc_of_subnets(call, located(call.inputs, "vpcZoneIdentifiers[*]"))
    found = call.cloud.get(_TEMPLATE, str(call.get("launchTemplate.id")))
    for _, group in located(found.inputs, "vpcSecurityGroupIds[*]") if found is not None else ():
        other = vpc_of_group(call, group)
        if vpc and other and other != vpc:
            yield Rejection(
                "launchTemplate",
                "You must use a valid fully-formed launch template. Security group"
                f" {group} and the subnets belong to different networks.",
                _ERROR,
            )
    path = "mixedInstancesPolicy.launchTemplate.overrides[*]"
    for at, override in located(call.inputs, path):
        if isinstance(override, dict) and override.get("instanceType") and override.get("instanceRequirements"):
            yield Rejection(at, "Specify either instanceType or instanceRequirements, but not both.", _ERROR)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=_GROUP, source=sdk("autoscaling/group"), rules=(_network,)),
    Behaviour(type="aws:autoscaling/policy:Policy", source=sdk("autoscaling/policy"), rules=(_steps,)),
    Behaviour(type="aws:autoscaling/schedule:Schedule", source=sdk("autoscaling/schedule"), rules=(_start, _zone)),
    Behaviour(type=_POLICY, source=sdk("appautoscaling/policy"), rules=(_steps, _one_metric)),
    Behaviour(
        type="aws:appautoscaling/scheduledAction:ScheduledAction",
        source=sdk("appautoscaling/scheduledaction"),
        rules=(_zone,),
    ),
    Behaviour(type="aws:backup/plan:Plan", source=sdk("backup/plan"), rules=(_zone,)),
)
