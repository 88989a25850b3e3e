"""Further database users: readers, migrations, or the application as an IAM role.

Creates one database user per entry, for one database of one cluster. cluster.py creates the application's user with a
password.
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
    """Permissions of a user. No user may create users or use another database."""

    APPLICATION = "application"
    """Read and write documents."""
    READ_ONLY = "read-only"
    """Read documents, for example for reports."""
    MIGRATION = "migration"
    """Read and write documents and change collections: validators, indexes, renames."""


ROLES: Mapping[Access, tuple[str, ...]] = {
    Access.APPLICATION: ("readWrite",),
    Access.READ_ONLY: ("read",),
    Access.MIGRATION: ("readWrite", "dbAdmin"),
}
"""The roles: https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/ (read 2026-11-29)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasUser:
    """One database user, who authenticates either by a password or as an IAM role."""

    access: Access
    """Permissions of the user."""
    password: Input[str] | None = None
    """Password of the user; secret. None for a role."""
    role_arn: Input[str] | None = None
    """ARN of a task role: the driver authenticates with the task's credentials, without a password."""

    def __post_init__(self) -> None:
        if (self.password is None) == (self.role_arn is None):
            got = "neither" if self.password is None else "both"
            raise ValueError(
                f"password and role_arn: a user has exactly one way to authenticate (got {got}). Give one of them."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasUsersArgs:
    """Arguments of AtlasUsers."""

    project_id: Input[str]
    """Id of the Atlas project."""
    cluster_name: Input[str]
    """Name of the one cluster that the users may log in to."""
    host: Input[str]
    """Host name in the users' URIs: `AtlasCluster.host` or `AtlasPrivateEndpoint.host()`."""
    database: str
    """The one database that the users may use."""
    users: Mapping[str, AtlasUser]
    """Users by name. The user name of a role is its ARN."""
    max_pool_size: int
    """Connections that one process may open to each node; 1 or more."""

    def __post_init__(self) -> None:
        for name in self.users:
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f"users: not a user name (got {name!r}). Use a lower-case letter, then lower-case letters, digits "
                    "and hyphens."
                )
        if not self.users:
            raise ValueError("users: must not be empty (got none). Name a user, or omit the component.")
        if self.max_pool_size < 1:
            raise ValueError(
                f"max_pool_size: must be positive (got {self.max_pool_size}). Give 1 or more; 0 would mean no limit."
            )


class AtlasUsers(ComponentResource):
    """Database users and their connection URIs."""

    uris: Mapping[str, Output[str]]
    """mongodb+srv:// URIs by name; secret. Each is available once its user exists."""

    def __init__(self, name: str, args: AtlasUsersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasUsers", name, None, opts)
        self._logical_name = name
        self._args = args
        self.uris = {username: self._uri(username, user) for username, user in args.users.items()}
        self.register_outputs({"uris": dict(self.uris)})

    def _uri(self, username: str, declared: AtlasUser) -> Output[str]:
        args, user = self._args, self._user(username, declared)
        database, pool = args.database, args.max_pool_size
        if declared.role_arn is not None:
            # The resource's user name makes the URI depend on the user.
            return Output.secret(
                Output.all(host=args.host, user=user.username).apply(
                    lambda parts: iam_connection_uri(host=parts["host"], database=database, max_pool_size=pool)
                )
            )
        return Output.secret(
            Output.all(host=args.host, user=user.username, password=declared.password).apply(
                lambda parts: connection_uri(
                    host=parts["host"],
                    username=parts["user"],
                    password=parts["password"],
                    database=database,
                    max_pool_size=pool,
                )
            )
        )

    def _user(self, username: str, declared: AtlasUser) -> mongodbatlas.DatabaseUser:
        args, by_role = self._args, declared.role_arn is not None
        return mongodbatlas.DatabaseUser(
            f"{self._logical_name}-{username}",
            project_id=args.project_id,
            auth_database_name="$external" if by_role else "admin",
            username=declared.role_arn if declared.role_arn is not None else username,
            aws_iam_type="ROLE" if by_role else None,
            password=None if declared.password is None else Output.secret(declared.password),
            roles=[{"role_name": role, "database_name": args.database} for role in ROLES[declared.access]],
            scopes=[{"name": args.cluster_name, "type": "CLUSTER"}],
            description=f"{username}: {declared.access.value}",
            opts=ResourceOptions(parent=self),
        )
