"""A statement of an identity policy that allows actions, validated as IAM validates it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html (read 2026-11-28)
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*?]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyStatement:
    """Allows `actions` on `resources`. Raises ValueError for names that are not actions, and for empty lists.

    A statement cannot allow every action of every service: a task that needs this is an administrator.
    """

    actions: Sequence[str]
    """Actions, such as s3:GetObject; `*` and `?` are wildcards after the colon."""
    resources: Sequence[Input[str]]
    """ARNs, with wildcards; `*` for actions without resource-level permissions."""
    conditions: Mapping[str, Mapping[str, Input[str] | Sequence[Input[str]]]] = field(
        default_factory=dict[str, Mapping[str, Input[str] | Sequence[Input[str]]]]
    )
    """Condition operator → condition key → values, as in a policy document."""

    def __post_init__(self) -> None:
        if not self.actions or not self.resources:
            raise ValueError(
                f"actions, resources: a list is empty (got {len(self.actions)} actions and {len(self.resources)} "
                "resources). Set at least one of each."
            )
        wrong = sorted(action for action in self.actions if not _ACTION.fullmatch(action))
        if wrong:
            raise ValueError(
                f"actions: not the names of actions (got {', '.join(wrong)}). Set a service prefix in lower case, a "
                "colon and the action, such as s3:GetObject."
            )
        broad = [resource for resource in self.resources if resource == "*"]
        if broad and any(action.endswith(":*") for action in self.actions):
            raise ValueError(
                "actions, resources: every action on every resource of a service (got "
                f"{', '.join(self.actions)} on *). Name the actions, or the ARNs of the resources."
            )

    def document(self) -> dict[str, object]:
        """Return the statement as part of a policy document; its values may be Inputs, for `Output.json_dumps`."""
        statement: dict[str, object] = {
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        if self.conditions:
            statement["Condition"] = {operator: dict(keys) for operator, keys in self.conditions.items()}
        return statement
