from __future__ import annotations

import pytest

from policies.backup.daily_plan import RULE, every_day
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

SCHEDULE, KEPT = "rules[0].schedule", "rules[0].lifecycle.deleteAfter"


@pytest.mark.parametrize(
    "schedule",
    ["cron(0 2 ? * * *)", "cron(0 5/8 ? * * *)", "cron(0 2 * * ? *)", "cron(0 2 1/1 * ? *)", "cron(0 2 ? * SUN-SAT *)"],
)
def test_a_cron_schedule_of_every_day_is_daily(schedule: str) -> None:
    assert every_day(schedule)


@pytest.mark.parametrize("schedule", ["rate(1 day)", "rate(24 hours)", "rate(60 minutes)", "", None])
def test_a_daily_rate_and_the_default_are_daily(schedule: str | None) -> None:
    assert every_day(schedule)


@pytest.mark.parametrize(
    "schedule",
    ["cron(0 2 ? * 1 *)", "cron(0 2 ? * MON-FRI *)", "cron(0 2 1 * ? *)", "cron(0 2 ? 1 * *)", "rate(2 days)", "daily"],
)
def test_other_schedules_are_not_daily(schedule: str) -> None:
    assert not every_day(schedule)
    assert [finding.path for finding in evaluate(RULE, "backup-plan", {SCHEDULE: schedule}).findings] == ["rules"]


@pytest.mark.parametrize("days", [7, 365, ABSENT])
def test_a_retention_of_a_week_or_without_end_passes(days: object) -> None:
    assert evaluate(RULE, "backup-plan", {KEPT: days}).outcome is Outcome.PASS


def test_a_shorter_retention_fails() -> None:
    verdict = evaluate(RULE, "backup-plan", {KEPT: 6})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [(KEPT, "6 days")]


def test_one_daily_rule_with_a_week_is_enough() -> None:
    rules = [{"schedule": "rate(1 day)", "lifecycle": {"deleteAfter": days}} for days in (2, 30)]
    assert evaluate(RULE, "backup-plan", {"rules": rules}).outcome is Outcome.PASS
    assert evaluate(RULE, "backup-plan", {"rules": rules[:1]}).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", [SCHEDULE, KEPT, "rules"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "backup-plan", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
