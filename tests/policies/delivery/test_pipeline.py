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
def test_pipeline_that_tests_or_deploys_passes(tmp_path: Path, files: dict[str, str]) -> None:
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_script_in_the_repository_is_read(tmp_path: Path) -> None:
    files = {**workflow('{run: "./ci/deploy.sh prod"}'), "ci/deploy.sh": "#!/bin/sh\nexec pulumi up --yes\n"}
    assert evaluate(RULE, tmp_path, files).outcome is Outcome.PASS


def test_script_outside_the_repository_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"deploy.sh": "pulumi up"})
    assert evaluate(RULE, tmp_path / "repository", workflow('{run: "../deploy.sh"}')).outcome is Outcome.FAIL


def test_pipeline_above_the_program_is_found(tmp_path: Path) -> None:
    write(tmp_path, {**workflow('{run: "pulumi up"}'), ".git/HEAD": "", "infra/Pulumi.yaml": "name: x"})
    assert RULE.evaluate(ProjectFiles(tmp_path / "infra", "dev")).outcome is Outcome.PASS


def test_folders_above_are_not_searched_without_a_repository(tmp_path: Path) -> None:
    write(tmp_path, {**workflow('{run: "pulumi up"}'), "infra/Pulumi.yaml": "name: x"})
    assert RULE.evaluate(ProjectFiles(tmp_path / "infra", "dev")).outcome is Outcome.FAIL


def test_no_pipeline_fails(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"Pulumi.yaml": "name: x"}).findings[0].path == "pipeline file"


def test_pipeline_without_tests_or_deployment_fails(tmp_path: Path) -> None:
    verdict = evaluate(RULE, tmp_path, workflow('{run: "echo pulumi is great"}'))
    assert verdict.findings[0].found == "no step tests or deploys"


def test_invalid_pipeline_evaluates_to_unknown(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {".gitlab-ci.yml": "a: [b"}).outcome is Outcome.UNKNOWN


def test_nested_aliases_are_read_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [{run: make test}]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    assert evaluate(RULE, tmp_path, {".gitlab-ci.yml": "\n".join(lines)}).outcome is Outcome.PASS
