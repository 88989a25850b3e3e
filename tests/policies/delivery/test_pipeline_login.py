from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.pipeline_login import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate, workflow

ROLE = "{uses: aws-actions/configure-aws-credentials@v4, with: {role-to-assume: 'arn:aws:iam::1:role/r'}}"


def test_role_passes(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, workflow(ROLE)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        workflow("{run: x}", env="{AWS_SECRET_ACCESS_KEY: '${{ secrets.AWS_SECRET }}'}"),
        workflow("{uses: a/b@v1, with: {aws-secret-access-key: '${{ secrets.AWS_SECRET }}'}}"),
        workflow("{uses: google-github-actions/auth@v2, with: {credentials_json: '${{ secrets.KEY }}'}}"),
        {".gitlab-ci.yml": "variables: {AWS_SECRET_ACCESS_KEY: $PROD_KEY}\ndeploy: {script: [pulumi up]}"},
        {"azure-pipelines.yml": "steps: [{script: pulumi up, env: {ARM_CLIENT_SECRET: $(clientSecret)}}]"},
    ],
)
def test_stored_key_fails(tmp_path: Path, files: dict[str, str]) -> None:
    verdict = evaluate(RULE, tmp_path, files)
    assert verdict.findings[0].found == "a stored key"


@pytest.mark.parametrize(
    "env",
    [
        "{AWS_SECRET_ACCESS_KEY: test}",  # for an emulator
        "{AWS_SECRET_ACCESS_KEY: '${{ steps.login.outputs.aws-secret-access-key }}'}",  # expires after an hour
        "{CLOUDFLARE_API_TOKEN: '${{ secrets.CLOUDFLARE }}'}",  # Cloudflare does not support OpenID Connect
        "{AWS_REGION: eu-west-1}",
    ],
)
def test_values_that_are_not_stored_keys_pass(tmp_path: Path, env: str) -> None:
    assert evaluate(RULE, tmp_path, workflow("{run: pulumi up}", env=env)).outcome is Outcome.PASS


def test_value_is_never_shown(tmp_path: Path) -> None:
    verdict = evaluate(RULE, tmp_path, workflow("{run: x}", env="{AWS_SECRET_ACCESS_KEY: 'canary-${{ secrets.A }}'}"))
    assert verdict.outcome is Outcome.FAIL
    assert "canary" not in str(verdict)


def test_project_without_pipeline_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, {"main.py": ""}).outcome is Outcome.NOT_APPLICABLE
