"""The pods and containers of the kinds that run them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import NOTHING, Resource, block, items

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
DAEMON_SET = "kubernetes:apps/v1:DaemonSet"
JOB = "kubernetes:batch/v1:Job"
CRON_JOB = "kubernetes:batch/v1:CronJob"
POD = "kubernetes:core/v1:Pod"

SERVERS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
WORKLOADS = (*SERVERS, JOB, CRON_JOB, POD)


def pod(workload: Resource) -> tuple[str, Mapping[str, Any]]:
    """Return the path and the value of a workload's pod specification."""
    path = {POD: ["spec"], CRON_JOB: ["spec", "jobTemplate", "spec", "template", "spec"]}.get(
        workload.type, ["spec", "template", "spec"]
    )
    found: Mapping[str, Any] = workload.properties
    for step in path:
        found = block(found, step)
    return ".".join(path), found


def containers(workload: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the path and the value of each container, those of the initialisation included."""
    path, spec = pod(workload)
    for key in ("initContainers", "containers"):
        for at, container in items(spec, key):
            yield f"{path}.{at}", container or NOTHING
