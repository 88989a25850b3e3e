"""Build hook: a wheel carries the program (stacks, components, policies, Pulumi*.yaml) below tierup/program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("stacks", "components", "policies")


class WheelProgramHook(BuildHookInterface[Any]):
    """An editable install is left alone: it finds all of it in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the program to a wheel (`version` is "standard" for one, "editable" for the other)."""
        if version != "standard":
            return
        root = Path(self.root)
        sources = [*(root / folder for folder in FOLDERS), *sorted(root.glob("Pulumi*.yaml"))]
        build_data["force_include"].update({str(source): f"tierup/program/{source.name}" for source in sources})
