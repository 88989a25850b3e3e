from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.pipeline_tests import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate, workflow


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "python -m unittest",
        "make test",
        "make -C infra check",
        "npm test",
        "npm run test:unit",
        "yarn test --ci",
        "pnpm -r test",
        "npx vitest run",
        "go test ./...",
        "cargo test",
        "./gradlew :app:test",
        "mvn -B verify",
        "dotnet test",
        "bundle exec rspec",
    ],
)
def test_step_that_runs_tests_passes(tmp_path: Path, command: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(f'{{run: "{command}"}}')).outcome is Outcome.PASS


@pytest.mark.parametrize("command", ["pulumi up", "npm ci", "echo latest", "docker build -t attest .", "make deploy"])
def test_pipeline_without_test_step_fails(tmp_path: Path, command: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(f'{{run: "{command}"}}')).outcome is Outcome.FAIL


def test_tests_in_another_pipeline_file_pass(tmp_path: Path) -> None:
    files = {**workflow('{run: "pulumi up"}'), ".github/workflows/test.yml": "jobs: {t: {steps: [{run: tox}]}}"}
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_project_without_pipeline_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"main.py": ""}).outcome is Outcome.NOT_APPLICABLE
