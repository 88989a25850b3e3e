"""The permissions that a resource policy grants to an AWS service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..iam.documents import statements


def service_may(properties: Mapping[str, Any], service: str, actions: Sequence[str]) -> bool:
    """Return whether the policy in `properties` allows `service` each of the actions, assuming all conditions are met.

    Raises Indeterminate when the policy is unreadable.
    """
    allowing = [
        statement
        for statement in statements(properties, "policy")
        if statement.allows and (statement.for_everyone or service in statement.principals.get("Service", ()))
    ]
    return all(any(statement.allows_action(action.lower()) for statement in allowing) for action in actions)
