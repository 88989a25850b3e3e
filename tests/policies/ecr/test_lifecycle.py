from __future__ import annotations

from policies.ecr.lifecycle import LIFECYCLE, RULE
from policies.rule import Outcome, Resource, Stack
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, urn


def test_repository_with_lifecycle_policy_passes() -> None:
    assert evaluate(RULE, "images").outcome is Outcome.PASS


def test_repository_without_lifecycle_policy_fails() -> None:
    assert evaluate(RULE, "images", {"images-lifecycle": ABSENT}).findings[0].found == "missing"


def test_policy_of_another_repository_does_not_count() -> None:
    assert evaluate(RULE, "images", {"images-lifecycle: repository": "other"}).outcome is Outcome.FAIL


def test_reference_identifies_the_repository_at_preview() -> None:
    repository = resource("aws:ecr/repository:Repository", {})
    policy = Resource(
        LIFECYCLE,
        "lifecycle",
        urn(LIFECYCLE, "lifecycle"),
        from_state({"repository": UNKNOWN}),
        references={"repository": frozenset({repository.urn})},
    )
    assert RULE.evaluate(repository, Stack((repository, policy))).outcome is Outcome.PASS
