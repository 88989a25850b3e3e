"""Backups: snapshot schedules of clusters, and the backup compliance policy of a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .clusters import CLUSTER, FLEX, cluster_of, cluster_regions, in_cluster
from .ids import object_id, state_id_of
from .project import of_project, once
from .sources import API, ERRORS, MEASURED, sdk

_PAGE = sdk("cloudbackupschedule")
_COMPLIANCE = sdk("backupcompliancepolicy")
COMPLIANCE = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy"
EXPORT_BUCKET = "mongodbatlas:index/cloudBackupSnapshotExportBucket:CloudBackupSnapshotExportBucket"
_DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 372}  # twelve months are one year

_ITEMS = {  # from most to minimum frequent: path, allowed intervals, shortest retention in days
    "policyItemHourly": ((1, 2, 4, 6, 8, 12), 1),
    "policyItemDaily": ((1,), 1),
    "policyItemWeeklies[*]": (tuple(range(1, 8)), 7),
    "policyItemMonthlies[*]": ((*range(1, 29), 40), 31),
    "policyItemYearlies[*]": (tuple(range(1, 13)), 365),
}


def _items(call: Call) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    return _items_of(call.inputs)


def _items_of(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path in _ITEMS:
        for at, item in located(inputs, path):
            if isinstance(item, dict):
                yield path, at, item


def _days(item: Mapping[str, Any]) -> int | None:
    unit, value = item.get("retentionUnit"), item.get("retentionValue")
    return _DAYS[unit] * int(value) if unit in _DAYS and isinstance(value, (int, float)) else None


@rule("policy-items-are-allowed", Stage.PLAN, source=_PAGE)
def _allowed_items(call: Call) -> Iterator[Rejection]:
    for path, at, item in _items(call):
        intervals, shortest = _ITEMS[path]
        interval, unit, days = item.get("frequencyInterval"), item.get("retentionUnit"), _days(item)
        if isinstance(interval, (int, float)) and interval not in intervals:
            yield Rejection(
                f"{at}.frequencyInterval",
                f"the interval is not allowed (got {interval:g}). Allowed are {', '.join(map(str, intervals))}.",
                "INVALID_BACKUP_POLICIES",
            )
        if unit is not UNKNOWN and unit not in _DAYS:
            yield Rejection(
                f"{at}.retentionUnit",
                f"the unit is not allowed (got {unit!r}). Allowed are {', '.join(_DAYS)}.",
                "INVALID_BACKUP_POLICIES",
            )
        if days is not None and days < shortest:
            yield Rejection(
                f"{at}.retentionValue",
                f"the retention is too short (got {days} days). Allowed are {shortest} days or more.",
                "INVALID_BACKUP_POLICIES",
            )


@rule("less-frequent-snapshots-are-kept-longer", Stage.PLAN, source=_PAGE)
def _ordered(call: Call) -> Iterator[Rejection]:
    longest: tuple[int, str] = (0, "")
    for path in _ITEMS:
        here = [(days, at) for each, at, item in _items(call) if each == path and (days := _days(item)) is not None]
        for days, at in here:
            if days < longest[0]:
                yield Rejection(
                    f"{at}.retentionValue",
                    f"the retention is too short (got {days} days). The more frequent {longest[1]} has {longest[0]}.",
                    "INVALID_BACKUP_POLICIES",
                )
        longest = max([longest, *here])


@rule("cluster-is-backed-up", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _backed_up(call: Call) -> Iterator[Rejection]:
    flex = next(call.cloud.find(FLEX, name=call.get("clusterName"), projectId=call.get("projectId")), None)
    if flex is not None:
        yield Rejection(
            "clusterName",
            f"'{call.get('clusterName')}' is a flex cluster, whose snapshots have a fixed schedule.",
            "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
        )
    yield from backup_rejections(call)


def backup_rejections(call: Call) -> Iterator[Rejection]:
    """Reject a resource of a cluster that exists without backups."""
    cluster = cluster_of(call, call.get("clusterName"), call.get("projectId"))
    if cluster is not None and cluster.outputs.get("backupEnabled") is not True:
        yield Rejection(
            "clusterName",
            f"the cluster '{call.get('clusterName')}' has backupEnabled: false",
            "BACKUP_CONFIG_NOT_FOUND",
        )


@rule("restore-window-is-within-the-snapshots", Stage.PLAN, source=ERRORS)
def _window(call: Call) -> Iterator[Rejection]:
    window = call.get("restoreWindowDays")
    kept = [days for _, _, item in _items(call) if (days := _days(item)) is not None]
    if isinstance(window, (int, float)) and window < 1:
        yield Rejection(
            "restoreWindowDays",
            f"the value is out of range (got {window:g}). Allowed are 1 or more.",
            "INVALID_RESTORE_WINDOW",
        )
    elif isinstance(window, (int, float)) and kept and window > max(kept):
        yield Rejection(
            "restoreWindowDays",
            f"it is longer than the longest retention (got {window:g}). Allowed are {max(kept)} days at most.",
            "INVALID_RESTORE_WINDOW",
        )


@rule("copy-settings-are-valid", Stage.CREATE, Stage.UPDATE, source=_PAGE)
def _copies(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call, call.get("clusterName"), call.get("projectId"))
    for at, copy in located(call.inputs, "copySettings[*]"):
        if copy.get("zoneId") is None:
            yield Rejection(
                f"{at}.zoneId", "it is missing. Set the zone of the cluster's shards.", "INVALID_BACKUP_POLICIES"
            )
        if cluster and copy.get("zoneId") not in {each.get("zoneId") for each in cluster.outputs["replicationSpecs"]}:
            yield Rejection(f"{at}.zoneId", f"the cluster has no zone {copy.get('zoneId')}", "INVALID_BACKUP_POLICIES")
        if copy.get("shouldCopyOplogs") and cluster and cluster.outputs.get("pitEnabled") is not True:
            yield Rejection(
                f"{at}.shouldCopyOplogs", "it requires pitEnabled: true on the cluster.", "INVALID_BACKUP_POLICIES"
            )


@rule("export-has-its-bucket", Stage.CREATE, Stage.UPDATE, source=API)
def _export(call: Call) -> Iterator[Rejection]:
    bucket = call.get("export.exportBucketId")
    if call.get("autoExportEnabled") is True and bucket is None:
        yield Rejection("export", "it is missing. autoExportEnabled requires it.", "INVALID_BACKUP_POLICIES")
    if bucket is not None and next(call.cloud.find(EXPORT_BUCKET, exportBucketId=bucket), None) is None:
        yield Rejection(
            "export.exportBucketId", f"the export bucket '{bucket}' does not exist.", "EXPORT_BUCKET_NOT_FOUND"
        )


@rule("snapshots-are-copied-elsewhere", Stage.CREATE, Stage.UPDATE, source=ERRORS)
def _copy_region(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call, call.get("clusterName"), call.get("projectId"))
    own = cluster_regions(cluster) if cluster else set[str]()
    for at, region in located(call.inputs, "copySettings[*].regionName"):
        if own == {region}:
            yield Rejection(at, f"the cluster itself is in {region}. Set another region.", "INVALID_BACKUP_POLICIES")


@rule(
    "compliance-policy-cannot-be-disabled", Stage.DELETE,
    source=documented(
        "https://www.mongodb.com/docs/atlas/backup/cloud-backup/backup-compliance-policy/", read="2026-11-24"
    ),
)  # fmt: skip
def _cannot_be_disabled(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    cluster = next(call.cloud.find(CLUSTER, projectId=call.this.inputs.get("projectId")), None)
    if cluster is not None:
        yield Rejection(
            "",
            "cannot disable the backup compliance policy while a cluster or a snapshot exists"
            f" (cluster '{cluster.name}'). Ask MongoDB's support, or delete clusters and snapshots first.",
            "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY",
        )


@rule("compliance-only-grows", Stage.UPDATE, source=_COMPLIANCE)
def _grows(call: Call) -> Iterator[Rejection]:
    old = {path: _days(item) for path, _, item in _items_of(call.old or {})}
    for path, at, item in _items(call):
        had, days = old.get(path), _days(item)
        if had is not None and days is not None and days < had:
            yield Rejection(
                f"{at}.retentionValue",
                f"the retention cannot be lowered (got {days} days, was {had}). Only MongoDB's support can lower it.",
                "BACKUP_COMPLIANCE_POLICY_SETTINGS_CANNOT_BE_LOWERED",
            )


@rule("schedule-meets-the-compliance-policy", Stage.CREATE, Stage.UPDATE, source=_COMPLIANCE)
def _meets_compliance_policy(call: Call) -> Iterator[Rejection]:
    policy = next(call.cloud.find(COMPLIANCE, projectId=call.get("projectId")), None)
    kept = {path: _days(item) or 0 for path, _, item in _items(call)}
    for path, _, item in _items_of(policy.inputs) if policy else ():
        minimum = _days(item) or 0
        if kept.get(path, 0) < minimum:
            yield Rejection(
                path.removesuffix("[*]"),
                f"the retention is too short (got {kept.get(path, 0)} days). The project's backup compliance policy"
                f" requires {minimum}.",
                "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS",
            )


def _cluster_id(call: Call) -> str:
    cluster = cluster_of(call, call.inputs.get("clusterName"), call.inputs.get("projectId"))
    return cluster.id if cluster else ""


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule",
        source=_PAGE,
        id=state_id_of(cluster_name="clusterName", project_id="projectId"),
        outputs={
            "clusterId": _cluster_id,
            "copySettings": (),
            "idPolicy": object_id,
            "nextSnapshot": "2026-11-25T00:00:00Z",
            "referenceHourOfDay": 0,
            "referenceMinuteOfHour": 0,
            "restoreWindowDays": 7,
            "updateSnapshots": False,
            "useOrgAndGroupNamesInExportPrefix": False,
        },
        replaces=frozenset({"projectId"}),
        patches_old=frozenset({"clusterName"}),
        keeps=frozenset({"referenceHourOfDay", "referenceMinuteOfHour", "restoreWindowDays"}),
        replace_source=MEASURED,
        ranges={"referenceHourOfDay": (0, 23), "referenceMinuteOfHour": (0, 59)},
        references=(of_project(), in_cluster(_PAGE)),
        rules=(
            _allowed_items,
            _ordered,
            _backed_up,
            _window,
            _copies,
            _export,
            _copy_region,
            _meets_compliance_policy,
            once("projectId", "clusterName"),
        ),
    ),
    Behaviour(
        type=COMPLIANCE,
        source=_COMPLIANCE,
        id=state_id_of(project_id="projectId"),
        outputs={
            "copyProtectionEnabled": False,
            "encryptionAtRestEnabled": False,
            "pitEnabled": False,
            "state": "ACTIVE",
            "updatedDate": "2026-11-24T00:00:00Z",
            "updatedUser": "sandbox",
        },
        patches_old=frozenset({"projectId"}),
        replace_source=MEASURED,
        references=(of_project(),),
        rules=(_allowed_items, _ordered, _window, _cannot_be_disabled, _grows, once("projectId")),
    ),
)
