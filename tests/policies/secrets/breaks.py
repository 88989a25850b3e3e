"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.access.breaks import with_statement
from tests.policies.breaks import Break

KEY = "aws:kms/key:Key"

BREAKS: Mapping[str, Break] = {
    "SEC-001": Break("aws:secretsmanager/secretRotation:SecretRotation", {}),
    "SEC-002": Break("aws:secretsmanager/secret:Secret", {"recoveryWindowInDays": 0.0}),
    "SEC-003": Break("aws:ssm/parameter:Parameter", {"type": "String"}),
    "SEC-004": Break("aws:lambda/function:Function", {"environment.variables.DB_PASSWORD": "correct-horse-battery"}),
    "SEC-005": Break(KEY, {"enableKeyRotation": False}),
    "SEC-006": Break(KEY, {"policy": with_statement(Principal={"AWS": "*"}, Action="kms:Decrypt", Resource="*")}),
    "SEC-008": Break(
        "aws:sns/topicPolicy:TopicPolicy",
        {"policy": with_statement(Principal="*", Action="sns:Publish", Resource="*")},
    ),
}
