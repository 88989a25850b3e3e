"""Database users besides the application's own: readers, migrations, or the application as an IAM role.

Makes: one database user an entry, on one database of one cluster. Not here: the application's user with a password,
which comes with the cluster (atlas_cluster.py).
Checklist: least privilege, secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.connection_string import connection_uri, iam_connection_uri

_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Access(StrEnum):
    """What a user may do in the database. None may create users, or see another database."""

    APPLICATION = "application"
    """Reads and writes documents."""
    READ_ONLY = "read-only"
    """Reads. For reports and people."""
    MIGRATION = "migration"
    """Reads, writes, and changes collections: validators, indexes, renames."""


ROLES: Mapping[Access, tuple[str, ...]] = {
    Access.APPLICATION: ("readWrite",),
    Access.READ_ONLY: ("read",),
    Access.MIGRATION: ("readWrite", "dbAdmin"),
}
"""Source: https://www.mongodb.com/docs/manual/reference/built-in-roles/ (from memory, to be checked)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasUser:
    """One user, who logs in by a password or as an IAM role: exactly one of them."""

    access: Access
    """What the user may do."""
    password: Input[str] | None = None
    """Secret; None for a role."""
    role_arn: Input[str] | None = None
    """Of a task role: the driver logs in with the credentials of the task, and there is no password to keep."""

    def __post_init__(self) -> None:
        if (self.password is None) == (self.role_arn is None):
            got = "neither" if self.password is None else "both"
            raise ValueError(f"password and role_arn: got {got}; give exactly one, a user has one way to log in")


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasUsersArgs:
    """Whose users."""

    project_id: Input[str]
    """Whose users they are."""
    cluster_name: Input[str]
    """The one cluster that they may log in to."""
    host: Input[str]
    """Host name for their URIs: `AtlasCluster.host` or `AtlasPrivateEndpoint.host`."""
    database: str
    """The one database that they see."""
    users: Mapping[str, AtlasUser]
    """By the name they log in with; a role's name is its ARN."""
    max_pool_size: int
    """Connections that one process may open to each node."""

    def __post_init__(self) -> None:
        for name in self.users:
            if not _NAME.fullmatch(name):
                raise ValueError(f"users has {name!r}; give a lower-case letter, then letters, digits and hyphens")
        if not self.users:
            raise ValueError("users is empty; leave the component out, or name a user")
        if self.max_pool_size < 1:
            raise ValueError(f"max_pool_size is {self.max_pool_size}; give 1 or more, because 0 is no limit")


class AtlasUsers(ComponentResource):
    """Users who can log in once their URI is known."""

    uris: Mapping[str, Output[str]]
    """By name: mongodb+srv:// URIs, secret."""

    def __init__(self, name: str, args: AtlasUsersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasUsers", name, None, opts)
        self._logical_name = name
        self._args = args
        self.uris = {user: self._uri(user, wanted) for user, wanted in args.users.items()}
        self.register_outputs({"uris": dict(self.uris)})

    def _uri(self, username: str, wanted: AtlasUser) -> Output[str]:
        args, user = self._args, self._user(username, wanted)
        database, pool = args.database, args.max_pool_size
        if wanted.role_arn is not None:
            # Made from the user's name, so that nobody tries before the user stands.
            return Output.secret(
                Output.all(host=args.host, user=user.username).apply(
                    lambda parts: iam_connection_uri(host=parts["host"], database=database, max_pool_size=pool)
                )
            )
        return Output.secret(
            Output.all(host=args.host, user=user.username, password=wanted.password).apply(
                lambda parts: connection_uri(
                    host=parts["host"],
                    username=parts["user"],
                    password=parts["password"],
                    database=database,
                    max_pool_size=pool,
                )
            )
        )

    def _user(self, username: str, wanted: AtlasUser) -> mongodbatlas.DatabaseUser:
        args, by_role = self._args, wanted.role_arn is not None
        return mongodbatlas.DatabaseUser(
            f"{self._logical_name}-{username}",
            project_id=args.project_id,
            auth_database_name="$external" if by_role else "admin",
            username=wanted.role_arn if wanted.role_arn is not None else username,
            aws_iam_type="ROLE" if by_role else None,
            password=None if wanted.password is None else Output.secret(wanted.password),
            roles=[{"role_name": role, "database_name": args.database} for role in ROLES[wanted.access]],
            scopes=[{"name": args.cluster_name, "type": "CLUSTER"}],
            description=f"{username}: {wanted.access.value}",
            opts=ResourceOptions(parent=self),
        )
