"""Reads and changes Pulumi.<stack>.yaml. A change keeps comments, order and quotes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from yaml import YAMLError, safe_load

from tierup import atomic_file
from tierup.deployment.engine_process import run_engine_command
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.switch.config_values import Config, parsed, raw_text, set_value, with_values
from tierup.switch.rules import APPLIED_SETTINGS


def read_config(project: Project, stack: str) -> Config:
    """Return the configuration in a stack's settings file. Raises CommandError."""
    path = project.settings_file(stack)
    config = project.settings(stack).get("config") or {}
    if not isinstance(config, dict):
        raise CommandError(
            f"{path}: `config` must be a mapping (got {type(config).__name__}). Write keys with values.",
            ExitCode.SETTINGS,
        )
    return cast("dict[str, Any]", config)


def deployed_config(workspace: Workspace, config: Config) -> Config:
    """Return the configuration of the last successful `up`, given the one in the settings file.

    Secrets are those of the settings file. A stack that an earlier version of the program deployed has not recorded
    its configuration; then it is that of the settings file. Raises CommandError.
    """
    outputs = json.loads(run_engine_command(workspace, ["stack", "output", "--json", "--stack", workspace.stack]))
    recorded = outputs.get(APPLIED_SETTINGS)
    if not isinstance(recorded, str):
        return config
    applied = cast("dict[str, str]", json.loads(recorded))
    file, secret = raw_text(config)
    changed = {
        key: parsed(applied[key]) if key in applied else None
        for key in {*applied, *(key for key in file if key.startswith("tierup:") and key not in secret)}
        if applied.get(key) != file.get(key)
    }
    return with_values(config, changed)


def change_config(path: Path, values: Mapping[str, Any]) -> None:
    """Change values of `config` in a settings file by path (`tierup:tier`). None removes a value.

    Raises OSError.
    """
    text = changed_text(path.read_text(encoding="utf-8"), values)
    mode = path.stat().st_mode
    atomic_file.write_text(path, text)
    path.chmod(mode)


def changed_text(text: str, values: Mapping[str, Any]) -> str:
    """Return the text of a settings file with other values of `config`."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16  # a long value stays in one line
    indent = _indent(text)
    offset = indent if _indents_lists(text) else 0
    yaml.indent(mapping=indent, sequence=offset + 2, offset=offset)
    document = cast("CommentedMap | None", yaml.load(text))
    if document is None:
        document = CommentedMap()
    config = cast("dict[str, Any]", document.setdefault("config", CommentedMap()))
    for key, value in values.items():
        set_value(config, key, _quoted(value))
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _quoted(value: Any) -> Any:
    """Return a text in quotes if a reader of YAML 1.1 would take it for something else, as it takes off for false."""
    if not isinstance(value, str):
        return value
    try:
        plain = safe_load(value) == value
    except YAMLError:
        plain = False
    return value if plain else DoubleQuotedScalarString(value)


def _indents_lists(text: str) -> bool:
    """Return whether the items of lists have more indentation than their key."""
    found = re.search(r"^( *)[^\s#-][^\n]*:[ ]*\n( *)- ", text, re.MULTILINE)
    return found is None or len(found[2]) > len(found[1])


def _indent(text: str) -> int:
    """Return the number of spaces that the file indents by."""
    for line in text.splitlines():
        stripped = line.lstrip(" ")
        if line != stripped and stripped and not stripped.startswith("#"):
            return len(line) - len(stripped)
    return 2
