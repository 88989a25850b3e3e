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
def test_digest_and_version_tag_pass(reference: str) -> None:
    assert evaluated(RULE, changed(image=REGISTRY + reference)).outcome is Outcome.PASS


@pytest.mark.parametrize("commit", ["deadbeef", "cafebabe" * 5])
def test_commit_tag_without_a_digit_passes(commit: str) -> None:
    assert evaluated(RULE, changed(image=f"{REGISTRY}:{commit}")).outcome is Outcome.PASS


@pytest.mark.parametrize("tag", ["latest", "stable", "main", "prod", "alpine"])
def test_mutable_tag_fails(tag: str) -> None:
    assert evaluated(RULE, changed(image=f"{REGISTRY}:{tag}")).findings[0].found == f'the mutable tag "{tag}"'


@pytest.mark.parametrize("image", [REGISTRY, "nginx"])
def test_image_without_tag_fails_even_with_a_registry_port(image: str) -> None:
    assert evaluated(RULE, changed(image=image)).findings[0].found.startswith("no tag")


def test_unknown_definitions_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "task", {"containerDefinitions": UNKNOWN}).outcome is Outcome.UNKNOWN
