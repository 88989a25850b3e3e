"""IAM: roles and policies of services, which only AWS changes and attaches, and the quotas of users."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Quota, Rejection, Stage, documented, rule
from .iam import QUOTAS, ROLE_POLICY, ROLE_POLICY_ATTACHMENT, to_policy
from .managed_policies import managed_policy_exists
from .sources import sdk

_LINKED = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
_UNMODIFIABLE = documented(
    "Cannot perform the operation on the protected role '…' - this role is only modifiable by AWS, and Cannot attach a"
    " Service Role Policy to a Customer Role, as public repositories quote IAM; UnmodifiableEntityException and"
    " PolicyNotAttachableException of the API model of iam (botocore 1.44)",
    read="2026-11-29",
)


@rule("service-linked-role-is-protected", Stage.CREATE, source=_UNMODIFIABLE)
def _protected(call: Call) -> Iterator[Rejection]:
    role = call.get("role")
    if next(call.cloud.find(_LINKED, name=role), None) is not None:
        yield Rejection(
            "role",
            f"Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS",
            "UnmodifiableEntity",
        )
    if ":aws:policy/aws-service-role/" in str(call.get("policyArn")):
        yield Rejection(
            "policyArn", f"Cannot attach a Service Role Policy to a Customer Role (got '{call.get('policyArn')}').",
            "PolicyNotAttachable",
        )  # fmt: skip


def _groups(call: Call) -> float:
    groups = call.get("groups")
    return len(set(groups)) if isinstance(groups, list) else 0


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=ROLE_POLICY_ATTACHMENT, source=sdk("iam/rolepolicyattachment"), rules=(_protected,)),
    Behaviour(type=ROLE_POLICY, source=sdk("iam/rolepolicy"), rules=(_protected,)),
    Behaviour(
        type="aws:iam/user:User",
        source=sdk("iam/user"),
        references=(to_policy("permissionsBoundary"),),
        rules=(managed_policy_exists("permissionsBoundary"),),
    ),
    Behaviour(
        type="aws:iam/userGroupMembership:UserGroupMembership",
        source=sdk("iam/usergroupmembership"),
        quotas=(
            Quota(
                limit=10, per="account", what="groups per user", code="LimitExceeded", needs=_groups, path="groups",
                source=QUOTAS,
            ),
        ),
    ),
)  # fmt: skip
