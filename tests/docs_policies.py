"""The reference of the policies, made from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.registry import RULES
from policies.rule import AnyRule, ChecklistItem, Parameter, Pitfall, ProjectRule, ResourceRule
from tests.policies.advisories import ADVISORIES, dev


def catalogue() -> str:
    """The guide's checklist, item by item, with the rules that stand for each and what they leave open."""
    rows: list[Sequence[str]] = []
    for item in ChecklistItem:
        rules = [rule for rule in RULES if rule.item is item]
        rows.append((item.value, ", ".join(map(_link, rules)), " ".join(_open(rules))))
    return _table(("checklist", "rules", "what they can't prove"), rows)


def pitfalls() -> str:
    """The guide's pitfalls, with the rules that keep from each."""
    return _table(
        ("pitfall", "rules"),
        [(pitfall.value, ", ".join(_link(rule) for rule in RULES if rule.pitfall is pitfall)) for pitfall in Pitfall],
    )


def parameters() -> str:
    """Every parameter, with the rules that have it."""
    shared: dict[str, tuple[Parameter, list[AnyRule]]] = {}
    for rule in RULES:
        for parameter in rule.parameters:
            shared.setdefault(parameter.name, (parameter, []))[1].append(rule)
    return _table(
        ("parameter", "what it means", "default", "rules"),
        [
            (f"`{name}`", parameter.what, f"`{_default(parameter)}`", ", ".join(map(_link, rules)))
            for name, (parameter, rules) in sorted(shared.items())
        ],
    )


def rules() -> str:
    """Every rule with all that it says of itself, by id."""
    return "\n\n".join("\n".join(_section(rule)) for rule in sorted(RULES, key=lambda rule: rule.id))


def advisories() -> str:
    """The advisory rules that our own stacks break: where, and why."""
    return _table(
        ("rule", "where", "why"), [(", ".join(map(_named, each.rules)), each.where, each.why) for each in ADVISORIES]
    )


def advisories_of_dev() -> str:
    """Those of the stack dev, a row a rule."""
    found = {rule: each.why for each in ADVISORIES if each.holds(dev(), protect=False) for rule in each.rules}
    titles = {rule.id: rule.title for rule in RULES}
    return _table(("rule", "what it asks", "why not"), [(_named(id), titles[id], found[id]) for id in sorted(found)])


def _named(rule_id: str) -> str:
    return f"[{rule_id}](../reference/policies.md#{rule_id.lower()})"


def _section(rule: AnyRule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.title}** `{rule.name}`"
    yield ""
    yield f"- Checklist: {rule.item.value}" + (f"; pitfall {rule.pitfall.value}" if rule.pitfall else "")
    yield f"- Severity {rule.severity}, {rule.level} where nobody says otherwise"
    if isinstance(rule, ProjectRule):
        yield "- Judges the project's files"
    else:
        alone = "each on its own" if isinstance(rule, ResourceRule) else "among the others of the stack"
        yield f"- Judges {', '.join(f'`{token}`' for token in rule.applies_to)}, {alone}"
    if isinstance(rule, ResourceRule) and rule.remedy:
        yield "- Mends it itself at level `remediate`"
    if rule.parameters:
        yield f"- Parameters: {', '.join(f'`{parameter.name}`' for parameter in rule.parameters)}"
    if rule.unproven:
        yield f"- Can't prove: {rule.unproven}"
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


def _default(parameter: Parameter) -> str:
    match parameter.default:
        case tuple() as values:
            return ", ".join(values) or "[]"
        case bool() as switch:
            return str(switch).lower()
        case other:
            return str(other) or '""'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
