from __future__ import annotations

import pytest

from policies.cdn.origin_access import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ACCESS = "origins[0].originAccessControlId"


def test_signed_requests_pass() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("config", [None, {"originAccessIdentity": ""}])
def test_unsigned_requests_fail(config: object) -> None:
    verdict = evaluate(RULE, "distribution", {ACCESS: ABSENT, "origins[0].s3OriginConfig": config})
    assert [finding.path for finding in verdict.findings] == [ACCESS]


def test_an_origin_access_identity_passes() -> None:
    config = {"originAccessIdentity": "origin-access-identity/cloudfront/E2"}
    assert evaluate(RULE, "distribution", {ACCESS: ABSENT, "origins[0].s3OriginConfig": config}).outcome is Outcome.PASS


def test_an_unknown_id_passes() -> None:
    assert evaluate(RULE, "distribution", {ACCESS: UNKNOWN}).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_distribution_without_buckets() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("changes", [{"origins": UNKNOWN}, {ACCESS: ABSENT, "origins[0].s3OriginConfig": UNKNOWN}])
def test_an_unknown_value_does_not_pass(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.UNKNOWN
