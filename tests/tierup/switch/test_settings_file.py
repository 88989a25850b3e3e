"""A change of a settings file keeps comments, order and quotes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from tierup.switch.settings_file import change_config, changed_text

FILE = """\
# The production stack.
config:
  aws:region: eu-west-1
  tierup:phase: 'mvp' # until launch
  tierup:tier: small
  tierup:scheduledTasks:
    report:
      command: [node, report.js] # one line
encryptionsalt: v1:abc=:v1:def
"""


def test_a_value_changes_in_place() -> None:
    text = changed_text(FILE, {"tierup:phase": "scale", "tierup:tier": "medium"})
    assert text == FILE.replace("'mvp'", "'scale'").replace("tier: small", "tier: medium")


def test_a_new_value_is_appended_and_its_removal_restores_the_file() -> None:
    changed = changed_text(FILE, {"tierup:sizeOverrides.databaseDiskGb": 40, "tierup:pauseDatabaseAutoscaling": True})
    assert "  tierup:sizeOverrides:\n    databaseDiskGb: 40\n  tierup:pauseDatabaseAutoscaling: true\n" in changed
    restored = {"tierup:sizeOverrides.databaseDiskGb": None, "tierup:pauseDatabaseAutoscaling": None}
    assert changed_text(changed, restored) == FILE


def test_indentation_of_lists_is_kept() -> None:
    for lists in ("config:\n    tierup:x:\n        - a\n        - b\n", "config:\n  tierup:x:\n  - a\n  - b\n"):
        changed = changed_text(lists, {"tierup:tier": "large"})
        assert changed.startswith(lists)


def test_an_empty_file_gets_a_config() -> None:
    assert changed_text("", {"tierup:tier": "large"}) == "config:\n  tierup:tier: large\n"


def test_the_mode_of_the_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(FILE)
    path.chmod(0o644)
    change_config(path, {"tierup:tier": "large"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert "tierup:tier: large" in path.read_text()


@pytest.mark.parametrize("text", ["off", "on", "yes", "1", "2026-11-28", "a: b", "10.0.0.0/16"])
def test_a_text_is_read_as_text(text: str) -> None:
    assert yaml.safe_load(changed_text(FILE, {"tierup:x": text}))["config"]["tierup:x"] == text
