from __future__ import annotations

import pytest

from policies.ecs.pinned_image import RULE
from policies.rule import Outcome
from tests.policies.ecs.tasks import changed, evaluated
from tests.policies.evaluation import UNKNOWN, evaluate

REGISTRY = "registry.example.com:5000/shop"


@pytest.mark.parametrize(
    "reference", ["@sha256:" + "0" * 64, ":latest@sha256:" + "0" * 64, ":1.4.2", ":v2", ":22-alpine"]
)
def test_a_digest_or_a_versions_tag_passes(reference: str) -> None:
    assert evaluated(RULE, changed(image=REGISTRY + reference)).outcome is Outcome.PASS


@pytest.mark.parametrize("commit", ["deadbeef", "cafebabe" * 5])
def test_a_commit_without_a_digit_is_still_a_commit(commit: str) -> None:
    assert evaluated(RULE, changed(image=f"{REGISTRY}:{commit}")).outcome is Outcome.PASS


@pytest.mark.parametrize("tag", ["latest", "stable", "main", "prod", "alpine"])
def test_a_tag_that_moves_fails_by_name(tag: str) -> None:
    assert evaluated(RULE, changed(image=f"{REGISTRY}:{tag}")).findings[0].found == f'the tag "{tag}", which moves'


@pytest.mark.parametrize("image", [REGISTRY, "nginx"])
def test_no_tag_fails_also_after_a_registrys_port(image: str) -> None:
    assert evaluated(RULE, changed(image=image)).findings[0].found.startswith("no tag")


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
