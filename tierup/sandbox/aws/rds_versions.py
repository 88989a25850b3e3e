"""RDS: parameter and option groups against the engine, read replicas, upgrades, and Aurora's instance classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, located, rule, values_at
from .kms import key_exists
from .network import APPLY, SUBNET, subnets_in_vpc, vpc_of_subnets
from .rds import CLUSTER, INSTANCE
from .same_scope import known
from .sources import sdk, unread

_MEMBER = "aws:rds/clusterInstance:ClusterInstance"
_COMBINATION = "InvalidParameterCombination"


def _major(engine: str, version: str) -> str:
    """Return the part of a version that a parameter group family names: 16 of 16.3, 8.0 of 8.0.36."""
    parts = version.split(".")
    whole = engine in ("postgres", "aurora-postgresql") and parts[0].isdigit() and int(parts[0]) >= 10
    return parts[0] if whole else ".".join(parts[:2])


def _family(engine: str, version: str) -> str:
    return f"{engine}{_major(engine, version)}"


@rule(
    "parameter-group-of-version",
    *APPLY,
    source=unread("rds", "CreateDBParameterGroup: DBParameterGroupFamily"),
)
def _parameters(call: Call) -> Iterator[Rejection]:
    engine, version = str(call.get("engine")), call.get("engineVersion")
    if engine not in ("postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql") or not version:
        return
    for path, kind in (
        ("parameterGroupName", "aws:rds/parameterGroup:ParameterGroup"),
        ("dbParameterGroupName", "aws:rds/parameterGroup:ParameterGroup"),
        ("dbClusterParameterGroupName", "aws:rds/clusterParameterGroup:ClusterParameterGroup"),
    ):
        for group in call.nearby(kind, name=call.get(path)):
            family, wanted = group.inputs.get("family"), _family(engine, str(version))
            if family != wanted and not str(version).startswith(("5.7.mysql_aurora", "8.0.mysql_aurora")):
                yield Rejection(
                    path,
                    f"The parameter group {group.outputs.get('name')} with DBParameterGroupFamily {family} can't be"
                    f" used for this instance. Please use a parameter group with DBParameterGroupFamily {wanted}.",
                    _COMBINATION,
                )


@rule("option-group-of-engine", *APPLY, source=unread("rds", "CreateDBInstance: OptionGroupName"))
def _options(call: Call) -> Iterator[Rejection]:
    for group in call.nearby("aws:rds/optionGroup:OptionGroup", name=call.get("optionGroupName")):
        if call.get("engine") and group.inputs.get("engineName") != call.get("engine"):
            yield Rejection(
                "optionGroupName",
                f"The option group has the engine {group.inputs.get('engineName')} (got {call.get('engine')}).",
                _COMBINATION,
            )


@rule("replica-of-instance-with-backups", Stage.CREATE, source=unread("rds", "CreateDBInstanceReadReplica"))
def _replica(call: Call) -> Iterator[Rejection]:
    name = call.get("replicateSourceDb")
    if not name or str(name).startswith("arn:"):
        return
    found = next((each for each in call.nearby(INSTANCE) if name in (each.id, each.value("identifier"))), None)
    if found is None:
        yield Rejection("replicateSourceDb", f"the Instance '{name}' does not exist", "DBInstanceNotFound")
    elif found.urn and not found.inputs.get("backupRetentionPeriod") and not found.inputs.get("replicateSourceDb"):
        yield Rejection(
            "replicateSourceDb",
            f"Automated backups are not enabled for this database instance ({name}). Set backupRetentionPeriod.",
            "InvalidDBInstanceState",
        )


def _numbers(version: object) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", str(version))
    return tuple(map(int, found[0].split("."))) if found else ()


@rule(
    "engine-is-upgraded-by-consent",
    Stage.UPDATE,
    source=unread("rds", "ModifyDBInstance: AllowMajorVersionUpgrade"),
)
def _upgrade(call: Call) -> Iterator[Rejection]:
    engine, old = str(call.get("engine")), (call.old or {}).get("engineVersion")
    new = call.get("engineVersion")
    if not old or not new or old == new:
        return
    before, after = _numbers(old), _numbers(new)
    shared = min(len(before), len(after))
    if before[:shared] > after[:shared]:
        yield Rejection("engineVersion", f"Cannot downgrade {engine} from {old} to {new}", _COMBINATION)
    elif _major(engine, str(old)) != _major(engine, str(new)) and call.get("allowMajorVersionUpgrade") is not True:
        yield Rejection(
            "engineVersion",
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
            _COMBINATION,
        )


@rule("instance-class-exists", Stage.CREATE, source=assumed("classes of former generations, from memory"))
def _former(call: Call) -> Iterator[Rejection]:
    name, engine = str(call.get("instanceClass")), str(call.get("engine"))
    if re.match(r"db\.(m1|m2|t1|cr1)\.", name):
        yield Rejection("instanceClass", f"{name} is not supported for new instances.", _COMBINATION)
    if engine.startswith("aurora") and re.fullmatch(r"db\.t\w+\.(micro|small|xlarge|2xlarge)", name):
        yield Rejection(
            "instanceClass", f"RDS does not support creating a DB instance with {name} and the engine {engine}.",
            _COMBINATION,
        )  # fmt: skip


@rule("serverless-capacity-is-ordered", Stage.PLAN, source=unread("rds", "ServerlessV2ScalingConfiguration"))
def _capacity(call: Call) -> Iterator[Rejection]:
    low, high = (known(call, f"serverlessv2ScalingConfiguration.{path}") for path in ("minCapacity", "maxCapacity"))
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield Rejection(
            "serverlessv2ScalingConfiguration.minCapacity",
            f"The minimum must not exceed the maximum (got {low:g}, {high:g}).",
            _COMBINATION,
        )


@rule("backtrack-is-for-aurora-mysql", Stage.PLAN, source=unread("rds", "CreateDBCluster: BacktrackWindow"))
def _backtrack(call: Call) -> Iterator[Rejection]:
    if known(call, "backtrackWindow") and known(call, "engine", "aurora-mysql") != "aurora-mysql":
        yield Rejection("backtrackWindow", f"Backtrack is not supported for {known(call, 'engine')}.", _COMBINATION)


@rule("proxy-spans-two-zones", *APPLY, source=unread("rds", "CreateDBProxy: VpcSubnetIds"))
def _proxy(call: Call) -> Iterator[Rejection]:
    subnets = list(located(call.inputs, "vpcSubnetIds[*]"))
    found = [call.cloud.get(SUBNET, str(subnet)) for _, subnet in subnets]
    zones = {each.outputs.get("availabilityZone") for each in found if each is not None}
    if subnets and all(each is not None and each.urn for each in found) and len(zones) < 2:
        yield Rejection("vpcSubnetIds", "A proxy requires subnets in at least two zones.", "InvalidSubnet")
    yield from subnets_in_vpc(call, subnets, vpc_of_subnets(call, subnets), code="InvalidSubnet")


@rule(
    "global-cluster-has-one-engine",
    Stage.CREATE,
    source=unread("rds", "CreateDBCluster: GlobalClusterIdentifier"),
)
def _global(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get("aws:rds/globalCluster:GlobalCluster", str(call.get("globalClusterIdentifier")))
    engine = next(values_at(found.inputs, "engine"), None) if found else None
    if engine and call.get("engine") != engine:
        yield Rejection("engine", f"The global cluster has the engine {engine}.", _COMBINATION)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INSTANCE,
        source=sdk("rds/instance"),
        rules=(_parameters, _options, _replica, _upgrade, _former, key_exists("kmsKeyId", "KMSKeyNotAccessibleFault")),
    ),
    Behaviour(
        type=CLUSTER,
        source=sdk("rds/cluster"),
        rules=(
            _parameters,
            _upgrade,
            _capacity,
            _backtrack,
            _global,
            key_exists("kmsKeyId", "KMSKeyNotAccessibleFault"),
        ),
    ),
    Behaviour(type=_MEMBER, source=sdk("rds/clusterinstance"), rules=(_former,)),
    Behaviour(type="aws:rds/proxy:Proxy", source=sdk("rds/proxy"), rules=(_proxy,)),
)
