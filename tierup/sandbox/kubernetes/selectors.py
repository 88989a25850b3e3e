"""Label selectors: `matchLabels` and `matchExpressions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, BehaviourRule, Call, Rejection, Stage, located, rule
from .objects import INVALID, items, key_error, label_errors, mapping
from .sources import docs

_WITH_VALUES = ("In", "NotIn")
_WITHOUT_VALUES = ("Exists", "DoesNotExist")
_COMPARED = ("Gt", "Lt")
_SOURCE = docs("concepts/overview/working-with-objects/labels/#label-selectors")


def selector_rule(*paths: str) -> BehaviourRule:
    """Return the rule for the label selectors at property paths."""

    @rule("label-selector", Stage.PLAN, source=_SOURCE)
    def check(call: Call) -> Iterator[Rejection]:
        for path in paths:
            for at, selector in located(call.inputs, path):
                yield from selector_errors(at, mapping(selector))

    return check


def selector_errors(at: str, selector: Mapping[str, Any]) -> Iterator[Rejection]:
    """Yield what the API rejects in a label selector at a path."""
    for key, error in label_errors(selector.get("matchLabels")):
        yield Rejection(f"{at}.matchLabels.{key}", error, INVALID)
    for index, each in enumerate(items(selector.get("matchExpressions"))):
        path, expression = f"{at}.matchExpressions[{index}]", mapping(each)
        yield from expression_errors(path, expression)
        for position, value in enumerate(items(expression.get("values"))):
            for _, error in label_errors({"value": value}):
                yield Rejection(f"{path}.values[{position}]", error, INVALID)


def expression_errors(at: str, expression: Mapping[str, Any], *, numeric: bool = False) -> Iterator[Rejection]:
    """Yield what the API rejects in one expression. `numeric` allows the operators Gt and Lt, for labels of nodes."""
    operator, values = expression.get("operator"), expression.get("values")
    if UNKNOWN in (operator, values):
        return
    compared = _COMPARED if numeric else ()
    if operator in _WITH_VALUES:
        if not values:
            yield Rejection(f"{at}.values", f"it is required for the operator {operator}.", INVALID)
    elif operator in _WITHOUT_VALUES:
        if values:
            yield Rejection(f"{at}.values", f"must not be set for the operator {operator}.", INVALID)
    elif operator in compared:
        if len(items(values)) != 1:
            yield Rejection(f"{at}.values", f"the operator {operator} needs one value.", INVALID)
    else:
        allowed = ", ".join((*_WITH_VALUES, *_WITHOUT_VALUES, *compared))
        yield Rejection(f"{at}.operator", f"unsupported value (got '{operator}'). Supported: {allowed}.", INVALID)
    if error := key_error(str(expression.get("key") or "")):
        yield Rejection(f"{at}.key", error, INVALID)


def matches(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Return whether a selector without unknown values selects an object with labels."""
    wanted = mapping(selector.get("matchLabels"))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(mapping(each), labels) for each in items(selector.get("matchExpressions"))
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = expression.get("key"), items(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return labels.get(str(key)) in values
        case "NotIn":
            return labels.get(str(key)) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels
