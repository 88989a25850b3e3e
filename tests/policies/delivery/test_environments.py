from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.environments import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate

PROD, DEV = {"Pulumi.prod.yaml": "config: {}"}, {"Pulumi.dev.yaml": ""}


def test_two_environments_pass(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {**PROD, **DEV}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files", [{}, PROD, {**PROD, "Pulumi.yaml": "name: x"}, {**PROD, "Pulumi.prod.deploy.yaml": ""}]
)
def test_one_environment_fails(tmp_path: Path, files: dict[str, str]) -> None:
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.FAIL


def test_configuration_in_another_folder_is_found(tmp_path: Path) -> None:
    files = {"Pulumi.yaml": "stackConfigDir: config", "config/Pulumi.a.yaml": "", "config/Pulumi.b.yaml": ""}
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_invalid_project_file_evaluates_to_unknown(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.yaml": "a: [b", **PROD, **DEV}).outcome is Outcome.UNKNOWN
