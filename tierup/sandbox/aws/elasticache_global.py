"""ElastiCache: Global Datastores, and what a secondary replication group takes from its primary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tierup.sandbox.behaviour import (
    Behaviour,
    Call,
    Name,
    Plain,
    Reference,
    Rejection,
    Stage,
    assumed,
    digest,
    documented,
    rule,
)
from tierup.sandbox.cloud import CloudResource

from .sources import api, sdk

GLOBAL_GROUP = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"

_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"

_CREATE = api("elasticache", "CreateGlobalReplicationGroup")

_LIMITS = documented(
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/Redis-Global-Clusters-Getting-Started.html",
    read="2026-11-28",
)

_CODE = documented(
    "internal/service/elasticache/replication_group.go and global_replication_group.go of"
    " https://github.com/hashicorp/terraform-provider-aws",
    read="2026-11-28",
)

_OLD_FAMILIES = ("t2", "t3", "t4g", "m4", "r4")
"""Node families of this sandbox that are older than M5 and R5, or burstable."""

_TAKEN = (
    "atRestEncryptionEnabled", "automaticFailoverEnabled", "clusterMode", "engine", "engineVersion", "nodeType",
    "numNodeGroups", "transitEncryptionEnabled",
)  # fmt: skip
"""What a secondary takes from its primary: the inputs that the provider refuses for it (ConflictsWith)."""


def is_secondary(inputs: Plain) -> bool:
    """Return whether a replication group joins a Global Datastore; at preview its id may be UNKNOWN."""
    return inputs.get("globalReplicationGroupId") not in (None, "")


def _primary_of(call: Call) -> CloudResource | None:
    group = call.cloud.get(GLOBAL_GROUP, call.get("globalReplicationGroupId", ""))
    if group is None:
        return None
    return call.cloud.get(_GROUP, str(group.inputs.get("primaryReplicationGroupId")), group.region)


def of_primary(template: Callable[[Call], Plain]) -> Callable[[Call], Plain]:
    """Return `template` for the inputs that a secondary has together with those of its primary."""

    def output(call: Call) -> Plain:
        primary = _primary_of(call) if is_secondary(call.inputs) else None
        if primary is None:
            return template(call)
        taken = {path: primary.outputs.get(path) for path in _TAKEN if primary.outputs.get(path) is not None}
        return template(replace(call, inputs={**taken, **call.inputs}))

    return output


def taken(path: str, default: Plain) -> Callable[[Call], Plain]:
    """Return the template of an output that a secondary takes from its primary, and that is `default` otherwise."""
    return of_primary(lambda call: call.get(path, default))


@rule("replicas-per-shard-require-shards", Stage.PLAN, source=sdk("elasticache/replicationgroup"))
def replicas_per_shard(call: Call) -> Iterator[Rejection]:
    given = "replicasPerNodeGroup" in call.inputs and call.inputs["replicasPerNodeGroup"] is not None
    if given and call.inputs.get("numNodeGroups") is None and not is_secondary(call.inputs):
        yield Rejection("replicasPerNodeGroup", "it requires numNodeGroups. Set it too.", "InvalidParameterCombination")


@rule("secondary-has-no-inputs-of-its-primary", Stage.PLAN, source=_CODE)
def secondary_inputs(call: Call) -> Iterator[Rejection]:
    if not is_secondary(call.inputs):
        return
    refused = (
        "atRestEncryptionEnabled", "engine", "engineVersion", "nodeType", "numNodeGroups", "parameterGroupName",
        "securityGroupNames", "snapshotArns", "snapshotName", "transitEncryptionEnabled", "transitEncryptionMode",
    )  # fmt: skip
    for path in refused:
        if call.inputs.get(path) is not None:
            yield Rejection(
                path,
                "it conflicts with globalReplicationGroupId: a secondary takes it from the primary. Omit it.",
                "InvalidParameterCombination",
            )


@rule("secondary-joins-in-another-region", Stage.CREATE, source=_LIMITS)
def joins(call: Call) -> Iterator[Rejection]:
    wanted = call.get("globalReplicationGroupId")
    if not wanted:
        return
    group = call.cloud.get(GLOBAL_GROUP, wanted)
    if group is None:
        yield Rejection("globalReplicationGroupId", f"'{wanted}' does not exist", "GlobalReplicationGroupNotFoundFault")
        return
    members = [each for each in call.cloud.find(_GROUP, globalReplicationGroupId=wanted) if each.urn != call.urn]
    regions = {group.region, *(each.region for each in members)}
    if call.region in regions:
        yield Rejection(
            "globalReplicationGroupId",
            f"'{wanted}' already has a member in {call.region}. Each region has one.",
            "InvalidParameterValue",
        )
    if len(members) >= 2:
        yield Rejection(
            "globalReplicationGroupId",
            f"'{wanted}' has {len(members)} secondaries. A Global Datastore has at most two.",
            "InvalidParameterValue",
        )


@rule(
    "members-change-through-the-global-datastore",
    Stage.UPDATE,
    source=documented("https://github.com/hashicorp/terraform-provider-aws/issues/27875", read="2026-11-28"),
)
def member_changes(call: Call) -> Iterator[Rejection]:
    old = call.old or {}
    name = str(call.this.id if call.this else call.get("replicationGroupId"))
    groups = call.cloud.find(GLOBAL_GROUP, primaryReplicationGroupId=name)
    joined = call.get("globalReplicationGroupId") or next((group.id for group in groups), None)
    for path in ("nodeType", "numNodeGroups"):
        if joined and old.get(path) != call.get(path):
            yield Rejection(
                path,
                f"Cluster [{name}] is part of a global cluster [{joined}]. Request rejected. Change it on the global"
                " replication group.",
                "InvalidParameterValue",
            )


@rule("primary-fits-a-global-datastore", Stage.CREATE, source=_LIMITS)
def _primary(call: Call) -> Iterator[Rejection]:
    primary = next(call.nearby(_GROUP, replicationGroupId=call.get("primaryReplicationGroupId")), None)
    if primary is None:
        return
    node_type = str(primary.outputs.get("nodeType") or "")
    if node_type.removeprefix("cache.").partition(".")[0] in _OLD_FAMILIES:
        yield Rejection(
            "primaryReplicationGroupId",
            f"the node type {node_type} is not supported in a Global Datastore. M5, R5 and newer families are.",
            "InvalidParameterValue",
        )


@rule("global-datastore-has-no-secondaries", Stage.DELETE, source=api("elasticache", "DeleteGlobalReplicationGroup"))
def _no_secondaries(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    left = next(call.cloud.find(_GROUP, globalReplicationGroupId=call.this.id), None)
    if left is not None:
        yield Rejection("", f"'{left.name}' is still a secondary of it.", "InvalidGlobalReplicationGroupState")


def _id(call: Call) -> str:
    # Each region has a fixed prefix of five letters, such as dsdfu for us-west-1 (API model of
    # CreateGlobalReplicationGroup). The sandbox derives one from the region.
    letters = "".join(chr(ord("a") + int(each, 16)) for each in digest(f"global/{call.region}", 5))
    return f"{letters}-{call.get('globalReplicationGroupIdSuffix')}"


def _of(path: str) -> Callable[[Call], Plain]:
    def output(call: Call) -> Plain:
        primary = next(call.nearby(_GROUP, replicationGroupId=call.get("primaryReplicationGroupId")), None)
        return primary.outputs.get(path) if primary else None

    return output


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=GLOBAL_GROUP,
        source=sdk("elasticache/globalreplicationgroup"),
        id=_id,
        outputs={
            "globalReplicationGroupId": "{id}",
            "arn": "arn:aws:elasticache::{account}:globalreplicationgroup:{id}",
            "atRestEncryptionEnabled": _of("atRestEncryptionEnabled"),
            "authTokenEnabled": lambda call: _of("authToken")(call) is not None,
            "automaticFailoverEnabled": _of("automaticFailoverEnabled"),
            "cacheNodeType": _of("nodeType"),
            "clusterEnabled": _of("clusterEnabled"),
            "engine": _of("engine"),
            "engineVersion": _of("engineVersion"),
            "engineVersionActual": _of("engineVersionActual"),
            "globalNodeGroups": [],
            "numNodeGroups": _of("numNodeGroups"),
            "transitEncryptionEnabled": _of("transitEncryptionEnabled"),
        },
        replaces=frozenset({"globalReplicationGroupIdSuffix", "primaryReplicationGroupId"}),
        replace_source=_CODE,
        name=Name(
            property="globalReplicationGroupIdSuffix",
            longest=40,
            pattern=r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]*(?<!-)",
            allowed="letters, digits and hyphens, starting with a letter",
            automatic=False,
            taken="GlobalReplicationGroupAlreadyExistsFault",
            source=assumed("the rules of a replication group's id; CreateGlobalReplicationGroup states none"),
        ),
        references=(
            Reference(
                path="primaryReplicationGroupId",
                to=_GROUP,
                by="replicationGroupId",
                code="ReplicationGroupNotFoundFault",
                in_use="InvalidReplicationGroupState",
                source=_CREATE,
            ),
        ),
        rules=(_primary, _no_secondaries),
    ),
)
