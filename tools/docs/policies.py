"""The reference of the policies, generated from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.registry import RULES
from policies.rule import AnyRule, ChecklistItem, Parameter, Pitfall, ProjectRule, ResourceRule
from tests.policies.advisories import ADVISORIES, dev

from .markdown import table
from .yaml_values import yaml_text


def catalogue() -> str:
    """Return the guide's checklist, with the rules for each item and what these rules cannot prove."""
    rows: list[Sequence[str]] = []
    for item in ChecklistItem:
        rules = [rule for rule in RULES if rule.item is item]
        rows.append((item.value, ", ".join(map(_link, rules)), " ".join(_open(rules))))
    return table(("checklist", "rules", "not covered"), rows)


def pitfalls() -> str:
    """Return the guide's pitfalls, with the rules that prevent each."""
    return table(
        ("pitfall", "rules"),
        [(pitfall.value, ", ".join(_link(rule) for rule in RULES if rule.pitfall is pitfall)) for pitfall in Pitfall],
    )


def parameters() -> str:
    """Return every parameter, with the rules that have it."""
    shared: dict[str, tuple[Parameter, list[AnyRule]]] = {}
    for rule in RULES:
        for parameter in rule.parameters:
            shared.setdefault(parameter.name, (parameter, []))[1].append(rule)
    return table(
        ("parameter", "meaning", "default", "rules"),
        [
            (f"`{name}`", parameter.what, f"`{yaml_text(parameter.default)}`", ", ".join(map(_link, rules)))
            for name, (parameter, rules) in sorted(shared.items())
        ],
    )


def rules() -> str:
    """Return a section for every rule, by id."""
    return "\n\n".join("\n".join(_section(rule)) for rule in sorted(RULES, key=lambda rule: rule.id))


def advisories() -> str:
    """Return the advisory rules that the program's stacks violate, with the place and the reason."""
    return table(
        ("rule", "where", "why"), [(", ".join(map(_named, each.rules)), each.where, each.why) for each in ADVISORIES]
    )


def advisories_of_dev() -> str:
    """Return the advisory rules that the stack dev violates, one per row."""
    found = {rule: each.why for each in ADVISORIES if each.holds(dev(), protect=False) for rule in each.rules}
    titles = {rule.id: rule.title for rule in RULES}
    return table(
        ("rule", "requirement", "reason for the violation"),
        [(_named(id), titles[id], found[id]) for id in sorted(found)],
    )


def _named(rule_id: str) -> str:
    return f"[{rule_id}](../reference/policies.md#{rule_id.lower()})"


def _section(rule: AnyRule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.title}** `{rule.name}`"
    yield ""
    yield f"- Checklist: {rule.item.value}" + (f"; pitfall {rule.pitfall.value}" if rule.pitfall else "")
    yield f"- Severity: {rule.severity}; default enforcement level: {rule.level}"
    if isinstance(rule, ProjectRule):
        yield "- Evaluates the project's files"
    else:
        scope = (
            "one resource at a time" if isinstance(rule, ResourceRule) else "together with the stack's other resources"
        )
        yield f"- Evaluates {', '.join(f'`{token}`' for token in rule.applies_to)}, {scope}"
    if isinstance(rule, ResourceRule) and rule.remedy:
        yield "- Changes the inputs at enforcement level `remediate`"
    if rule.parameters:
        yield f"- Parameters: {', '.join(f'`{parameter.name}`' for parameter in rule.parameters)}"
    if rule.unproven:
        yield f"- Not covered: {rule.unproven}"
    read = f"read {rule.read}" if rule.read else "from memory"
    yield f"- Source: <{rule.source}> ({read})"
    yield ""
    yield rule.remediation
    yield ""
    yield f"```{_language(rule)}\n{rule.example}\n```"


def _language(rule: AnyRule) -> str:
    return "text" if isinstance(rule, ProjectRule) else "python"


def _link(rule: AnyRule) -> str:
    return f"[{rule.id}](#{rule.id.lower()})"


def _open(rules: Sequence[AnyRule]) -> Iterator[str]:
    for rule in rules:
        if rule.unproven:
            yield f"{rule.id}: {rule.unproven}"
