"""Sentry's types. Its plan exists before the stack, and its price depends on the number of events."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    f"sentry:index/sentry{each}:Sentry{each}" for each in ("IssueAlert", "Key", "MetricAlert", "Project", "Team")
)
"""Types without a fixed price: https://sentry.io/pricing/ (from memory)."""
