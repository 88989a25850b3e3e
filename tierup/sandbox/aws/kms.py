"""KMS: keys and aliases. A deleted key stays scheduled for deletion; its aliases are free at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    BehaviourRule,
    Call,
    Name,
    Plain,
    Quota,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from ..cloud import CloudResource
from .arns import account_of
from .policy_documents import listed, policy_document
from .same_scope import known
from .service_references import token
from .sources import api, created_only, schema_of, sdk

KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"

_KEY_POLICY = api("kms", "CreateKeyRequest")


_KEYS = (KEY, *map(token, ("kms.ExternalKey", "kms.ReplicaExternalKey", "kms.ReplicaKey")))


def _key(call: Call, value: str) -> CloudResource | None:
    """Return the key with a key id or key ARN."""
    by_id = (call.cloud.get(type, value) for type in _KEYS)
    return next(filter(None, by_id), None) or next(call.cloud.find(_KEYS, arn=value), None)


def key_of(call: Call, value: str) -> CloudResource | None:
    """Return the key that a key id, key ARN, alias name or alias ARN refers to."""
    if found := _key(call, value):
        return found
    by = "arn" if value.startswith("arn:") else "name"
    alias = next(call.nearby(ALIAS, **{by: value}), None)
    return _key(call, alias.inputs["targetKeyId"]) if alias else None


def key_exists(path: str, code: str, managed: str = r"(arn:.*:)?alias/aws/.+") -> BehaviourRule:
    """Return a rule: the input at `path` is a key of this region, or an AWS managed key (`managed`)."""

    @rule(f"{path.rpartition('.')[2].lower()}-exists", Stage.CREATE, Stage.UPDATE, source=api("kms", "DescribeKey"))
    def check(call: Call) -> Iterator[Rejection]:
        for at, value in located(call.inputs, path):
            if not isinstance(value, str) or re.fullmatch(managed, value):
                continue
            # The sandbox has one account: it accepts the ARN of another account's key.
            if account_of(value) not in ("", call.account):
                continue
            key = key_of(call, value)
            if key is None:
                yield Rejection(at, f"the KMS key '{value}' does not exist", code)
            elif key.region != call.region:
                yield Rejection(
                    at, f"the KMS key '{value}' is in {key.region}, this resource is in {call.region}", code
                )

    return check


def _default_policy(call: Call) -> str:
    """Return the default key policy, which lets the account's IAM policies control access."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Id": "key-default-1",
            "Statement": [
                {
                    "Sid": "Enable IAM User Permissions",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{call.account}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ],
        }
    )


@rule("key-policy-allows-account", Stage.PLAN, source=_KEY_POLICY)
def _no_lockout(call: Call) -> Iterator[Rejection]:
    policy = known(call, "policy")
    if not isinstance(policy, str) or call.get("bypassPolicyLockoutSafetyCheck") is True:
        return
    try:
        statements = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError):
        return  # another rule rejects text that is not a JSON object
    if isinstance(statements, dict):
        statements = [statements]
    if not any(_administers(statement, call.account) for statement in statements):
        yield Rejection(
            "policy",
            "the new key policy will not allow you to update the key policy in the future: no statement allows"
            f" kms:PutKeyPolicy to account {call.account}. Add a statement for 'arn:aws:iam::{call.account}:root'"
            " with 'kms:*'.",
            "MalformedPolicyDocumentException",
        )


def _administers(statement: Plain, account: str) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    names = listed(principal.get("AWS") if isinstance(principal, dict) else principal)
    actions = {str(action).lower() for action in listed(statement.get("Action"))}
    return any(name in ("*", account) or account_of(str(name)) == account for name in names) and bool(
        actions & {"*", "kms:*", "kms:put*", "kms:putkeypolicy"}
    )


@rule("only-symmetric-keys-rotate", Stage.PLAN, source=api("kms", "EnableKeyRotation"))
def _rotation(call: Call) -> Iterator[Rejection]:
    spec = known(call, "customerMasterKeySpec", "SYMMETRIC_DEFAULT")
    if call.get("enableKeyRotation") is True and spec != "SYMMETRIC_DEFAULT":
        yield Rejection(
            "enableKeyRotation",
            f"automatic rotation does not support key spec {spec}. Only SYMMETRIC_DEFAULT keys rotate automatically.",
            "UnsupportedOperationException",
        )
    if known(call, "rotationPeriodInDays") is not None and call.get("enableKeyRotation") in (None, False):
        yield Rejection("rotationPeriodInDays", "requires enableKeyRotation: true", "UnsupportedOperationException")


@rule("alias-target-exists", Stage.CREATE, Stage.UPDATE, source=api("kms", "CreateAlias"))
def _alias_target(call: Call) -> Iterator[Rejection]:
    target = call.get("targetKeyId")
    key = _key(call, str(target))
    if key is None:
        yield Rejection("targetKeyId", f"the KMS key '{target}' does not exist", "NotFoundException")
    elif key.region != call.region:
        yield Rejection(
            "targetKeyId", f"the key is in {key.region}, the alias is in {call.region}", "NotFoundException"
        )


def _target_arn(call: Call) -> str:
    target = call.get("targetKeyId")
    key = None if target is UNKNOWN else key_of(call, target)
    return key.outputs["arn"] if key else str(target)


def _key_id(call: Call) -> str:
    digits = call.hex(32)
    if call.get("multiRegion") is True:
        return f"mrk-{digits}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=KEY,
        source=sdk("kms/key"),
        id=_key_id,
        outputs={
            "arn": "arn:aws:kms:{region}:{account}:key/{id}",
            "keyId": "{id}",
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
            "multiRegion": False,
            "policy": _default_policy,
            "rotationPeriodInDays": lambda call: 365 if call.get("enableKeyRotation") is True else 0,
        },
        replaces=frozenset({"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"}),
        replace_source=schema_of("kms/key.go"),
        enums={
            "keyUsage": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
            "customerMasterKeySpec": (
                "SYMMETRIC_DEFAULT", "RSA_2048", "RSA_3072", "RSA_4096", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512",
                "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ML_DSA_44", "ML_DSA_65",
                "ML_DSA_87", "SM2",
            ),
        },
        ranges={"deletionWindowInDays": (7, 30), "rotationPeriodInDays": (90, 2560)},
        quotas=(
            Quota(
                limit=100_000,
                per="region",
                what="KMS keys per Region",
                source=assumed(
                    "KMS's default quota from secondary sources; page to check:"
                    " https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html"
                ),
            ),
        ),
        rules=(
            policy_document("policy", "resource", longest=32_768, code="MalformedPolicyDocumentException"),
            _no_lockout,
            _rotation,
        ),
    ),
    Behaviour(
        type=ALIAS,
        source=sdk("kms/alias"),
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": "arn:aws:kms:{region}:{account}:{id}",
            "namePrefix": "",
        },
        derived={"targetKeyArn": _target_arn},
        replaces=frozenset({"name", "namePrefix"}),
        replace_source=created_only("AWS::KMS::Alias"),
        name=Name(
            longest=256,
            shortest=7,
            pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+",
            allowed="'alias/' (not 'alias/aws/', which is reserved), then letters, digits, '/', '_' and '-'",
            shape=lambda name: f"alias/{name}",
            taken="AlreadyExistsException",
            source=api("kms", "CreateAlias"),
        ),
        rules=(_alias_target,),
    ),
)  # fmt: skip
