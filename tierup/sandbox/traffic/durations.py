"""How long operations take on the real clouds: the one table of the virtual clock.

The values are estimates of a usual duration, not limits. A value that was not read is `assumed`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.behaviour import Source, assumed, documented
from tierup.sandbox.cloud import CloudResource, Operation

from .hops.alb import TARGET_GROUP, health_check_seconds
from .hops.atlas import CLUSTER as ATLAS_CLUSTER
from .memory import SERVICE, containers, task_definition
from .rows import Rows, listed

_AWS = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class Duration:
    """The usual duration of the operations on one type, in seconds."""

    type: str
    create: int
    update: int
    delete: int
    source: Source


def _usual(what: str) -> Source:
    return assumed(f"usual duration, from memory; {what}")


def _measured(text: str, found: str) -> Source:
    """Return the source of a duration that Terraform logs in public repositories contain."""
    return documented(
        f'logs of `terraform apply` in public repositories, found by "{text}": {found}', read="2026-11-28"
    )


def _waits(file: str, found: str, *, of: str = "mongodb/terraform-provider-mongodbatlas") -> Source:
    """Return the source of a duration from the waits in a provider's code."""
    return documented(f"{of}, {file}: {found}", read="2026-11-28")


OTHER = Duration("*", 3, 3, 3, _usual("an API call that completes at once, and the provider's read after it"))
"""The duration of every type that has no row."""

