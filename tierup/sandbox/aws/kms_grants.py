"""KMS: grants, and the actions and resources of key policies."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, located, rule
from .iam import to_role
from .kms import KEY, key_of
from .policy_documents import foreign_actions, statements_of
from .sources import api, sdk

_GRANT = "aws:kms/grant:Grant"
_CREATE_GRANT = api("kms", "CreateGrant: Operations, InvalidArnException")
_SYMMETRIC = frozenset(
    (
        *("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"),
        *("CreateGrant", "RetireGrant", "DescribeKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
    )
)
"""Grant operations for symmetric encryption keys:
https://docs.aws.amazon.com/kms/latest/developerguide/grants.html (from memory)."""


@rule("grant-operations-fit-the-key", Stage.CREATE, source=_CREATE_GRANT)
def _operations(call: Call) -> Iterator[Rejection]:
    if call.get("operations") == []:
        yield Rejection("operations", "At least one operation is required.", "ValidationException")
    key = key_of(call, call.get("keyId"))
    if key is None or key.outputs.get("customerMasterKeySpec") != "SYMMETRIC_DEFAULT":
        return
    for at, operation in located(call.inputs, "operations[*]"):
        if operation not in _SYMMETRIC:
            yield Rejection(
                at, f"The operation {operation} is not supported for a key with the key spec SYMMETRIC_DEFAULT.",
                "ValidationException",
            )  # fmt: skip


@rule(
    "key-policy-statements",
    Stage.CREATE,
    Stage.UPDATE,
    source=assumed(
        "from memory; to check: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html: Action"
        " and Resource of a key policy are required"
    ),
)
def _policy(call: Call) -> Iterator[Rejection]:
    policy = call.get("policy")
    for action in foreign_actions(policy, "kms"):
        yield Rejection(
            "policy", f"The action '{action}' is not one of KMS.", "MalformedPolicyDocumentException"
        )  # fmt: skip
    for position, statement in enumerate(statements_of(policy), 1):
        if "Resource" not in statement and "NotResource" not in statement:
            yield Rejection(
                "policy", f"Statement {position} has no Resource. The Resource of a key policy is required.",
                "MalformedPolicyDocumentException",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=_GRANT,
        source=sdk("kms/grant"),
        references=(
            to_role(
                "granteePrincipal", code="InvalidArnException", source=_CREATE_GRANT,
                external=r"(?!arn:[^:]*:iam::123456789012:role/).*|.*:role/(aws-)?service-role/.*",
            ),
        ),
        rules=(_operations,),
    ),
    Behaviour(type=KEY, source=sdk("kms/key"), rules=(_policy,)),
    Behaviour(type="aws:kms/keyPolicy:KeyPolicy", source=sdk("kms/keypolicy"), rules=(_policy,)),
)  # fmt: skip
