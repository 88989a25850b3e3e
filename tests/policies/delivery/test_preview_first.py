from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.preview_first import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate, workflow

UP = '{run: "pulumi up --yes --stack prod"}'


@pytest.mark.parametrize(
    "preview",
    [
        '{run: "pulumi preview --stack prod --policy-pack policies"}',
        '{run: "pulumi --cwd infra preview --policy-pack ../policies"}',
        '{run: "tierup preview --stack prod"}',
        "{uses: pulumi/actions@v6, with: {command: preview, policyPacks: policies}}",
    ],
)
def test_preview_with_policies_passes(tmp_path: Path, preview: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(preview, UP)).outcome is Outcome.PASS


@pytest.mark.parametrize("up", [UP, "{uses: pulumi/actions@v6, with: {command: up}}"])
def test_deployment_without_preview_fails(tmp_path: Path, up: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(up)).findings[0].found == "deploy without a preview"


def test_preview_without_policies_fails(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, workflow('{run: "pulumi preview"}', UP)).findings[0].found == "no policy pack"


@pytest.mark.parametrize("step", ['{run: "make test"}', '{run: "pulumi preview"}', '{run: "npm update"}'])
def test_pipeline_without_deployment_is_not_applicable(tmp_path: Path, step: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(step)).outcome is Outcome.NOT_APPLICABLE
