"""What the APIs of DocumentDB, Neptune, MemoryDB, Redshift and DMS check beyond their models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ..behaviour import UNKNOWN, Behaviour, BehaviourRule, Call, Rejection, Stage, located, rule
from .arns import account_of, region_of
from .network import APPLY
from .same_scope import known
from .service_references import token
from .sources import api, schema_of, sdk, unread


@rule("final-snapshot-is-named", Stage.DELETE, source=schema_of("docdb/cluster.go"))
def _final_snapshot(call: Call) -> Iterator[Rejection]:
    inputs: Mapping[str, object] = call.this.inputs if call.this else {}
    if not inputs.get("skipFinalSnapshot") and not inputs.get("finalSnapshotIdentifier"):
        yield Rejection(
            "finalSnapshotIdentifier",
            "it must be set when skipFinalSnapshot is false. Set one of them, run `pulumi up`, and delete then.",
            "InvalidParameterCombination",
        )


def _family(group: str, input: str, prefix: str) -> BehaviourRule:
    """Return a rule: the family of the parameter group at `input` is the one of the engine's version."""

    @rule("parameter-group-of-version", *APPLY, source=unread(prefix, "InvalidParameterCombination"))
    def check(call: Call) -> Iterator[Rejection]:
        name, version = call.get(input), call.get("engineVersion")
        found = next(call.nearby(token(group), name=name), None) if isinstance(name, str) else None
        family = str(found.inputs.get("family")) if found else ""
        digits = re.search(r"\d[\d.]*$", family)
        if found and digits and isinstance(version, str) and not f"{version}.".startswith(f"{digits[0]}."):
            if family == "neptune1" and re.match(r"1\.[01]\.", version):
                return
            yield Rejection(
                input, f"The parameter group {name} with the family {family} cannot be used for version {version}.",
                "InvalidParameterCombination",
            )  # fmt: skip

    return check


@rule("access-control-needs-encryption", Stage.PLAN, source=unread("memorydb", "CreateCluster: TLSEnabled, ACLName"))
def _acl(call: Call) -> Iterator[Rejection]:
    name = known(call, "aclName")
    if call.get("tlsEnabled") is False and isinstance(name, str) and name != "open-access":
        yield Rejection(
            "tlsEnabled", f"it must be true for the ACL {name}. Without TLS, only open-access is allowed.",
            "InvalidParameterCombinationException",
        )  # fmt: skip


@rule("endpoints-of-task", *APPLY, source=unread("dms", "CreateReplicationTask: SourceEndpointArn, TargetEndpointArn"))
def _directions(call: Call) -> Iterator[Rejection]:
    for input, wanted in (("sourceEndpointArn", "source"), ("targetEndpointArn", "target")):
        arn = call.get(input)
        for kind in ("dms.Endpoint", "dms.S3Endpoint"):
            for found in call.nearby(token(kind), endpointArn=arn):
                given = str(found.inputs.get("endpointType")).lower()
                if given != wanted:
                    yield Rejection(
                        input, f"the endpoint '{found.name}' is a {given} endpoint. A {wanted} endpoint is needed.",
                        "InvalidResourceStateFault",
                    )  # fmt: skip


@rule("replica-in-another-region", *APPLY, source=schema_of("dynamodb/table_replica.go"))
def _replica(call: Call) -> Iterator[Rejection]:
    arn = str(call.get("globalTableArn"))
    if next(call.cloud.find("aws:dynamodb/table:Table", arn=arn), None) is None and account_of(arn) == call.account:
        yield Rejection("globalTableArn", f"the Table '{arn}' does not exist", "ResourceNotFoundException")
    elif region_of(arn) == call.region:
        yield Rejection("globalTableArn", f"the table is in {call.region}, too. Create the replica with a provider of"
                        " another region.", "ValidationException")  # fmt: skip


@rule("indexes-and-replicas", Stage.PLAN, source=unread("dynamodb", "CreateTable: LocalSecondaryIndexes, replicas"))
def _table(call: Call) -> Iterator[Rejection]:
    indexes, regions = (
        known(call, "localSecondaryIndexes"),
        [region for _, region in located(call.inputs, "replicas[*].regionName") if isinstance(region, str)],
    )
    if isinstance(indexes, list) and len(indexes) > 5:
        yield Rejection(
            "localSecondaryIndexes", f"A table has 5 local secondary indexes at most (got {len(indexes)}).",
            "ValidationException",
        )  # fmt: skip
    for region in dict.fromkeys(each for each in regions if regions.count(each) > 1):
        yield Rejection("replicas", f"two replicas are in {region}.", "ValidationException")


