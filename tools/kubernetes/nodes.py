"""Stands in for the scheduler and the kubelets of a cluster without containers.

It assigns each pod to a node and reports the state that its image would have: a pod that restarts always is ready, any
other has succeeded, and one whose image contains `broken` never becomes ready, or has failed.
Constraints on nodes, resources, images, volumes, secrets and probes have no effect.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import requests

from tools.kubernetes.api import KubernetesApi, RequestRefusedError

_EVERY_SECONDS = 0.2
BROKEN = "broken"
"""Part of the name of an image whose pods fail."""
_ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
_NODES = tuple(f"node-{zone}" for zone in _ZONES)


@contextlib.contextmanager
def running_pods(api: KubernetesApi) -> Generator[None]:
    """Create one node in each of three zones, and run the pods of the cluster until the end of the block."""
    for name, zone in zip(_NODES, _ZONES, strict=True):
        _create_node(api, name, zone)
    ended = threading.Event()
    failures: list[Exception] = []

    def run() -> None:
        api_of_nodes = api.for_thread()
        while not ended.wait(_EVERY_SECONDS):
            try:
                for number, pod in enumerate(api_of_nodes.list("/api/v1/pods")):
                    # A pod that changed or was deleted in between is tried again in the next round.
                    with contextlib.suppress(RequestRefusedError):
                        _advance(api_of_nodes, pod, _NODES[number % len(_NODES)])
            except (RequestRefusedError, requests.RequestException) as error:
                failures.append(error)
                return

    thread = threading.Thread(target=run, name="nodes")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if failures:
        raise failures[0]


def _create_node(api: KubernetesApi, name: str, zone: str) -> None:
    labels = {
        "kubernetes.io/arch": "arm64",
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/zone": zone,
    }
    api.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}})
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": ""}
    _set_status(api, f"/api/v1/nodes/{name}", {"conditions": [ready]})


def _advance(api: KubernetesApi, pod: dict[str, Any], node: str) -> None:
    metadata, spec = pod["metadata"], pod["spec"]
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
    if metadata.get("deletionTimestamp"):
        api.call("DELETE", path, {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0})
    elif not spec.get("nodeName"):
        target = {"apiVersion": "v1", "kind": "Node", "name": node}
        binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": metadata["name"]}, "target": target}
        api.call("POST", f"{path}/binding", binding)
    elif pod["status"].get("phase") == "Pending" and not pod["status"].get("containerStatuses"):
        _set_status(api, path, _status(spec))


def _status(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the status of a pod that was just started."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    broken = any(BROKEN in container["image"] for container in spec["containers"])
    serves = spec["restartPolicy"] == "Always"
    ready = serves and not broken
    if serves:
        phase = "Running"
        state: dict[str, Any] = {"running": {"startedAt": now}}
        if broken:
            state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off restarting failed container"}}
    else:
        phase, code = ("Failed", 1) if broken else ("Succeeded", 0)
        reason = "Error" if broken else "Completed"
        state = {"terminated": {"exitCode": code, "reason": reason, "startedAt": now, "finishedAt": now}}
    condition = {"status": "True" if ready else "False", "lastTransitionTime": now}
    return {
        "phase": phase,
        "startTime": now,
        "conditions": [
            {"type": "PodScheduled", "status": "True", "lastTransitionTime": now},
            {"type": "Initialized", "status": "True", "lastTransitionTime": now},
            {"type": "ContainersReady", **condition},
            {"type": "Ready", **condition},
        ],
        "containerStatuses": [
            {
                "name": container["name"],
                "image": container["image"],
                "imageID": container["image"],
                "ready": ready,
                "restartCount": 0,
                "state": state,
            }
            for container in spec["containers"]
        ],
    }


def _set_status(api: KubernetesApi, path: str, status: dict[str, Any]) -> None:
    api.call("PATCH", f"{path}/status", {"status": status}, content_type="application/strategic-merge-patch+json")
