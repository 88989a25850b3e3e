"""RDS and Aurora: instances, clusters and their instances, subnet groups and parameter groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Name, Plain, Reference, Rejection, Stage, located, rule

from .network import APPLY, SUBNET, subnets_in_vpc, to_security_group, to_subnet, vpc_of_group, vpc_of_subnets
from .same_scope import known, output_of
from .sources import FORCE_NEW, api, schema_of, sdk
from .window_rules import windows_rule

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_PARAMETER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"

CREATE = api("rds", "CreateDBInstance")
CREATE_CLUSTER = api("rds", "CreateDBCluster")
INVALID = "InvalidParameterValue"
COMBINATION = "InvalidParameterCombination"

_ENGINES = (
    "custom-oracle-ee", "custom-oracle-ee-cdb", "custom-oracle-se2", "custom-oracle-se2-cdb", "custom-sqlserver-ee",
    "custom-sqlserver-se", "custom-sqlserver-web", "custom-sqlserver-dev", "db2-ae", "db2-se", "mariadb", "mysql",
    "oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb", "postgres", "sqlserver-dev-ee", "sqlserver-ee",
    "sqlserver-se", "sqlserver-ex", "sqlserver-web",
)  # fmt: skip
_AURORA = ("aurora-mysql", "aurora-postgresql")
_COPIES = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import")
"""Inputs that create a database from another one, which then gives the engine, storage and user."""


def _is_copy(call: Call) -> bool:
    return any(
        call.get(path) is not None for path in (*_COPIES, "globalClusterIdentifier", "replicationSourceIdentifier")
    )


def _has_password(call: Call, prefix: str) -> bool:
    ways = (prefix, f"{prefix}Wo", "manageMasterUserPassword")
    return any(call.get(path) not in (None, False) for path in ways)


@rule("database-has-engine-storage-and-user", Stage.CREATE, source=schema_of("rds/instance.go"))
def _required(call: Call) -> Iterator[Rejection]:
    if _is_copy(call):
        return
    for path in ("allocatedStorage", "engine", "username"):
        if call.get(path) is None:
            yield Rejection(path, f'"{path}": required field is not set', "MissingInput")
    if not _has_password(call, "password"):
        yield Rejection(
            "password",
            '"password": required field is not set. Set password, passwordWo or manageMasterUserPassword.',
            "MissingInput",
        )


@rule("cluster-has-user", Stage.CREATE, source=schema_of("rds/cluster.go"))
def _cluster_required(call: Call) -> Iterator[Rejection]:
    if _is_copy(call):
        return
    if call.get("masterUsername") is None:
        yield Rejection("masterUsername", "provide the master user name, or a source to restore from", "MissingInput")
    if not _has_password(call, "masterPassword"):
        yield Rejection(
            "masterPassword",
            "provide masterPassword, masterPasswordWo or manageMasterUserPassword, or a source to restore from",
            "MissingInput",
        )


_LONGEST_PASSWORD = {"mysql": 41, "mariadb": 41, "aurora-mysql": 41, "oracle": 30}
_SECRET = re.compile(r"[ -~]*")


@rule("master-password-is-valid", *APPLY, source=api("rds", "CreateDBInstance: MasterUserPassword"))
def _password(call: Call) -> Iterator[Rejection]:
    engine = str(known(call, "engine", ""))
    longest = next((n for prefix, n in _LONGEST_PASSWORD.items() if engine.startswith(prefix)), 128)
    for path in ("password", "masterPassword"):
        value = known(call, path)
        if not isinstance(value, str):
            continue
        if not 8 <= len(value) <= longest:
            yield Rejection(
                path,
                f"the parameter MasterUserPassword has {len(value)} characters. Allowed are 8 to {longest}.",
                INVALID,
            )
        if not _SECRET.fullmatch(value) or set(value) & set('/"@ '):
            yield Rejection(
                path,
                "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides"
                " '/', '@', '\"', ' ' may be used.",
                INVALID,
            )


_RESERVED_USERS = {
    "postgres": ("admin", "rdsadmin", "user"),
    "aurora-postgresql": ("admin", "rdsadmin", "user"),
    "mysql": ("rdsadmin",),
    "aurora-mysql": ("rdsadmin",),
    "mariadb": ("rdsadmin",),
}
"""Reserved words of the engines that programs use as a user name (the full lists are the engines' own)."""


@rule("master-user-name-is-valid", *APPLY, source=api("rds", "CreateDBInstance: MasterUsername"))
def _user(call: Call) -> Iterator[Rejection]:
    engine = str(known(call, "engine", ""))
    for path in ("username", "masterUsername"):
        value = known(call, path)
        if not isinstance(value, str):
            continue
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value):
            yield Rejection(
                path,
                f"the parameter MasterUsername must begin with a letter and contain only letters, digits and '_'"
                f" (got '{value}')",
                INVALID,
            )
        if value.lower() in _RESERVED_USERS.get(engine, ()):
            yield Rejection(
                path,
                f"MasterUsername {value} cannot be used as it is a reserved word used by the engine",
                INVALID,
            )


