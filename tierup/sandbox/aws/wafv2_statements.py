"""AWS WAF: walk over the statements of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    Call,
    Plain,
    located,
)

GROUPS = ("managedRuleGroupStatement", "ruleGroupReferenceStatement")


def statement_parts(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind, content in statement.items():
        if isinstance(content, dict):
            yield kind, content


def walk_statements(at: str, statement: Plain) -> Iterator[tuple[str, str, Mapping[str, Any], int]]:
    """Yield (path, kind, content, depth) of a statement and of its nested statements."""
    stack: list[tuple[str, Plain, int]] = [(at, statement, 0)]
    while stack:
        here, each, depth = stack.pop()
        if not isinstance(each, dict):
            continue
        for kind, content in statement_parts(each):
            path = f"{here}.{kind}"
            yield path, kind, content, depth
            nested = content.get("statements") or ()
            if isinstance(nested, list):
                stack += [(f"{path}.statements[{index}]", inner, depth + 1) for index, inner in enumerate(nested)]
            for single in (
                "scopeDownStatement",
                "statement",
            ):  # a notStatement has one nested statement, the others have several
                stack.append((f"{path}.{single}", content.get(single), depth + 1))


def rules_of(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict):
            yield at, each
