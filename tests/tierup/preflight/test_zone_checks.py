"""The checks of the DNS zones before a step of `tierup switch --cdn`."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tests.tierup.preflight.conftest import CLOUDFLARE, CONFIG, Account
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import find
from tierup.preflight.context import PreflightContext
from tierup.switch.zone_checks import CHECKS, check_zones

STANDBY = {**CONFIG, **CLOUDFLARE, "tierup:cdn": "cloudfront", "tierup:cdnStandby": "cloudflare"}


def test_a_record_in_the_new_zone_stops_the_step_of_an_existing_stack(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PreflightContext, "exists", True)
    account.cloudflare.zone |= {"status": "pending"}
    console = Console(file=(printed := io.StringIO()), width=200)
    check_zones(find(account.folder), "prod", STANDBY, console)
    account.cloudflare.records = [{"id": "c" * 32, "type": "A", "name": "api.example.com"}]
    with pytest.raises(CommandError, match="1 check of the DNS zones failed; the step was not begun") as caught:
        check_zones(find(account.folder), "prod", STANDBY, console)
    assert caught.value.code is ExitCode.PREFLIGHT
    assert "already has a record api.example.com of type A" in printed.getvalue()


def test_the_checks_are_those_of_dns_and_cloudflare() -> None:
    assert {each.area for each in CHECKS if each.name not in ("aws-credentials", "aliases")} == {"DNS", "Cloudflare"}
