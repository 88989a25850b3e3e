"""The tables of docs/reference/switching.md."""

from __future__ import annotations

from tierup.switch.interruptions import INTERRUPTIONS
from tierup.switch.plan_output import value_text
from tierup.switch.rules import FORBIDDEN_CHANGES, KEPT_SETTINGS, ORDER_RULES

from .markdown import table


def order_rules() -> str:
    """Return the table of changes that take several steps."""
    rows = [
        (
            f"`{rule.id}`",
            rule.does,
            ", ".join(f"`{path}` {_value(value)}" for path, value in rule.instead.items()),
            rule.why,
            rule.source,
        )
        for rule in ORDER_RULES
    ]
    return table(("rule", "step", "settings of the step", "why not at once", "source"), rows)


def _value(value: object) -> str:
    return value_text(value) if isinstance(value, (str, int, bool)) else "as before"


def forbidden_changes() -> str:
    """Return the table of changes that are refused."""
    rows = [
        (f"`{each.id}`", f"`{each.setting}`", each.why, each.alternative, each.source) for each in FORBIDDEN_CHANGES
    ]
    return table(("change", "setting", "why", "alternative", "source"), rows)


def kept_settings() -> str:
    """Return the table of values that a switch keeps."""
    return table(("setting", "why", "source"), [(f"`{each.path}`", each.why, each.source) for each in KEPT_SETTINGS])


def interruptions() -> str:
    """Return the table of interruptions."""
    rows = [
        (
            ", ".join(f"`{each}`" for each in row.types),
            ", ".join(row.operations),
            ", ".join(f"`{each}`" for each in (*row.properties, *([row.names] if row.names != "*" else ()))),
            f"{row.seconds} s",
            row.effect,
            row.source,
        )
        for row in INTERRUPTIONS
    ]
    return table(("types", "operations", "inputs and names", "seconds", "effect", "source"), rows)
