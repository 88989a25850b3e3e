"""The search for the project, and the errors for invalid projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tierup.deployment import project as projects
from tierup.deployment.errors import CommandError, ExitCode


def test_a_project_is_found_from_a_subfolder(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nmain: stacks\n")
    below = tmp_path / "stacks" / "deep"
    below.mkdir(parents=True)
    found = projects.find(below)
    assert (found.folder, found.name, found.main) == (tmp_path, "trial", tmp_path / "stacks")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [", "Pulumi.yaml: not valid YAML, line 2"),
        ("- a\n", "must contain a mapping"),
        ("runtime: python\n", "`name` must be set"),
    ],
)
def test_an_invalid_pulumi_yaml_is_reported(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text + ("\n" if text.endswith("[") else ""))
    with pytest.raises(CommandError) as caught:
        projects.find(tmp_path)
    assert message in caught.value.message
    assert caught.value.code == ExitCode.SETTINGS


def test_a_missing_project_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no Pulumi\.yaml in"):
        projects.find(tmp_path)


def test_a_stack_without_settings_is_reported_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    found = projects.find(tmp_path)
    with pytest.raises(CommandError, match="Stacks with settings: dev"):
        found.settings("prod")
    assert found.settings("dev") == {"config": {}}


@pytest.mark.parametrize(
    ("allowed", "rejected"),
    [
        ("dev", ""),
        ("dev", "a b"),
        ("dev", "-s;rm"),
        ("acme/shop/prod", "a/b/c/d"),
        ("eu-1.blue_2", "../x"),
        ("x" * 100, "x" * 101),
    ],
)
def test_invalid_stack_names_are_rejected(allowed: str, rejected: str) -> None:
    projects.check_stack_name(allowed)
    with pytest.raises(CommandError, match="not a valid name"):
        projects.check_stack_name(rejected)
