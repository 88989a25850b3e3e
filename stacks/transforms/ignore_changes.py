"""Fields that another controller changes after creation: the program sets the initial value and ignores later changes.

A difference in one of these fields is not drift. `owner` names the controller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from pulumi import ResourceOptions, ResourceTransformationArgs, ResourceTransformationResult

from stacks.catalog.phases import Feature


@dataclass(frozen=True, kw_only=True, slots=True)
class IgnoredField:
    """One field of one resource type."""

    type: str
    field: str  # camelCase, as the engine compares it
    owner: str
    why: str
    names: str = "*"  # shell pattern of the logical names that the entry applies to
    feature: Feature | None = None  # the feature that introduces the controller; None: every phase has it
    ignored: bool = True  # False: the provider ignores the changes itself


IGNORED_FIELDS: Final = (
    IgnoredField(
        type="aws:ecs/service:Service",
        field="desiredCount",
        owner="Application Auto Scaling",
        why="autoscaling sets the number of tasks; resetting it would remove tasks under load",
        feature=Feature.AUTOSCALING,
    ),
    IgnoredField(
        type="aws:lb/listenerRule:ListenerRule",
        field="actions",
        owner="ECS",
        why="a blue/green deployment shifts the weights; resetting them would send requests to stopped tasks",
        names="*-production",
        feature=Feature.BLUE_GREEN,
    ),
    IgnoredField(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        field="secretString",
        owner="the first run",
        why="every run generates another value; only the first one may be stored",
        names="generated-*",
    ),
    IgnoredField(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        field="secretString",
        owner="the rotation function",
        why="rotation generates new keys; resetting the first ones would invalidate all tokens",
        names="signing-*",
        feature=Feature.KEY_ROTATION,
    ),
    *(
        IgnoredField(
            type="aws:s3/bucketObjectv2:BucketObjectv2",
            field=field,
            owner="the upload of a build",
            why="the placeholder page is replaced by the built site; resetting it would remove the site",
            names="site*-index",
        )
        for field in ("content", "contentType", "cacheControl", "etag", "metadata", "tags")
    ),
    IgnoredField(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        field="snapshotName",
        owner="the first run",
        why="ElastiCache reads a snapshot only when it creates a cache; another name would replace the cache",
    ),
    IgnoredField(
        type="aws:cloudwatch/dashboard:Dashboard",
        field="dashboardName",
        owner="the first run",
        why="it has no automatic name, and renaming the stack would replace it",
    ),
    IgnoredField(
        type="aws:ec2/instance:Instance",
        field="ami",
        owner="AWS",
        why="AWS publishes new AMIs all the time, and a replacement would interrupt the internet access of all tasks",
        names="network*-nat*",
    ),
    IgnoredField(
        type="mongodbatlas:index/advancedCluster:AdvancedCluster",
        field="replicationSpecs",
        owner="Atlas autoscaling",
        why="autoscaling changes instance size and disk; with useEffectiveFields the provider compares only the "
        "configuration",
        feature=Feature.DATABASE_AUTOSCALING,
        ignored=False,
    ),
    IgnoredField(
        type="aws:appautoscaling/target:Target",
        field="minCapacity",
        owner="scheduled actions",
        why="tierup:capacitySchedules change the limits on schedule; an `up` resets them until the next scheduled time",
        feature=Feature.AUTOSCALING,
        ignored=False,
    ),
)


def owner(type_token: str, name: str, field: str) -> IgnoredField | None:
    """Return the entry of a field that another controller owns, or None when the program owns it."""
    found = (
        each
        for each in IGNORED_FIELDS
        if (each.type, each.field) == (type_token, field) and fnmatchcase(name, each.names)
    )
    return next(found, None)


def ignore_changes(
    available: Collection[Feature],
) -> Callable[[ResourceTransformationArgs], ResourceTransformationResult | None]:
    """Return a transformation that ignores changes of the fields that another controller owns in a stack."""

    def apply(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        ignored = [
            each.field
            for each in IGNORED_FIELDS
            if each.ignored
            and each.type == args.type_
            and (each.feature is None or each.feature in available)
            and fnmatchcase(args.name, each.names)
            and each.field not in (args.opts.ignore_changes or ())
        ]
        if not ignored:
            return None
        opts = ResourceOptions.merge(args.opts, ResourceOptions(ignore_changes=ignored))
        return ResourceTransformationResult(args.props, opts)

    return apply