@rule("instance-class-has-prefix", Stage.CREATE, Stage.UPDATE, source=api("rds", "CreateDBInstance: DBInstanceClass"))
def _class(call: Call) -> Iterator[Rejection]:
    value = known(call, "instanceClass")
    if isinstance(value, str) and not re.fullmatch(
        r"db\.(serverless|[a-z0-9-]+\.[a-z0-9-]+(\.tpc\d\.mem\d+x)?)", value
    ):
        yield Rejection(
            "instanceClass", f"Invalid DB Instance class (got '{value}'). Write it as 'db.t4g.micro'.", INVALID
        )


_GP3_IOPS_MIN_GIB = 400  # GiB; the RDS User Guide, "gp3 storage"
_MIN_STORAGE_GIB = {"io1": 100, "io2": 100, "gp2": 5, "gp3": 20, "standard": 5}


@rule("storage-fits-its-type", *APPLY, source=api("rds", "CreateDBInstance: AllocatedStorage, Iops, StorageType"))
def _storage(call: Call) -> Iterator[Rejection]:
    size, kind = known(call, "allocatedStorage"), str(known(call, "storageType", "gp2"))
    iops = known(call, "iops")
    if str(known(call, "engine", "")).startswith(("sqlserver", "aurora", "custom")):
        return  # other limits
    minimum = _MIN_STORAGE_GIB.get(kind)
    if isinstance(size, (int, float)) and minimum is not None and not minimum <= size <= 65_536:
        yield Rejection(
            "allocatedStorage",
            f"Invalid storage size for storage type {kind} (got {size:g} GiB). Allowed are {minimum} to 65536 GiB.",
            INVALID,
        )
    if kind in ("io1", "io2") and iops is None and call.get("iops") is None:
        yield Rejection("iops", f"storage type {kind} requires iops", COMBINATION)
    if kind in ("gp2", "standard") and iops not in (None, 0):
        yield Rejection("iops", f"You can't specify IOPS for storage type {kind}", COMBINATION)
    gp3 = kind == "gp3" and str(known(call, "engine", "")).startswith(("postgres", "mysql", "mariadb"))
    if gp3 and isinstance(size, (int, float)) and size < _GP3_IOPS_MIN_GIB:
        for path in ("iops", "storageThroughput"):
            if known(call, path) not in (None, 0):
                yield Rejection(
                    path,
                    f"You can't specify it for a gp3 storage size less than {_GP3_IOPS_MIN_GIB} GiB (got {size:g}).",
                    COMBINATION,
                )
    largest = known(call, "maxAllocatedStorage")
    if isinstance(size, (int, float)) and isinstance(largest, (int, float)) and 0 < largest < size:
        yield Rejection(
            "maxAllocatedStorage",
            f"Invalid max storage size (got {largest:g} GiB). It must be at least allocatedStorage ({size:g} GiB).",
            COMBINATION,
        )


