"""The checks of `tierup doctor`: what is installed and configured, what is missing, and the remedy.

The checks install and change nothing, call no cloud, and print no secret.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tierup.engine import cache, credentials, discovery, go_toolchain
from tierup.engine.engine import LANGUAGE_HOST, Engine, official_language_host

# A checkout with its .venv takes 0.9 GB; the sandbox and the providers' plugins of a real stack about as much again.
_NEEDED_BYTES = 2_000_000_000


class FindingStatus(StrEnum):
    """The status of a finding."""

    OK = "ok"
    MISSING = "missing"
    """It does not exist, and what needs it does not work."""
    WARNING = "warning"
    """It works, or is not always needed, but should be checked."""


class NeededFor(StrEnum):
    """When a finding matters."""

    ALWAYS = "always"
    REAL_ACCOUNT = "real account"
    """Not needed in the sandbox."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorFinding:
    """One line of the report."""

    name: str
    status: FindingStatus
    found: str
    remedy: str = ""
    """Empty if the status is OK."""
    needed: NeededFor = NeededFor.ALWAYS


def diagnose(project: Path) -> list[DoctorFinding]:
    """Check this machine and the project in a folder (the one with Pulumi.yaml)."""
    messages: list[str] = []
    engine = discovery.find(messages.append)
    return [
        _python(),
        _engine(engine, messages),
        _language_host(engine),
        _go(engine),
        _backend(project),
        _aws(project),
        _atlas(project),
        _cloudflare(project),
        _room(project),
        _cache(),
    ]


def _python() -> DoctorFinding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.prefix == sys.base_prefix:
        return DoctorFinding(
            name="Python",
            status=FindingStatus.WARNING,
            found=f"{version}, the system's own ({sys.executable})",
            remedy="Run tierup from a virtual environment, to keep its packages apart from the system's.",
        )
    if sys.dont_write_bytecode:
        return DoctorFinding(
            name="Python",
            status=FindingStatus.WARNING,
            found=f"{version} ({sys.executable}), which writes no compiled modules",
            remedy="Unset PYTHONDONTWRITEBYTECODE. A preview then takes half as long, because the providers' SDKs "
            "are large.",
        )
    return DoctorFinding(name="Python", status=FindingStatus.OK, found=f"{version} ({sys.executable})")


def _engine(engine: Engine | None, messages: list[str]) -> DoctorFinding:
    rejected = f" {'; '.join(messages)}." if messages else ""
    if engine is None:
        return DoctorFinding(
            name="engine",
            status=FindingStatus.MISSING,
            found=f"no Pulumi CLI on PATH or in the cache.{rejected}",
            remedy="Install it (https://www.pulumi.com/docs/install/), or build it with `python -m tierup.engine`, "
            "which takes about 4 minutes.",
        )
    source = {"path": "on PATH", "official": "installed by tierup", "built": "built by tierup"}[engine.origin]
    return DoctorFinding(
        name="engine",
        status=FindingStatus.WARNING if messages else FindingStatus.OK,
        found=f"Pulumi {engine.version} {source} ({engine.path}).{rejected}",
        remedy="Update or remove the Pulumi CLI that tierup cannot use." if messages else "",
    )


def _language_host(engine: Engine | None) -> DoctorFinding:
    name = "language host"
    if engine is None:
        return DoctorFinding(
            name=name, status=FindingStatus.MISSING, found="part of the engine", remedy="Install the engine first."
        )
    official = official_language_host(engine.path)
    if official is not None:
        return DoctorFinding(name=name, status=FindingStatus.OK, found=f"official ({official})")
    return DoctorFinding(
        name=name,
        status=FindingStatus.OK,
        found=f"tierup's own {LANGUAGE_HOST}: tierup starts it automatically; a plain `pulumi` needs "
        'the environment of `eval "$(tierup sandbox env)"`',
    )


def _go(engine: Engine | None) -> DoctorFinding:
    go = go_toolchain.find()
    if go is not None:
        return DoctorFinding(name="Go", status=FindingStatus.OK, found=f"{go.version} ({go.path})")
    if engine is not None:
        return DoctorFinding(name="Go", status=FindingStatus.OK, found="none; the engine exists, so none is needed")
    return DoctorFinding(
        name="Go",
        status=FindingStatus.OK,
        found=f"none; a build of the engine installs Go {go_toolchain.PINNED_VERSION} from PyPI",
    )


def _backend(project: Path) -> DoctorFinding:
    name = "state backend"
    source = backend(project)
    if source is None:
        return DoctorFinding(
            name=name,
            status=FindingStatus.MISSING,
            found="not logged in; the sandbox keeps its state in this project's .tierup folder",
            remedy="`pulumi login`, or `pulumi login s3://BUCKET?region=REGION`, or set PULUMI_BACKEND_URL.",
            needed=NeededFor.REAL_ACCOUNT,
        )
    url, where = source
    if urlsplit(url).scheme == "file":
        return DoctorFinding(
            name=name,
            status=FindingStatus.WARNING,
            found=f"{without_secrets(url)} ({where})",
            remedy="A file is lost with its machine and does not lock out other machines. For a shared stack, log "
            "in to a bucket or to Pulumi Cloud.",
            needed=NeededFor.REAL_ACCOUNT,
        )
    return DoctorFinding(
        name=name, status=FindingStatus.OK, found=f"{without_secrets(url)} ({where})", needed=NeededFor.REAL_ACCOUNT
    )


