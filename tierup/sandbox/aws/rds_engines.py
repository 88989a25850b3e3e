"""What RDS checks of an instance or cluster by its engine: log exports, names of databases and storage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .same_scope import known
from .sources import api, sdk, unread

_MYSQL = frozenset({"audit", "error", "general", "iam-db-auth-error", "slowquery"})
_EXPORTS: Mapping[str, frozenset[str]] = {
    "aurora-mysql": _MYSQL | {"instance"},
    "aurora-postgresql": frozenset({"iam-db-auth-error", "instance", "postgresql"}),
    "mariadb": _MYSQL,
    "mysql": _MYSQL,
    "oracle": frozenset({"alert", "audit", "listener", "oemagent", "trace"}),
    "postgres": frozenset({"iam-db-auth-error", "postgresql", "upgrade"}),
    "sqlserver": frozenset({"agent", "error"}),
}
"""The logs by engine. Source: EnableCloudwatchLogsExports of CreateDBInstance in the API model."""


def _family(engine: object) -> str:
    text = str(engine)
    return text if text.startswith("aurora-") else text.partition("-")[0]


@rule("log-exports-of-engine", Stage.PLAN, source=api("rds", "CreateDBInstance: EnableCloudwatchLogsExports"))
def _exports(call: Call) -> Iterator[Rejection]:
    allowed = _EXPORTS.get(_family(known(call, "engine")))
    for at, name in located(call.inputs, "enabledCloudwatchLogsExports[*]"):
        if allowed and isinstance(name, str) and name not in allowed:
            yield Rejection(
                at, f"You cannot use the log types '{name}' with engine {call.get('engine')}. Allowed are"
                f" {', '.join(sorted(allowed))}.", "InvalidParameterCombination",
            )  # fmt: skip


@rule("database-name-of-engine", Stage.PLAN, source=api("rds", "CreateDBInstance: DBName"))
def _name(call: Call) -> Iterator[Rejection]:
    family, name = _family(known(call, "engine")), known(call, "dbName") or known(call, "databaseName")
    if not isinstance(name, str) or not name:
        return
    path = "dbName" if call.get("dbName") is not None else "databaseName"
    if family == "sqlserver":
        yield Rejection(path, "DBName must be null for engine SQL Server.", "InvalidParameterValue")
    elif family != "oracle" and family in _EXPORTS and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name):
        yield Rejection(
            path, f"DBName must begin with a letter and contain only alphanumeric characters (got '{name}').",
            "InvalidParameterValue",
        )  # fmt: skip


@rule("storage-of-engine", Stage.PLAN, source=api("rds", "CreateDBInstance: AllocatedStorage"))
def _storage(call: Call) -> Iterator[Rejection]:
    size, family = known(call, "allocatedStorage"), _family(known(call, "engine"))
    if family == "sqlserver" and isinstance(size, (int, float)) and size < 20:
        yield Rejection("allocatedStorage", f"it must be at least 20 GiB (got {size:g}).", "InvalidParameterValue")


@rule("storage-of-multi-az-cluster", Stage.PLAN, source=unread("rds", "CreateDBCluster: AllocatedStorage, Iops"))
def _multi_az(call: Call) -> Iterator[Rejection]:
    restored = ("snapshotIdentifier", "restoreToPointInTime", "s3Import", "replicationSourceIdentifier")
    if known(call, "engine") not in ("mysql", "postgres") or any(call.get(path) is not None for path in restored):
        return
    for path in ("dbClusterInstanceClass", "allocatedStorage"):
        if call.get(path) is None:
            yield Rejection(
                path, f"it must be set for a Multi-AZ DB cluster of {call.get('engine')} (got none).",
                "InvalidParameterCombination",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:rds/instance:Instance", source=sdk("rds/instance"), rules=(_exports, _name, _storage)),
    Behaviour(type="aws:rds/cluster:Cluster", source=sdk("rds/cluster"), rules=(_exports, _name, _multi_az)),
)
