"""A Kubernetes control plane on loopback: etcd, the API server and the controllers, without nodes and containers.

The API server emulates the version of the stacks' clusters, with its feature gates and admission plugins, so that it
validates and refuses as any other of that version. EKS has admission and controllers of its own, which this one lacks.
"""

from __future__ import annotations

import contextlib
import secrets
import tempfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stacks.catalog.versions import KUBERNETES
from tools.app.processes import HOST, Process, free_port, listens
from tools.kubernetes.api import KubernetesApi, RequestRefusedError
from tools.kubernetes.programs import KubernetesPrograms

_START_SECONDS = 180.0  # a busy machine takes a minute
_EMULATED = f"--emulated-version={KUBERNETES}"
"""https://kubernetes.io/docs/concepts/cluster-administration/compatibility-version/ (from memory): up to three minor
versions below that of the binary."""
_CONTROLLERS = (
    "*",
    # Nodes of tests send no heartbeats.
    "-node-lifecycle-controller",
    "-taint-eviction-controller",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlPlane:
    """A running control plane."""

    api: KubernetesApi
    kubeconfig: Path
    """File for KUBECONFIG, with the rights of an administrator."""
    processes: tuple[Process, ...]
    """etcd, the API server and the controllers."""

    def wait_for_default_account(self, namespace: str) -> None:
        """Wait until a namespace has its default service account, without which the API server refuses its pods."""
        controllers = self.processes[-1]
        controllers.wait_until(
            lambda: _has_default_account(self.api, namespace), "creating service accounts", _START_SECONDS
        )


@contextlib.contextmanager
def started_control_plane(programs: KubernetesPrograms) -> Generator[ControlPlane]:
    """Start a control plane with an empty store in a temporary folder, and stop it at the end.

    Raises:
        CommandError: a process exited or did not become ready.
    """
    with tempfile.TemporaryDirectory(prefix="tierup-kubernetes-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        etcd, store = _start_etcd(programs, folder)
        stack.callback(etcd.stop)
        server, api = _start_server(programs, folder, store)
        stack.callback(server.stop)
        kubeconfig = _kubeconfig(folder, api)
        controllers = _start_controllers(programs, folder, kubeconfig)
        stack.callback(controllers.stop)
        control_plane = ControlPlane(api=api, kubeconfig=kubeconfig, processes=(etcd, server, controllers))
        control_plane.wait_for_default_account("default")
        yield control_plane


def _start_etcd(programs: KubernetesPrograms, folder: Path) -> tuple[Process, str]:
    client, peer = (f"http://{HOST}:{free_port()}" for _ in range(2))
    process = Process.start(
        "etcd",
        [
            str(programs.servers / "etcd"), "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
        ],
        log=folder / "etcd.log",
    )  # fmt: skip
    port = int(client.rpartition(":")[2])
    process.wait_until(lambda: listens(port), "accepting connections", _START_SECONDS)
    return process, client


def _start_server(programs: KubernetesPrograms, folder: Path, store: str) -> tuple[Process, KubernetesApi]:
    port, token = free_port(), secrets.token_hex(16)
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    for name, content in (("accounts.key", key), ("tokens.csv", f"{token},admin,admin,system:masters\n".encode())):
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(content)
    process = Process.start(
        "kube-apiserver",
        [
            str(programs.servers / "kube-apiserver"), _EMULATED, "--etcd-servers", store, "--bind-address", HOST,
            "--secure-port", str(port), "--cert-dir", str(folder / "certificates"),
            "--token-auth-file", str(folder / "tokens.csv"), "--authorization-mode", "RBAC", "--allow-privileged",
            "--service-cluster-ip-range", "10.0.0.0/24", "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", str(folder / "accounts.key"),
            "--service-account-signing-key-file", str(folder / "accounts.key"),
        ],
        log=folder / "kube-apiserver.log",
    )  # fmt: skip
    api = KubernetesApi(
        url=f"https://{HOST}:{port}", token=token, certificate=folder / "certificates" / "apiserver.crt"
    )
    process.wait_until(lambda: _is_ready(api), "ready", _START_SECONDS)
    return process, api


def _start_controllers(programs: KubernetesPrograms, folder: Path, kubeconfig: Path) -> Process:
    return Process.start(
        "kube-controller-manager",
        [
            str(programs.servers / "kube-controller-manager"), _EMULATED, "--kubeconfig", str(kubeconfig),
            "--bind-address", HOST, "--secure-port", str(free_port()), "--cert-dir", str(folder / "controllers"),
            "--leader-elect=false", "--controllers", ",".join(_CONTROLLERS),
            "--service-account-private-key-file", str(folder / "accounts.key"),
            "--root-ca-file", str(folder / "certificates" / "apiserver.crt"),
        ],
        log=folder / "kube-controller-manager.log",
    )  # fmt: skip


def _is_ready(api: KubernetesApi) -> bool:
    if not api.certificate.exists():
        return False
    try:
        api.call("GET", "/readyz")
    except (requests.RequestException, RequestRefusedError):
        return False
    return True


def _has_default_account(api: KubernetesApi, namespace: str) -> bool:
    metadata = {"name": "default", "namespace": namespace}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
    try:
        api.get(account)
    except (requests.RequestException, RequestRefusedError):
        return False
    return True


def _kubeconfig(folder: Path, api: KubernetesApi) -> Path:
    server = {"server": api.url, "certificate-authority": str(api.certificate)}
    document: Mapping[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tierup", "cluster": server}],
        "users": [{"name": "admin", "user": {"token": api.token}}],
        "contexts": [{"name": "tierup", "context": {"cluster": "tierup", "user": "admin"}}],
        "current-context": "tierup",
    }
    file = folder / "kubeconfig"
    file.touch(mode=0o600)
    file.write_text(yaml.safe_dump(dict(document)), encoding="utf-8")
    return file