@rule("storage-does-not-shrink", Stage.UPDATE, source=api("rds", "ModifyDBInstance: AllocatedStorage"))
def _shrink(call: Call) -> Iterator[Rejection]:
    before, after = (call.old or {}).get("allocatedStorage"), known(call, "allocatedStorage")
    if isinstance(before, (int, float)) and isinstance(after, (int, float)) and after < before:
        yield Rejection(
            "allocatedStorage",
            f"Invalid storage size: requested size ({after:g}) cannot be less than the current size ({before:g})",
            COMBINATION,
        )


@rule("zone-or-multi-az", Stage.CREATE, source=api("rds", "CreateDBInstance: AvailabilityZone"))
def _zone(call: Call) -> Iterator[Rejection]:
    if known(call, "multiAz") is True and known(call, "availabilityZone"):
        yield Rejection("availabilityZone", "it can't be set together with multiAz", COMBINATION)


@rule("monitoring-has-role", *APPLY, source=api("rds", "CreateDBInstance: MonitoringInterval, MonitoringRoleArn"))
def _monitoring(call: Call) -> Iterator[Rejection]:
    interval = known(call, "monitoringInterval", 0)
    if interval and call.get("monitoringRoleArn") is None:
        yield Rejection("monitoringRoleArn", f"monitoringInterval {interval:g} requires monitoringRoleArn", COMBINATION)


@rule("insights-retention", *APPLY, source=api("rds", "CreateDBInstance: PerformanceInsightsRetentionPeriod"))
def _insights(call: Call) -> Iterator[Rejection]:
    days = known(call, "performanceInsightsRetentionPeriod")
    if isinstance(days, (int, float)) and days not in (0, 7, 731) and (days % 31 or not 31 <= days <= 713):
        yield Rejection(
            "performanceInsightsRetentionPeriod",
            f"the value is not allowed (got {days:g}). Allowed are 7, 731 and multiples of 31 up to 713.",
            INVALID,
        )


