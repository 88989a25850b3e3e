"""The settings of the option `--set KEY=VALUE`, which `tierup switch` and `tierup cost` have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tierup.cli.errors import usage_error


def changed_settings(pairs: Sequence[str]) -> Mapping[str, Any]:
    """Return path → value of the settings; None removes one. Raises CommandError for a wrong pair or a secret."""
    from tierup.switch.config_values import parsed

    changed: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise usage_error(f"--set: not a key and a value (got {pair!r}). Allowed: KEY=VALUE.")
        path = key if ":" in key else f"tierup:{key}"
        _check_not_secret(path)
        changed[path] = parsed(text) if text else None
    return changed


def _check_not_secret(path: str) -> None:
    from tierup.program_settings import SECRET_SETTINGS

    if path.partition(":")[2] in SECRET_SETTINGS:
        raise usage_error(
            f"--set: the value of a secret must not be given on the command line (got {path}). Use `pulumi config set "
            f"--secret {path}`."
        )
