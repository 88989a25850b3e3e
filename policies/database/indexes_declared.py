"""ATL-017: the indexes that queries need are written down where a deployment can apply them.

No Atlas resource makes plain indexes, so a stack does not show them: the project's files do. The usual file is
indexes.yaml: `collections` to lists of indexes, each with `keys` in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Pitfall,
    ProjectFiles,
    ProjectRule,
    Severity,
)

FILES = Parameter(
    name="indexFiles",
    schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
    default=("indexes.yaml", "indexes.yml"),
    what="Where the project declares its indexes: paths or patterns from its folder, one of which must be there.",
)
# What a Pulumi program on Atlas names in any language: its SDK, or in YAML its resources.
MANIFESTS = (
    "Pulumi.yaml",
    "pyproject.toml",
    "requirements*.txt",
    "requirements*.lock",
    "package.json",
    "go.mod",
    "*.csproj",
    "pom.xml",
    "build.gradle*",
)
SDK = re.compile("mongodbatlas", re.IGNORECASE)


def check(project: ProjectFiles, parameters: Parameters) -> Iterator[Finding]:
    manifests = project.files(*MANIFESTS)
    if not any(SDK.search(file.read_text(encoding="utf-8", errors="replace")) for file in manifests):
        raise NotApplicable("the project's files name no MongoDB Atlas")
    patterns = parameters[FILES.name]
    declarations = project.files(*patterns)
    if not declarations:
        yield Finding(" or ".join(patterns), "missing", "the indexes that the application's queries need")
    for file in declarations:
        if file.suffix in (".yaml", ".yml"):
            yield from _faults(project.named(file), file)


def _faults(name: str, file: Path) -> Iterator[Finding]:
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        yield Finding(name, "not YAML", "collections, and their indexes with keys")
        return
    collections = content.get("collections") if isinstance(content, dict) else None
    if not isinstance(collections, dict) or not collections:
        yield Finding(f"{name}: collections", "missing", "a list of indexes for each collection")
        return
    for collection, indexes in collections.items():
        if not isinstance(indexes, list) or not indexes:
            yield Finding(f"{name}: collections.{collection}", "no index", "at least one")
            continue
        for at, index in enumerate(indexes):
            keys = index.get("keys") if isinstance(index, dict) else None
            if not isinstance(keys, dict) or not keys:
                yield Finding(f"{name}: collections.{collection}[{at}].keys", "missing", "fields and their directions")


RULE = ProjectRule(
    id="ATL-017",
    name="database-indexes-declared",
    title="A project with a database declares the indexes that its queries need.",
    item=ChecklistItem.DATABASE_INDEXES,
    pitfall=Pitfall.MISSING_INDEXES,
    severity=Severity.MEDIUM,
    # Advisory: an application may as well keep its indexes in its own repository, with its schemas.
    level=Level.ADVISORY,
    check=check,
    remediation="Write the indexes of each collection into indexes.yaml, and apply it with `tierup indexes`; "
    "name another file in the parameter indexFiles.",
    example='''# indexes.yaml
"""
version: 1
collections:
  tasks:
    - keys: { user: 1, status: 1 }
"""''',
    source="https://www.mongodb.com/docs/manual/indexes/",
    read=date(2026, 11, 24),
    parameters=(FILES,),
    unproven="That they are the right ones, and that they stand in the database: `tierup indexes` compares them.",
)
