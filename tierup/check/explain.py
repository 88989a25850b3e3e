"""Prints one rule in full, or a list of rules."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table

from policies.rule import AnyRule, ProjectRule, ResourceRule, StackRule

_SCOPES = {
    ResourceRule: "each resource separately",
    StackRule: "relations of resources",
    ProjectRule: "the project's files",
}


def show(console: Console, rule: AnyRule) -> None:
    """Print everything about a rule."""
    console.print(
        f"[bold]{escape(rule.id)} {escape(rule.name)}[/bold]\n{escape(rule.title)}\n", highlight=False, soft_wrap=True
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    rows = {
        "checklist": rule.item.value,
        "pitfall": rule.pitfall.value if rule.pitfall else "",
        "severity": rule.severity.value,
        "level": f"{rule.level.value} (a stack's configuration or a policy config file can change it)",
        "evaluates": _SCOPES[type(rule)],
        "applies to": "\n".join(rule.applies_to),
        "why": why(rule),
        "not covered": rule.unproven,
        "remediation": rule.remediation,
        "automatic": "at level remediate, the policy corrects the inputs" if has_remedy(rule) else "",
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, escape(text))
    for parameter in rule.parameters:
        what = f" {parameter.what}" if parameter.what else ""
        table.add_row("parameter", escape(f"{parameter.name} (default {_default(parameter.default)}).{what}"))
    console.print(table)
    # Not wrapped, so that the address remains a link.
    read = f"read {rule.read}" if rule.read else "from memory"
    console.print(f"[cyan]source[/cyan]       {escape(rule.source)} ({read})", highlight=False, soft_wrap=True)
    if rule.example:
        console.print("\n[cyan]example[/cyan]")
        console.print(Padding(Syntax(rule.example, "python", theme="ansi_dark", background_color="default"), (0, 2)))


def listing(console: Console, rules: Iterable[AnyRule]) -> None:
    """Print one line for each rule, by checklist item."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("rule", "name", "severity", "level"):
        table.add_column(column, no_wrap=True)
    for item, of_item in groupby(rules, key=lambda rule: rule.item):
        table.add_row(f"[bold]{escape(item.value)}[/bold]")
        for rule in of_item:
            table.add_row(rule.id, escape(rule.name), rule.severity.value, rule.level.value)
    console.print(table)


def as_document(rule: AnyRule) -> dict[str, Any]:
    """Return a rule as a JSON document."""
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "item": rule.item.value,
        "pitfall": rule.pitfall.value if rule.pitfall else None,
        "severity": rule.severity.value,
        "level": rule.level.value,
        "evaluates": _SCOPES[type(rule)],
        "applies_to": list(rule.applies_to),
        "why": why(rule),
        "source": rule.source,
        "read": str(rule.read) if rule.read else None,
        "unproven": rule.unproven or None,
        "remediation": rule.remediation,
        "has_remedy": has_remedy(rule),
        "example": rule.example,
        "parameters": [
            {
                "name": each.name,
                "what": each.what,
                "default": list(each.default) if isinstance(each.default, tuple) else each.default,
                "schema": dict(each.schema),
            }
            for each in rule.parameters
        ],
    }


def why(rule: AnyRule) -> str:
    """Return the docstring of the rule's module without its first line."""
    text = sys.modules[rule.check.__module__].__doc__ or ""
    first, _, rest = text.partition("\n")
    return " ".join(rest.split()) if first.startswith(rule.id) else ""


def has_remedy(rule: AnyRule) -> bool:
    """Return whether the policy can correct a violation."""
    return isinstance(rule, ResourceRule) and rule.remedy is not None


def _default(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)  # pyright: ignore[reportUnknownArgumentType] (texts)
