"""Elastic Load Balancing: the protocols of listeners and the target groups that they can forward to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import UNKNOWN, Behaviour, Call, Plain, Rejection, Stage, documented, located, rule
from .elb import LISTENER, LISTENER_RULE, TARGET_GROUP
from .elb_actions import forwarded_groups
from .network import APPLY
from .sources import sdk

_PAIRS: Mapping[str, tuple[str, ...]] = {
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "QUIC": ("QUIC", "TCP_QUIC"),
    "TCP_QUIC": ("TCP_QUIC",),
}
"""By the protocol of a Network Load Balancer's listener, those of its target groups (from memory; to check:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)."""


def _protocol_of(call: Call) -> Plain:
    if call.type == LISTENER:
        return call.get("protocol", "HTTP")
    listener = next(call.cloud.find(LISTENER, arn=call.get("listenerArn")), None)
    return listener.outputs.get("protocol") if listener else None


@rule(
    "listener-and-target-group-protocols",
    *APPLY,
    source=documented(
        "Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'HTTP2', as a public"
        " repository quotes ELB; target groups, protocol version, in the guide of Application Load Balancers",
        read="2026-11-29",
    ),
)
def _pair(call: Call) -> Iterator[Rejection]:
    protocol = _protocol_of(call)
    for at, arn in forwarded_groups(call):
        group = next(call.cloud.find(TARGET_GROUP, arn=arn), None)
        if group is None:
            continue
        version, of_group = group.outputs.get("protocolVersion"), group.outputs.get("protocol")
        if protocol == "HTTP" and version in ("GRPC", "HTTP2"):
            yield Rejection(
                at, f"Listener protocol 'HTTP' is not supported with a target group with the protocol-version"
                f" '{version}'. Use an HTTPS listener.", "InvalidConfigurationRequest",
            )  # fmt: skip
        allowed = _PAIRS.get(str(protocol))
        if allowed and of_group in _PAIRS and of_group not in allowed:
            yield Rejection(
                at, f"A {protocol} listener cannot forward to a target group with the protocol {of_group}. Allowed are"
                f" {', '.join(allowed)}.", "IncompatibleProtocols",
            )  # fmt: skip


@rule(
    "one-way-to-name-a-target-group",
    Stage.PLAN,
    source=documented(
        "AWS API model of elbv2 (botocore 1.44), Action: ForwardConfig; listenerActionPlantimeValidate in"
        " internal/service/elbv2/listener.go of terraform-provider-aws",
        read="2026-11-29",
    ),
)
def _one_form(call: Call) -> Iterator[Rejection]:
    for path in ("defaultActions", "actions"):
        for at, action in located(call.inputs, f"{path}[*]"):
            if not isinstance(action, dict) or not action.get("targetGroupArn"):
                continue
            groups = [arn for _, arn in located(action, "forward.targetGroups[*].arn")]
            if groups and UNKNOWN not in (*groups, action["targetGroupArn"]) and groups != [action["targetGroupArn"]]:
                yield Rejection(
                    at, "Only one of targetGroupArn or forward can be specified, unless forward has the same one target"
                    " group.", "InvalidLoadBalancerAction",
                )  # fmt: skip


_WILDCARDS = 6


@rule(
    "condition-wildcards-and-headers",
    Stage.PLAN,
    source=documented(
        "AWS API model of elbv2 (botocore 1.44), HttpHeaderConditionConfig; Condition Wildcards per Rule is 6 as public"
        " repositories quote Service Quotas",
        read="2026-11-29",
    ),
)
def _wildcards(call: Call) -> Iterator[Rejection]:
    found = 0
    for field in ("hostHeader", "pathPattern", "httpHeader"):
        for _, value in located(call.inputs, f"conditions[*].{field}.values[*]"):
            found += sum(str(value).count(each) for each in "*?") if value is not UNKNOWN else 0
    if found > _WILDCARDS:
        yield Rejection(
            "conditions", f"A rule can have {_WILDCARDS} condition wildcards at most (got {found}).",
            "TooManyConditionWildcards",
        )  # fmt: skip
    for at, name in located(call.inputs, "conditions[*].httpHeader.httpHeaderName"):
        if isinstance(name, str) and ("*" in name or "?" in name):
            yield Rejection(at, f"The header name '{name}' must not have wildcards.", "ValidationError")
        if isinstance(name, str) and name.lower() == "host":
            yield Rejection(
                at, "An HTTP header condition cannot specify the host header. Use a hostHeader condition.",
                "ValidationError",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=LISTENER, source=sdk("lb/listener"), rules=(_pair, _one_form)),
    Behaviour(type=LISTENER_RULE, source=sdk("lb/listenerrule"), rules=(_pair, _one_form, _wildcards)),
)
