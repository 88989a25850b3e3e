from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.s3.versioning import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

STATUS = "bucket-versioning: versioningConfiguration.status"
RULE_0 = "bucket-lifecycle: rules[0]"


def test_versioned_bucket_passes() -> None:
    assert evaluate(RULE, "bucket").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("status", "found"), [("Suspended", '"Suspended"'), ("Disabled", '"Disabled"'), (ABSENT, "not set")]
)
def test_disabled_versioning_fails(status: object, found: str) -> None:
    verdict = evaluate(RULE, "bucket", {STATUS: status})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(STATUS, found)]


def test_bucket_without_versioning_fails() -> None:
    assert evaluate(RULE, "bucket", {"bucket-versioning": ABSENT}).findings[0].found == "missing"


def test_inline_versioning_counts() -> None:
    assert (
        evaluate(RULE, "bucket", {"bucket-versioning": ABSENT, "versioning": {"enabled": True}}).outcome is Outcome.PASS
    )


def test_bucket_that_deletes_every_object_is_not_applicable() -> None:
    changes = {"bucket-versioning": ABSENT, f"{RULE_0}.expiration": {"days": 365}}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "changes",
    [
        {f"{RULE_0}.filter": {"prefix": "tmp/"}},
        {f"{RULE_0}.filter": {"objectSizeGreaterThan": 1024}},
        {f"{RULE_0}.status": "Disabled"},
        {f"{RULE_0}.expiration": {"expiredObjectDeleteMarker": True}},
    ],
)
def test_bucket_that_keeps_some_objects_is_evaluated(changes: dict[str, object]) -> None:
    expiring = {"bucket-versioning": ABSENT, f"{RULE_0}.expiration": {"days": 365}}
    assert evaluate(RULE, "bucket", {**expiring, **changes}).outcome is Outcome.FAIL


def test_inline_lifecycle_counts() -> None:
    own = [{"enabled": True, "expiration": {"days": 30}}]
    changes = {"bucket-versioning": ABSENT, "bucket-lifecycle": ABSENT, "lifecycleRules": own}
    assert evaluate(RULE, "bucket", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [STATUS, "bucket-lifecycle: rules"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "bucket", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
