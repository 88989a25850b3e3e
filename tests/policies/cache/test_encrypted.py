from __future__ import annotations

import pytest

from policies.cache.encrypted import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

REST, TRANSIT = "atRestEncryptionEnabled", "transitEncryptionEnabled"


@pytest.mark.parametrize("subject", ["cache", "memcached"])
def test_encryption_on_passes(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize("switch", [REST, TRANSIT])
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_each_disabled_encryption_fails(switch: str, value: object, found: str) -> None:
    verdict = evaluate(RULE, "cache", {switch: value})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(switch, found)]


def test_valkey_is_encrypted_at_rest_by_default() -> None:
    assert evaluate(RULE, "cache", {"engine": "valkey", REST: ABSENT}).outcome is Outcome.PASS
    assert evaluate(RULE, "cache", {"engine": "valkey", REST: False}).outcome is Outcome.FAIL


def test_preferred_tls_fails() -> None:
    assert evaluate(RULE, "cache", {"transitEncryptionMode": "preferred"}).outcome is Outcome.FAIL
    assert evaluate(RULE, "cache", {"transitEncryptionMode": "required"}).outcome is Outcome.PASS


@pytest.mark.parametrize("engine", ["redis", "valkey"])
def test_a_single_redis_cluster_cannot_be_encrypted_and_fails(engine: str) -> None:
    assert evaluate(RULE, "memcached", {"engine": engine}).findings[0].path == "engine"


@pytest.mark.parametrize("value", [False, ABSENT])
def test_unencrypted_memcached_fails(value: object) -> None:
    assert evaluate(RULE, "memcached", {TRANSIT: value}).outcome is Outcome.FAIL


def test_the_rule_does_not_apply_to_a_member_of_a_replication_group() -> None:
    changes = {"engine": "redis", TRANSIT: ABSENT, "replicationGroupId": UNKNOWN}
    assert evaluate(RULE, "memcached", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", [REST, TRANSIT, "transitEncryptionMode"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "cache", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_the_rule_does_not_apply_to_a_secondary_of_a_global_datastore() -> None:
    changes = {REST: ABSENT, TRANSIT: ABSENT, "globalReplicationGroupId": "gxeiz-app"}
    assert evaluate(RULE, "cache", changes).outcome is Outcome.NOT_APPLICABLE
