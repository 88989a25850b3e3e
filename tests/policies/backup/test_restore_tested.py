from __future__ import annotations

from datetime import date, timedelta

import pytest

from policies.atlas.clusters import CLUSTER
from policies.backup.restore_tested import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

VAULTS = "restore-tests: recoveryPointSelection.includeVaults"
UNTESTED: dict[str, object] = {"restore-tests": ABSENT, "restore-selection": ABSENT, "atlas-cluster: tags": ABSENT}


def test_a_plan_with_restore_testing_passes() -> None:
    assert evaluate(RULE, "backup-plan").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "vault",
    [
        "*",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:vault-name",
        "arn:aws:backup:*:*:backup-vault:vault-*",
    ],
)
def test_restore_testing_finds_the_vault_by_arn_or_pattern(vault: str) -> None:
    changes = {VAULTS: [vault], "rules[0].targetVaultName": "vault-name"}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.PASS


def test_restore_testing_of_other_vaults_does_not_count() -> None:
    changes = {VAULTS: ["arn:aws:backup:eu-west-1:111122223333:backup-vault:other"], "rules[0].targetVaultName": "mine"}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.UNKNOWN


def test_a_testing_plan_without_a_selection_fails() -> None:
    verdict = evaluate(RULE, "backup-plan", {"restore-selection": ABSENT})
    assert [finding.path for finding in verdict.findings] == ["restore-tests: selection"]


@pytest.mark.parametrize("subject", ["backup-plan", "atlas-cluster"])
def test_without_a_recorded_day_the_rule_is_indeterminate_and_explains_what_to_do(subject: str) -> None:
    verdict = evaluate(RULE, subject, UNTESTED)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "restoreTested" in verdict.reason


@pytest.mark.parametrize("subject", ["backup-plan", "atlas-cluster"])
@pytest.mark.parametrize(
    ("days_ago", "outcome"), [(0, Outcome.PASS), (92, Outcome.PASS), (93, Outcome.FAIL), (-1, Outcome.FAIL)]
)
def test_a_recorded_day_is_valid_for_a_quarter(subject: str, days_ago: int, outcome: Outcome) -> None:
    tested = (date.today() - timedelta(days=days_ago)).isoformat()
    assert evaluate(RULE, subject, UNTESTED, parameters={"restoreTested": tested}).outcome is outcome


@pytest.mark.parametrize("subject", ["backup-plan", "atlas-cluster"])
def test_a_day_that_does_not_exist_fails(subject: str) -> None:
    parameters = {"restoreTested": "2026-02-31"}
    assert evaluate(RULE, subject, UNTESTED, parameters=parameters).outcome is Outcome.FAIL


def test_the_tag_of_a_resource_overrides_the_parameter() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    tagged = {"tags": {"RestoreTested": "2025-01-01"}}
    verdict = evaluate(RULE, "atlas-cluster", tagged, parameters={"restoreTested": date.today().isoformat()})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("tags.RestoreTested", "2025-01-01")]


def test_tags_in_a_list_are_ignored() -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "tags": [{"key": "RestoreTested", "value": "x"}]})
    assert RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN


def test_the_parameter_extends_the_period() -> None:
    parameters = {"restoreTested": (date.today() - timedelta(days=300)).isoformat(), "restoreTestedDays": 365}
    assert evaluate(RULE, "atlas-cluster", UNTESTED, parameters=parameters).outcome is Outcome.PASS


def test_the_rule_does_not_apply_to_a_shared_cluster() -> None:
    changes = {"replicationSpecs[0].regionConfigs[0].providerName": "FLEX"}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.NOT_APPLICABLE


def test_an_unknown_value_does_not_pass() -> None:
    changes = {VAULTS: [UNKNOWN], "rules[0].targetVaultName": UNKNOWN}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.UNKNOWN
