from __future__ import annotations

from pathlib import Path

import pytest

from policies.delivery.pinned_steps import RULE
from policies.rule import Outcome
from tests.policies.delivery.projects import evaluate, workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("step", [f"actions/checkout@{COMMIT}", f"docker://alpine@sha256:{'0' * 64}"])
def test_a_commit_or_a_digest_passes(tmp_path: Path, step: str) -> None:
    assert evaluate(RULE, tmp_path, workflow(f"{{uses: {step}}}", "{uses: ./.github/own}")).outcome is Outcome.PASS


@pytest.mark.parametrize("step", ["actions/checkout@v4", "pulumi/actions@main", "docker://alpine:3", "a/b@0123456"])
def test_what_can_be_moved_fails(tmp_path: Path, step: str) -> None:
    assert len(evaluate(RULE, tmp_path, workflow(f'{{uses: "{step}"}}', f'{{uses: "{step}"}}')).findings) == 1


def test_a_pipeline_of_commands_alone_is_not_applicable(tmp_path: Path) -> None:
    assert evaluate(RULE, tmp_path, workflow("{run: make}", "{uses: ./own}")).outcome is Outcome.NOT_APPLICABLE
