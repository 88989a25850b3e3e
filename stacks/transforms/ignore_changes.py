"""Fields that somebody else changes after us, and rightly: the program sets where they start and leaves them alone.

The one list of them. A drift report that shows such a field shows work, not drift (`owner`).
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
    """One field of one type."""

    type: str
    field: str  # camelCase, as the engine compares it
    owner: str
    why: str
    names: str = "*"  # of the resources, as a shell pattern: others of the type keep the field
    block: Feature | None = None  # without which the field is ours; None: always theirs
    ignored: bool = True  # False: the provider itself leaves it alone


IGNORED_FIELDS: Final = (
    IgnoredField(
        type="aws:ecs/service:Service",
        field="desiredCount",
        owner="Application Auto Scaling",
        why="it holds the number of tasks between the bounds; setting it back would take tasks away under load",
        block=Feature.AUTOSCALING,
    ),
    IgnoredField(
        type="aws:lb/listenerRule:ListenerRule",
        field="actions",
        owner="ECS",
        why="a blue/green deployment turns the weights; setting them back would send users to tasks that are gone",
        names="*-production",
        block=Feature.BLUE_GREEN,
    ),
    IgnoredField(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        field="secretString",
        owner="the first run",
        why="the value is drawn once; every run draws another, which nobody must get",
        names="generated-*",
    ),
    IgnoredField(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        field="secretString",
        owner="the rotation function",
        why="it draws the keys; setting the first ones back would log everybody out",
        names="signing-*",
        block=Feature.KEY_ROTATION,
    ),
    *(
        IgnoredField(
            type="aws:s3/bucketObjectv2:BucketObjectv2",
            field=field,
            owner="the upload of a build",
            why="the first page waits for it; setting it back would take the site away",
            names="site*-index",
        )
        for field in ("content", "contentType", "cacheControl", "etag", "metadata", "tags")
    ),
    IgnoredField(
        type="aws:cloudwatch/dashboard:Dashboard",
        field="dashboardName",
        owner="the first run",
        why="it has no automatic name; one made of the stack's would replace it at a rename",
    ),
    IgnoredField(
        type="aws:ec2/instance:Instance",
        field="ami",
        owner="AWS",
        why="new images come all the time; the instance updates itself, and another would cut everybody off",
        names="network-nat*",
    ),
    IgnoredField(
        type="mongodbatlas:index/advancedCluster:AdvancedCluster",
        field="replicationSpecs",
        owner="Atlas autoscaling",
        why="it moves instance size and disk; with useEffectiveFields the provider compares what was asked for alone",
        block=Feature.DATABASE_AUTOSCALING,
        ignored=False,
    ),
    IgnoredField(
        type="aws:appautoscaling/target:Target",
        field="minCapacity",
        owner="scheduled actions",
        why="tierup:capacitySchedules set the bounds by the clock; an `up` sets them back until the next time",
        block=Feature.AUTOSCALING,
        ignored=False,
    ),
)


def owner(type_token: str, name: str, field: str) -> IgnoredField | None:
    """Who owns a field of a resource; None where it is the program's."""
    found = (
        each
        for each in IGNORED_FIELDS
        if (each.type, each.field) == (type_token, field) and fnmatchcase(name, each.names)
    )
    return next(found, None)


def ignore_changes(
    features: Collection[Feature],
) -> Callable[[ResourceTransformationArgs], ResourceTransformationResult | None]:
    """A transformation that has the engine ignore changes of the fields that are others' in a stack of `blocks`."""

    def apply(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        ignored = [
            each.field
            for each in IGNORED_FIELDS
            if each.ignored
            and each.type == args.type_
            and (each.block is None or each.block in features)
            and fnmatchcase(args.name, each.names)
            and each.field not in (args.opts.ignore_changes or ())
        ]
        if not ignored:
            return None
        opts = ResourceOptions.merge(args.opts, ResourceOptions(ignore_changes=ignored))
        return ResourceTransformationResult(args.props, opts)

    return apply