@rule("final-snapshot-has-a-name", Stage.DELETE, source=schema_of("rds/instance.go"))
def _final_snapshot(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    inputs = call.this.inputs
    if inputs.get("skipFinalSnapshot") or inputs.get("finalSnapshotIdentifier") or inputs.get("replicateSourceDb"):
        return
    yield Rejection(
        "finalSnapshotIdentifier",
        "final_snapshot_identifier is required when skip_final_snapshot is false. Set one of them, run `pulumi up`, and"
        " delete the resource then.",
        "MissingInput",
    )


@rule("deletion-protection-is-off", Stage.DELETE, source=api("rds", "DeleteDBInstance"))
def _protected(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    if call.this.inputs.get("deletionProtection"):
        yield Rejection(
            "deletionProtection",
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
            COMBINATION,
        )


@rule("security-groups-in-the-vpc-of-the-subnet-group", *APPLY, source=api("rds", "InvalidVPCNetworkStateFault"))
def _groups(call: Call) -> Iterator[Rejection]:
    vpc = output_of(call, SUBNET_GROUP, call.get("dbSubnetGroupName"), "vpcId")
    if not vpc:
        return
    for at, group in located(call.inputs, "vpcSecurityGroupIds[*]"):
        other = vpc_of_group(call, group)
        if other and other != vpc:
            yield Rejection(at, f"{group} belongs to {other}, the subnet group belongs to {vpc}", COMBINATION)


@rule("cluster-instance-has-the-engine-of-its-cluster", Stage.CREATE, source=api("rds", "CreateDBInstance: Engine"))
def _engine_of_cluster(call: Call) -> Iterator[Rejection]:
    cluster = next(call.nearby(CLUSTER, clusterIdentifier=call.get("clusterIdentifier")), None)
    if cluster is None:
        return
    engine = cluster.outputs.get("engine")
    if engine and call.get("engine") != engine:
        yield Rejection(
            "engine", f"the engine must be that of the cluster, {engine} (got '{call.get('engine')}')", COMBINATION
        )
    if call.get("instanceClass") == "db.serverless" and not cluster.inputs.get("serverlessv2ScalingConfiguration"):
        yield Rejection(
            "instanceClass", "db.serverless requires serverlessv2ScalingConfiguration of the cluster", COMBINATION
        )


@rule("subnet-group-covers-two-zones", *APPLY, source=api("rds", "DBSubnetGroupDoesNotCoverEnoughAZs"))
def _zones(call: Call) -> Iterator[Rejection]:
    subnets = [subnet for _, subnet in located(call.inputs, "subnetIds[*]")]
    if UNKNOWN in subnets:
        return
    zones = {output_of(call, SUBNET, subnet, "availabilityZone") for subnet in subnets}
    if None not in zones and len(zones) < 2:
        yield Rejection(
            "subnetIds",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage:"
            f" {', '.join(sorted(map(str, zones)))}. Add subnets to cover at least 2 AZs.",
            "DBSubnetGroupDoesNotCoverEnoughAZs",
        )


@rule("subnets-of-one-vpc", *APPLY, source=api("rds", "CreateDBSubnetGroup: InvalidSubnet"))
def _one_vpc(call: Call) -> Iterator[Rejection]:
    yield from subnets_in_vpc(call, located(call.inputs, "subnetIds[*]"), _vpc(call), code="InvalidSubnet")


def _vpc(call: Call) -> Plain:
    return vpc_of_subnets(call, located(call.inputs, "subnetIds[*]"))


_FAMILY = re.compile(
    r"(mysql(5\.7|8\.0|8\.4|9\.\d)|mariadb1[0-2]\.\d+|postgres1[0-9]|aurora-mysql(5\.7|8\.0|8\.4)|aurora-postgresql1[0-9]"
    r"|(oracle|sqlserver|db2|custom)-.+|docdb.+|neptune.+)"
)


@rule("parameter-group-family", Stage.CREATE, source=api("rds", "CreateDBParameterGroup: DBParameterGroupFamily"))
def _family(call: Call) -> Iterator[Rejection]:
    family = call.get("family")
    if isinstance(family, str) and not _FAMILY.fullmatch(family):
        yield Rejection(
            "family", f"ParameterGroupFamily {family} is not a valid parameter group family. Write postgres16.", INVALID
        )


def _identifier(property: str, taken: str, operation: str) -> Name:
    return Name(
        property=property,
        longest=63,
        pattern=r"[a-z](?!.*--)[a-z0-9-]*(?<!-)",
        allowed="lower-case letters, digits and hyphens, starting with a letter, without two hyphens in a row or one at"
        " the end",
        shape=str.lower,
        taken=taken,
        source=api("rds", operation),
    )


def _group_name(taken: str, operation: str) -> Name:
    return Name(
        longest=255,
        pattern=r"[a-z0-9._ -]+",
        allowed="lower-case letters, digits, spaces, '.', '_' and '-'",
        shape=str.lower,
        taken=taken,
        source=api("rds", operation),
    )


def _to_subnet_group(path: str = "dbSubnetGroupName") -> Reference:
    return Reference(
        path=path, to=SUBNET_GROUP, by="name", external="default", code="DBSubnetGroupNotFoundFault",
        in_use="InvalidDBSubnetGroupStateFault", source=CREATE,
    )  # fmt: skip


def _endpoint(call: Call) -> str:
    return f"{call.get('identifier')}.c{call.hex(11)}.{call.region}.rds.amazonaws.com"


def _cluster_endpoint(call: Call, kind: str) -> str:
    return f"{call.get('clusterIdentifier')}.{kind}-c{call.hex(11)}.{call.region}.rds.amazonaws.com"


_PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432, "oracle": 1521, "sqlserver": 1433, "db2": 50_000}


def _port(call: Call) -> int:
    engine = str(call.get("engine", "")).removeprefix("aurora-").removeprefix("custom-")
    return next((port for prefix, port in _PORTS.items() if engine.startswith(prefix)), 3306)


_windows = windows_rule(
    "backupWindow", "maintenanceWindow", minutes=30, source=api("rds", "CreateDBInstance: PreferredBackupWindow")
)
_cluster_windows = windows_rule(
    "preferredBackupWindow",
    "preferredMaintenanceWindow",
    minutes=30,
    source=api("rds", "CreateDBCluster: PreferredBackupWindow"),
)


def _address_and_port(call: Call) -> str:
    return f"{_endpoint(call)}:{call.outputs.get('port')}"


def _resource_id(call: Call) -> str:
    return f"db-{call.hex(26).upper()}"


def _master_secret(call: Call) -> list[dict[str, str]]:
    """Return the secret that RDS creates for a password that it manages."""
    if not call.get("manageMasterUserPassword"):
        return []
    kind = "cluster" if call.type == CLUSTER else "db"
    owner = f"arn:aws:secretsmanager:{call.region}:{call.account}:secret"
    key = call.get("masterUserSecretKmsKeyId") or f"arn:aws:kms:{call.region}:{call.account}:alias/aws/secretsmanager"
    arn = f"{owner}:rds!{kind}-{call.hex(32, 'secret')}-{call.hex(6, 'suffix')}"
    return [{"kmsKeyId": str(key), "secretArn": arn, "secretStatus": "active"}]


_INSTANCE_OUTPUTS: dict[str, Any] = {
    "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
    "address": _endpoint,
    "port": _port,
    "endpoint": _address_and_port,
    "hostedZoneId": "Z29XKXDKYMONMX",
    "resourceId": _resource_id,
    "status": "available",
    "engineVersionActual": "{engineVersion|16.4}",
    "caCertIdentifier": "rds-ca-rsa2048-g1",
    "masterUserSecrets": _master_secret,
}

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INSTANCE,
        source=sdk("rds/instance"),
        id=_resource_id,
        outputs=_INSTANCE_OUTPUTS,
        replaces=frozenset(
            {
                "availabilityZone", "backupTarget", "characterSetName", "customIamInstanceProfile", "dbName", "engine",
                "kmsKeyId", "ncharCharacterSetName", "restoreToPointInTime", "s3Import", "snapshotIdentifier",
                "storageEncrypted", "timezone", "username",
            }
        ),
        replace_source=schema_of("rds/instance.go"),
        keeps=frozenset({"allocatedStorage", "backupRetentionPeriod", "backupWindow", "engineVersion", "licenseModel",
                         "maintenanceWindow", "multiAz", "optionGroupName", "parameterGroupName", "port",
                         "storageType", "storageThroughput", "vpcSecurityGroupIds", "dbSubnetGroupName"}),
        defaults={"autoMinorVersionUpgrade": True, "copyTagsToSnapshot": False, "deleteAutomatedBackups": True,
                  "monitoringInterval": 0, "publiclyAccessible": False, "skipFinalSnapshot": False},
        enums={"engine": _ENGINES, "storageType": ("standard", "gp2", "gp3", "io1", "io2")},
        ranges={"backupRetentionPeriod": (0, 35), "port": (1_150, 65_535)},
        conflicts=(
            ("dbName", "replicateSourceDb"),
            ("password", "manageMasterUserPassword"),
            ("password", "passwordWo"),
            ("snapshotIdentifier", "restoreToPointInTime"),
            ("snapshotIdentifier", "s3Import"),
        ),
        secrets=frozenset({"password"}),
        name=_identifier("identifier", "DBInstanceAlreadyExists", "CreateDBInstance: DBInstanceIdentifier"),
        references=(_to_subnet_group(), to_security_group("vpcSecurityGroupIds[*]", "InvalidParameterValue")),
        rules=(
            _required, _password, _user, _class, _storage, _shrink, _zone, _monitoring, _insights, _windows,
            _final_snapshot, _protected, _groups,
        ),
    ),
    Behaviour(
        type=CLUSTER,
        source=sdk("rds/cluster"),
        id="{clusterIdentifier}",
        outputs={
            "arn": "arn:aws:rds:{region}:{account}:cluster:{clusterIdentifier}",
            "clusterResourceId": lambda call: f"cluster-{call.hex(26).upper()}",
            "endpoint": lambda call: _cluster_endpoint(call, "cluster"),
            "readerEndpoint": lambda call: _cluster_endpoint(call, "cluster-ro"),
            "port": _port,
            "engineVersionActual": "{engineVersion|16.4}",
            "hostedZoneId": "Z29XKXDKYMONMX",
            "masterUserSecrets": _master_secret,
        },
        replaces=frozenset(
            {
                "availabilityZones", "databaseName", "engine", "engineMode", "kmsKeyId",
                "masterUsername", "restoreToPointInTime", "s3Import", "snapshotIdentifier", "sourceRegion",
                "storageEncrypted", "dbSubnetGroupName",
            }
        ),
        replace_source=FORCE_NEW,
        keeps=frozenset({"availabilityZones", "backupRetentionPeriod", "dbClusterParameterGroupName", "engineVersion",
                         "preferredBackupWindow", "preferredMaintenanceWindow", "port", "vpcSecurityGroupIds"}),
        enums={
            "engine": (*_AURORA, "mysql", "postgres"),
            "engineMode": ("", "global", "multimaster", "parallelquery", "provisioned", "serverless"),
            "storageType": ("", "aurora", "aurora-iopt1", "io1", "io2", "gp3"),
        },
        ranges={"backupRetentionPeriod": (0, 35), "backtrackWindow": (0, 259_200)},
        conflicts=(
            ("masterPassword", "manageMasterUserPassword"),
            ("masterPassword", "masterPasswordWo"),
            ("snapshotIdentifier", "restoreToPointInTime"),
        ),
        secrets=frozenset({"masterPassword"}),
        name=_identifier("clusterIdentifier", "DBClusterAlreadyExistsFault", "CreateDBCluster: DBClusterIdentifier"),
        references=(_to_subnet_group(), to_security_group("vpcSecurityGroupIds[*]", "InvalidParameterValue")),
        rules=(_cluster_required, _password, _user, _cluster_windows, _final_snapshot, _protected, _groups),
    ),
    Behaviour(
        type=CLUSTER_INSTANCE,
        source=sdk("rds/clusterinstance"),
        id="{identifier}",
        outputs={
            "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
            "dbiResourceId": lambda call: f"db-{call.hex(26).upper()}",
            "endpoint": _endpoint,
            "port": _port,
        },
        replaces=frozenset(
            {"availabilityZone", "clusterIdentifier", "customIamInstanceProfile", "dbSubnetGroupName", "engine"}
        ),
        replace_source=FORCE_NEW,
        enums={"engine": (*_AURORA, "mysql", "postgres")},
        ranges={"promotionTier": (0, 15)},
        name=_identifier("identifier", "DBInstanceAlreadyExists", "CreateDBInstance: DBInstanceIdentifier"),
        references=(
            Reference(
                path="clusterIdentifier", to=CLUSTER, by="clusterIdentifier", code="DBClusterNotFoundFault",
                in_use="InvalidDBClusterStateFault", source=CREATE,
            ),
            _to_subnet_group(),
        ),
        rules=(_class, _monitoring, _insights, _cluster_windows, _engine_of_cluster),
    ),
    Behaviour(
        type=SUBNET_GROUP,
        source=sdk("rds/subnetgroup"),
        id="{name}",
        outputs={"arn": "arn:aws:rds:{region}:{account}:subgrp:{name}", "description": "Managed by Pulumi"},
        derived={"vpcId": _vpc},
        replaces=frozenset({"name"}),
        name=_group_name("DBSubnetGroupAlreadyExists", "CreateDBSubnetGroup"),
        references=(to_subnet("subnetIds[*]", "InvalidSubnet"),),
        rules=(_zones, _one_vpc),
    ),
    *(
        Behaviour(
            type=kind,
            source=sdk(page),
            id="{name}",
            outputs={"arn": f"arn:aws:rds:{{region}}:{{account}}:{part}:{{name}}", "description": "Managed by Pulumi"},
            replaces=frozenset({"name", "family", "description"}),
            replace_source=FORCE_NEW,
            enums={"parameters[*].applyMethod": ("immediate", "pending-reboot")},
            name=_group_name("DBParameterGroupAlreadyExists", "CreateDBParameterGroup"),
            rules=(_family,),
        )
        for kind, page, part in (
            (PARAMETER_GROUP, "rds/parametergroup", "pg"),
            (CLUSTER_PARAMETER_GROUP, "rds/clusterparametergroup", "cluster-pg"),
        )
    ),
)  # fmt: skip
