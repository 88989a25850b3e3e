"""Auto Scaling: launch templates, target groups, schedules and policies of a group."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .elb import TARGET_GROUP
from .network import APPLY, vpc_of_subnets
from .same_scope import known
from .sources import sdk, unread

_GROUP = "aws:autoscaling/group:Group"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_ERROR = "ValidationError"


@rule(
    "launch-template-is-complete",
    *APPLY,
    source=unread("autoscaling", "CreateAutoScalingGroup: LaunchTemplate"),
)
def _template(call: Call) -> Iterator[Rejection]:
    for path in ("launchTemplate", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification"):
        id = call.get(f"{path}.id") or call.get(f"{path}.launchTemplateId")
        found = call.cloud.get(_TEMPLATE, str(id))
        if found is None or not found.urn:
            continue
        if not found.inputs.get("imageId"):
            yield Rejection(
                path, "You must use a valid fully-formed launch template. The request must contain the parameter"
                " ImageId", _ERROR,
            )  # fmt: skip
        types = ("instanceType", "instanceRequirements")
        if path == "launchTemplate" and not any(found.inputs.get(each) for each in types):
            yield Rejection(
                path, "You must use a valid fully-formed launch template. The request must contain the parameter"
                " InstanceType", _ERROR,
            )  # fmt: skip


@rule("target-groups-take-instances", *APPLY, source=unread("autoscaling", "AttachLoadBalancerTargetGroups"))
def _targets(call: Call) -> Iterator[Rejection]:
    vpc = vpc_of_subnets(call, located(call.inputs, "vpcZoneIdentifiers[*]"))
    for path in ("targetGroupArns[*]", "lbTargetGroupArn"):
        for at, arn in located(call.inputs, path):
            group = next(call.cloud.find(TARGET_GROUP, arn=arn), None)
            if group is None:
                continue
            kind = group.outputs.get("targetType") or "instance"
            if kind != "instance":
                yield Rejection(
                    at, f"Provided Target Groups may not be valid. The target type must be instance (got {kind}).",
                    _ERROR,
                )  # fmt: skip
            if vpc and group.outputs.get("vpcId") not in (None, vpc):
                yield Rejection(
                    at, f"The target group is in {group.outputs.get('vpcId')}, the subnets in {vpc}.", _ERROR
                )


@rule("sizes-are-ordered", Stage.PLAN, source=unread("autoscaling", "ValidationError"))
def _sizes(call: Call) -> Iterator[Rejection]:
    for low, high in (
        ("minSize", "maxSize"), ("desiredCapacity", "maxSize"), ("minSize", "desiredCapacity"),
        ("warmPool.minSize", "warmPool.maxGroupPreparedCapacity"),
    ):  # fmt: skip
        one, other = known(call, low), known(call, high)
        if not isinstance(one, (int, float)) or not isinstance(other, (int, float)) or min(one, other) < 0:
            continue
        if one > other and not (call.type == _GROUP and not low.startswith("warmPool")):
            yield Rejection(low, f"{low} must not exceed {high} (got {one:g}, {other:g}).", _ERROR)


@rule(
    "request-count-has-a-label",
    Stage.PLAN,
    source=unread("autoscaling", "PredefinedMetricSpecification: ResourceLabel"),
)
def _label(call: Call) -> Iterator[Rejection]:
    at = "targetTrackingConfiguration.predefinedMetricSpecification"
    kind = known(call, f"{at}.predefinedMetricType")
    if kind == "ALBRequestCountPerTarget" and call.get(f"{at}.resourceLabel") is None:
        yield Rejection(f"{at}.resourceLabel", f"It must be set for {kind} (got none).", _ERROR)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=_GROUP, source=sdk("autoscaling/group"), rules=(_template, _targets, _sizes)),
    Behaviour(type="aws:autoscaling/attachment:Attachment", source=sdk("autoscaling/attachment"), rules=(_targets,)),
    Behaviour(type="aws:autoscaling/schedule:Schedule", source=sdk("autoscaling/schedule"), rules=(_sizes,)),
    Behaviour(type="aws:autoscaling/policy:Policy", source=sdk("autoscaling/policy"), rules=(_label,)),
)
