from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.pinned_steps import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate, workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("step", [f"actions/checkout@{COMMIT}", f"docker://alpine@sha256:{'0' * 64}"])
def test_commit_and_digest_pass(tmp_path: Path, step: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(f"{{uses: {step}}}", "{uses: ./.github/own}")).outcome is Outcome.PASS


@pytest.mark.parametrize("step", ["actions/checkout@v4", "pulumi/actions@main", "docker://alpine:3", "a/b@0123456"])
def test_tag_and_branch_fail(tmp_path: Path, step: str) -> None:
    assert len(evaluate(RULE, tmp_path, workflow(f'{{uses: "{step}"}}', f'{{uses: "{step}"}}')).findings) == 1


def test_pipeline_without_third_party_steps_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, workflow("{run: make}", "{uses: ./own}")).outcome is Outcome.NOT_APPLICABLE
