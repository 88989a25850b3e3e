"""The failover in the sandbox: it changes the rows of the sandbox as the calls of the real clouds change resources.

A region that is down (`tierup sandbox conditions add region-down REGION`) cannot be reached: its workers cannot be
stopped, and it cannot take over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tierup.deployment.errors import CommandError
from tierup.failover.database_role import reordered
from tierup.failover.roles import Roles
from tierup.failover.stack_regions import RegionMember, StackRegions
from tierup.failover.traffic_role import ACTIVE, STANDBY
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.traffic.conditions import ConditionKind
from tierup.sandbox.traffic.flows.regions import GLOBAL_GROUP, members
from tierup.sandbox.traffic.hops.atlas import CLUSTER
from tierup.sandbox.traffic.hops.dns import RECORD, record_name
from tierup.sandbox.traffic.hops.ecs import SCALABLE_TARGET
from tierup.sandbox.traffic.memory import SERVICE
from tierup.sandbox.traffic.rows import Rows, listed
from tierup.sandbox.traffic.store import load_conditions


class SandboxFailover:
    """The clouds of a failover, in one file of the sandbox."""

    def __init__(self, cloud: Cloud, regions: StackRegions) -> None:
        self._cloud = cloud
        self._regions = regions

    def roles(self) -> Roles:
        """Return what the failover changes."""
        return Roles(
            cache=_Cache(self._cloud, self._regions),
            database=_Database(self._cloud, self._regions),
            traffic=_Traffic(self._cloud, self._regions),
            workers={name: _Workers(self._cloud, member) for name, member in self._regions.members.items()},
        )


def check_reachable(cloud: Cloud, region: str) -> None:
    """Raise CommandError if a region is down."""
    if load_conditions(cloud).holds(ConditionKind.REGION_DOWN, region):
        raise CommandError(
            f"{region}: AWS could not be reached (got the condition region-down). Clear it with `tierup sandbox "
            "conditions clear` when the region works again."
        )


def in_order(cloud: Cloud, run: int) -> Mapping[str, list[str]]:
    """Return the dependencies of the operations of a failover, whose steps follow one another.

    Operations of one type that follow one another are one step.
    """
    found: dict[str, list[str]] = {}
    before: list[str] = []
    step: list[CloudResource] = []
    for number, operation in cloud.operations(run):
        if number != run:
            continue
        resource = operation.resource
        if step and step[0].type != resource.type:
            before, step = [each.urn for each in step], []
        step.append(resource)
        found[resource.urn] = before
    return found


def _row(cloud: Cloud, type: str, what: str, /, **properties: Any) -> CloudResource:
    row = next(cloud.find(type, **properties), None)
    if row is None:
        raise CommandError(
            f"--sandbox: the sandbox has no {what} (got {', '.join(map(str, properties.values()))}). Run `tierup up "
            "--sandbox`, which creates it."
        )
    return row


def _set(cloud: Cloud, row: CloudResource, **outputs: Any) -> None:
    with cloud.alone():
        cloud.change(replace(row, outputs={**row.outputs, **outputs}))


class _Cache:
    def __init__(self, cloud: Cloud, regions: StackRegions) -> None:
        self._cloud = cloud
        self._id = regions.global_replication_group_id

    def primary_region(self) -> str:
        group = self._group()
        wanted = group.value("primaryReplicationGroupId")
        return next((each.region for each in self._members(group) if each.id == wanted), "")

    def promote(self, region: str) -> None:
        check_reachable(self._cloud, region)
        group = self._group()
        member = next((each for each in self._members(group) if each.region == region), None)
        if member is None:
            raise CommandError(
                f"{self._id}: the Global Datastore has no member in {region}. Run `tierup up`, which creates it."
            )
        _set(self._cloud, group, primaryReplicationGroupId=member.id)

    def _group(self) -> CloudResource:
        return _row(self._cloud, GLOBAL_GROUP, "Global Datastore", globalReplicationGroupId=self._id)

    def _members(self, group: CloudResource) -> Sequence[CloudResource]:
        return members(Rows(self._cloud.all()), group)


class _Database:
    def __init__(self, cloud: Cloud, regions: StackRegions) -> None:
        self._cloud = cloud
        self._name = regions.database_cluster_name
        self._project = regions.database_project_id

    def preferred_region(self) -> str:
        configs = listed(listed(self._cluster().value("replicationSpecs"))[0].get("regionConfigs"))
        first = max(configs, key=lambda each: each.get("priority") or 0)
        return str(first["regionName"]).lower().replace("_", "-")

    def prefer(self, region: str) -> None:
        cluster = self._cluster()
        specs = [
            {**spec, "regionConfigs": reordered(listed(spec.get("regionConfigs")), region)}
            for spec in listed(cluster.value("replicationSpecs"))
        ]
        _set(self._cloud, cluster, replicationSpecs=specs)

    def _cluster(self) -> CloudResource:
        return _row(self._cloud, CLUSTER, "cluster", name=self._name, projectId=self._project)


class _Traffic:
    def __init__(self, cloud: Cloud, regions: StackRegions) -> None:
        self._cloud = cloud
        self._regions = regions

    def weights(self) -> Mapping[str, int]:
        return {
            str(each.value("setIdentifier")): int(listed(each.value("weightedRoutingPolicies"))[0]["weight"])
            for each in self._records()
        }

    def point_to(self, region: str) -> None:
        for each in self._records():
            weight = ACTIVE if each.value("setIdentifier") == region else STANDBY
            if listed(each.value("weightedRoutingPolicies"))[0]["weight"] != weight:
                _set(self._cloud, each, weightedRoutingPolicies=[{"weight": weight}])

    def _records(self) -> list[CloudResource]:
        return [
            each
            for each in self._cloud.find(RECORD)
            if record_name(each) == self._regions.origin_host and listed(each.value("weightedRoutingPolicies"))
        ]


class _Workers:
    def __init__(self, cloud: Cloud, member: RegionMember) -> None:
        self._cloud = cloud
        self._member = member

    def minimum(self) -> int | None:
        if self._member.worker is None:
            return None
        check_reachable(self._cloud, self._member.region)
        return int(self._target().value("minCapacity") or 0)

    def scale(self, tasks: int) -> None:
        if self._member.worker is None:
            return
        check_reachable(self._cloud, self._member.region)
        _set(self._cloud, self._target(), minCapacity=tasks)
        service = _row(self._cloud, SERVICE, "worker", name=self._member.worker)
        _set(self._cloud, service, desiredCount=tasks)

    def _target(self) -> CloudResource:
        resource_id = f"service/{self._member.cluster}/{self._member.worker}"
        return _row(self._cloud, SCALABLE_TARGET, "scalable target", resourceId=resource_id)
