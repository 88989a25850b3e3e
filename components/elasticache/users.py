"""Who may do what in the cache: a user for the application that cannot harm the cache itself, and a shut `default`.

Makes: two ElastiCache users and their user group. Not here: the cache, which takes the group's id, and the passwords
(app_secrets.py draws them).
Checklist: least privilege, secrets.

Redis OSS wants a user *named* default in every group and would otherwise add its own, open one; Valkey only wants that
every user logs in by a password or IAM. A default user of our own with a password, switched off, satisfies both.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html (from memory, to be checked).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

_ID = re.compile(r"[a-z](-?[a-z0-9])*")
LONGEST_ID = 40
_LONGEST_SUFFIX = len("-default")
_USERNAME = re.compile(r"[a-z][a-z0-9_-]*")

APP_ACCESS = "on ~* &* +@all -@dangerous -@admin +info +client|list"
"""All keys and channels, and all commands but those that empty, stop or reconfigure the cache (FLUSHALL, KEYS, CONFIG
...). INFO and CLIENT LIST count as dangerous, yet ioredis asks INFO at each connect, BullMQ lists its workers.
Source: https://valkey.io/topics/acl/ (from memory, to be checked)."""

NO_ACCESS = "off ~* -@all"


class UserEngine(StrEnum):
    """The engine of the cache, as users and groups name it. Fixed for ever."""

    VALKEY = "valkey"
    """For a cache on Valkey."""
    REDIS = "redis"
    """For a cache on Redis OSS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheUsersArgs:
    """The two users of one group."""

    group_id: str
    """Unique in account and region, lower case: there are no automatic names here. Another one is another group."""
    password: Input[str]
    """The application's; 16 to 128 characters."""
    default_password: Input[str]
    """Of the default user. In a cache that had a token: that token."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    username: str = "app"
    """The application's: a lower-case letter, then letters, digits, - and _."""
    engine: UserEngine = UserEngine.VALKEY
    """That of the cache."""
    default_works: bool = False
    """True for the one `up` in which a cache goes from a token to users, so that tasks with the token stay connected
    until new ones have replaced them; False from the next `up` on."""

    def __post_init__(self) -> None:
        longest = LONGEST_ID - _LONGEST_SUFFIX
        if not (len(self.group_id) <= longest and _ID.fullmatch(self.group_id)):
            raise ValueError(
                f"group_id is {self.group_id!r}; ElastiCache allows a lower-case letter, then letters, digits and "
                f"single hyphens, at most {longest} here: users' ids are made of it"
            )
        if not _USERNAME.fullmatch(self.username):
            raise ValueError(
                f"username is {self.username!r}; give a lower-case letter, then letters, digits, - and _: it stands in "
                "the cache's URL"
            )
        if self.username == "default":
            raise ValueError("username is 'default'; take another: clients that name no user log in as that one")


class CacheUsers(ComponentResource):
    """A user group that one replication group is given."""

    group_id: Output[str]
    """Known once both users stand."""
    username: str
    """The application's."""

    def __init__(self, name: str, args: CacheUsersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:CacheUsers", name, None, opts)
        access = {
            "app": (args.username, APP_ACCESS, args.password),
            "default": ("default", APP_ACCESS if args.default_works else NO_ACCESS, args.default_password),
        }
        users = [
            aws.elasticache.User(
                f"{name}-{user}",
                user_id=f"{args.group_id}-{user}",
                user_name=username,
                engine=args.engine.value,
                access_string=access_string,
                passwords=[Output.secret(password)],
                tags={**args.tags, "Name": f"{name}-{user}"},
                opts=ResourceOptions(parent=self),
            )
            for user, (username, access_string, password) in access.items()
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
