from __future__ import annotations

import pytest

from policies.atlas.tls_version import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

PATH = "advancedConfiguration.minimumEnabledTlsProtocol"


@pytest.mark.parametrize("version", ["TLS1_2", "TLS1_3"])
def test_newer_version_passes(version: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {PATH: version}).outcome is Outcome.PASS


@pytest.mark.parametrize("version", ["TLS1_0", "TLS1_1"])
def test_older_version_fails(version: str) -> None:
    verdict = evaluate(RULE, "atlas-cluster", {PATH: version})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(PATH, f'"{version}"')]


def test_atlas_default_is_tls_1_2() -> None:
    for path in (PATH, "advancedConfiguration"):
        assert evaluate(RULE, "atlas-cluster", {path: ABSENT}).outcome is Outcome.PASS
        verdict = evaluate(RULE, "atlas-cluster", {path: ABSENT}, parameters={"minimumTls": "1.3"})
        assert [finding.wanted for finding in verdict.findings] == ['"TLS1_3"']


@pytest.mark.parametrize("path", [PATH, "advancedConfiguration"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "atlas-cluster", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
