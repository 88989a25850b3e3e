"""Elastic Load Balancing: the actions of listeners and rules, and the target groups they forward to."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Call,
    Plain,
    Reference,
    Rejection,
    located,
    rule,
    values_at,
)

from .elb import ELB, LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, kind_of
from .network import (
    APPLY,
)
from .sources import api

ACTION_BLOCKS = {
    "forward": ("targetGroupArn", "forward"),
    "redirect": ("redirect",),
    "fixed-response": ("fixedResponse",),
    "authenticate-cognito": ("authenticateCognito",),
    "authenticate-oidc": ("authenticateOidc",),
    "jwt-validation": ("jwtValidation",),
}

FINAL_ACTIONS = ("forward", "redirect", "fixed-response")


def action_violations(call: Call, path: str) -> Iterator[Rejection]:
    actions = call.get(path)
    if not isinstance(actions, list):
        return
    if not actions:
        yield Rejection(path, f"{path} is empty. At least one action is required.", "InvalidLoadBalancerAction")
        return
    for at, action in located(call.inputs, f"{path}[*]"):
        if action is UNKNOWN or action.get("type") is UNKNOWN:
            continue
        kind = action.get("type")
        wanted = ACTION_BLOCKS.get(kind)
        if wanted is None:
            yield Rejection(
                f"{at}.type",
                f"unknown action type (got '{kind}'). Allowed are {', '.join(ACTION_BLOCKS)}.",
                "ValidationError",
            )
            continue
        if not any(action.get(block) is not None for block in wanted):
            yield Rejection(
                f"{at}.{wanted[0]}",
                f"an action of type {kind} requires {' or '.join(wanted)}",
                "InvalidLoadBalancerAction",
            )
        others = {block for blocks in ACTION_BLOCKS.values() for block in blocks} - set(wanted)
        for other in sorted(others & {key for key, value in action.items() if value is not None}):
            yield Rejection(
                f"{at}.{other}", f"{other} is not supported for an action of type {kind}", "InvalidLoadBalancerAction"
            )
    last = actions[-1]
    if last is not UNKNOWN and last.get("type") in set(ACTION_BLOCKS) - set(FINAL_ACTIONS):
        yield Rejection(path, f"the last action must be one of {', '.join(FINAL_ACTIONS)}", "InvalidLoadBalancerAction")


def _target_groups(call: Call) -> Iterator[tuple[str, str]]:
    for path in ("defaultActions", "actions"):
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn"):
            yield from located(call.inputs, f"{path}[*].{inner}")


def load_balancer_of(call: Call) -> str | None:
    """Return the ARN of the load balancer of a listener or listener rule."""
    if arn := call.get("loadBalancerArn"):
        return arn
    listener = next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None)
    return listener.outputs.get("loadBalancerArn") if listener else None


def load_balancers_using(call: Call, target_group: str) -> set[str]:
    """Return the ARNs of the load balancers whose listeners or rules forward to a target group."""
    using: set[str] = set()
    for listener in call.cloud.find(LISTENER):
        if _sends_to(listener.inputs, "defaultActions", target_group):
            using.add(listener.outputs["loadBalancerArn"])
    for each in call.cloud.find(LISTENER_RULE):
        if _sends_to(each.inputs, "actions", target_group):
            listener = next(call.cloud.find(LISTENER, arn=each.outputs.get("listenerArn")), None)
            using |= {listener.outputs["loadBalancerArn"]} if listener else set()
    return using


def _sends_to(inputs: Plain, path: str, target_group: str) -> bool:
    return any(
        target_group in values_at(inputs, f"{path}[*].{inner}")
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn")
    )


@rule("target-group-matches-load-balancer", *APPLY, source=api(ELB, "CreateListener"))
def target_group_fits(call: Call) -> Iterator[Rejection]:
    arn = load_balancer_of(call)
    owner = next(call.cloud.find(LOAD_BALANCER, arn=arn), None) if arn else None
    if owner is None:
        return
    for at, target_group in _target_groups(call):
        found = next(call.cloud.find(TARGET_GROUP, arn=target_group), None)
        if found is None:
            continue
        vpc = found.outputs.get("vpcId")
        if vpc and vpc != owner.outputs.get("vpcId"):
            yield Rejection(
                at,
                f"the target group is in {vpc}, the load balancer is in {owner.outputs.get('vpcId')}",
                "InvalidConfigurationRequest",
            )
        protocol = found.outputs.get("protocol")
        if kind_of(owner.outputs) == "application" and protocol not in ("HTTP", "HTTPS", None):
            yield Rejection(
                at, f"an application load balancer does not support {protocol} target groups", "IncompatibleProtocols"
            )
        if others := load_balancers_using(call, target_group) - {arn}:
            yield Rejection(
                at,
                f"the target group already belongs to {sorted(others)[0]}. A target group has one load balancer.",
                "TargetGroupAssociationLimit",
            )


def forwards_to(path: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            path=f"{path}[*].{inner}",
            to=TARGET_GROUP,
            by="arn",
            code="TargetGroupNotFound",
            in_use="ResourceInUse",
            source=api(ELB, "DeleteTargetGroup"),
        )
        for inner in ("targetGroupArn", "forward.targetGroups[*].arn")
    )