DURATIONS: tuple[Duration, ...] = (
    Duration(
        "aws:acm/certificateValidation:CertificateValidation", 180, 3, 1,
        _measured(
            "aws_acm_certificate_validation.cert: Creation complete",
            "2 s and 61 s; https://aws.amazon.com/premiumsupport/knowledge-center/acm-certificate-pending-validation/"
            " allows several hours for a DNS provider that is slow",
        ),
    ),
    Duration(
        "aws:backup/vault:Vault", 5, 3, 5,
        _waits(
            "internal/service/backup/vault.go", "an API call without a wait, but for the recovery points of a deletion",
            of="hashicorp/terraform-provider-aws",
        ),
    ),
    Duration(
        "aws:cloudfront/distribution:Distribution", 300, 300, 600,
        documented(
            "https://aws.amazon.com/blogs/networking-and-content-delivery/slashing-cloudfront-change-propagation-times"
            "-in-2020-recent-changes-and-looking-forward/ (changes within 5 min; a delete disables the distribution"
            " first); logs of `terraform apply` in public repositories have 43 s to 7 min 53 s for a creation",
            read="2026-11-28",
        ),
    ),
    Duration(
        "aws:ec2/natGateway:NatGateway", 120, 5, 60,
        _measured(
            "nat_gateway.this[0]: Creation complete after",
            "85 to 124 s in seven logs, and 37 to 79 s for a deletion in nine; up to 10 min in 2016"
            " (https://github.com/kubernetes/kops/pull/944)",
        ),
    ),
    Duration(
        "aws:ec2/instance:Instance", 40, 30, 60,
        _measured(
            "aws_instance.web: Creation complete after",
            "10 to 42 s in ten logs, and 8 to 31 s for a deletion in nine; a NAT instance also releases its interface",
        ),
    ),
    Duration(
        "aws:ec2/vpcEndpoint:VpcEndpoint", 90, 15, 60,
        _measured("[id=vpce-", "1 min 53 s for an interface endpoint in one log"),
    ),
    Duration(
        "aws:elasticache/replicationGroup:ReplicationGroup", 600, 900, 600,
        _measured(
            "aws_elasticache_replication_group.redis: Creation complete after",
            "5 min 58 s to 9 min 15 s in four logs, and 15 min 23 s for a change of the node type in one. The deletion"
            " is from memory. The provider raised its time-out to 60 min"
            " (https://github.com/hashicorp/terraform-provider-aws/pull/4093)",
        ),
    ),
    Duration(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", 600, 60, 600,
        documented(
            "https://disaster-recovery.workshop.aws/en/services/databases/elasticache/global-datastore.html (a second"
            "ary is promoted within 1 min). The creation and the deletion are from memory, like those of a group",
            read="2026-11-28",
        ),
    ),
    Duration(
        "aws:elasticache/user:User", 30, 60, 30,
        _waits(
            "internal/service/elasticache/user.go",
            "it asks for the status until the user is active, for 5 min at most; the usual time is from memory",
            of="hashicorp/terraform-provider-aws",
        ),
    ),
    Duration(
        "aws:elasticache/userGroup:UserGroup", 30, 60, 30,
        _waits(
            "internal/service/elasticache/user_group.go", "it asks for the status after 30 s, then every 10 s",
            of="hashicorp/terraform-provider-aws",
        ),
    ),
    Duration(
        "aws:iam/role:Role", 10, 3, 3,
        _measured(
            "aws_iam_role.this[0]: Creation complete after",
            "1 to 3 s in ten logs, and a margin until it is visible everywhere (from memory)",
        ),
    ),
    Duration("aws:kms/key:Key", 20, 5, 3, _measured("aws_kms_key.this[0]: Creation complete", "12 to 29 s in ten")),
    Duration(
        "aws:lambda/function:Function", 15, 15, 5,
        _measured("aws_lambda_function.this[0]: Creation complete", "9 to 30 s in three logs"),
    ),
    Duration(
        "aws:lb/loadBalancer:LoadBalancer", 150, 10, 30,
        _measured(
            "aws_lb.this[0]: Creation complete after",
            "139 to 172 s in three logs, and 139 s in https://github.com/turbot/steampipe-plugin-aws/pull/792; up to 30"
            " min at times (https://github.com/hashicorp/terraform/issues/24799)",
        ),
    ),
    Duration(
        "aws:route53/record:Record", 40, 40, 40,
        documented(
            f"{_AWS}/Route53/latest/DeveloperGuide/resource-record-sets-editing.html (generally within 60 s); 37 and 39"
            " s in https://github.com/hashicorp/terraform-provider-aws/pull/11300",
            read="2026-11-28",
        ),
    ),
    Duration("aws:route53/healthCheck:HealthCheck", 5, 3, 3, _usual("an API call")),
    Duration(
        "aws:servicediscovery/httpNamespace:HttpNamespace", 10, 3, 10,
        _waits(
            "internal/service/servicediscovery/wait.go",
            "it asks for the status of the operation until it is SUCCESS; the time is from memory",
            of="hashicorp/terraform-provider-aws",
        ),
    ),
    Duration(
        "aws:wafv2/webAcl:WebAcl", 5, 10, 5,
        _measured(
            "aws_wafv2_web_acl.main: Creation complete after",
            "2 s in one log, and a margin until its rules apply everywhere (from memory)",
        ),
    ),
    Duration(
        "aws:wafv2/webAclAssociation:WebAclAssociation", 10, 10, 5,
        _waits(
            "internal/service/wafv2/web_acl_association.go",
            "it repeats the call while the web ACL is not available yet, up to 5 min; the usual time is from memory",
            of="hashicorp/terraform-provider-aws",
        ),
    ),
    Duration(
        "cloudflare:index/dnsRecord:DnsRecord", 2, 2, 2,
        _measured("cloudflare_record.www: Creation complete after", "1 to 10 s in seven logs, 3 s in the middle one"),
    ),
    Duration("cloudflare:index/ruleset:Ruleset", 5, 5, 5, _usual("a ruleset, until it applies at the whole edge")),
    Duration(
        "kubernetes:apps/v1:Deployment", 90, 120, 60,
        _measured(
            "kubernetes_deployment.nginx: Creation complete",
            "10 to 76 s in ten logs. That pods drain, and a new node's 40 s, are from memory",
        ),
    ),
    Duration("kubernetes:batch/v1:Job", 60, 60, 5, _usual("a pod that starts, runs migrations and ends")),
    Duration(
        "kubernetes:core/v1:Namespace", 3, 3, 15,
        _measured("kubernetes_namespace.monitoring: Destruction compl", "13 s in two logs, with its objects"),
    ),
    Duration(
        "mongodbatlas:index/advancedCluster:AdvancedCluster", 600, 900, 300,
        _measured(
            "mongodbatlas_advanced_cluster.cluster: Creation complete",
            "5 min 14 s for a small cluster; larger ones take longer. The change and the deletion are from memory:"
            " Atlas replaces one member after another (https://www.mongodb.com/docs/atlas/scale-cluster/)",
        ),
    ),
    Duration(
        "mongodbatlas:index/databaseUser:DatabaseUser", 15, 15, 15,
        _waits(
            "internal/service/databaseuser", "an API call without a wait; until the cluster has the user: from memory"
        ),
    ),
    Duration(
        "mongodbatlas:index/networkContainer:NetworkContainer", 5, 5, 125,
        _waits(
            "internal/service/networkcontainer/resource_network_container.go",
            "an API call, but a deletion begins after a wait of 2 min",
        ),
    ),
    Duration("mongodbatlas:index/networkPeering:NetworkPeering", 60, 30, 60, _waits(
            "internal/service/networkpeering/resource.go",
            "it asks for the status after 10 s, then every 10 s; until Atlas offers the connection: from memory",
        )),
    Duration(
        "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint", 150, 5, 120,
        _waits(
            "internal/service/privatelinkendpoint/resource.go",
            "it asks for the status every 5 s. The time is from memory; TiDB Cloud's endpoint service takes 3 to 4 min"
            " (https://github.com/pingcap/docs/pull/10276)",
        ),
    ),
    Duration(
        "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService", 120, 5, 120,
        _waits(
            "internal/service/privatelinkendpointservice/resource.go",
            "it asks for the status after 10 s, then every 10 s, and then so until the project's clusters are idle. How"
            " long Atlas takes is from memory",
        ),
    ),
    Duration(
        "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", 30, 10, 10,
        _waits(
            "internal/service/projectipaccesslist/resource_project_ip_access_list.go",
            "it creates an entry after 10 s, and then asks for it; until it is ACTIVE: from memory",
        ),
    ),
)  # fmt: skip

