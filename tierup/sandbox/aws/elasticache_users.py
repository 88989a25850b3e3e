"""ElastiCache: users and user groups."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Quota,
    Reference,
    Rejection,
    Stage,
    located,
    rule,
)

from .elasticache import QUOTAS, USER_GROUP, name_rule
from .elasticache_engines import engine_of
from .network import APPLY
from .same_scope import known
from .sources import api, created_only, schema_of, sdk

USER = "aws:elasticache/user:User"


@rule("user-has-one-authentication", Stage.PLAN, source=sdk("elasticache/user"))
def user_authentication(call: Call) -> Iterator[Rejection]:
    given = [
        path for path in ("passwords", "passwordsWo", "authenticationMode", "noPasswordRequired") if call.get(path)
    ]
    if not given and UNKNOWN not in (call.get(path) for path in ("passwords", "passwordsWo", "authenticationMode")):
        yield Rejection(
            "authenticationMode",
            "set exactly one of passwords, authenticationMode and noPasswordRequired",
            "InvalidParameterCombination",
        )
    for path in ("passwords[*]", "authenticationMode.passwords[*]"):
        for at, password in located(call.inputs, path):
            if isinstance(password, str) and not 16 <= len(password) <= 128:
                yield Rejection(
                    at,
                    f"invalid password length (got {len(password)} characters). Allowed are 16 to 128.",
                    "InvalidParameterValue",
                )
    if known(call, "authenticationMode.type") == "iam" and known(call, "userName") != known(call, "userId"):
        yield Rejection("userName", "with IAM, userName must equal userId", "InvalidParameterCombination")


@rule("user-group-has-default-user", *APPLY, source=api("elasticache", "CreateUserGroup"))
def default_user(call: Call) -> Iterator[Rejection]:
    names: list[str] = []
    for at, user in located(call.inputs, "userIds[*]"):
        found = next(call.nearby(USER, userId=user), None)
        name = str(found.outputs.get("userName")) if found else user
        if name in names:
            yield Rejection(at, f"two users are named '{name}'", "DuplicateUserName")
        names.append(name)
        if found and engine_of(found.inputs) == "valkey" and engine_of(call.inputs) == "redis":
            yield Rejection(
                at, f"the user '{user}' has the engine valkey. Its user group must have the engine valkey, too.",
                "InvalidParameterCombination",
            )  # fmt: skip
    if "default" not in names and engine_of(call.inputs) == "redis":
        yield Rejection(
            "userIds", "a redis user group requires a user whose userName is default", "DefaultUserRequired"
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=USER,
        source=sdk("elasticache/user"),
        id=lambda call: str(call.get("userId")).lower(),
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:user:{userId}",
            "authenticationMode": lambda call: {
                "type": "no-password" if call.get("noPasswordRequired") else "password",
                "passwordCount": len(call.get("passwords") or ()),
            },
            "noPasswordRequired": False,
        },
        replaces=frozenset({"userId", "userName"}),
        replace_source=schema_of("elasticache/user.go"),
        enums={
            "engine": ("redis", "valkey", "REDIS", "VALKEY"),
            "authenticationMode.type": ("password", "iam", "no-password-required"),
        },
        conflicts=(
            ("passwords", "passwordsWo"),
            ("passwordsWo", "authenticationMode"),
            ("passwords", "authenticationMode"),
            ("noPasswordRequired", "passwords"),
        ),
        requires={"passwordsWo": ("passwordsWoVersion",)},
        secrets=frozenset({"passwords"}),
        name=name_rule("userId", 40, "UserAlreadyExists", "CreateUser", automatic=False),
        quotas=(Quota(limit=1000, per="region", what="ElastiCache users", code="UserQuotaExceeded", source=QUOTAS),),
        rules=(user_authentication,),
    ),
    Behaviour(
        type=USER_GROUP,
        source=sdk("elasticache/usergroup"),
        id=lambda call: str(call.get("userGroupId")).lower(),
        outputs={"arn": "arn:aws:elasticache:{region}:{account}:usergroup:{userGroupId}"},
        replaces=frozenset({"userGroupId"}),
        replace_source=created_only("AWS::ElastiCache::UserGroup"),
        enums={"engine": ("redis", "valkey", "REDIS", "VALKEY")},
        name=name_rule("userGroupId", 40, "UserGroupAlreadyExists", "CreateUserGroup", automatic=False),
        references=(
            Reference(
                path="userIds[*]",
                to=USER,
                by="userId",
                external="default",
                code="UserNotFound",
                in_use="InvalidUserState",
                source=api("elasticache", "CreateUserGroup"),
            ),
        ),
        quotas=(
            Quota(
                limit=100, per="region", what="ElastiCache user groups", code="UserGroupQuotaExceeded", source=QUOTAS
            ),
        ),
        rules=(default_user,),
    ),
)
