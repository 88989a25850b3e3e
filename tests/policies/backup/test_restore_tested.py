from __future__ import annotations

from datetime import date, timedelta

import pytest

from policies.backup.restore_tested import RULE
from policies.database.clusters import CLUSTER
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

VAULTS = "restore-tests: recoveryPointSelection.includeVaults"
UNTESTED: dict[str, object] = {"restore-tests": ABSENT, "restore-selection": ABSENT, "atlas-cluster: tags": ABSENT}
TODAY = date.today()


def test_a_plan_that_aws_restores_from_passes() -> None:
    assert evaluate(RULE, "backup-plan").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "vault",
    [
        "*",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:vault-name",
        "arn:aws:backup:*:*:backup-vault:vault-*",
    ],
)
def test_the_vault_may_be_named_by_arn_or_pattern(vault: str) -> None:
    changes = {VAULTS: [vault], "rules[0].targetVaultName": "vault-name"}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.PASS


def test_a_restore_from_other_vaults_is_none_of_this_plan() -> None:
    changes = {VAULTS: ["arn:aws:backup:eu-west-1:111122223333:backup-vault:other"], "rules[0].targetVaultName": "mine"}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.UNKNOWN


def test_a_testing_plan_that_selects_nothing_fails() -> None:
    verdict = evaluate(RULE, "backup-plan", {"restore-selection": ABSENT})
    assert [finding.path for finding in verdict.findings] == ["restore-tests: selection"]


@pytest.mark.parametrize("subject", ["backup-plan", "atlas-cluster"])
def test_what_nobody_says_cannot_be_evaluated_and_the_answer_says_what_to_do(subject: str) -> None:
    verdict = evaluate(RULE, subject, UNTESTED)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "restoreTested" in verdict.reason


@pytest.mark.parametrize("subject", ["backup-plan", "atlas-cluster"])
@pytest.mark.parametrize(
    ("tested", "outcome"),
    [
        (TODAY.isoformat(), Outcome.PASS),
        ((TODAY - timedelta(days=92)).isoformat(), Outcome.PASS),
        ((TODAY - timedelta(days=93)).isoformat(), Outcome.FAIL),
        ((TODAY + timedelta(days=1)).isoformat(), Outcome.FAIL),
        ("2026-02-31", Outcome.FAIL),
    ],
)
def test_a_persons_word_holds_for_a_quarter(subject: str, tested: str, outcome: Outcome) -> None:
    assert evaluate(RULE, subject, UNTESTED, parameters={"restoreTested": tested}).outcome is outcome


def test_a_tag_speaks_for_its_own_resource_before_the_parameter_for_all() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS
    tagged = {"tags": {"RestoreTested": "2025-01-01"}}
    verdict = evaluate(RULE, "atlas-cluster", tagged, parameters={"restoreTested": TODAY.isoformat()})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("tags.RestoreTested", "2025-01-01")]


def test_the_older_resource_keeps_its_tags_in_a_list() -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "tags": [{"key": "RestoreTested", "value": "x"}]})
    assert RULE.evaluate(cluster, Stack((cluster,))).outcome is Outcome.UNKNOWN


def test_a_year_can_be_allowed() -> None:
    parameters = {"restoreTested": (TODAY - timedelta(days=300)).isoformat(), "restoreTestedDays": 365}
    assert evaluate(RULE, "atlas-cluster", UNTESTED, parameters=parameters).outcome is Outcome.PASS


def test_a_cluster_on_shared_hardware_has_no_backups_to_restore() -> None:
    changes = {"replicationSpecs[0].regionConfigs[0].providerName": "FLEX"}
    assert evaluate(RULE, "atlas-cluster", changes).outcome is Outcome.NOT_APPLICABLE


def test_what_is_not_known_yet_is_not_a_pass() -> None:
    changes = {VAULTS: [UNKNOWN], "rules[0].targetVaultName": UNKNOWN}
    assert evaluate(RULE, "backup-plan", changes).outcome is Outcome.UNKNOWN
