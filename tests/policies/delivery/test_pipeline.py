from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.pipeline import RULE
from policies.rule import Outcome, ProjectFiles
from tests.policies.delivery.projects import evaluate, workflow, write


@pytest.mark.parametrize(
    "files",
    [
        workflow('{run: "pulumi up --yes --stack prod"}'),
        workflow("{uses: pulumi/actions@v6}"),
        workflow('{run: "tierup check --stack prod"}'),
        workflow('{run: "npm ci && npm test"}'),
        {".github/workflows/x.yaml": "jobs: {a: {steps: [{run: terraform apply}]}}"},
        {".gitlab-ci.yml": "deploy:\n  script:\n    - !reference [.setup, script]\n    - pulumi up --yes\n"},
        {"azure-pipelines.yml": "steps:\n- task: Pulumi@1\n- script: dotnet test\n"},
        {"bitbucket-pipelines.yml": "pipelines: {default: [{step: {script: [pytest]}}]}"},
        {"Jenkinsfile": "pipeline { stages { stage('x') { steps { sh 'make deploy' } } } }"},
        {"buildspec.yml": "phases: {build: {commands: [aws ecs update-service]}}"},
        {".circleci/config.yml": "jobs: {a: {steps: [{run: {command: go test ./...}}]}}"},
        {"Pulumi.prod.deploy.yaml": "settings: {operationContext: {preRunCommands: [], options: {}}, run: pulumi up}"},
    ],
)
def test_a_pipeline_that_tests_or_deploys_passes(tmp_path: Path, files: dict[str, str]) -> None:
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_a_script_of_the_repository_is_looked_into(tmp_path: Path) -> None:
    files = {**workflow('{run: "./ci/deploy.sh prod"}'), "ci/deploy.sh": "#!/bin/sh\nexec pulumi up --yes\n"}
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_a_script_outside_of_the_repository_is_not(tmp_path: Path) -> None:
    write(tmp_path, {"deploy.sh": "pulumi up"})
    assert evaluate(RULE, tmp_path / "repository", workflow('{run: "../deploy.sh"}')).outcome is Outcome.FAIL


def test_the_pipeline_may_stand_above_the_program(tmp_path: Path) -> None:
    write(tmp_path, {**workflow('{run: "pulumi up"}'), ".git/HEAD": "", "infra/Pulumi.yaml": "name: x"})
    assert RULE.evaluate(ProjectFiles(tmp_path / "infra", "dev")).outcome is Outcome.PASS


def test_without_a_repository_nothing_above_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {**workflow('{run: "pulumi up"}'), "infra/Pulumi.yaml": "name: x"})
    assert RULE.evaluate(ProjectFiles(tmp_path / "infra", "dev")).outcome is Outcome.FAIL


def test_no_pipeline_fails(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.yaml": "name: x"}).findings[0].path == "pipeline file"


def test_a_pipeline_that_does_something_else_fails(tmp_path: Path) -> None:
    verdict = evaluate(RULE, tmp_path, workflow('{run: "echo pulumi is great"}'))
    assert verdict.findings[0].found == "neither tests nor deploys anything"


def test_a_pipeline_that_is_not_yaml_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {".gitlab-ci.yml": "a: [b"}).outcome is Outcome.UNKNOWN


def test_aliases_within_aliases_cost_nothing(tmp_path: Path) -> None:
    lines = ["a0: &a0 [{run: make test}]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert evaluate(RULE, tmp_path, {".gitlab-ci.yml": "\n".join(lines)}).outcome is Outcome.PASS
