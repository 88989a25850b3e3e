"""ElastiCache: the access strings of users."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, documented, rule
from .elasticache_users import USER
from .same_scope import known
from .sources import sdk

_CATEGORIES = frozenset(
    (
        *("keyspace", "read", "write", "set", "sortedset", "list", "hash", "string", "bitmap", "hyperloglog", "geo"),
        *("stream", "pubsub", "admin", "fast", "slow", "blocking", "dangerous", "connection", "transaction"),
        *("scripting", "all", "json", "search", "bloom"),
    )
)
"""`ACL CAT` of Valkey 8 and Redis 7, and the modules that ElastiCache has."""
_TOKEN = re.compile(
    r"on|off|allkeys|resetkeys|allchannels|resetchannels|allcommands|nocommands|clearselectors|sanitize-payload"
    r"|skip-sanitize-payload|~\S*|%(R|W|RW|WR)~\S*|&\S*|[+-]@(?P<category>[a-z]+)|[+-][a-z][a-z0-9_.-]*(\|[a-z0-9_.-]+)?",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"nopass|resetpass|reset|[><#!].*", re.IGNORECASE)


@rule(
    "access-string",
    Stage.CREATE,
    Stage.UPDATE,
    source=assumed(
        "from memory; to check: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (specifying"
        " permissions using an access string), and the ACL rules of Valkey"
    ),
)
def _access_string(call: Call) -> Iterator[Rejection]:
    text = known(call, "accessString")
    if not isinstance(text, str):
        return
    for token in text.replace("(", " ").replace(")", " ").split():
        if _PASSWORD.fullmatch(token):
            reason = f"passwords are not supported in an access string (got '{token[:1]}…')"
        elif (found := _TOKEN.fullmatch(token)) is None:
            reason = f"'{token}' is not a rule of an access string"
        elif found["category"] and found["category"].lower() not in _CATEGORIES:
            reason = f"unknown command category '{found['category']}'"
        else:
            continue
        yield Rejection("accessString", f"Access String is invalid: {reason}.", "InvalidParameterValue")


@rule(
    "default-user-exists",
    Stage.CREATE,
    source=documented("botocore 1.44, CreateUser: UserAlreadyExists", read="2026-11-29"),
)
def _default_user(call: Call) -> Iterator[Rejection]:
    if str(call.get("userId")).lower() == "default":
        yield Rejection("userId", "The user 'default' already exists. ElastiCache creates it.", "UserAlreadyExists")


@rule("passwords-of-authentication-mode", Stage.CREATE, Stage.UPDATE, source=sdk("elasticache/user"))
def _passwords(call: Call) -> Iterator[Rejection]:
    kind, passwords = known(call, "authenticationMode.type"), call.get("authenticationMode.passwords")
    if kind == "password" and not passwords:
        yield Rejection(
            "authenticationMode.passwords", "Passwords are required for the authentication type password.",
            "InvalidParameterCombination",
        )  # fmt: skip
    if kind in ("iam", "no-password-required") and passwords:
        yield Rejection(
            "authenticationMode.passwords", f"Passwords are not supported with the authentication type {kind}.",
            "InvalidParameterCombination",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=USER, source=sdk("elasticache/user"), rules=(_access_string, _default_user, _passwords)),
)
