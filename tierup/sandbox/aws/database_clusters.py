"""What the APIs of DocumentDB, Neptune, MemoryDB, Redshift and DMS check beyond their models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..behaviour import Behaviour, BehaviourRule, Call, Rejection, Stage, rule
from .network import APPLY
from .same_scope import known
from .service_references import token
from .sources import schema_of, sdk, unread


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


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
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
    Behaviour(type=token("redshift.Cluster"), source=sdk("redshift/cluster"), rules=(_final_snapshot,)),
    Behaviour(type=token("memorydb.Cluster"), source=sdk("memorydb/cluster"), rules=(_acl,)),
    Behaviour(type=token("dms.ReplicationTask"), source=sdk("dms/replicationtask"), rules=(_directions,)),
)  # fmt: skip
