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


_MAJORS: Mapping[str, frozenset[int]] = {
    "aurora-mysql": frozenset({5, 8}),
    "aurora-postgresql": frozenset(range(9, 19)),
    "mariadb": frozenset({10, 11, 12}),
    "mysql": frozenset({5, 8, 9}),
    "postgres": frozenset(range(9, 19)),
}
"""The major versions by engine, from memory."""


@rule("version-of-engine", Stage.PLAN, source=unread("rds", "CreateDBInstance: EngineVersion"))
def _version(call: Call) -> Iterator[Rejection]:
    engine, version = known(call, "engine"), known(call, "engineVersion")
    major = re.match(r"\d+", version) if isinstance(version, str) else None
    if major and int(major[0]) not in _MAJORS.get(str(engine), (int(major[0]),)):
        yield Rejection("engineVersion", f"Cannot find version {version} for {engine}.", "InvalidParameterCombination")


@rule("encryption-with-a-key", Stage.PLAN, source=unread("rds", "CreateDBInstance: KmsKeyId, StorageEncrypted"))
def _encrypted(call: Call) -> Iterator[Rejection]:
    if call.get("storageEncrypted") is False and call.get("kmsKeyId"):
        yield Rejection("storageEncrypted", "it must be true with kmsKeyId.", "InvalidParameterCombination")


@rule("provisioned-iops", Stage.PLAN, source=unread("rds", "CreateDBInstance: Iops"))
def _iops(call: Call) -> Iterator[Rejection]:
    iops, kind = known(call, "iops"), known(call, "storageType")
    if kind in ("io1", "io2") and isinstance(iops, (int, float)) and iops and not 1000 <= iops <= 256_000:
        yield Rejection(
            "iops", f"it is out of range (got {iops:g}). Allowed are 1000 to 256000.", "InvalidParameterValue"
        )


@rule(
    "aurora-settings", Stage.PLAN, source=api("rds", "CreateDBCluster: StorageType, ServerlessV2ScalingConfiguration")
)
def _aurora(call: Call) -> Iterator[Rejection]:
    aurora, kind = str(known(call, "engine")).startswith("aurora"), known(call, "storageType")
    if aurora and isinstance(kind, str) and kind not in ("", "aurora", "aurora-iopt1"):
        yield Rejection(
            "storageType", f"Aurora has the storage types aurora and aurora-iopt1 (got {kind}).",
            "InvalidParameterCombination",
        )  # fmt: skip
    for name in ("minCapacity", "maxCapacity"):
        value = known(call, f"serverlessv2ScalingConfiguration.{name}")
        if isinstance(value, (int, float)) and value * 2 % 1:
            yield Rejection(
                f"serverlessv2ScalingConfiguration.{name}", f"it must be a multiple of 0.5 (got {value:g}).",
                "InvalidParameterValue",
            )  # fmt: skip


@rule("zones-of-cluster", Stage.CREATE, source=unread("rds", "CreateDBCluster: AvailabilityZones"))
def _zones(call: Call) -> Iterator[Rejection]:
    for at, zone in located(call.inputs, "availabilityZones[*]"):
        if isinstance(zone, str) and not zone.startswith(call.region):
            yield Rejection(at, f"the Availability Zone {zone} is not in {call.region}.", "InvalidVPCNetworkStateFault")


_STATIC = {
    "postgres": frozenset(
        {
            "max_connections", "max_locks_per_transaction", "max_prepared_transactions", "max_replication_slots",
            "max_wal_senders", "max_worker_processes", "rds.logical_replication", "shared_buffers",
            "shared_preload_libraries", "track_activity_query_size", "wal_buffers",
        }
    ),
    "mysql": frozenset({"lower_case_table_names", "performance_schema"}),
}  # fmt: skip
"""Static parameters, which apply at a reboot, by a part of the family's name. From memory of the default groups."""


@rule("static-parameter-applies-at-reboot", Stage.PLAN, source=unread("rds", "ModifyDBParameterGroup: ApplyMethod"))
def _static(call: Call) -> Iterator[Rejection]:
    family = str(known(call, "family"))
    static = next((names for part, names in _STATIC.items() if part in family), frozenset[str]())
    for at, parameter in located(call.inputs, "parameters[*]"):
        if not isinstance(parameter, dict) or parameter.get("name") not in static:
            continue
        if parameter.get("applyMethod") in (None, "immediate"):
            yield Rejection(
                f"{at}.applyMethod", f"cannot use immediate apply method for static parameter {parameter['name']}. Set"
                " pending-reboot.", "InvalidParameterCombination",
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    *(
        Behaviour(
            type=f"aws:rds/{kind[0].lower()}{kind[1:]}:{kind}", source=sdk(f"rds/{kind.lower()}"), rules=(_static,)
        )
        for kind in ("ClusterParameterGroup", "ParameterGroup")
    ),
    Behaviour(
        type="aws:rds/instance:Instance",
        source=sdk("rds/instance"),
        rules=(_exports, _name, _storage, _version, _encrypted, _iops),
    ),
    Behaviour(
        type="aws:rds/cluster:Cluster",
        source=sdk("rds/cluster"),
        rules=(_exports, _name, _multi_az, _version, _encrypted, _aurora, _zones),
    ),
)
