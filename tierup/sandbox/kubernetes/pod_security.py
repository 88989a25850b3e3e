"""The restricted pod security standard, as the admission controller PodSecurity applies it to pods.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Call
from .objects import items, mapping, namespace

_LABEL = "pod-security.kubernetes.io/enforce"
_VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
)
_PROFILES = ("RuntimeDefault", "Localhost")
_HOST = ("hostNetwork", "hostPID", "hostIPC")


def enforced_level(call: Call) -> str:
    """Return the level that the namespace of a call enforces: "privileged" if it has no label."""
    found = namespace(call)
    labels = mapping(mapping(found.inputs.get("metadata")).get("labels")) if found is not None else {}
    return str(labels.get(_LABEL) or "privileged")


def violations(spec: Mapping[str, Any], level: str) -> list[str]:
    """Return what a pod violates of the level `restricted` or `baseline`, in the words of the admission controller."""
    if level == "privileged":
        return []
    found = list(_baseline(spec))
    return [*found, *_restricted(spec)] if level == "restricted" else found


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [mapping(each) for key in ("initContainers", "containers") for each in items(spec.get(key))]


def _named(names: list[str]) -> str:
    listing = ", ".join(f'"{name}"' for name in names)
    return f"container {listing}" if len(names) == 1 else f"containers {listing}"


def _baseline(spec: Mapping[str, Any]) -> Iterator[str]:
    used = [key for key in _HOST if spec.get(key) is True]
    if used:
        yield f"host namespaces ({', '.join(f'{key}=true' for key in used)})"
    containers = _containers(spec)
    privileged = [
        str(each.get("name")) for each in containers if mapping(each.get("securityContext")).get("privileged") is True
    ]
    if privileged:
        yield f"privileged ({_named(privileged)} must not set securityContext.privileged=true)"
    host_paths = [str(each.get("name")) for each in items(spec.get("volumes")) if mapping(each).get("hostPath")]
    if host_paths:
        yield f"hostPath volumes (volume {', '.join(host_paths)})"
    ports = [
        str(mapping(port).get("hostPort"))
        for each in containers
        for port in items(each.get("ports"))
        if mapping(port).get("hostPort")
    ]
    if ports:
        yield f"hostPort ({', '.join(ports)})"


def _restricted(spec: Mapping[str, Any]) -> Iterator[str]:
    containers = [(str(each.get("name")), mapping(each.get("securityContext"))) for each in _containers(spec)]
    pod = mapping(spec.get("securityContext"))
    profile = mapping(pod.get("seccompProfile"))
    if names := [name for name, own in containers if own.get("allowPrivilegeEscalation") is not False]:
        field = "securityContext.allowPrivilegeEscalation"
        yield f"allowPrivilegeEscalation != false ({_named(names)} must set {field}=false)"
    if names := [name for name, own in containers if not _drops_all(own)]:
        yield f'unrestricted capabilities ({_named(names)} must set securityContext.capabilities.drop=["ALL"])'
    if names := [name for name, own in containers if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True]:
        yield f"runAsNonRoot != true (pod or {_named(names)} must set securityContext.runAsNonRoot=true)"
    if pod.get("runAsUser") == 0:
        yield "runAsUser=0 (pod must not set runAsUser=0)"
    if names := [name for name, own in containers if own.get("runAsUser") == 0]:
        yield f"runAsUser=0 ({_named(names)} must not set runAsUser=0)"
    if names := [name for name, own in containers if _profile(own, profile) not in _PROFILES]:
        yield (
            f"seccompProfile (pod or {_named(names)} must set securityContext.seccompProfile.type to "
            '"RuntimeDefault" or "Localhost")'
        )
    others = [
        str(mapping(each).get("name"))
        for each in items(spec.get("volumes"))
        if set(mapping(each)) - {"name"} - _VOLUMES - {"hostPath"}
    ]
    if others:
        yield f"restricted volume types (volume {', '.join(others)})"


def _profile(own: Mapping[str, Any], pods: Mapping[str, Any]) -> Any:
    return mapping(own.get("seccompProfile") or pods).get("type")


def _drops_all(own: Mapping[str, Any]) -> bool:
    capabilities = mapping(own.get("capabilities"))
    added = set(items(capabilities.get("add"))) - {"NET_BIND_SERVICE"}
    return "ALL" in items(capabilities.get("drop")) and not added
