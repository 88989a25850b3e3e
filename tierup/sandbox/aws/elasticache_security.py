"""ElastiCache: AUTH tokens, user groups and encryption of a replication group."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Call,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)

from .elasticache import CREATE, USER_GROUP
from .elasticache_engines import engine_of
from .network import APPLY
from .same_scope import known
from .sources import sdk

AUTH_TOKEN_SIGNS = "!&#$^<>-"  # noqa: S105  # the signs a token may hold


@rule("auth-token", Stage.PLAN, source=CREATE)
def auth_token(call: Call) -> Iterator[Rejection]:
    """Validate the token. The message never contains it."""
    for path in ("authToken", "authTokenWo"):
        token = call.get(path)
        if token is None:
            continue
        secondary = call.get("globalReplicationGroupId") not in (None, "")  # has the encryption of its primary
        if call.get("transitEncryptionEnabled") in (None, False) and not secondary:
            yield Rejection(path, f"{path} requires transitEncryptionEnabled", "InvalidParameterCombination")
        if token is UNKNOWN:
            continue
        if not 16 <= len(token) <= 128:
            yield Rejection(
                path,
                f"invalid token length (got {len(token)} characters). Allowed are 16 to 128.",
                "InvalidParameterValue",
            )
        if wrong := sorted(
            {sign for sign in token if not (sign.isascii() and sign.isalnum()) and sign not in AUTH_TOKEN_SIGNS}
        ):
            yield Rejection(
                path,
                f"the token contains {len(wrong)} characters that are not allowed. Allowed are letters, digits and"
                f" {AUTH_TOKEN_SIGNS}.",
                "InvalidParameterValue",
            )


@rule("user-groups-require-encryption", Stage.PLAN, source=CREATE)
def user_groups_inputs(call: Call) -> Iterator[Rejection]:
    groups = call.get("userGroupIds")
    if not groups:
        return
    if call.get("transitEncryptionEnabled") in (None, False):
        yield Rejection("userGroupIds", "user groups require transitEncryptionEnabled", "InvalidParameterCombination")
    if isinstance(groups, list) and len(groups) > 1:
        yield Rejection(
            "userGroupIds",
            f"too many user groups (got {len(groups)}). A replication group has at most one.",
            "InvalidParameterCombination",
        )


@rule(
    "token-strategy-fits", Stage.PLAN,
    source=documented(
        "https://github.com/hashicorp/terraform-provider-aws/pull/45518 (authTokenUpdateStrategyValidate of"
        " internal/service/elasticache/replication_group.go)",
        read="2026-11-24",
    ),
)  # fmt: skip
def token_strategy(call: Call) -> Iterator[Rejection]:
    strategy = known(call, "authTokenUpdateStrategy")
    token = any(call.inputs.get(path) is not None for path in ("authToken", "authTokenWo"))
    if strategy == "DELETE" and token:
        yield Rejection(
            "authToken",
            "not allowed with authTokenUpdateStrategy DELETE. Omit authToken.",
            "InvalidParameterCombination",
        )
    if strategy in ("SET", "ROTATE") and not token:
        yield Rejection("authTokenUpdateStrategy", f"{strategy} requires authToken", "InvalidParameterCombination")


@rule(
    "users-take-the-tokens-place", Stage.UPDATE,
    source=documented("https://github.com/hashicorp/terraform-provider-aws/issues/39546", read="2026-11-24"),
)  # fmt: skip
def token_to_users(call: Call) -> Iterator[Rejection]:
    had_token = (call.old or {}).get("authToken") is not None
    if had_token and call.get("userGroupIds") and call.get("authTokenUpdateStrategy") != "DELETE":
        yield Rejection(
            "userGroupIds",
            "a user group cannot be associated while the AUTH token is enabled. Set authTokenUpdateStrategy to DELETE.",
            "InvalidParameterCombination",
        )


@rule("encryption-in-transit", Stage.PLAN, source=CREATE)
def encryption(call: Call) -> Iterator[Rejection]:
    encrypted = call.get("transitEncryptionEnabled")
    if call.get("transitEncryptionMode") is not None and encrypted in (None, False):
        yield Rejection(
            "transitEncryptionMode",
            "transitEncryptionMode requires transitEncryptionEnabled",
            "InvalidParameterCombination",
        )
    if encrypted is True and call.get("subnetGroupName") is None and call.get("globalReplicationGroupId") is None:
        yield Rejection(
            "subnetGroupName", "encryption in transit requires subnetGroupName (a VPC)", "InvalidParameterCombination"
        )
    at_rest = call.get("atRestEncryptionEnabled", engine_of(call.inputs) == "valkey")
    if call.get("kmsKeyId") is not None and at_rest in (None, False) and at_rest is not UNKNOWN:
        yield Rejection("kmsKeyId", "kmsKeyId requires atRestEncryptionEnabled", "InvalidParameterCombination")


@rule("transit-encryption-changes-by-preferred", Stage.UPDATE, source=sdk("elasticache/replicationgroup"))
def transit_steps(call: Call) -> Iterator[Rejection]:
    before, after = (call.old or {}).get("transitEncryptionEnabled"), call.get("transitEncryptionEnabled")
    if not before and after and call.get("transitEncryptionMode") != "preferred":
        yield Rejection(
            "transitEncryptionMode",
            "encryption in transit is enabled in two updates: first preferred, then required",
            "InvalidParameterCombination",
        )


@rule("user-group-matches-engine", *APPLY, source=assumed("a valkey user group is not supported for redis"))
def user_group_engine(call: Call) -> Iterator[Rejection]:
    for at, group in located(call.inputs, "userGroupIds[*]"):
        found = next(call.nearby(USER_GROUP, userGroupId=group), None)
        if found and engine_of(found.outputs) == "valkey" and engine_of(call.inputs) == "redis":
            yield Rejection(
                at,
                f"the user group {group} has engine valkey, the replication group has redis",
                "InvalidParameterCombination",
            )
