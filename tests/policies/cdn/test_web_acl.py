from __future__ import annotations

import pytest

from policies.cdn.web_acl import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_a_server_behind_a_rate_limit_passes() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("missing", [ABSENT, None, ""])
def test_a_server_without_a_web_acl_fails(missing: object) -> None:
    verdict = evaluate(RULE, "api-distribution", {"webAclId": missing})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("webAclId", "not set")]


@pytest.mark.parametrize("action", [{"count": {}}, {"allow": {}}])
def test_a_rate_limit_that_lets_pass_fails(action: object) -> None:
    verdict = evaluate(RULE, "api-distribution", {"acl: rules[0].action": action})
    assert [finding.found for finding in verdict.findings] == ["no rate-based rule that blocks"]


def test_a_web_acl_of_another_stack_cannot_be_evaluated() -> None:
    assert evaluate(RULE, "api-distribution", {"webAclId": "arn:aws:wafv2:elsewhere"}).outcome is Outcome.UNKNOWN


def test_a_distribution_of_files_alone_is_not_evaluated() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "webAclId", "acl: rules"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "api-distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
