"""Build hook: a wheel carries the program (stacks, components, policies, templates) below tierup/program."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("stacks", "components", "policies", "templates")
PACK = "policies/PulumiPolicy.yaml"
DEPLOYER_POLICY = "docs/reference/deployer-policy.json"  # the default of `tierup bootstrap --policy`


class WheelProgramHook(BuildHookInterface[Any]):
    """Adds the program to a wheel. An editable install finds it in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the program to a wheel (`version` is "standard" for one, "editable" for the other)."""
        if version != "standard":
            return
        root = Path(self.root)
        # File by file: a later entry replaces a file, but not a file of a folder.
        files = {
            str(file): f"tierup/program/{file.relative_to(root)}"
            for folder in FOLDERS
            for file in sorted((root / folder).rglob("*"))
            if file.is_file() and "__pycache__" not in file.parts and str(file.relative_to(root)) != PACK
        }
        files[str(root / DEPLOYER_POLICY)] = f"tierup/program/{DEPLOYER_POLICY}"
        self._folder = tempfile.TemporaryDirectory()  # until the wheel is built
        pack = Path(self._folder.name, "PulumiPolicy.yaml")
        pack.write_text(without_options((root / PACK).read_text(encoding="utf-8")), encoding="utf-8")
        build_data["force_include"].update({**files, str(pack): f"tierup/program/{PACK}"})


def without_options(text: str) -> str:
    """Remove the options of the pack's runtime: they name the virtual environment of a checkout."""
    head, found, rest = text.partition("  options:\n")
    kept = [line for line in rest.splitlines(keepends=True) if not line.startswith("    ")]
    return head + "".join(kept) if found else text
