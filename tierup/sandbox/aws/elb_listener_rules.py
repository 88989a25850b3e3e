"""Elastic Load Balancing: listener rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Plain,
    Quota,
    Rejection,
    Stage,
    documented,
    located,
    rule,
    values_at,
)

from .elb import ELB, LISTENER_RULE, LOAD_BALANCER, QUOTAS, below, kind_of, to_listener
from .elb_actions import (
    action_inputs,
    action_violations,
    authentication_on_https,
    forwards_to,
    group_stickiness,
    load_balancer_of,
    target_group_fits,
)
from .network import (
    APPLY,
)
from .same_scope import others_in_region
from .sources import api, schema_of, sdk

CONDITION_FIELDS = ("hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "queryStrings", "sourceIp")


@rule("rule-actions", Stage.PLAN, source=sdk("lb/listenerrule"))
def rule_actions(call: Call) -> Iterator[Rejection]:
    yield from action_violations(call, "actions")


@rule("rule-conditions", Stage.PLAN, source=sdk("lb/listenerrule"))
def rule_conditions(call: Call) -> Iterator[Rejection]:
    conditions = call.get("conditions")
    if not isinstance(conditions, list):
        return
    if not conditions:
        yield Rejection("conditions", "a rule requires at least one condition", "ValidationError")
    values, fields = 0, list[str]()
    for at, condition in located(call.inputs, "conditions[*]"):
        if condition is UNKNOWN:
            continue
        given = [field for field in CONDITION_FIELDS if condition.get(field) is not None]
        if len(given) != 1:
            yield Rejection(
                at,
                f"a condition has exactly one of {', '.join(CONDITION_FIELDS)} (got {', '.join(given) or 'none'}).",
                "ValidationError",
            )
        fields += given
        yield from _value_violations(at, condition)
        for field in given:
            values += (
                len(condition[field])
                if field == "queryStrings"
                else sum(1 for _ in values_at(condition, f"{field}.values[*]"))
            )
    for field in ("hostHeader", "httpRequestMethod", "pathPattern", "sourceIp"):
        if fields.count(field) > 1:
            yield Rejection("conditions", f"A rule can have only one {field} condition.", "InvalidConfigurationRequest")
    if values > 5:
        yield Rejection(
            "conditions", f"too many condition values (got {values}). A rule has at most 5.", "TooManyConditionValues"
        )


_ALLOWED = {
    "hostHeader": (r"[A-Za-z0-9.*?-]{1,128}", "up to 128 letters, digits and the characters - . * ?"),
    "pathPattern": (r"[A-Za-z0-9_.$/~\"'@:+*?&-]{1,128}", "up to 128 letters, digits and _ - . $ / ~ \" ' @ : + & * ?"),
    "httpRequestMethod": (r"[A-Z_-]{1,40}", "up to 40 upper-case letters, hyphens and underscores"),
}
"""AWS API model of elbv2 (botocore 1.43), RuleCondition (read 2026-11-28)."""


def _value_violations(at: str, condition: Plain) -> Iterator[Rejection]:
    for field, (pattern, allowed) in _ALLOWED.items():
        for path, value in located(condition, f"{field}.values[*]"):
            if isinstance(value, str) and not re.fullmatch(pattern, value):
                yield Rejection(
                    f"{at}.{path}", f"Condition value '{value}' contains a character that is not valid. Allowed are"
                    f" {allowed}.", "ValidationError",
                )  # fmt: skip


@rule(
    "rules-belong-to-application-load-balancers",
    Stage.CREATE,
    source=documented(
        "AWS API model of elbv2 (botocore 1.44): CreateRule (an Application Load Balancer or a dual-stack Network Load"
        " Balancer) and RuleCondition (source-ip alone for Network Load Balancers)",
        read="2026-11-29",
    ),
)
def _application_only(call: Call) -> Iterator[Rejection]:
    owner = next(call.cloud.find(LOAD_BALANCER, arn=load_balancer_of(call)), None)
    kind = kind_of(owner.outputs) if owner is not None else "application"
    if owner is None or kind == "application":
        return
    if kind != "network" or not str(owner.outputs.get("ipAddressType")).startswith("dualstack"):
        yield Rejection(
            "listenerArn",
            f"Rules are not supported for a listener of a load balancer of type {kind}, except of a dual-stack Network"
            " Load Balancer.",
            "UnsupportedOperation",
        )
        return
    for at, condition in located(call.inputs, "conditions[*]"):
        if condition.get("sourceIp") is None:
            yield Rejection(
                at, "A rule of a Network Load Balancer supports only the condition sourceIp.",
                "InvalidConfigurationRequest",
            )  # fmt: skip


@rule("rule-priority-is-unique", *APPLY, source=api(ELB, "CreateRule"))
def priority_is_free(call: Call) -> Iterator[Rejection]:
    priority = call.get("priority")
    for other in others_in_region(call, LISTENER_RULE, listenerArn=call.get("listenerArn")):
        if priority is not None and other.outputs.get("priority") == priority:
            yield Rejection("priority", f"priority {priority} is in use by {other.name}", "PriorityInUse")


def _next_priority(call: Call) -> int:
    taken = [
        other.outputs.get("priority", 0)
        for other in others_in_region(call, LISTENER_RULE, listenerArn=call.get("listenerArn"))
    ]
    return max(taken, default=0) + 1


def _rules_of_load_balancer(call: Call) -> float:
    """Return the number of rules of all listeners of the load balancer, this rule included, default rules excluded."""
    balancer = _balancer(str(call.get("listenerArn")))
    return 1 + sum(
        1
        for other in call.nearby(LISTENER_RULE)
        if _balancer(str(other.inputs.get("listenerArn"))) == balancer
        and (call.this is None or other.key != call.this.key)
    )


def _balancer(listener_arn: str) -> str:
    return listener_arn.rpartition("/")[0]


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=LISTENER_RULE,
        source=sdk("lb/listenerrule"),
        id=lambda call: below(call.get("listenerArn"), "listener-rule", call),
        outputs={"arn": "{id}", "priority": _next_priority},
        replaces=frozenset({"listenerArn"}),
        replace_source=schema_of("elbv2/listener_rule.go"),
        ranges={"priority": (1, 50000), "actions[*].order": (1, 50000)},
        enums={"actions[*].redirect.statusCode": ("HTTP_301", "HTTP_302")},
        references=(to_listener(holds=False), *forwards_to("actions")),
        quotas=(
            Quota(
                limit=100,
                per="listenerArn",
                what="rules per load balancer",
                code="TooManyRules",
                needs=_rules_of_load_balancer,
                source=QUOTAS,
            ),
        ),
        rules=(
            rule_actions,
            action_inputs,
            rule_conditions,
            priority_is_free,
            _application_only,
            target_group_fits,
            authentication_on_https,
            group_stickiness,
        ),
    ),
)
