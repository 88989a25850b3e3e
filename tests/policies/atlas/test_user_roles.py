from __future__ import annotations

import pytest

from policies.atlas.user_roles import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

ROLE = "roles[0].roleName"


@pytest.mark.parametrize("role", ["readWrite", "read", "dbAdmin", "clusterMonitor", "custom-role"])
def test_role_on_one_database_passes(role: str) -> None:
    assert evaluate(RULE, "atlas-user", {ROLE: role}).outcome is Outcome.PASS


@pytest.mark.parametrize("role", ["atlasAdmin", "readWriteAnyDatabase", "dbAdminAnyDatabase", "root"])
def test_role_on_all_databases_fails_and_no_name_is_shown(role: str) -> None:
    verdict = evaluate(RULE, "atlas-user", {ROLE: role, "username": "someone"})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(ROLE, f'"{role}"')]
    assert "someone" not in str(verdict)


def test_forbidden_roles_are_configurable() -> None:
    assert evaluate(RULE, "atlas-user", parameters={"forbiddenRoles": ["readWrite"]}).outcome is Outcome.FAIL


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-user", {ROLE: UNKNOWN}).outcome is Outcome.UNKNOWN
