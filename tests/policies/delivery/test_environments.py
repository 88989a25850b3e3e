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
def test_one_environment_is_too_few(tmp_path: Path, files: dict[str, str]) -> None:
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.FAIL


def test_they_may_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    files = {"Pulumi.yaml": "stackConfigDir: config", "config/Pulumi.a.yaml": "", "config/Pulumi.b.yaml": ""}
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_a_project_file_that_is_not_yaml_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.yaml": "a: [b", **PROD, **DEV}).outcome is Outcome.UNKNOWN
