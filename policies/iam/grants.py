"""Identity-based policies: managed policies, and inline policies of a role, a user or a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..rule import NotApplicable, Resource, Stack, items
from .documents import Statement, statements

ROLE = "aws:iam/role:Role"
USER = "aws:iam/user:User"
MANAGED = "aws:iam/policy:Policy"
HOLDERS = (
    MANAGED,
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    ROLE,
)


def grants(holder: Resource, stack: Stack) -> Iterator[Statement]:
    """Yield the statements with which a policy or a role allows something.

    Raises NotApplicable for a permissions boundary, which grants no permission, and for a role without inline policies.
    """
    if holder.type == MANAGED and any(
        True for _ in stack.referring((ROLE, USER), "permissionsBoundary", holder, "arn")
    ):
        raise NotApplicable("a permissions boundary grants no permission")
    if holder.type == ROLE:
        inline = list(items(holder.properties, "inlinePolicies"))
        if not inline:
            raise NotApplicable("its policies are other resources")
        found = (
            replace(each, path=f"{path}.{each.path}")
            for path, policy in inline
            for each in statements(policy, "policy")
        )
    else:
        found = statements(holder.properties, "policy")
    yield from (statement for statement in found if statement.allows)
