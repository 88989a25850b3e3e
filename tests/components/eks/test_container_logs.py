"""Tests of the log groups of containers."""

from __future__ import annotations

from components.eks.container_logs import ContainerLogs, ContainerLogsArgs
from tests.engine_recorder import record


def test_every_log_of_the_addon_has_retention_and_the_key() -> None:
    args = ContainerLogsArgs(cluster_name="app-prod", log_retention_days=90, log_key_arn="arn:key", tags={})
    recording = record(lambda: ContainerLogs("logs", args))
    groups = recording.of("aws:cloudwatch/logGroup:LogGroup")

    assert [each.inputs["name"] for each in groups] == [
        "/aws/containerinsights/app-prod/application",
        "/aws/containerinsights/app-prod/dataplane",
        "/aws/containerinsights/app-prod/host",
        "/aws/containerinsights/app-prod/performance",
    ]
    assert {(each.inputs["retentionInDays"], each.inputs["kmsKeyId"]) for each in groups} == {(90, "arn:key")}
