"""The programs of a Kubernetes API server and of Pulumi's provider, built from the Go module proxy into the cache.

    <cache>/kubernetes/servers-<digest>/etcd, kube-apiserver, kube-controller-manager
    <cache>/kubernetes/provider-<digest>/pulumi-resource-kubernetes

Their module files are in build/. The digest is that of the module files, so that a new version is a new folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tierup.deployment.errors import CommandError
from tierup.engine import cache, go_toolchain
from tierup.engine.engine import EngineError
from tools.watched_step import Notify, digest, run_step

KUBERNETES_VERSION = "v1.37.2"
"""The version in build/server/go.mod; a test compares them."""
NEEDED_BYTES = 8_000_000_000  # an estimate for modules, compiled packages and binaries

_BUILD = Path(__file__).parent / "build"
_GO_VERSION = (1, 26, 0)  # that build/server/go.mod requires
_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_SCHEMAS = ("schema.json", "terraform-mapping.json")
_SERVERS = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
}
_PROXY_REMEDY = "If the Go module proxy cannot be reached, set GOPROXY to one that can."


@dataclass(frozen=True, kw_only=True, slots=True)
class KubernetesPrograms:
    """The folders of the built programs."""

    servers: Path
    """Folder of etcd, kube-apiserver and kube-controller-manager."""
    provider: Path
    """Folder of pulumi-resource-kubernetes, for PATH."""


def find_or_build(notify: Notify) -> KubernetesPrograms:
    """Return the programs, after building those that the cache does not have: 30 minutes on 2 cores, once.

    Args:
        notify: called with a message at least every 5 seconds.

    Raises:
        CommandError: there is no Go, a build failed, or the disk is full.
    """
    folder = cache.folder() / "kubernetes"
    servers = folder / f"servers-{_digest('server/go.mod', 'server/go.sum')}"
    provider = folder / f"provider-{_digest('provider/go.mod', 'provider/go.sum', 'provider/main.go')}"
    go: go_toolchain.Go | None = None
    try:
        for target, build in ((provider, _build_provider), (servers, _build_servers)):
            with cache.unfinished(target, notify) as work:
                if work is not None:
                    go = _go(work, notify)
                    build(work, go, notify)
        if go is not None:
            go.discard()
    except EngineError as error:
        raise CommandError(f"{error.problem}\n{error.remedy}") from error
    return KubernetesPrograms(servers=servers, provider=provider)


def _go(work: Path, notify: Notify) -> go_toolchain.Go:
    free = shutil.disk_usage(work).free
    if free < NEEDED_BYTES:
        raise CommandError(
            f"TIERUP_CACHE: too little space to build Kubernetes (got {free / 1e9:.1f} GB free in {work.parent}). "
            f"Free {NEEDED_BYTES / 1e9:.0f} GB, or set TIERUP_CACHE to another folder."
        )
    return go_toolchain.find_or_install(notify, _GO_VERSION)


def _environment(go: go_toolchain.Go) -> dict[str, str]:
    """Return the environment of a build that shares compiled packages with other builds of this machine.

    `Go.environment` trims paths and excludes C, as binaries need that are the same everywhere. These stay here, and
    with `go build`'s own defaults its cache has many of their packages already.
    """
    variables = {**go.environment(), "GOFLAGS": "-mod=readonly -buildvcs=false"}
    del variables["CGO_ENABLED"]
    return variables


def _build_servers(work: Path, go: go_toolchain.Go, notify: Notify) -> None:
    sources = _sources(work, "server")
    major, minor = KUBERNETES_VERSION.removeprefix("v").split(".")[:2]
    version = {"gitVersion": KUBERNETES_VERSION, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    flags = [f"-X k8s.io/component-base/version.{name}={value}" for name, value in version.items()]
    for name, package in _SERVERS.items():
        run_step(
            [str(go.path), "build", "-ldflags", " ".join(["-s -w", *flags]), "-o", str(work / name), package],
            f"Building {name} of Kubernetes {KUBERNETES_VERSION} with {go.version}: minutes, once",
            work / "build.log", notify, cwd=sources, environment=_environment(go), remedy=_PROXY_REMEDY,
        )  # fmt: skip
    cache.remove(sources)


def _build_provider(work: Path, go: go_toolchain.Go, notify: Notify) -> None:
    sources, log = _sources(work, "provider"), work / "build.log"
    run_step(
        [str(go.path), "mod", "download", _PROVIDER],
        "Downloading Pulumi's provider for Kubernetes", log, notify,
        cwd=sources, environment=_environment(go), remedy=_PROXY_REMEDY,
    )  # fmt: skip
    version = _embed_schemas(go, sources)
    run_step(
        [str(go.path), "build", "-ldflags", f"-s -w -X {_PROVIDER}/pkg/version.Version={version}",
         "-o", str(work / "pulumi-resource-kubernetes"), "."],
        f"Building Pulumi's provider for Kubernetes with {go.version}: minutes, once", log, notify,
        cwd=sources, environment=_environment(go), remedy=_PROXY_REMEDY,
    )  # fmt: skip
    cache.remove(sources)


def _embed_schemas(go: go_toolchain.Go, sources: Path) -> str:
    """Copy the schemas of the provider's module beside main.go, and return the provider's version.

    The version is that of the Python SDK: the engine and the provider compare versions, and the module has none.
    """
    listed = subprocess.run(
        [go.path, "list", "-m", "-f", "{{.Dir}}", _PROVIDER],
        cwd=sources, env=_environment(go), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        raise CommandError(f"{_PROVIDER}: the Go module has no folder:\n{listed.stderr.strip()}\n{_PROXY_REMEDY}")
    module = Path(listed.stdout.strip()) / "cmd" / "pulumi-resource-kubernetes"
    version = _sdk_version()
    for name in _SCHEMAS:
        document = json.loads((module / name).read_text(encoding="utf-8"))
        if name == "schema.json":
            document["version"] = version
        (sources / name).write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
    return version


def _sdk_version() -> str:
    import pulumi_kubernetes

    plugin = Path(pulumi_kubernetes.__file__).parent / "pulumi-plugin.json"
    return str(json.loads(plugin.read_text(encoding="utf-8"))["version"])


def _sources(work: Path, name: str) -> Path:
    """Copy a module of build/ to the folder of a build, because Go writes beside module files."""
    return Path(shutil.copytree(_BUILD / name, work / "sources"))


def _digest(*names: str) -> str:
    return digest(*(_BUILD / name for name in names))
