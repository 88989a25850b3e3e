"""Fixtures: moto's CloudWatch as an HTTP server, with what moto lacks: p95, pages and injected errors."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto.cloudwatch.exceptions import CloudWatchException
from moto.cloudwatch.models import Statistics
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
TAGS = {"Project": "shop", "Stack": "prod", "ManagedBy": "pulumi"}
LOAD_BALANCER = {"LoadBalancer": "app/api/0123456789abcdef"}
TARGET_GROUP = {**LOAD_BALANCER, "TargetGroup": "targetgroup/api/0123456789abcdef"}
SERVICE = {"ClusterName": "app", "ServiceName": "backend"}
NODE = {"CacheClusterId": "cache-001"}


@dataclass
class CloudWatch:
    """CloudWatch of an account."""

    client: Any
    pages: int = 1
    """How many pages GetMetricData and DescribeAlarms answer in."""
    errors: dict[str, str] = field(default_factory=dict[str, str])
    """Operation → error code."""
    calls: list[str] = field(default_factory=list[str])

    def alarm(self, name: str, metric: str, namespace: str, dimensions: dict[str, str], **tags: str) -> None:
        """Create an alarm of the stack."""
        statistic = {"ExtendedStatistic": "p95"} if metric == "TargetResponseTime" else {"Statistic": "Sum"}
        self.client.put_metric_alarm(
            AlarmName=name,
            MetricName=metric,
            Namespace=namespace,
            Dimensions=_pairs(dimensions),
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1,
            EvaluationPeriods=1,
            Period=60,
            Tags=[{"Key": key, "Value": value} for key, value in {**TAGS, **tags}.items()],
            **statistic,
        )

    def put(self, namespace: str, metric: str, dimensions: dict[str, str], values: dict[datetime, float]) -> None:
        """Publish one value an hour."""
        data = [
            {"MetricName": metric, "Dimensions": _pairs(dimensions), "Timestamp": time, "Value": value}
            for time, value in values.items()
        ]
        self.client.put_metric_data(Namespace=namespace, MetricData=data)

    def create_stack(self) -> None:
        """Create the alarms that name the metrics of advice."""
        self.alarm("slow-responses-1a", "TargetResponseTime", "AWS/ApplicationELB", LOAD_BALANCER)
        self.alarm("no-running-task-1a", "HealthyHostCount", "AWS/ApplicationELB", TARGET_GROUP)
        self.alarm("service-cpu-1a", "CPUUtilization", "AWS/ECS", SERVICE)
        self.alarm("cache-memory-1-1a", "DatabaseMemoryUsagePercentage", "AWS/ElastiCache", NODE)

    def serve_week(self, **values: float) -> None:
        """Publish a week of hourly values by the names of advice."""
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        hours = [now - timedelta(hours=number) for number in range(1, 7 * 24 + 1)]
        rows: dict[str, tuple[str, str, dict[str, str], float]] = {
            "requests": ("AWS/ApplicationELB", "RequestCount", LOAD_BALANCER, 1),
            "p95_ms": ("AWS/ApplicationELB", "TargetResponseTime", LOAD_BALANCER, 0.001),
            "tasks": ("AWS/ApplicationELB", "HealthyHostCount", TARGET_GROUP, 1),
            "cpu_percent": ("AWS/ECS", "CPUUtilization", SERVICE, 1),
            "memory_percent": ("AWS/ECS", "MemoryUtilization", SERVICE, 1),
            "cache_memory_percent": ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", NODE, 1),
        }
        for name, value in values.items():
            namespace, metric, dimensions, factor = rows[name]
            self.put(namespace, metric, dimensions, dict.fromkeys(hours, value * factor))


def _pairs(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


@pytest.fixture(scope="session")
def moto_url() -> Generator[str]:
    """Start moto's server and return its URL."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloudwatch(moto_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CloudWatch:
    """Return an empty account, and set credentials for it."""
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    requests.post(f"{moto_url}/moto-api/reset", timeout=120).raise_for_status()
    for name, value in {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }.items():
        monkeypatch.setenv(name, value)
    account = CloudWatch(client=boto3.client("cloudwatch", region_name=REGION))
    _extend_moto(account, monkeypatch)
    return account


def _extend_moto(account: CloudWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add p95 (of one value: that value), pages and injected errors. The server runs in this process."""
    ordinary = Statistics.get_statistics_for_type

    def statistic(self: Statistics, stat: str) -> Any:
        return max(self.metric_single_values_list) if stat == "p95" else ordinary(self, stat)

    monkeypatch.setattr(Statistics, "get_statistics_for_type", statistic)

    def wrapped(operation: str, method: str, key: str) -> None:
        answer = getattr(CloudWatchResponse, method)

        def call(self: Any) -> Any:
            account.calls.append(operation)
            if operation in account.errors:
                raise CloudWatchException(account.errors[operation], "injected")
            found = answer(self)
            if account.pages == 1 or not key:
                return found
            page = int(self._get_param("NextToken") or 0)
            rows = _split(found.result[key], page, account.pages)
            more = {"NextToken": str(page + 1)} if page + 1 < account.pages else {}
            return ActionResult({**found.result, key: rows, **more})

        monkeypatch.setattr(CloudWatchResponse, method, call)

    wrapped("DescribeAlarms", "describe_alarms", "MetricAlarms")
    wrapped("GetMetricData", "get_metric_data", "MetricDataResults")
    wrapped("ListTagsForResource", "list_tags_for_resource", "")


def _split(rows: list[Any], page: int, pages: int) -> list[Any]:
    """Return a page of alarms, or of the points of all metrics, as GetMetricData splits them."""
    if rows and isinstance(rows[0], dict):
        return [
            {**row, "timestamps": row["timestamps"][page::pages], "values": row["values"][page::pages]} for row in rows
        ]
    return rows[page::pages]
