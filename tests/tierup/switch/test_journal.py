"""The journal survives the way through the stack's tags, whose values are short."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.tierup.switch.configs import PAIRS, config, wanted
from tierup.switch.config_values import differences, value_at
from tierup.switch.journal import DELEGATION_UNCHANGED, HEAD, Journal, decode, encode_head, encode_steps
from tierup.switch.planner import RefusedSwitchError, plan_switch

JOURNAL = Journal(
    title="tier medium → large",
    origin={"tierup:tier": "medium", "tierup:pauseDatabaseAutoscaling": None},
    steps=[
        {"tierup:tier": "large", "tierup:pauseDatabaseAutoscaling": True},
        {"tierup:pauseDatabaseAutoscaling": None},
    ],
    accepted=["worker-logs"],
    created=["cache-replication"],
    settle_seconds=[120, 0],
    by="ops@host",
    at="2026-11-28T08:00:00+00:00",
)


def tags(journal: Journal) -> tuple[Journal, dict[str, str]]:
    parts = encode_steps(journal)
    journal = replace(journal, parts=tuple(parts))
    return journal, {**parts, HEAD: encode_head(journal)}


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_a_journal_is_read_as_it_was_written(direction: str) -> None:
    journal, written = tags(replace(JOURNAL, done=1, running=True, direction=direction))  # pyright: ignore[reportArgumentType]
    assert decode(written) == journal


def test_every_switch_fits_into_a_few_tags() -> None:
    sizes: list[int] = []
    for before, after in PAIRS:
        try:
            plan = plan_switch(config(*before), wanted(*after), "prod")
        except RefusedSwitchError:
            continue
        paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
        origin = {path: value_at(plan.start, path) for path in paths}
        _, written = tags(Journal(title="x" * 200, origin=origin, steps=[step.changes for step in plan.steps]))
        assert max(len(value) for value in written.values()) <= 256
        assert max(len(name) for name in written) <= 40
        sizes.append(len(written))
    assert max(sizes) <= 4


def test_a_journal_without_all_parts_is_not_valid() -> None:
    _, written = tags(replace(JOURNAL, title="".join(map(chr, range(0x4E00, 0x4E00 + 200)))))
    del written[next(name for name in written if name != HEAD)]
    with pytest.raises(KeyError):
        decode(written)


def test_the_configuration_of_each_step_comes_from_any_settings_file() -> None:
    plan = plan_switch(config("scale", "medium"), wanted("enterprise", "large"), "prod")
    paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
    journal = Journal(
        title="", origin={path: value_at(plan.start, path) for path in paths}, steps=[s.changes for s in plan.steps]
    )
    files = [plan.start, *(step.config for step in plan.steps)]
    for file in files:
        assert [differences(journal.config(file, number), expected) for number, expected in enumerate(files)] == [
            {} for _ in files
        ]


def test_a_standby_ends_two_days_after_the_delegation_was_seen() -> None:
    seen = datetime.fromisoformat(JOURNAL.at)
    delegated = replace(JOURNAL, delegated_at=JOURNAL.at)
    assert delegated.remaining_delegation(seen + timedelta(days=1)) == 86_400
    assert delegated.remaining_delegation(seen + timedelta(days=3)) == 0
    assert JOURNAL.remaining_delegation(seen) == 172_800
    assert replace(JOURNAL, delegated_at=DELEGATION_UNCHANGED).remaining_delegation(seen) == 0


def test_the_next_step_waits_for_what_is_left_of_the_time() -> None:
    after = datetime.fromisoformat(JOURNAL.at)
    assert replace(JOURNAL, done=1).remaining_wait(after + timedelta(seconds=50)) == 70
    assert replace(JOURNAL, done=1).remaining_wait(after + timedelta(seconds=500)) == 0
    assert replace(JOURNAL, done=1, running=True).remaining_wait(after) == 0
    assert JOURNAL.remaining_wait(after) == 0
