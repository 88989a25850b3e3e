"""EventBridge and SNS: the operators of event patterns, and the keys of filter policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, rule
from .same_scope import known
from .sources import quoted, sdk

_OPERATORS = ("anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard")
_COMPARISONS = ("<", "<=", "=", ">", ">=")
_MAX_KEYS = 5


def _parsed(call: Call, path: str) -> Any:
    text = known(call, path)
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _unknown_operators(pattern: Mapping[str, Any]) -> Iterator[str]:
    for key, value in pattern.items():
        if isinstance(value, dict):
            yield from _unknown_operators(value)
        for each in value if isinstance(value, list) else ():
            if not isinstance(each, dict):
                continue
            if key == "$or":
                yield from _unknown_operators(each)
                continue
            for operator, operand in each.items():
                if operator not in _OPERATORS:
                    yield f"Unrecognized match type {operator}"
                elif operator == "numeric" and isinstance(operand, list):
                    comparisons = [one for one in operand[::2] if one not in _COMPARISONS]
                    yield from (f"Unrecognized numeric range operator: {one}" for one in comparisons)


@rule(
    "event-pattern-operators",
    Stage.PLAN,
    source=quoted("Event pattern is not valid. Reason: Unrecognized match type"),
)
def _pattern(call: Call) -> Iterator[Rejection]:
    pattern = _parsed(call, "eventPattern")
    if pattern is None and isinstance(known(call, "eventPattern"), str):
        yield Rejection(
            "eventPattern", "Event pattern is not valid. Reason: it is not JSON.", "InvalidEventPatternException"
        )
    if pattern == {}:
        yield Rejection(
            "eventPattern", "Event pattern is not valid. Reason: Empty event pattern.", "InvalidEventPatternException"
        )
    for reason in _unknown_operators(pattern) if isinstance(pattern, dict) else ():
        yield Rejection("eventPattern", f"Event pattern is not valid. Reason: {reason}", "InvalidEventPatternException")


def _keys(policy: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a filter policy that have values, nested ones included."""
    for key, value in policy.items():
        if isinstance(value, dict):
            yield from _keys(value)
        elif key != "$or":
            yield key, value


@rule(
    "filter-policy-keys",
    Stage.PLAN,
    source=assumed(
        "InvalidParameter of SNS; to check: https://docs.aws.amazon.com/sns/latest/dg/"
        "subscription-filter-policy-constraints.html (five keys, lists of values)"
    ),
)
def _filter(call: Call) -> Iterator[Rejection]:
    policy = _parsed(call, "filterPolicy")
    if not isinstance(policy, dict):
        return
    keys = list(_keys(policy))
    for key, value in keys:
        if not isinstance(value, list):
            yield Rejection(
                "filterPolicy",
                f'Invalid parameter: FilterPolicy: "{key}" must be an object or an array',
                "InvalidParameter",
            )
    if len(keys) > _MAX_KEYS:
        yield Rejection(
            "filterPolicy",
            f"Invalid parameter: FilterPolicy: Filter policy can not have more than {_MAX_KEYS} keys",
            "InvalidParameter",
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:cloudwatch/eventRule:EventRule", source=sdk("cloudwatch/eventrule"), rules=(_pattern,)),
    Behaviour(
        type="aws:cloudwatch/eventArchive:EventArchive", source=sdk("cloudwatch/eventarchive"), rules=(_pattern,)
    ),
    Behaviour(
        type="aws:sns/topicSubscription:TopicSubscription", source=sdk("sns/topicsubscription"), rules=(_filter,)
    ),
)
