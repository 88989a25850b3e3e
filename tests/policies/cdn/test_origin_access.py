from __future__ import annotations

import pytest

from policies.cdn.origin_access import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

ACCESS = "origins[0].originAccessControlId"


def test_signed_requests_pass() -> None:
    assert judge(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("config", [None, {"originAccessIdentity": ""}])
def test_unsigned_requests_fail(config: object) -> None:
    verdict = judge(RULE, "distribution", {ACCESS: GONE, "origins[0].s3OriginConfig": config})
    assert [finding.path for finding in verdict.findings] == [ACCESS]


def test_the_older_identity_passes() -> None:
    config = {"originAccessIdentity": "origin-access-identity/cloudfront/E2"}
    assert judge(RULE, "distribution", {ACCESS: GONE, "origins[0].s3OriginConfig": config}).outcome is Outcome.PASS


def test_an_id_not_known_yet_is_an_id() -> None:
    assert judge(RULE, "distribution", {ACCESS: UNKNOWN}).outcome is Outcome.PASS


def test_a_distribution_of_servers_is_not_judged() -> None:
    assert judge(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("changes", [{"origins": UNKNOWN}, {ACCESS: GONE, "origins[0].s3OriginConfig": UNKNOWN}])
def test_what_is_not_known_yet_is_not_a_pass(changes: dict[str, object]) -> None:
    assert judge(RULE, "distribution", changes).outcome is Outcome.UNKNOWN
