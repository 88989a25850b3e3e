from __future__ import annotations

import pytest

from policies.cdn.certificate_names import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_names_and_wildcards_of_the_certificate_cover_aliases() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("alias", ["app.example.net", "a.b.example.com", "example.com"])
def test_an_alias_that_the_certificate_lacks_fails(alias: str) -> None:
    verdict = evaluate(RULE, "distribution", {"aliases": ["app.example.com", alias]})
    assert [each.path for each in verdict.findings] == ["aliases[1]"]


@pytest.mark.parametrize(
    "changes", [{"aliases": ABSENT}, {"viewerCertificate.acmCertificateArn": "arn:elsewhere", "site-names": ABSENT}]
)
def test_the_rule_does_not_apply_without_aliases_or_certificate(changes: dict[str, object]) -> None:
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["aliases", "site-names: domainName", "site-names: subjectAlternativeNames"])
def test_an_unknown_name_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
