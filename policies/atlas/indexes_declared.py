"""ATL-017: the project declares its MongoDB indexes in a file that a deployment can apply.

No Atlas resource creates plain indexes, so the rule reads the project's files, by default indexes.yaml: `collections`
maps to lists of indexes, each with ordered `keys`.
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
    what="Paths or patterns of the files that declare indexes, relative to the project; at least one must exist.",
)
# A Pulumi program in any language names the Atlas SDK in one of these files, and one in YAML names Atlas's resources.
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
        raise NotApplicable("the project's files do not mention MongoDB Atlas")
    patterns = parameters[FILES.name]
    declarations = project.files(*patterns)
    if not declarations:
        yield Finding(" or ".join(patterns), "missing", "a file with the indexes that the application's queries need")
    for file in declarations:
        if file.suffix in (".yaml", ".yml"):
            yield from _violations(project.named(file), file)


def _violations(name: str, file: Path) -> Iterator[Finding]:
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        yield Finding(name, "not YAML", "collections with indexes and keys")
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
    title="A project with MongoDB Atlas declares its indexes in a file.",
    item=ChecklistItem.DATABASE_INDEXES,
    pitfall=Pitfall.MISSING_INDEXES,
    severity=Severity.MEDIUM,
    # Advisory: an application may keep its indexes in its own repository, with its schemas.
    level=Level.ADVISORY,
    check=check,
    remediation="Declare the indexes of each collection in indexes.yaml and apply them with `tierup indexes`, or name "
    "another file in the parameter indexFiles.",
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
    unproven=(
        "The rule does not see whether these are the right indexes, nor whether the database has them: `tierup "
        "indexes` compares them."
    ),
)