TASK_START_SECONDS = 60
"""The time in which Fargate starts a task and pulls its image (assumed: 30 to 90 s for an image of some 100 MB)."""

_BY_TYPE = {row.type: row for row in DURATIONS}


def duration(type: str) -> Duration:
    """Return the row of a type, or that of all others."""
    return _BY_TYPE.get(type, OTHER)


def seconds(operation: Operation, rows: Rows) -> int:
    """Return how long an operation takes on the real cloud.

    A deployment of an ECS service takes what its task and target group decide: the task starts, passes its health
    checks, and the old tasks drain.
    """
    resource = operation.resource
    if resource.type == SERVICE and operation.after is not None:
        return _deployment_seconds(operation, rows)
    if operation.kind == "update" and _changes_priorities_only(operation):
        return PRIORITY_SECONDS
    row = duration(resource.type)
    return {"create": row.create, "update": row.update, "delete": row.delete}[operation.kind]


PRIORITY_SECONDS = 60
"""The time in which Atlas applies other priorities of regions and elects a primary (assumed: no node is replaced, and
an election takes at most 12 s in the median, https://www.mongodb.com/docs/manual/replication/#automatic-failover)."""


def _changes_priorities_only(operation: Operation) -> bool:
    if operation.resource.type != ATLAS_CLUSTER or operation.before is None or operation.after is None:
        return False
    before, after = operation.before.outputs, operation.after.outputs
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return names == {"replicationSpecs"} and _sizes(before) == _sizes(after)


def _sizes(outputs: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the regions of each shard without their priorities, in the order of their names."""
    return [
        sorted(
            (
                {key: value for key, value in each.items() if key != "priority"}
                for each in listed(spec.get("regionConfigs"))
            ),
            key=lambda each: str(each.get("regionName")),
        )
        for spec in listed(outputs.get("replicationSpecs"))
    ]


DRAINING = documented(
    f"{_AWS}/AmazonECS/latest/developerguide/load-balancer-connection-draining.html", read="2026-11-28"
)
"""A task is deregistered, gets SIGTERM after the deregistration delay, and SIGKILL after its stop timeout."""
_STOP_SECONDS = 30  # the stop timeout by default


def _drain_seconds(group: CloudResource, service: CloudResource, rows: Rows) -> int:
    """Return how long an old task takes to end: the deregistration delay, and the longest stop timeout it states."""
    stated = [
        int(each["stopTimeout"])
        for each in containers(task_definition(rows, str(service.value("taskDefinition") or "")))
        if each.get("stopTimeout")
    ]
    return int(group.value("deregistrationDelay") or 300) + max(stated, default=_STOP_SECONDS)


def _deployment_seconds(operation: Operation, rows: Rows) -> int:
    resource = operation.resource
    total = TASK_START_SECONDS
    for block in listed(resource.value("loadBalancers")):
        group = rows.one(TARGET_GROUP, arn=str(block.get("targetGroupArn")))
        if group is not None:
            total += health_check_seconds(group)
            if operation.before is not None:
                total += _drain_seconds(group, resource, rows)
    configuration = resource.value("deploymentConfiguration") or {}
    return total + 60 * (int(configuration.get("bakeTimeInMinutes") or 0) + _shift_minutes(configuration))


def _shift_minutes(configuration: Mapping[str, Any]) -> int:
    """Return the minutes until a canary or linear deployment has shifted all traffic.

    The bake time of a step does not follow the last one: API model of LinearConfiguration (botocore 1.44, read
    2026-11-28).
    """
    canary = configuration.get("canaryConfiguration") or {}
    linear = configuration.get("linearConfiguration") or {}
    if configuration.get("strategy") == "CANARY":
        return int(canary.get("canaryBakeTimeInMinutes") or 10)
    if configuration.get("strategy") == "LINEAR":
        steps = math.ceil(100 / float(linear.get("stepPercent") or 10))
        return (steps - 1) * int(linear.get("stepBakeTimeInMinutes") or 6)
    return 0
