"""DEL-008: an image has a pinned base, a non-root user and no secret in its layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    ProjectFiles,
    ProjectRule,
    Severity,
)
from ..secrets.recognition import names_a_secret
from .pipelines import repository

PATTERNS = tuple(f"{folder}{name}" for folder in ("", "*/", "*/*/") for name in ("Dockerfile", "Containerfile"))
ROOT = ("root", "0", "0:0", "root:root")
_CONTINUED = re.compile(r"\\[ \t]*\n")
_VARIABLE = re.compile(r"\$\{?(\w+)(?::?-([^}]*))?\}?")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    root = repository(project)
    files = [file for file in root.files(*PATTERNS) if "node_modules" not in file.parts]
    if not files:
        raise NotApplicable("the project has no Dockerfile")
    for file in files:
        name = root.named(file)
        dockerfile = _read(file)
        for base in dockerfile.bases:
            if not _is_pinned(base):
                yield Finding(f"{name}: FROM", f"{base}, which is not pinned", "a version tag or a digest")
        if dockerfile.user in ROOT and "nonroot" not in (dockerfile.bases or [""])[-1]:
            yield Finding(
                f"{name}: USER", dockerfile.user if dockerfile.sets_user else "not set: root", "a non-root user"
            )
        for variable in dockerfile.secrets:
            yield Finding(f"{name}: {variable}", "a secret that remains in the image", "RUN --mount=type=secret")


@dataclass(slots=True)
class _Dockerfile:
    """A parsed Dockerfile. `bases` are the external base images; `user` is the user of the last stage."""

    bases: list[str] = field(default_factory=list[str])
    user: str = "root"
    sets_user: bool = False
    secrets: list[str] = field(default_factory=list[str])


def _read(file: Path) -> _Dockerfile:
    found = _Dockerfile()
    arguments: dict[str, str] = {}
    stages: dict[str, str] = {}  # the user of each stage, by name, which a later stage inherits
    stage = ""
    for line in _CONTINUED.sub(" ", file.read_text(encoding="utf-8", errors="replace")).splitlines():
        instruction, _, rest = line.strip().partition(" ")
        words = [word for word in rest.split() if not word.startswith("--")]
        match instruction.upper():
            case "FROM" if words:
                base = _VARIABLE.sub(lambda m: arguments.get(m[1]) or m[2] or m[0], words[0])
                if base.lower() not in stages and base != "scratch":
                    found.bases.append(base)
                found.user, found.sets_user = stages.get(base.lower(), "root"), False
                stage = words[2].lower() if len(words) > 2 else ""
                stages[stage] = found.user
            case "USER" if words:
                found.user, found.sets_user = words[0], True
                stages[stage] = found.user
            case "ARG":
                for word in words:
                    key, _, value = word.partition("=")
                    arguments[key] = value.strip("\"'")
                    found.secrets.extend(_secret("ARG", key))
            case "ENV" if words:
                keys = [w.partition("=")[0] for w in words if "=" in w] if "=" in words[0] else [words[0]]
                for key in keys:
                    found.secrets.extend(_secret("ENV", key))
            case _:
                pass
    return found


def _secret(instruction: str, key: str) -> Iterator[str]:
    if names_a_secret(key):
        yield f"{instruction} {key}"


def _is_pinned(image: str) -> bool:
    """Return whether an image has a digest or a version tag. A variable that the file does not set counts as pinned."""
    if "@sha256:" in image or "$" in image:
        return True
    _, colon, tag = image.rpartition("/")[2].partition(":")
    return bool(colon) and tag != "latest"


RULE = ProjectRule(
    id="DEL-008",
    name="dockerfile",
    title="An image has a pinned base, a non-root user and no secret in its layers.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.MEDIUM,
    check=check,
    remediation="Pin FROM to a version or digest, set USER in the last stage, and mount secrets (--mount=type=secret).",
    example="""# FROM node:24.2-slim
# RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
# USER node""",
    source="https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven="The rule does not see whether the deployed image was built from this file.",
    level=Level.ADVISORY,
)
