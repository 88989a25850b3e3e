"""KMS: the use of a key against its specification, and replicas of multi-Region keys."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, rule
from .arns import account_of, region_of
from .kms import KEY
from .same_scope import known
from .sources import sdk, unread


@rule("key-usage-fits-spec", Stage.PLAN, source=unread("kms", "CreateKeyRequest: KeyUsage, KeySpec"))
def _usage(call: Call) -> Iterator[Rejection]:
    spec = str(known(call, "customerMasterKeySpec", "SYMMETRIC_DEFAULT"))
    usage = str(known(call, "keyUsage", "ENCRYPT_DECRYPT"))
    if spec == "SYMMETRIC_DEFAULT":
        allowed: tuple[str, ...] = ("ENCRYPT_DECRYPT",)
    elif spec.startswith("HMAC_"):
        allowed = ("GENERATE_VERIFY_MAC",)
    elif spec.startswith("RSA_"):
        allowed = ("ENCRYPT_DECRYPT", "SIGN_VERIFY")
    elif spec == "SM2":
        allowed = ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT")
    elif spec == "ECC_SECG_P256K1" or spec.startswith("ML_DSA") or spec == "ECC_NIST_EDWARDS25519":
        allowed = ("SIGN_VERIFY",)
    else:
        allowed = ("SIGN_VERIFY", "KEY_AGREEMENT")
    if usage not in allowed:
        yield Rejection(
            "keyUsage",
            f"KeyUsage {usage} is not compatible with KeySpec {spec}. Allowed are {' and '.join(allowed)}.",
            "ValidationException",
        )


@rule("replica-of-multi-region-key", Stage.CREATE, source=unread("kms", "ReplicateKey"))
def _replica(call: Call) -> Iterator[Rejection]:
    arn = str(call.get("primaryKeyArn"))
    if region_of(arn) == call.region:
        yield Rejection(
            "primaryKeyArn", f"The replica must be in another Region than the primary key ({call.region}).",
            "ValidationException",
        )  # fmt: skip
    primary = next(call.cloud.find(KEY, arn=arn), None)
    if primary is not None and primary.inputs.get("multiRegion") is not True:
        yield Rejection("primaryKeyArn", f"{arn} is not a multi-Region primary key.", "UnsupportedOperationException")
    elif primary is None and account_of(arn) == call.account:
        yield Rejection("primaryKeyArn", f"the Key '{arn}' does not exist", "NotFoundException")
    replicas = [other for other in call.cloud.find(call.type, primaryKeyArn=arn) if other.urn != call.urn]
    if any(other.region == call.region for other in replicas):
        yield Rejection("primaryKeyArn", f"{arn} has a replica in {call.region}.", "AlreadyExistsException")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=KEY, source=sdk("kms/key"), rules=(_usage,)),
    Behaviour(type="aws:kms/replicaKey:ReplicaKey", source=sdk("kms/replicakey"), rules=(_replica,)),
)
