"""Policy documents: parse the JSON of a policy into statements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (read 2026-11-24)"


class UnreadablePolicyError(ValueError):
    """A policy is not JSON, or has no statements: what it allows cannot be decided."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy, with lists in place of single values. Source: GRAMMAR."""

    effect: str  # "Allow" or "Deny"
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: Mapping[str, tuple[str, ...]] | None = None  # None in an identity-based policy
    not_principals: Mapping[str, tuple[str, ...]] | None = None
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    label: str = ""  # the policy's name, and the Sid or position, for messages
    has_variables: bool = False  # whether the policy's version supports policy variables


def statements(document: Any, name: str) -> tuple[Statement, ...]:
    """Return the statements of a policy (JSON text or parsed). Raises UnreadablePolicyError."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            raise UnreadablePolicyError(f"{name} is not JSON") from error
    if not isinstance(document, Mapping):
        raise UnreadablePolicyError(f"{name} is not a JSON object")
    given = document.get("Statement")
    if isinstance(given, Mapping):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise UnreadablePolicyError(f"{name} has no statements")
    # Without a Version, a policy has the version 2008-10-17, in which variables are plain text.
    variables = document.get("Version") == "2012-10-17"
    return tuple(_statement(each, f"{name}, {_title(each, at)}", variables) for at, each in enumerate(given, 1))


def _title(statement: Mapping[str, Any], position: int) -> str:
    sid = statement.get("Sid")
    return f"statement '{sid}'" if sid else f"statement {position}"


def _statement(given: Mapping[str, Any], label: str, variables: bool) -> Statement:
    return Statement(
        effect=str(given.get("Effect")),
        actions=_texts(given.get("Action")),
        not_actions=_texts(given.get("NotAction")),
        resources=_texts(given.get("Resource")),
        not_resources=_texts(given.get("NotResource")),
        principals=_principals(given.get("Principal")),
        not_principals=_principals(given.get("NotPrincipal")),
        conditions={
            str(operator): {str(key): _texts(values) for key, values in tests.items()}
            for operator, tests in (given.get("Condition") or {}).items()
        },
        label=label,
        has_variables=variables,
    )


def _principals(given: Any) -> Mapping[str, tuple[str, ...]] | None:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {str(kind): _texts(names) for kind, names in given.items()}
    return {"AWS": _texts(given)}  # "*" is everyone


def _texts(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return tuple(_text(each) for each in (given if isinstance(given, list) else [given]))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
