"""Role-based access control of the cache: an application user without administrative commands, a disabled `default`.

Creates two ElastiCache users and their user group. It does not create the cache, which uses the group's id, or
the passwords (components/secrets/app_secrets.py generates them).
Checklist: least privilege, secrets.

Redis OSS requires a user with the *name* default in every group, and otherwise adds one with full access. Valkey
requires that every user authenticates by password or IAM. A disabled default user with a password meets both.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (read 2026-11-28).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

_ID = re.compile(r"[a-z](-?[a-z0-9])*")
MAX_ID_LENGTH = 40
"""Maximum length of a user's or user group's id."""
MAX_PASSWORDS = 2
"""Maximum number of passwords of a user. Source:
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html (Passwords; read 2026-11-28)."""
_MAX_SUFFIX_LENGTH = len("-default")
_USERNAME = re.compile(r"[a-z][a-z0-9_-]*")

APP_ACCESS = "on ~* &* +@all -@dangerous -@admin +info +client|list"
"""Access string of the application: all keys and channels, and all commands except those that empty, stop or
reconfigure the cache (FLUSHALL, KEYS, CONFIG ...). INFO and CLIENT LIST are in the category dangerous, but ioredis
sends INFO on connect, and BullMQ lists its workers. Source: https://valkey.io/topics/acl/ (from memory, to be
checked)."""

NO_ACCESS = "off ~* -@all"
"""Access string of a disabled user."""


class UserEngine(StrEnum):
    """The engine of users and user groups. It cannot change after creation."""

    VALKEY = "valkey"
    """Users of a Valkey cache."""
    REDIS = "redis"
    """Users of a Redis OSS cache."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheUsersArgs:
    """Arguments of CacheUsers. Raises ValueError for a malformed id or username."""

    group_id: str
    """Id of the user group, lower case and unique in account and region, because autonaming is not possible here. A
    change replaces the group."""
    passwords: Sequence[Input[str]]
    """Passwords of the application user, 16 to 128 characters: one, and two during a rotation."""
    default_passwords: Sequence[Input[str]]
    """Passwords of the default user, one or two. For a cache that had an AUTH token, that token."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    username: str = "app"
    """Name of the application user: a lower-case letter, then lower-case letters, digits, - and _."""
    engine: UserEngine = UserEngine.VALKEY
    """Engine of the cache."""
    default_user_enabled: bool = False
    """Set True for the `up` that migrates a cache from an AUTH token to users, so that tasks with the token stay
    connected until new tasks replace them. Set False in the next `up`."""

    def __post_init__(self) -> None:
        for argument, passwords in (("passwords", self.passwords), ("default_passwords", self.default_passwords)):
            if not 1 <= len(passwords) <= MAX_PASSWORDS:
                raise ValueError(
                    f"{argument}: ElastiCache accepts one or two (got {len(passwords)}). Set one, and two during a "
                    "rotation."
                )
        max_length = MAX_ID_LENGTH - _MAX_SUFFIX_LENGTH
        if not (len(self.group_id) <= max_length and _ID.fullmatch(self.group_id)):
            raise ValueError(
                f"group_id: not a user group id (got {self.group_id!r}). "
                "Set a lower-case letter, then lower-case letters, digits and single hyphens, "
                f"at most {max_length} characters: users' ids add a suffix to it."
            )
        if not _USERNAME.fullmatch(self.username):
            raise ValueError(
                f"username: not a valid user name (got {self.username!r}). Set a lower-case letter, then lower-case "
                "letters, digits, - and _: it is part of the cache's URL."
            )
        if self.username == "default":
            raise ValueError(
                "username: reserved (got 'default'). "
                "Set another name: clients without a username authenticate as default."
            )


class CacheUsers(ComponentResource):
    """A user group with the application user and the default user."""

    group_id: Output[str]
    """Id of the user group. It resolves after both users exist."""
    username: str
    """Name of the application user."""

    def __init__(self, name: str, args: CacheUsersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:CacheUsers", name, None, opts)
        access = {
            "app": (args.username, APP_ACCESS, args.passwords),
            "default": ("default", APP_ACCESS if args.default_user_enabled else NO_ACCESS, args.default_passwords),
        }
        users = [
            aws.elasticache.User(
                f"{name}-{user}",
                user_id=f"{args.group_id}-{user}",
                user_name=username,
                engine=args.engine.value,
                access_string=access_string,
                passwords=[Output.secret(password) for password in passwords],
                tags={**args.tags, "Name": f"{name}-{user}"},
                opts=ResourceOptions(parent=self),
            )
            for user, (username, access_string, passwords) in access.items()
        ]
        group = aws.elasticache.UserGroup(
            f"{name}-group",
            user_group_id=args.group_id,
            engine=args.engine.value,
            user_ids=[user.user_id for user in users],
            tags={**args.tags, "Name": name},
            opts=ResourceOptions(parent=self),
        )

        self.group_id = group.user_group_id
        self.username = args.username
        self.register_outputs({"group_id": self.group_id, "username": self.username})
