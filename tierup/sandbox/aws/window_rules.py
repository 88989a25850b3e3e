"""The rule on the daily and weekly windows of RDS and ElastiCache."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import BehaviourRule, Call, Rejection, Source, Stage, rule
from ..time_windows import daily_window, overlap, weekly_window
from .same_scope import known


def windows_rule(daily_path: str, weekly_path: str, *, minutes: int, source: Source) -> BehaviourRule:
    """Return the rule that both windows are well formed, last `minutes` or more, and do not overlap."""

    @rule(f"windows-{daily_path}-{weekly_path}".lower(), Stage.PLAN, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        daily_text, weekly_text = known(call, daily_path), known(call, weekly_path)
        daily = daily_window(daily_text) if daily_text else None
        weekly = weekly_window(weekly_text) if weekly_text else None
        for path, text, span, form in (
            (daily_path, daily_text, daily, "hh24:mi-hh24:mi as 03:00-04:00"),
            (weekly_path, weekly_text, weekly, "ddd:hh24:mi-ddd:hh24:mi as sun:05:00-sun:06:00"),
        ):
            if text and span is None:
                yield Rejection(
                    path, f"invalid window (got '{text}'). Write it as {form} (UTC).", "InvalidParameterValue"
                )
            if span and span[1] - span[0] < minutes:
                yield Rejection(
                    path,
                    f"the window is too short (got '{text}', {span[1] - span[0]} minutes). Allowed are {minutes}"
                    " minutes or more.",
                    "InvalidParameterValue",
                )
        if daily and weekly and overlap(daily, weekly):
            yield Rejection(
                daily_path, f"{daily_path} {daily_text} overlaps {weekly_path} {weekly_text}",
                "InvalidParameterCombination",
            )  # fmt: skip

    return check
