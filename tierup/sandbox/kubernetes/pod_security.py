"""The restricted pod security standard, as the admission controller PodSecurity applies it to pods.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted (read 2026-11-28)
https://github.com/kubernetes/pod-security-admission, v0.37.2, policy/check_*.go (read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Call, values_at
from .objects import items, mapping, namespace

_LABEL = "pod-security.kubernetes.io/enforce"
_VOLUMES = frozenset(
    {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
)
_PROFILES = ("RuntimeDefault", "Localhost")
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip
_SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat",
    }
)  # fmt: skip
_SE_LINUX_TYPES = frozenset({"container_t", "container_init_t", "container_kvm_t", "container_engine_t"})
_HANDLERS = ("startupProbe", "readinessProbe", "livenessProbe", "lifecycle.postStart", "lifecycle.preStop")


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
    yield from _baseline_contexts(spec)
    if names := [
        str(each.get("name"))
        for each in containers
        for handler in _HANDLERS
        for kind in ("httpGet", "tcpSocket")
        if any(values_at(each, f"{handler}.{kind}.host"))
    ]:
        yield f"probe or lifecycle host ({_named(sorted(set(names)))})"


def _baseline_contexts(spec: Mapping[str, Any]) -> Iterator[str]:
    pod = mapping(spec.get("securityContext"))
    sysctls = [str(mapping(each).get("name")) for each in items(pod.get("sysctls"))]
    if forbidden := [name for name in sysctls if name not in _SYSCTLS]:
        yield f"forbidden sysctls ({', '.join(forbidden)})"
    own = {str(each.get("name")): mapping(each.get("securityContext")) for each in _containers(spec)}
    if names := [name for name, each in own.items() if _added(each) - _CAPABILITIES]:
        yield f"non-default capabilities ({_named(names)})"
    if names := [
        name
        for name, each in own.items()
        if each.get("procMount") not in (None, "", "Default") and spec.get("hostUsers") is not False
    ]:
        yield f"procMount ({_named(names)} must not set securityContext.procMount)"
    contexts = {"pod": pod, **{_named([name]): each for name, each in own.items()}}
    for key, reason, is_forbidden in (
        ("seccompProfile", "seccompProfile", _is_unconfined),
        ("appArmorProfile", "forbidden AppArmor profile", _is_unconfined),
        ("seLinuxOptions", "seLinuxOptions", _is_forbidden_se_linux),
    ):
        if setters := [name for name, each in contexts.items() if key in each and is_forbidden(mapping(each[key]))]:
            yield f"{reason} ({' and '.join(setters)} must not set securityContext.{key} to this value)"


def _is_unconfined(profile: Mapping[str, Any]) -> bool:
    return profile.get("type") == "Unconfined"


def _is_forbidden_se_linux(options: Mapping[str, Any]) -> bool:
    return bool(options.get("user") or options.get("role")) or (
        bool(options.get("type")) and options.get("type") not in _SE_LINUX_TYPES
    )


def _restricted(spec: Mapping[str, Any]) -> Iterator[str]:
    containers = [(str(each.get("name")), mapping(each.get("securityContext"))) for each in _containers(spec)]
    pod = mapping(spec.get("securityContext"))
    profile = mapping(pod.get("seccompProfile"))
    if names := [name for name, own in containers if own.get("allowPrivilegeEscalation") is not False]:
        field = "securityContext.allowPrivilegeEscalation"
        yield f"allowPrivilegeEscalation != false ({_named(names)} must set {field}=false)"
    if names := [name for name, own in containers if not _drops_all(own)]:
        yield f'unrestricted capabilities ({_named(names)} must set securityContext.capabilities.drop=["ALL"])'
    if spec.get("hostUsers") is not False:  # root of a user namespace is another user of the node
        yield from _root(containers, pod)
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


def _root(containers: list[tuple[str, Mapping[str, Any]]], pod: Mapping[str, Any]) -> Iterator[str]:
    if names := [name for name, own in containers if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True]:
        yield f"runAsNonRoot != true (pod or {_named(names)} must set securityContext.runAsNonRoot=true)"
    if pod.get("runAsUser") == 0:
        yield "runAsUser=0 (pod must not set runAsUser=0)"
    if names := [name for name, own in containers if own.get("runAsUser") == 0]:
        yield f"runAsUser=0 ({_named(names)} must not set runAsUser=0)"


def _profile(own: Mapping[str, Any], pods: Mapping[str, Any]) -> Any:
    return mapping(own.get("seccompProfile") or pods).get("type")


def _drops_all(own: Mapping[str, Any]) -> bool:
    dropped = items(mapping(own.get("capabilities")).get("drop"))
    return "ALL" in dropped and not _added(own) - {"NET_BIND_SERVICE"}


def _added(own: Mapping[str, Any]) -> set[str]:
    return {str(each) for each in items(mapping(own.get("capabilities")).get("add"))}
