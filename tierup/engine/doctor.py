"""What `tierup doctor` tells: what is here, what is missing, and what to do about it.

Nothing is installed or changed, no cloud is called, and no secret is read out.
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

# A checkout with its .venv takes 0.9 GB; a rehearsal and the providers' plugins of a real stack about as much again.
_ROOM_FOR_WORK_BYTES = 2_000_000_000


class Status(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    MISSING = "missing"
    """It is not there, and what it is needed for does not work."""
    WARNING = "warning"
    """It works, or is not always needed, but look at it."""


class Needed(StrEnum):
    """What a finding matters for."""

    ALWAYS = "always"
    REAL_ACCOUNT = "real account"
    """Not for a rehearsal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorFinding:
    """One line of the doctor's report."""

    name: str
    status: Status
    found: str
    remedy: str = ""
    """Empty where all is well."""
    needed: Needed = Needed.ALWAYS


def diagnose(project: Path) -> list[DoctorFinding]:
    """Look at this machine and at the project in this folder (the one that holds Pulumi.yaml)."""
    told: list[str] = []
    engine = discovery.find(told.append)
    return [
        _python(),
        _engine(engine, told),
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
            status=Status.WARNING,
            found=f"{version} of the system ({sys.executable})",
            remedy="Run tierup from a virtual environment, so that its packages and the system's stay apart.",
        )
    if sys.dont_write_bytecode:
        return DoctorFinding(
            name="Python",
            status=Status.WARNING,
            found=f"{version} ({sys.executable}), told not to keep compiled modules",
            remedy="Unset PYTHONDONTWRITEBYTECODE: without it a preview takes half as long, as the providers' SDKs "
            "are large.",
        )
    return DoctorFinding(name="Python", status=Status.OK, found=f"{version} ({sys.executable})")


def _engine(engine: Engine | None, told: list[str]) -> DoctorFinding:
    refused = f" {'; '.join(told)}." if told else ""
    if engine is None:
        return DoctorFinding(
            name="engine",
            status=Status.MISSING,
            found=f"no Pulumi CLI on PATH or in the cache.{refused}",
            remedy="Install it (https://www.pulumi.com/docs/install/), or let tierup build it: "
            "`python -m tierup.engine`, about 4 minutes.",
        )
    whose = {"path": "on PATH", "official": "installed by tierup", "built": "built by tierup"}[engine.origin]
    return DoctorFinding(
        name="engine",
        status=Status.WARNING if told else Status.OK,
        found=f"Pulumi {engine.version} {whose} ({engine.path}).{refused}",
        remedy="Update or remove the Pulumi CLI that was passed over." if told else "",
    )


def _language_host(engine: Engine | None) -> DoctorFinding:
    name = "language host"
    if engine is None:
        return DoctorFinding(
            name=name, status=Status.MISSING, found="comes with the engine", remedy="Get the engine first."
        )
    official = official_language_host(engine.path)
    if official is not None:
        return DoctorFinding(name=name, status=Status.OK, found=f"official ({official})")
    return DoctorFinding(
        name=name,
        status=Status.OK,
        found=f"tierup's own {LANGUAGE_HOST}: tierup starts it by itself; a plain `pulumi` needs "
        'the environment of `eval "$(tierup sandbox env)"`',
    )


def _go(engine: Engine | None) -> DoctorFinding:
    go = go_toolchain.find()
    if go is not None:
        return DoctorFinding(name="Go", status=Status.OK, found=f"{go.version} ({go.path})")
    if engine is not None:
        return DoctorFinding(name="Go", status=Status.OK, found="none, and none is needed: the engine is there")
    return DoctorFinding(
        name="Go",
        status=Status.OK,
        found=f"none; a build of the engine gets Go {go_toolchain.PINNED_VERSION} from PyPI",
    )


