"""What a resource policy lets an AWS service do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ..rule import Indeterminate


def service_may(policy: str, service: str, actions: Sequence[str]) -> bool:
    """Whether statements of the policy allow `service` each of the actions. Conditions are taken to be met.

    Raises Indeterminate when the policy is not JSON.
    """
    allowed = [
        pattern.lower()
        for statement in _statements(policy)
        if statement.get("Effect") == "Allow" and _is_for(statement.get("Principal"), service)
        for pattern in _listed(statement.get("Action"))
    ]
    return all(any(fnmatchcase(action.lower(), pattern) for pattern in allowed) for action in actions)


def _statements(policy: str) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(policy)
    except ValueError:
        raise Indeterminate("its policy is not JSON") from None
    statements = document.get("Statement") if isinstance(document, dict) else None
    yield from [statements] if isinstance(statements, dict) else statements or ()


def _is_for(principal: object, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _listed(principal.get("Service")) or "*" in _listed(principal.get("AWS"))
    return principal == "*"


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value] if isinstance(value, list) else []
