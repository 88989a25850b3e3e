"""The interruptions that a change of a resource causes on the real clouds: one table, each row with its source.

A change has the effect of the first row that matches it. A change that no row matches has an unknown effect, and a
report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, cast

from tierup.switch.resource_changes import Operation, ResourceChange

_When = Callable[[ResourceChange], bool]

REPLICATION_GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER: Final = "mongodbatlas:index/advancedCluster:AdvancedCluster"

_NODE_MIGRATION: Final = (
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/CacheNodes.NodeMigration.html (read 2026-11-28)"
)
_ELECTION: Final = "https://www.mongodb.com/docs/manual/core/replica-set-elections/ (read 2026-11-28)"
_ROLLING: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html (read 2026-11-28)"
)
_ORCHESTRATORS: Final = "components/eks/pod_targets.py; docs/adr/0016-eks-auto-mode.md"
_CLOUDFRONT: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToUpdateDistribution.html (read 2026-11-28)"
)
_DELETED_LAST: Final = (
    "Pulumi creates and updates before it deletes: "
    "https://www.pulumi.com/docs/iac/concepts/options/deletebeforereplace/ (read 2026-11-28)"
)
_ALIAS_TTL: Final = (
    "docs/adr/0006-api-has-its-own-distribution.md; TTL of an alias record to a load balancer, 60 s: "
    "https://dev.classmethod.jp/articles/amazon-route-53-alias-ttl/, which quotes the ELB guide (read 2026-11-28)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interruption:
    """The effect of a kind of change."""

    types: Sequence[str]
    """Shell patterns of the resource types."""
    operations: Sequence[Operation]
    seconds: int
    """How long users notice it; 0 if they do not."""
    effect: str
    """What happens, as a sentence."""
    source: str
    properties: Sequence[str] = ()
    """The inputs of an update of which one must change; none for any."""
    names: str = "*"
    """Shell pattern of the logical names."""
    together_with: Sequence[str] = ()
    """Shell patterns of logical names, of which one must be created or changed in the same step; none for any."""
    when: _When = lambda _: True

    def matches(self, change: ResourceChange, step: Sequence[ResourceChange]) -> bool:
        """Return whether the row applies to a change of a step."""
        return (
            change.operation in self.operations
            and any(fnmatchcase(change.type, each) for each in self.types)
            and fnmatchcase(change.name, self.names)
            and (not self.properties or bool(set(self.properties) & set(change.properties)))
            and self.when(change)
            and (
                not self.together_with
                or any(each.operation != "delete" and _named(each, self.together_with) for each in step)
            )
        )


def _named(change: ResourceChange, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(change.name, pattern) for pattern in patterns)


def _single_node(change: ResourceChange) -> bool:
    return change.before.get("numCacheClusters", 2) == 1


def _resized(change: ResourceChange) -> bool:
    return _instance_sizes(change.before) != _instance_sizes(change.after)


def _instance_sizes(inputs: Mapping[str, Any]) -> set[str]:
    return {
        str(cast("Mapping[str, Any]", config[kind]).get("instanceSize"))
        for spec in cast("Sequence[Mapping[str, Any]]", inputs.get("replicationSpecs") or ())
        for config in cast("Sequence[Mapping[str, Any]]", spec.get("regionConfigs") or ())
        for kind in ("electableSpecs", "readOnlySpecs")
        if isinstance(config.get(kind), Mapping)
    }


_CHANGED: Final[Sequence[Operation]] = ("update", "replace", "delete")

INTERRUPTIONS: Final = (
    Interruption(
        types=("*",),
        operations=("create",),
        seconds=0,
        effect="Nothing uses the resource before it exists.",
        source="Pulumi creates a resource before those that refer to it: "
        "https://www.pulumi.com/docs/iac/concepts/how-pulumi-works/ (from memory)",
    ),
    # --- the cache ---
    Interruption(
        types=(REPLICATION_GROUP,),
        operations=("update",),
        properties=("nodeType",),
        when=_single_node,
        seconds=60,
        effect="The cache of one node is unavailable until its DNS name points to the new node.",
        source=_NODE_MIGRATION,
    ),
    Interruption(
        types=(REPLICATION_GROUP,),
        operations=("update",),
        properties=("nodeType", "clusterMode", "numNodeGroups"),
        seconds=1,
        effect="Clients of the cache reconnect to the new nodes.",
        source=_NODE_MIGRATION,
    ),
    Interruption(
        types=(REPLICATION_GROUP,),
        operations=("update",),
        seconds=0,
        effect="ElastiCache adds or removes replicas and settings while the primary serves.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.RedisReplGrps.html (read 2026-11-28)",
    ),
    Interruption(
        types=(REPLICATION_GROUP,),
        operations=("replace",),
        seconds=0,
        effect="The new cache starts from the snapshot, the services are deployed with its address, and the old cache "
        "is deleted last. What clients wrote after the snapshot is lost.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-restoring.html (read 2026-11-28)",
    ),
    Interruption(
        types=(REPLICATION_GROUP,),
        operations=("delete",),
        seconds=0,
        effect="No task uses the cache any more, because the services are deployed without it first.",
        source=_DELETED_LAST,
    ),
    Interruption(
        types=("aws:elasticache/subnetGroup:*", "aws:elasticache/user*", "aws:elasticache/parameterGroup:*"),
        operations=_CHANGED,
        seconds=0,
        effect="It concerns nodes and users that are added later, or a group that is no longer used.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html (read 2026-11-28)",
    ),
    # --- the database ---
    Interruption(
        types=(CLUSTER,),
        operations=("update",),
        properties=("clusterType",),
        seconds=12,
        effect="Writes wait for an election while Atlas converts the replica set. Restart all clients afterwards.",
        source=_ELECTION,
    ),
    Interruption(
        types=(CLUSTER,),
        operations=("update",),
        properties=("replicationSpecs",),
        when=_resized,
        seconds=12,
        effect="Writes wait for an election when Atlas replaces the primary. Drivers retry them.",
        source=_ELECTION,
    ),
    Interruption(
        types=(CLUSTER,),
        operations=("update",),
        seconds=0,
        effect="Atlas changes it while the primary serves.",
        source="https://www.mongodb.com/docs/atlas/scale-cluster/ (one node at a time, the primary last; "
        "read 2026-11-28)",
    ),
    Interruption(
        types=("mongodbatlas:index/privateLinkEndpoint*", "mongodbatlas:index/databaseUser:*"),
        operations=("delete",),
        seconds=0,
        effect="Tasks connect another way before it is deleted.",
        source=_DELETED_LAST,
    ),
    Interruption(
        types=("mongodbatlas:*",),
        operations=_CHANGED,
        seconds=0,
        effect="It serves no requests.",
        source="https://www.mongodb.com/docs/atlas/ (alerts, auditing and backups; from memory)",
    ),
    # --- tasks ---
    Interruption(
        types=("aws:ecs/service:Service",),
        operations=("update",),
        seconds=0,
        effect="ECS starts new tasks, waits until they are healthy, and stops the old ones.",
        source=_ROLLING,
    ),
    Interruption(
        types=("aws:ecs/service:Service",),
        operations=("delete",),
        names="worker*",
        seconds=0,
        effect="The worker stops. It serves no requests.",
        source=_ROLLING,
    ),
    Interruption(
        types=("aws:ecs/taskDefinition:*", "aws:ecs/cluster:*", "aws:appautoscaling/*"),
        operations=_CHANGED,
        seconds=0,
        effect="Running tasks keep their revision until the service replaces them.",
        source=_ROLLING,
    ),
    Interruption(
        types=("aws:ecs/service:Service",),
        operations=("delete",),
        names="backend-service",
        together_with=("backend-share",),
        seconds=0,
        effect="The tasks stop. Pods have got every request since the step before.",
        source=_ORCHESTRATORS,
    ),
    Interruption(
        types=("aws:eks/*", "kubernetes:*"),
        operations=("create", *_CHANGED),
        seconds=0,
        effect="Pods start before they get requests, and stop after they have got the last one.",
        source=_ORCHESTRATORS,
    ),
    Interruption(
        types=("aws:lb/listenerRule:ListenerRule",),
        operations=("create", "update", "delete"),
        names="backend-share",
        seconds=0,
        effect="The load balancer divides new requests between tasks and pods; those in progress end where they began.",
        source=_ORCHESTRATORS,
    ),
    # --- the way of a request ---
    Interruption(
        types=("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",),
        operations=("delete",),
        names="api-from-internet-*",
        together_with=("api-alias-a", "api-record-cname"),
        seconds=60,
        effect="Clients of the API with a cached DNS answer reach the load balancer, which accepts only the CDN, "
        "until they resolve the name again. Open connections get status 403 as long as they stay open.",
        source=_ALIAS_TTL,
    ),
    Interruption(
        types=("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",),
        operations=("delete",),
        names="api-from-cloud*",
        together_with=("api-alias-a", "api-record-cname"),
        seconds=60,
        effect="Clients of the API with a cached DNS answer reach the CDN, which the load balancer no longer accepts, "
        "until they resolve the name again.",
        source=_ALIAS_TTL,
    ),
    Interruption(
        types=("aws:vpc/securityGroup*Rule:*", "aws:ec2/securityGroup:*"),
        operations=_CHANGED,
        seconds=0,
        effect="New tasks have their own rules before the old ones are deleted. Established connections continue.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html "
        "(read 2026-11-28)",
    ),
    Interruption(
        types=("aws:cloudfront/distribution:Distribution",),
        operations=("delete",),
        names="api-cdn-*",
        seconds=0,
        effect="The API's name no longer points to it. CloudFront refuses to delete a distribution that is enabled.",
        source=_CLOUDFRONT,
    ),
    Interruption(
        types=("aws:cloudfront/*",),
        operations=_CHANGED,
        seconds=0,
        effect="CloudFront rolls out the change while the old configuration serves.",
        source=_CLOUDFRONT,
    ),
    Interruption(
        types=("cloudflare:*",),
        operations=_CHANGED,
        seconds=0,
        effect="Cloudflare rolls out the change while the old configuration serves.",
        source="https://developers.cloudflare.com/ruleset-engine/ (from memory)",
    ),
    Interruption(
        types=("aws:route53/record:Record",),
        operations=("update", "delete"),
        seconds=0,
        effect="Both targets of the name serve while clients still have the old answer.",
        source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ (from memory)",
    ),
    Interruption(
        types=("aws:wafv2/*",),
        operations=_CHANGED,
        seconds=0,
        effect="AWS WAF applies the new rules within minutes, and the old ones until then.",
        source="https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html: continuous coverage during "
        "an update, and propagation within seconds to minutes (read 2026-11-28)",
    ),
    Interruption(
        types=("aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener*", "aws:lb/targetGroup:*"),
        operations=("update", "delete"),
        seconds=0,
        effect="The load balancer serves while subnets, rules and target groups change.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/ (from memory)",
    ),
    Interruption(
        types=("aws:ec2/natGateway:*", "aws:ec2/eip:*", "aws:ec2/instance:*"),
        operations=("replace", "delete"),
        seconds=0,
        effect="Open outgoing connections through it are reset, and its public address is released. New connections "
        "take another route.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html (the address is "
        "disassociated; read 2026-11-28); that connections are reset: from memory",
    ),
    Interruption(
        types=("aws:ec2/vpcEndpoint:*", "aws:ec2/route*", "aws:ec2/subnet:*"),
        operations=_CHANGED,
        seconds=0,
        effect="Tasks reach the service another way before it changes.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/ (from memory)",
    ),
    # --- pods ---
    Interruption(
        types=("kubernetes:*:TargetGroupBinding",),
        operations=("replace", "delete"),
        seconds=30,
        effect="The pods leave the target group, and join it again with the new binding.",
        source="components/kubernetes/web_service.py; the time is assumed",
    ),
    Interruption(
        types=("kubernetes:core/v1:Namespace",),
        operations=("replace",),
        seconds=0,
        effect="The objects in it are replaced before it is deleted.",
        source="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ (read 2026-11-28)",
    ),
    Interruption(
        types=("kubernetes:apps/v1:Deployment",),
        operations=_CHANGED,
        seconds=0,
        effect="New pods are ready before old pods stop, which serve until the load balancer has deregistered them.",
        source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (read 2026-11-28)",
    ),
    Interruption(
        types=("kubernetes:*",),
        operations=_CHANGED,
        seconds=0,
        effect="Running pods keep serving while Kubernetes applies it.",
        source="https://kubernetes.io/docs/concepts/architecture/controller/ (read 2026-11-28)",
    ),
    # --- what serves no requests ---
    Interruption(
        types=(
            "aws:acm/*",
            "aws:backup/*",
            "aws:budgets/*",
            "aws:cloudwatch/*",
            "aws:iam/*",
            "aws:kms/*",
            "aws:lambda/*",
            "aws:route53/healthCheck:*",
            "aws:s3/bucket*",
            "aws:secretsmanager/*",
            "aws:sns/*",
        ),
        operations=_CHANGED,
        seconds=0,
        effect="No request waits for it: tasks read it when they start, and alarms, backups and keys are not on the "
        "way of a request.",
        source="stacks/architecture.py",
    ),
)  # fmt: skip
"""The effects by kind of change. The first row that matches counts."""


def interruption_of(change: ResourceChange, step: Sequence[ResourceChange]) -> Interruption | None:
    """Return the effect of a change of a step, or None if the table does not know it."""
    return next((each for each in INTERRUPTIONS if each.matches(change, step)), None)
