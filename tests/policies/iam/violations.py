"""A violation of each rule of this area."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tests.policies.violations import Violation

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def with_statement(**elements: object) -> Callable[[str], str]:
    """Return a function that adds a statement with these elements, which allows access, to a policy document."""

    def change(policy: str) -> str:
        document = json.loads(policy)
        found = document["Statement"]
        document["Statement"] = [*(found if isinstance(found, list) else [found]), {"Effect": "Allow", **elements}]
        return json.dumps(document)

    return change


VIOLATIONS: Mapping[str, Violation] = {
    "IAM-001": Violation(ROLE_POLICY, {"policy": with_statement(Action="*", Resource="*")}),
    "IAM-002": Violation(
        "aws:iam/role:Role", {"assumeRolePolicy": with_statement(Principal="*", Action="sts:AssumeRole")}
    ),
    "IAM-003": Violation("aws:iam/accessKey:AccessKey", {"status": "Active"}),
    "IAM-004": Violation(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "IAM-005": Violation(ROLE_POLICY, {"policy": with_statement(Action="iam:PassRole", Resource="*")}),
}
