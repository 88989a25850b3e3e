"""Elastic Load Balancing: the actions of listeners and rules, and the target groups they forward to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Call,
    Plain,
    Reference,
    Rejection,
    Stage,
    documented,
    located,
    rule,
    values_at,
)

from .elb import ELB, LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, kind_of
from .network import (
    APPLY,
)
from .same_scope import known
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


_REDIRECT_PARTS = ("host", "path", "port", "protocol", "query")
_UNCHANGED = {"host": "#{host}", "path": "/#{path}", "port": "#{port}", "protocol": "#{protocol}", "query": "#{query}"}
_CONTENT_TYPES = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
_AUTHENTICATION = ("authenticate-cognito", "authenticate-oidc", "jwt-validation")


@rule(
    "action-inputs",
    Stage.PLAN,
    source=documented(
        "AWS API model of elbv2 (botocore 1.44): RedirectActionConfig, FixedResponseActionConfig, ForwardActionConfig,"
        " FixedResponseActionMessage, Action; https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
        "load-balancer-limits.html (five target groups per action) from memory",
        read="2026-11-28",
    ),
)
def action_inputs(call: Call) -> Iterator[Rejection]:
    for path in ("defaultActions", "actions"):
        actions: list[tuple[str, Plain]] = [
            (at, each) for at, each in located(call.inputs, f"{path}[*]") if isinstance(each, dict)
        ]
        for at, action in actions:
            yield from _redirect(f"{at}.redirect", action.get("redirect"), call)
            yield from _fixed_response(f"{at}.fixedResponse", action.get("fixedResponse"))
            yield from _forward(f"{at}.forward", action.get("forward"))
        if any(UNKNOWN in (each.get("type"), each.get("order")) for _, each in actions):
            continue
        ordered = sorted(actions, key=_order)
        for at, action in ordered[:-1]:
            if action.get("type") in FINAL_ACTIONS:
                yield Rejection(
                    at,
                    f"an action of type {action['type']} must be the last action (got another action after it). Only"
                    f" {', '.join(_AUTHENTICATION)} can come before it.",
                    "InvalidLoadBalancerAction",
                )


def _order(action: tuple[str, Plain]) -> int:
    return int(action[1].get("order") or 50_000)


def _redirect(at: str, redirect: Plain, call: Call) -> Iterator[Rejection]:
    if not isinstance(redirect, dict) or UNKNOWN in redirect.values():
        return
    parts = {part: str(redirect.get(part) or _UNCHANGED[part]) for part in _REDIRECT_PARTS}
    # A redirect to the listener's own port or protocol changes nothing, either.
    own = {part: str(known(call, part)) for part in ("port", "protocol")}
    if all(parts[part] in (_UNCHANGED[part], own.get(part)) for part in _REDIRECT_PARTS if part != "query"):
        yield Rejection(
            at,
            "the redirect would loop. Change at least one of protocol, host, port and path.",
            "InvalidLoadBalancerAction",
        )
    if not parts["path"].startswith("/"):
        yield Rejection(f"{at}.path", f"the path must begin with / (got '{parts['path']}')", "ValidationError")


def _fixed_response(at: str, response: Plain) -> Iterator[Rejection]:
    if not isinstance(response, dict):
        return
    body, code, kind = response.get("messageBody"), response.get("statusCode"), response.get("contentType")
    if isinstance(body, str) and len(body) > 1_024:
        yield Rejection(
            f"{at}.messageBody",
            f"the message body is too long (got {len(body)} characters). Allowed are at most 1,024.",
            "ValidationError",
        )
    if isinstance(code, (str, int)) and not re.fullmatch(r"[245]\d\d", str(code)):
        yield Rejection(
            f"{at}.statusCode", f"invalid status code (got {code}). Allowed are 2XX, 4XX and 5XX.", "ValidationError"
        )
    if isinstance(kind, str) and kind not in _CONTENT_TYPES:
        yield Rejection(
            f"{at}.contentType",
            f"invalid content type (got '{kind}'). Allowed are {', '.join(_CONTENT_TYPES)}.",
            "ValidationError",
        )


def _forward(at: str, forward: Plain) -> Iterator[Rejection]:
    if not isinstance(forward, dict) or not isinstance(groups := forward.get("targetGroups"), list):
        return
    if not 1 <= len(groups) <= 5:
        yield Rejection(
            f"{at}.targetGroups",
            f"invalid number of target groups (got {len(groups)}). Allowed are 1 to 5.",
            "TooManyUniqueTargetGroupsPerLoadBalancer",
        )
    for place, weight in located(forward, "targetGroups[*].weight"):
        if isinstance(weight, (int, float)) and not 0 <= weight <= 999:
            yield Rejection(
                f"{at}.{place}", f"invalid weight (got {weight:g}). Allowed are 0 to 999.", "ValidationError"
            )


@rule("authentication-requires-https", *APPLY, source=api(ELB, "Action"))
def authentication_on_https(call: Call) -> Iterator[Rejection]:
    listener = (
        next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None) if call.type == LISTENER_RULE else None
    )
    protocol = listener.outputs.get("protocol") if listener else call.get("protocol")
    for path in ("defaultActions", "actions"):
        for at, kind in located(call.inputs, f"{path}[*].type"):
            if kind in _AUTHENTICATION and protocol != "HTTPS":
                yield Rejection(
                    at,
                    f"an action of type {kind} requires an HTTPS listener (got protocol {protocol})",
                    "InvalidLoadBalancerAction",
                )


@rule(
    "target-stickiness-requires-group-stickiness",
    *APPLY,
    source=documented(
        "github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2734: 'You must enable group stickiness before"
        " enabling target stickiness'",
        read="2026-11-28",
    ),
)
def group_stickiness(call: Call) -> Iterator[Rejection]:
    for path in ("defaultActions", "actions"):
        for at, forward in located(call.inputs, f"{path}[*].forward"):
            groups = list(values_at(forward, "targetGroups[*].arn"))
            if len(groups) < 2 or next(values_at(forward, "stickiness.enabled"), False) is True:
                continue
            for group in groups:
                found = next(call.cloud.find(TARGET_GROUP, arn=group), None)
                if found is not None and next(values_at(found.outputs, "stickiness.enabled"), False) is True:
                    yield Rejection(
                        f"{at}.stickiness",
                        "You must enable group stickiness on a rule if you enabled target stickiness on one of its"
                        f" target groups ('{found.name}'). Set forward.stickiness with enabled: true and duration.",
                        "InvalidLoadBalancerAction",
                    )
                    break


def forwarded_groups(call: Call) -> Iterator[tuple[str, str]]:
    """Yield the ARNs of the target groups that the call's actions forward to, each with its path."""
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
    for at, target_group in forwarded_groups(call):
        found = next(call.cloud.find(TARGET_GROUP, arn=target_group), None)
        if found is None:
            continue
        vpc = found.outputs.get("vpcId")
        if vpc and owner.outputs.get("vpcId") not in (None, vpc):
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
        allowed = {"network": ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"), "gateway": ("GENEVE",)}
        kind = kind_of(owner.outputs)
        if kind in allowed and protocol not in (*allowed[kind], None):
            yield Rejection(
                at, f"a {kind} load balancer does not support {protocol} target groups", "IncompatibleProtocols"
            )
        if kind == "network" and found.outputs.get("targetType") == "lambda":
            yield Rejection(
                at, "a network load balancer does not support lambda target groups", "IncompatibleProtocols"
            )
        if others := load_balancers_using(call, target_group) - {arn}:
            yield Rejection(
                at,
                f"the target group already belongs to {sorted(others)[0]}. A target group has one load balancer.",
                "TargetGroupAssociationLimit",
            )


@rule("action-types-of-load-balancer", *APPLY, source=api(ELB, "Action"))
def action_types(call: Call) -> Iterator[Rejection]:
    owner = next(call.cloud.find(LOAD_BALANCER, arn=load_balancer_of(call)), None)
    if owner is None or kind_of(owner.outputs) == "application":
        return
    for at, action in located(call.inputs, "defaultActions[*].type"):
        if action != "forward":
            yield Rejection(
                at, f"A load balancer of type {kind_of(owner.outputs)} does not support the action {action}.",
                "InvalidLoadBalancerAction",
            )  # fmt: skip


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
