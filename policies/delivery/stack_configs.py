"""The stacks' configuration files, Pulumi.<stack>.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..rule import Indeterminate, ProjectFiles


def configs(project: ProjectFiles) -> list[Path]:
    """Return the configuration files beside Pulumi.yaml, or in its `stackConfigDir`."""
    folder = "."
    for file in project.files("Pulumi.yaml", "Pulumi.yml"):
        folder = str(mapping(project, file).get("stackConfigDir") or ".")
    prefix = "" if folder == "." else f"{folder.strip('/')}/"
    found = project.files(f"{prefix}Pulumi.*.yaml", f"{prefix}Pulumi.*.yml")
    return [file for file in found if not file.stem.endswith(".deploy")]


def mapping(project: ProjectFiles, file: Path) -> dict[Any, Any]:
    """Return the file's contents. Raises Indeterminate when it is not a YAML mapping."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8", errors="replace"))
    except (yaml.YAMLError, RecursionError):
        raise Indeterminate(f"{project.named(file)} is not YAML") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise Indeterminate(f"{project.named(file)} is not a YAML mapping")
    return document
