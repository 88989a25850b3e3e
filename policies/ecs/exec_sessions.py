"""ECS-019: a cluster logs the commands and output of ECS Exec sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared
from .clusters import CLUSTER


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    path = "configuration.executeCommandConfiguration"
    exec_ = block(block(cluster.properties, "configuration"), "executeCommandConfiguration")
    if exec_.get("logging") == "NONE":
        yield Finding(f"{path}.logging", '"NONE"', '"OVERRIDE" with a log group, or "DEFAULT"')
    if exec_.get("logging") == "OVERRIDE":
        log = block(exec_, "logConfiguration")
        if not declared(log, "cloudWatchLogGroupName") and not declared(log, "s3BucketName"):
            yield Finding(f"{path}.logConfiguration", "neither a log group nor a bucket", "a log group or a bucket")


RULE = ResourceRule(
    id="ECS-019",
    name="cluster-exec-sessions",
    title="A cluster logs its ECS Exec sessions.",
    item=ChecklistItem.LOGGING,
    severity=Severity.MEDIUM,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set logging to OVERRIDE and name a log group in the cluster's execute_command_configuration.",
    example="""aws.ecs.Cluster(
    "main",
    configuration={
        "execute_command_configuration": {
            "logging": "OVERRIDE",
            "log_configuration": {"cloud_watch_log_group_name": sessions.name},
        }
    },
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see whether a service enables ECS Exec; with DEFAULT, only the awslogs driver records a "
        "session."
    ),
)