@rule("key-of-item", Stage.CREATE, source=api("dynamodb", "PutItem: Item"))
def _item(call: Call) -> Iterator[Rejection]:
    table = next(call.nearby("aws:dynamodb/table:Table", name=call.get("tableName")), None)
    try:
        item = json.loads(str(call.get("item")))
    except ValueError:
        return
    for attribute in (table.inputs.get("attributes") or ()) if table and isinstance(item, dict) else ():
        name, kind = attribute.get("name"), attribute.get("type")
        is_key = name in (call.get("hashKey"), call.get("rangeKey"))
        if is_key and isinstance(item.get(name), dict) and kind not in item[name]:
            yield Rejection(
                "item", f"Type mismatch for key {name} expected: {kind} actual: {next(iter(item[name]), 'none')}",
                "ValidationException",
            )  # fmt: skip


@rule("keys-are-columns", Stage.PLAN, source=unread("keyspaces", "CreateTable: schemaDefinition"))
def _columns(call: Call) -> Iterator[Rejection]:
    columns = {name for _, name in located(call.inputs, "schemaDefinition.columns[*].name")}
    for path in ("partitionKeys[*].name", "clusteringKeys[*].name", "staticColumns[*].name"):
        for at, name in located(call.inputs, f"schemaDefinition.{path}"):
            if name not in columns and UNKNOWN not in columns and name is not UNKNOWN:
                yield Rejection(at, f"no column has the name {name}.", "ValidationException")


@rule("nodes-of-cluster", Stage.PLAN, source=unread("redshift", "CreateCluster: NumberOfNodes"))
def _nodes(call: Call) -> Iterator[Rejection]:
    nodes, kind = known(call, "numberOfNodes"), known(call, "clusterType")
    if kind == "single-node" and isinstance(nodes, (int, float)) and nodes > 1:
        yield Rejection(
            "numberOfNodes", f"Number of nodes for cluster type single-node must be 1 (got {nodes:g}).",
            "InvalidParameterValue",
        )  # fmt: skip


@rule("zone-moves-with-relocation", Stage.DIFF, source=schema_of("redshift/cluster.go"))
def _zone(call: Call) -> Iterator[Rejection]:
    old, new = (call.old or {}).get("availabilityZone"), known(call, "availabilityZone")
    if old and new and old != new and call.get("availabilityZoneRelocationEnabled") in (None, False):
        yield Rejection(
            "availabilityZone", "cannot change availabilityZone if availabilityZoneRelocationEnabled is not true",
            "InvalidParameterCombination",
        )  # fmt: skip


_LIMIT_TYPES = {
    "spectrum": "data-scanned", "concurrency-scaling": "time", "cross-region-datasharing": "data-scanned",
    "extra-compute-for-automatic-optimization": "time",
}  # fmt: skip


@rule("limit-of-feature", Stage.PLAN, source=api("redshift", "CreateUsageLimit: LimitType"))
def _usage_limit(call: Call) -> Iterator[Rejection]:
    wanted, kind = _LIMIT_TYPES.get(str(known(call, "featureType"))), known(call, "limitType")
    if wanted and isinstance(kind, str) and kind != wanted:
        yield Rejection(
            "limitType", f"it must be {wanted} for {known(call, 'featureType')} (got {kind}).", "InvalidUsageLimit"
        )


@rule("tiered-node-type", Stage.PLAN, source=unread("memorydb", "CreateCluster: DataTiering"))
def _tiering(call: Call) -> Iterator[Rejection]:
    kind = known(call, "nodeType")
    if call.get("dataTiering") is True and isinstance(kind, str) and not kind.startswith("db.r6gd."):
        yield Rejection(
            "dataTiering", f"only nodes of type r6gd tier data (got {kind}).", "InvalidParameterValueException"
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=token("dynamodb.Table"), source=sdk("dynamodb/table"), rules=(_table,)),
    Behaviour(type=token("dynamodb.TableItem"), source=sdk("dynamodb/tableitem"), rules=(_item,)),
    Behaviour(type=token("redshift.UsageLimit"), source=sdk("redshift/usagelimit"), rules=(_usage_limit,)),
    Behaviour(type=token("dynamodb.TableReplica"), source=sdk("dynamodb/tablereplica"), rules=(_replica,)),
    Behaviour(type=token("keyspaces.Table"), source=sdk("keyspaces/table"), rules=(_columns,)),
    Behaviour(
        type=token("docdb.Cluster"), source=sdk("docdb/cluster"),
        rules=(
            _final_snapshot, _family("docdb.ClusterParameterGroup", "dbClusterParameterGroupName", "docdb"),
        ),
    ),
    Behaviour(
        type=token("neptune.Cluster"), source=sdk("neptune/cluster"),
        rules=(
            _final_snapshot, _family("neptune.ClusterParameterGroup", "neptuneClusterParameterGroupName", "neptune"),
        ),
    ),
    Behaviour(type=token("redshift.Cluster"), source=sdk("redshift/cluster"), rules=(_final_snapshot, _nodes, _zone)),
    Behaviour(type=token("memorydb.Cluster"), source=sdk("memorydb/cluster"), rules=(_acl, _tiering)),
    Behaviour(type=token("dms.ReplicationTask"), source=sdk("dms/replicationtask"), rules=(_directions,)),
)  # fmt: skip
