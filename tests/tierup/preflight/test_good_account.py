"""A good account: every check passes or is skipped, in both kinds of DNS zone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tierup.preflight.conftest import CLOUDFLARE, LARGE, Account
from tierup.preflight.check import PreflightStatus
from tierup.preflight.registry import CHECKS
from tierup.preflight.runner import run_checks

GOOD = (PreflightStatus.PASS, PreflightStatus.SKIPPED)


@pytest.mark.parametrize("config", [{}, CLOUDFLARE, LARGE], ids=["cloudfront", "cloudflare", "large"])
def test_a_good_account_has_no_finding(account: Account, config: dict[str, Any]) -> None:
    account.configure(**config)
    results = run_checks(account.context(), CHECKS)
    assert [(each.check.name, each.finding.finding) for each in results if each.status not in GOOD] == []
    assert {result.check.name for result in results} == {check.name for check in CHECKS}
    in_use = {result.check.name for result in results if result.status is PreflightStatus.PASS}
    assert {"aws-credentials", "quotas", "zones", "linked-roles", "atlas-organization", "backend"} <= in_use
    assert ("cloudflare-zone" in in_use) == (config is CLOUDFLARE)
