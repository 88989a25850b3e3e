"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.iam.violations import with_statement
from tests.policies.violations import Violation

KEY = "aws:kms/key:Key"

VIOLATIONS: Mapping[str, Violation] = {
    "SEC-001": Violation("aws:secretsmanager/secretRotation:SecretRotation", {}),
    "SEC-002": Violation("aws:secretsmanager/secret:Secret", {"recoveryWindowInDays": 0.0}),
    "SEC-003": Violation("aws:ssm/parameter:Parameter", {"type": "String"}),
    "SEC-004": Violation(
        "aws:lambda/function:Function", {"environment.variables.DB_PASSWORD": "correct-horse-battery"}
    ),
    "SEC-005": Violation(KEY, {"enableKeyRotation": False}),
    "SEC-006": Violation(KEY, {"policy": with_statement(Principal={"AWS": "*"}, Action="kms:Decrypt", Resource="*")}),
    "SEC-008": Violation(
        "aws:sns/topicPolicy:TopicPolicy",
        {"policy": with_statement(Principal="*", Action="sns:Publish", Resource="*")},
    ),
}
