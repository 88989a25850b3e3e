"""The pods of a workload: the part that deployments, cron jobs and release jobs share.

Creates the NetworkPolicy of the pods and, with secrets, their SecretProviderClass, as children of the given parent, and
returns the pod template.

Requirements for the image: it stops on SIGTERM, and runs as `user` with a read-only root file system except /tmp.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSpecArgsDict,
    PodTemplateSpecArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

from components.kubernetes.names import custom_object_name, selector_labels
from components.kubernetes.network_policy import PodEgressTarget, check_cidrs, network_policy
from components.kubernetes.secret_provider import DRIVER, secret_name, secret_provider

RESTART_ANNOTATION = "tierup/restart-on"
"""The annotation of a pod with the digest of `PodArgs.restart_on`."""
_MIN_MEMORY_MIB = 64
_MIN_CPU_MILLIS = 10
_MAX_STOP_SECONDS = 3_600
ARCHITECTURES = ("arm64", "amd64")
# Pod security rejects these volumes and settings; the template has none of them.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted (read 2026-11-28)
_SECRET_NAMES = re.compile(
    r"(^|.*_)(SECRET|SECRET_KEY|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS)"
    r"|MONGODB_URI|MONGO_URL|DATABASE_URL|REDIS_URL|SENTRY_DSN",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PodArgs:
    """The arguments that the pods of every workload have.

    Raises ValueError for sizes and times out of range, for a root user, and for plain variables with names of secrets.
    """

    namespace: Input[str]
    """Name of the namespace."""
    service_account_name: Input[str]
    """Name of the service account. Take it from the Pod Identity association (`service_account`), so that pods start
    after the association exists."""
    region: Input[str]
    """AWS region of the secrets, such as eu-west-1."""
    image: Input[str]
    """Image with an immutable tag or a digest."""
    cpu_millis: int
    """Requested CPU in 1/1,000 vCPU, 10 or more. There is no limit: a limit throttles a pod while its node is idle."""
    memory_mib: int
    """Requested memory and its limit in MiB, 64 or more. Equal values keep a node from running out of memory."""
    command: Sequence[str] | None = None
    """Command that overrides the image's default."""
    environment: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Plain variables. A name that suggests a secret is an error."""
    secrets: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Variable -> ARN of a Secrets Manager secret or SSM parameter, which the service account's role may read. A
    secret's ARN may be followed by :json-key:stage:version."""
    restart_on: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """Name -> value whose change restarts the pods, such as the version ids of their secrets. A running pod keeps the
    variables that it started with. Only a digest becomes part of the template."""
    egress_targets: Mapping[str, PodEgressTarget] = field(default_factory=dict[str, PodEgressTarget])
    """Destinations of the pods' connections, by a short name. DNS, and HTTPS to any address, are allowed as well."""
    calls: Mapping[str, int] = field(default_factory=dict[str, int])
    """Logical name of another workload in the namespace -> TCP port of its pods, which these pods may call."""
    architecture: str = "arm64"
    """CPU architecture of the image: arm64 or amd64."""
    node_selector: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels that a node must have, besides the architecture."""
    preferred_node_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels of the preferred nodes, such as karpenter.sh/capacity-type: spot."""
    user: str = "1000:1000"
    """uid:gid of the container's process; 1000 is `node` in the official Node images."""
    stop_seconds: int = 30
    """Seconds between SIGTERM and SIGKILL, 2 to 3,600."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", self.user):
            raise ValueError(
                f"user: not a numeric, non-root user (got {self.user!r}). Set uid:gid, both above 0: restricted pod "
                "security rejects pods whose user may be root."
            )
        if self.architecture not in ARCHITECTURES:
            raise ValueError(f"architecture: unknown (got {self.architecture!r}). Set {' or '.join(ARCHITECTURES)}.")
        for argument, value, minimum in (
            ("cpu_millis", self.cpu_millis, _MIN_CPU_MILLIS),
            ("memory_mib", self.memory_mib, _MIN_MEMORY_MIB),
        ):
            if value < minimum:
                raise ValueError(f"{argument}: too small (got {value}). Set {minimum} or more.")
        if not 2 <= self.stop_seconds <= _MAX_STOP_SECONDS:
            raise ValueError(
                f"stop_seconds: out of range (got {self.stop_seconds}). Set 2 to {_MAX_STOP_SECONDS} seconds."
            )
        exposed = sorted(name for name in self.environment if _SECRET_NAMES.fullmatch(name))
        if exposed:
            raise ValueError(
                f"environment: names that suggest a secret (got {', '.join(exposed)}). "
                "Set them in secrets, by ARN: everyone who may read the pod can read plain variables."
            )
        both = sorted(set(self.environment) & set(self.secrets))
        if both:
            raise ValueError(
                f"environment: names that are in secrets too (got {', '.join(both)}). Set each name in one of the two."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpPort:
    """The port on which pods serve HTTP, with its probes. Raises ValueError for invalid ports, paths or times."""

    port: int
    """Port of the container, 1,024 to 65,535: restricted pods have no right to listen on lower ones."""
    ready_path: str
    """Path that answers 200 to 399 while the pod can serve, such as /health. The target group uses the same path."""
    ingress_cidrs: Sequence[str]
    """Address ranges from which connections arrive: the subnets of the load balancer."""
    live_path: str | None = None
    """Path that answers while the process works. None checks only that the port accepts connections. It must not depend
    on other systems, because their outage would restart every pod."""
    live_command: Sequence[str] | None = None
    """Command in the container that exits with 0 while the process works, instead of `live_path`."""
    start_seconds: int = 60
    """Seconds that the process has to become ready for the first time, 2 to 600."""
    drain_seconds: int = 20
    """Seconds that a stopping pod still serves before SIGTERM, 5 to 300: the load balancer sends requests until it has
    deregistered the pod, which starts at the same time."""

    def __post_init__(self) -> None:
        check_cidrs("ingress_cidrs", self.ingress_cidrs)
        if not 1_024 <= self.port <= 65_535:
            raise ValueError(f"port: out of range (got {self.port}). Set 1024 to 65535.")
        for argument, path in (("ready_path", self.ready_path), ("live_path", self.live_path)):
            if path is not None and not path.startswith("/"):
                raise ValueError(f"{argument}: not a path (got {path!r}). Begin with /.")
        if self.live_command is not None and (self.live_path is not None or not self.live_command):
            raise ValueError(
                f"live_command: not the only check (got {list(self.live_command)} and live_path {self.live_path!r}). "
                "Set a command or a path, or neither."
            )
        for argument, seconds, low, high in (
            ("start_seconds", self.start_seconds, 2, 600),
            ("drain_seconds", self.drain_seconds, 5, 300),
        ):
            if not low <= seconds <= high:
                raise ValueError(f"{argument}: out of range (got {seconds}). Set {low} to {high} seconds.")


_PROBE_SECONDS = 2  # between two probes of a starting pod


class Pod:
    """The template of one workload's pods, with its policy and secrets as children of `parent`."""

    template: PodTemplateSpecArgsDict

    def __init__(
        self, name: str, args: PodArgs, *, parent: Resource, http: HttpPort | None = None, runs_once: bool = False
    ) -> None:
        """`runs_once` is True for a job, whose pods end."""
        self._logical_name = name
        self._args = args
        self._http = http
        child = ResourceOptions(parent=parent)
        self._policy = network_policy(
            name,
            namespace=args.namespace,
            workload=name,
            port=http.port if http is not None else None,
            ingress_cidrs=http.ingress_cidrs if http is not None else (),
            egress_targets=args.egress_targets,
            calls=args.calls,
            opts=child,
        )
        self._secrets = (
            secret_provider(name, namespace=args.namespace, region=args.region, secrets=args.secrets, opts=child)
            if args.secrets
            else None
        )
        self.template = self._template(runs_once=runs_once)

    @property
    def dependencies(self) -> list[Resource]:
        """The objects that must exist before a pod starts: it could not connect, or not start, otherwise."""
        return [self._policy, *([self._secrets] if self._secrets is not None else [])]

    def _template(self, *, runs_once: bool) -> PodTemplateSpecArgsDict:
        args, labels = self._args, selector_labels(self._logical_name)
        annotations = {RESTART_ANNOTATION: _digest(args.restart_on)} if args.restart_on else {}
        uid, gid = (int(part) for part in args.user.split(":"))
        spec: PodSpecArgsDict = {
            "service_account_name": args.service_account_name,
            "automount_service_account_token": False,
            "enable_service_links": False,  # variables of other services are neither needed nor expected by images
            "node_selector": {"kubernetes.io/arch": args.architecture, "kubernetes.io/os": "linux"}
            | dict(args.node_selector),
            "security_context": {
                "run_as_non_root": True,
                "run_as_user": uid,
                "run_as_group": gid,
                "fs_group": gid,
                "seccomp_profile": {"type": "RuntimeDefault"},
            },
            "termination_grace_period_seconds": args.stop_seconds + (self._http.drain_seconds if self._http else 0),
            "containers": [self._container()],
            "volumes": self._volumes(),
            "restart_policy": "Never" if runs_once else "Always",
        }
        if args.preferred_node_labels:
            spec["affinity"] = {
                "node_affinity": {
                    "preferred_during_scheduling_ignored_during_execution": [
                        {
                            "weight": 100,
                            "preference": {
                                "match_expressions": [
                                    {"key": key, "operator": "In", "values": [value]}
                                    for key, value in sorted(args.preferred_node_labels.items())
                                ]
                            },
                        }
                    ]
                }
            }
        if not runs_once:
            spec["topology_spread_constraints"] = [
                {
                    # An even spread over the zones. Nodes with a taint, as those of a failed zone, do not count, and
                    # neither do the pods of the previous version.
                    "max_skew": 1,
                    "topology_key": "topology.kubernetes.io/zone",
                    "when_unsatisfiable": "DoNotSchedule",
                    "node_taints_policy": "Honor",
                    "label_selector": {"match_labels": labels},
                    "match_label_keys": ["pod-template-hash"],
                },
                {
                    "max_skew": 1,
                    "topology_key": "kubernetes.io/hostname",
                    "when_unsatisfiable": "ScheduleAnyway",
                    "label_selector": {"match_labels": labels},
                    "match_label_keys": ["pod-template-hash"],
                },
            ]
        return {"metadata": {"labels": labels, "annotations": annotations}, "spec": spec}

    def _container(self) -> ContainerArgsDict:
        args = self._args
        container: ContainerArgsDict = {
            "name": "app",
            "image": args.image,
            "env": self._environment(),
            "resources": {
                "requests": {"cpu": f"{args.cpu_millis}m", "memory": f"{args.memory_mib}Mi"},
                "limits": {"memory": f"{args.memory_mib}Mi"},
            },
            "security_context": {
                "allow_privilege_escalation": False,
                "read_only_root_filesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volume_mounts": self._mounts(),
            "termination_message_policy": "FallbackToLogsOnError",
        }
        if args.command is not None:
            container["command"] = list(args.command)
        if self._http is not None:
            self._add_port(container, self._http)
        return container

    @staticmethod
    def _add_port(container: ContainerArgsDict, http: HttpPort) -> None:
        ready = {"path": http.ready_path, "port": "http"}
        container["ports"] = [{"name": "http", "container_port": http.port, "protocol": "TCP"}]
        container["startup_probe"] = {
            "http_get": {"path": http.ready_path, "port": "http"},
            "period_seconds": _PROBE_SECONDS,
            "failure_threshold": -(-http.start_seconds // _PROBE_SECONDS),
        }
        container["readiness_probe"] = {
            "http_get": {"path": ready["path"], "port": "http"},
            "period_seconds": 5,
            "timeout_seconds": 3,
            "failure_threshold": 3,
        }
        container["liveness_probe"] = {"period_seconds": 10, "timeout_seconds": 3, "failure_threshold": 3}
        if http.live_command is not None:
            container["liveness_probe"]["exec_"] = {"command": list(http.live_command)}
        elif http.live_path is None:
            container["liveness_probe"]["tcp_socket"] = {"port": "http"}
        else:
            container["liveness_probe"]["http_get"] = {"path": http.live_path, "port": "http"}
        # The kubelet waits, so that the image needs no shell.
        # https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ (read 2026-11-28)
        container["lifecycle"] = {"pre_stop": {"sleep": {"seconds": http.drain_seconds}}}

    def _environment(self) -> list[EnvVarArgsDict]:
        args = self._args
        plain: dict[str, Input[str]] = dict(args.environment)
        if self._http is not None:
            plain["PORT"] = str(self._http.port)
        variables: list[EnvVarArgsDict] = [{"name": name, "value": value} for name, value in sorted(plain.items())]
        for name in sorted(args.secrets):
            secret = secret_name(self._logical_name)
            variables.append({"name": name, "value_from": {"secret_key_ref": {"name": secret, "key": name}}})
        return variables

    def _mounts(self) -> list[VolumeMountArgsDict]:
        mounts: list[VolumeMountArgsDict] = [{"name": "tmp", "mount_path": "/tmp"}]  # noqa: S108  in the container
        if self._secrets is not None:
            # The driver writes the Kubernetes Secret when a pod mounts the volume.
            mounts.append({"name": "secrets", "mount_path": "/mnt/secrets", "read_only": True})
        return mounts

    def _volumes(self) -> list[VolumeArgsDict]:
        volumes: list[VolumeArgsDict] = [{"name": "tmp", "empty_dir": {}}]
        if self._secrets is not None:
            provider_class = custom_object_name(self._secrets)
            volumes.append(
                {
                    "name": "secrets",
                    "csi": {
                        "driver": DRIVER,
                        "read_only": True,
                        "volume_attributes": {"secretProviderClass": provider_class},
                    },
                }
            )
        return volumes


def check_run(pod: PodArgs, *, deadline_seconds: int, deadlines: tuple[int, int], retries: int) -> None:
    """Check the pods of a job. Raises ValueError if they cannot end, or for values out of range.

    `deadlines` are the shortest and the longest deadline in seconds.
    """
    shortest, longest = deadlines
    if not shortest <= deadline_seconds <= longest:
        raise ValueError(f"deadline_seconds: out of range (got {deadline_seconds}). Set {shortest} to {longest}.")
    if not 0 <= retries <= 10:
        raise ValueError(f"retries: out of range (got {retries}). Set 0 to 10.")
    if pod.command is None:
        raise ValueError(
            "command: missing (got None). Set a command that exits: the image's default command is a server, which "
            "does not exit."
        )


def _digest(values: Mapping[str, Input[str]]) -> Output[str]:
    """Return 16 hexadecimal digits that change with every value."""
    return Output.all(**values).apply(
        lambda known: hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]
    )