def backend(project: Path) -> tuple[str, str] | None:
    """Return the state backend's URL and where it is set, in the engine's order of precedence, or None."""
    if url := os.environ.get("PULUMI_BACKEND_URL"):
        return url, "PULUMI_BACKEND_URL"
    settings = project / "Pulumi.yaml"
    try:
        content = yaml.safe_load(settings.read_text())
    except (OSError, yaml.YAMLError):
        content = None
    chosen = content.get("backend") if isinstance(content, dict) else None
    if isinstance(chosen, dict) and isinstance(url := chosen.get("url"), str):
        return url, "Pulumi.yaml"
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    try:
        current = json.loads((home / "credentials.json").read_text()).get("current")
    except (OSError, ValueError, AttributeError):
        return None
    return (current, "pulumi login") if isinstance(current, str) and current else None


def without_secrets(url: str) -> str:
    """Return a backend's URL without user, password and query, each of which may contain a key."""
    return re.sub(r"//[^/@]*@", "//", url.partition("?")[0])


def _aws(project: Path) -> DoctorFinding:
    name, fix = (
        "AWS credentials",
        "`aws configure sso`, or export AWS_PROFILE, or AWS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY.",
    )
    try:
        where = credentials.aws(project)
    except credentials.CredentialsError as error:
        return DoctorFinding(
            name=name, status=FindingStatus.MISSING, found=str(error), remedy=fix, needed=NeededFor.REAL_ACCOUNT
        )
    region = credentials.aws_region(project)
    if where is not None:
        return DoctorFinding(
            name=name,
            status=FindingStatus.OK if region else FindingStatus.WARNING,
            found=f"{where}; region: {region or 'not set'}",
            remedy="" if region else "Set the region: `pulumi config set aws:region REGION`, or export AWS_REGION.",
            needed=NeededFor.REAL_ACCOUNT,
        )
    if any(os.environ.get(variable) for variable in _CONTAINER_VARIABLES):
        return DoctorFinding(
            name=name,
            status=FindingStatus.OK,
            found="this container's role (its endpoint was not called)",
            needed=NeededFor.REAL_ACCOUNT,
        )
    return DoctorFinding(
        name=name,
        status=FindingStatus.MISSING,
        found="none set (the EC2 metadata service was not called)",
        remedy=fix,
        needed=NeededFor.REAL_ACCOUNT,
    )


_CONTAINER_VARIABLES = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


def _atlas(project: Path) -> DoctorFinding:
    return _keys(
        "MongoDB Atlas credentials",
        credentials.atlas(project),
        FindingStatus.MISSING,
        "Create an API key of the organization and export MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY, or a "
        "service account and export MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET.",
    )


def _cloudflare(project: Path) -> DoctorFinding:
    return _keys(
        "Cloudflare credentials",
        credentials.cloudflare(project),
        FindingStatus.WARNING,  # only for stacks whose CDN is Cloudflare
        "Needed only if the CDN is Cloudflare: create an API token and export CLOUDFLARE_API_TOKEN.",
    )


def _keys(name: str, where: str | None, without: FindingStatus, fix: str) -> DoctorFinding:
    if where is None:
        return DoctorFinding(name=name, status=without, found="none set", remedy=fix, needed=NeededFor.REAL_ACCOUNT)
    return DoctorFinding(name=name, status=FindingStatus.OK, found=where, needed=NeededFor.REAL_ACCOUNT)


def _room(project: Path) -> DoctorFinding:
    locations = {"project": project, "cache": _existing_parent(cache.folder())}
    free = {place: shutil.disk_usage(folder).free for place, folder in locations.items()}
    found = ", ".join(f"{size / 1e9:.1f} GB free for the {place}" for place, size in free.items())
    if min(free.values()) < _NEEDED_BYTES:
        return DoctorFinding(
            name="disk space",
            status=FindingStatus.WARNING,
            found=found,
            remedy=f"Free some space: at least {_NEEDED_BYTES / 1e9:.0f} GB are needed.",
        )
    return DoctorFinding(name="disk space", status=FindingStatus.OK, found=found)


def _cache() -> DoctorFinding:
    folder = cache.folder()
    try:
        with tempfile.TemporaryFile(dir=_existing_parent(folder)):
            return DoctorFinding(name="cache folder", status=FindingStatus.OK, found=str(folder))
    except OSError as error:
        return DoctorFinding(
            name="cache folder",
            status=FindingStatus.MISSING,
            found=f"{folder} is not writable ({error.strerror})",
            remedy="Make it writable, or set TIERUP_CACHE to another folder.",
        )


def _existing_parent(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