def _backend(project: Path) -> DoctorFinding:
    name = "state backend"
    source = backend(project)
    if source is None:
        return DoctorFinding(
            name=name,
            status=Status.MISSING,
            found="not logged in to any; rehearsals keep their state in this project's .tierup folder",
            remedy="`pulumi login`, or `pulumi login s3://BUCKET?region=REGION`, or set PULUMI_BACKEND_URL.",
            needed=Needed.REAL_ACCOUNT,
        )
    url, where = source
    if urlsplit(url).scheme == "file":
        return DoctorFinding(
            name=name,
            status=Status.WARNING,
            found=f"{without_secrets(url)} ({where})",
            remedy="A file on one machine is lost with it, and locks nobody else out: for a shared stack log in to "
            "a bucket or to Pulumi Cloud.",
            needed=Needed.REAL_ACCOUNT,
        )
    return DoctorFinding(
        name=name, status=Status.OK, found=f"{without_secrets(url)} ({where})", needed=Needed.REAL_ACCOUNT
    )


def backend(project: Path) -> tuple[str, str] | None:
    """Where state goes and what says so, in the engine's own order of precedence, or None where nobody is logged in."""
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
    """A backend's URL without user, password and query, any of which may carry a key."""
    return re.sub(r"//[^/@]*@", "//", url.partition("?")[0])


def _aws(project: Path) -> DoctorFinding:
    name, fix = (
        "AWS credentials",
        "`aws configure sso`, or export AWS_PROFILE, or AWS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY.",
    )
    try:
        where = credentials.aws(project)
    except credentials.CredentialsError as error:
        return DoctorFinding(name=name, status=Status.MISSING, found=str(error), remedy=fix, needed=Needed.REAL_ACCOUNT)
    region = credentials.aws_region(project)
    if where is not None:
        return DoctorFinding(
            name=name,
            status=Status.OK if region else Status.WARNING,
            found=f"{where}; region: {region or 'not set'}",
            remedy="" if region else "Set the region: `pulumi config set aws:region REGION`, or export AWS_REGION.",
            needed=Needed.REAL_ACCOUNT,
        )
    if any(os.environ.get(variable) for variable in _CONTAINER_VARIABLES):
        return DoctorFinding(
            name=name,
            status=Status.OK,
            found="those of this container's role (not asked for)",
            needed=Needed.REAL_ACCOUNT,
        )
    return DoctorFinding(
        name=name,
        status=Status.MISSING,
        found="none set (the metadata service of an EC2 instance was not asked)",
        remedy=fix,
        needed=Needed.REAL_ACCOUNT,
    )


_CONTAINER_VARIABLES = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


def _atlas(project: Path) -> DoctorFinding:
    return _keys(
        "MongoDB Atlas credentials",
        credentials.atlas(project),
        Status.MISSING,
        "Make an API key of the organization and export MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY, or a "
        "service account and export MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET.",
    )


def _cloudflare(project: Path) -> DoctorFinding:
    return _keys(
        "Cloudflare credentials",
        credentials.cloudflare(project),
        Status.WARNING,  # only for stacks whose CDN is Cloudflare
        "Only where the CDN is Cloudflare: make an API token and export CLOUDFLARE_API_TOKEN.",
    )


def _keys(name: str, where: str | None, without: Status, fix: str) -> DoctorFinding:
    if where is None:
        return DoctorFinding(name=name, status=without, found="none set", remedy=fix, needed=Needed.REAL_ACCOUNT)
    return DoctorFinding(name=name, status=Status.OK, found=where, needed=Needed.REAL_ACCOUNT)


def _room(project: Path) -> DoctorFinding:
    locations = {"project": project, "cache": _existing_parent(cache.folder())}
    free = {place: shutil.disk_usage(folder).free for place, folder in locations.items()}
    found = ", ".join(f"{size / 1e9:.1f} GB free for the {place}" for place, size in free.items())
    if min(free.values()) < _ROOM_FOR_WORK_BYTES:
        return DoctorFinding(
            name="disk space",
            status=Status.WARNING,
            found=found,
            remedy=f"Free some: {_ROOM_FOR_WORK_BYTES / 1e9:.0f} GB is little.",
        )
    return DoctorFinding(name="disk space", status=Status.OK, found=found)


def _cache() -> DoctorFinding:
    folder = cache.folder()
    try:
        with tempfile.TemporaryFile(dir=_existing_parent(folder)):
            return DoctorFinding(name="cache folder", status=Status.OK, found=str(folder))
    except OSError as error:
        return DoctorFinding(
            name="cache folder",
            status=Status.MISSING,
            found=f"{folder} cannot be written ({error.strerror})",
            remedy="Make it writable, or name another folder in TIERUP_CACHE.",
        )


def _existing_parent(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
