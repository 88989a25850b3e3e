"""The tables in the documents that are made from the code, so that neither says what the other does not.

A document holds a table between two lines: `<!-- table: NAME -->` and `<!-- end -->`. tests/test_docs.py compares each
with what is made here; `TIERUP_REFRESH_DOCS=1 .venv/bin/pytest tests/test_docs.py` writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import typer
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from stacks.catalog.phases import BUILT, Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, Sizes, Tier, sizes
from stacks.config.model import NAMESPACE, Settings
from stacks.transforms.protection import STATEFUL
from tests import docs_policies
from tierup.cli.app import app
from tierup.cli.sandbox import app as sandbox_app
from tierup.sandbox.coverage import all_rows, known_types

SECRET_SETTING = f"{NAMESPACE}:sentryDsn"
"""The one setting that is no plain field: its value never passes through the model."""


def commands() -> Mapping[str, Any]:
    """Every command by its full name ("sandbox faults add"), as its click object."""
    top = {name: command for name, command in _leaves(typer.main.get_command(app)) if name != "sandbox"}
    below = dict(_leaves(typer.main.get_command(sandbox_app)))
    return top | {f"sandbox {name}": below[name] for name in sorted(below)}


def _leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{before}{name}"
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{full} ")
        else:
            yield full, command


def setting_keys() -> Sequence[str]:
    """Every key that `pulumi config` may hold for the program, as it is typed."""
    return [_key(name, field) for name, field in Settings.model_fields.items()]


def size_names() -> Sequence[str]:
    """The keys below tierup:sizeOverrides."""
    return [to_camel(name) for name in Sizes.model_fields]


def _key(name: str, field: FieldInfo) -> str:
    key = field.alias or to_camel(name)
    return key if ":" in key else f"{NAMESPACE}:{key}"


def _settings() -> str:
    rows: list[Sequence[str]] = []
    for name, field in Settings.model_fields.items():
        key = _key(name, field)
        if key == SECRET_SETTING:
            rows.append((f"`{key}`", "none", "a secret: a Sentry DSN, `https://<key>@<host>/<project>`"))
            continue
        default = _OWN_DEFAULTS.get(key) or (
            "**required**" if field.is_required() else _shown(field.get_default(call_default_factory=True))
        )
        rows.append((f"`{key}`", default, f"{field.description}{_choices(field)}"))
    return table(("key", "default", "allowed"), rows)


_OWN_DEFAULTS = {
    "tierup:protect": "`true`; `false` for the stack named dev",
    "tierup:apiDomain": "`api.` in front of `tierup:domain`",
    "tierup:hostedZoneId": "the zone one level above `tierup:domain`",
    "tierup:monthlyBudgetUsd": "by phase and tier, see below",
    "tierup:image": "a page that says it waits",
    "tierup:availabilityZones": "the region's first, by name",
    "tierup:sizeOverrides": "the tier's sizes, see below",
}


def _shown(value: object) -> str:
    return "none" if value in (None, (), {}) else f"`{value}`"


def _choices(field: FieldInfo) -> str:
    members = getattr(field.annotation, "__members__", None)
    if not members or field.annotation is Phase:  # whose description says which are built
        return ""
    return ": " + ", ".join(f"`{each.value}`" for each in members.values())


def _sizes() -> str:
    rows = [
        (f"`{to_camel(name)}`", *(_by_phase(tier, name) for tier in Tier), str(field.description))
        for name, field in Sizes.model_fields.items()
    ]
    return table(("size", *(tier.value for tier in Tier), "what and bounds"), rows)


def _by_phase(tier: Tier, name: str) -> str:
    """One number where all phases have the same, else each number with its phases."""
    phases: dict[str, list[str]] = {}
    for phase in BUILT:
        phases.setdefault(str(getattr(sizes(tier, phase), name)), []).append(phase.value)
    return next(iter(phases)) if len(phases) == 1 else "; ".join(f"{n} ({', '.join(p)})" for n, p in phases.items())


def _phases() -> str:
    rows = [(block.value, *("yes" if block in features(phase) else "" for phase in BUILT)) for block in Feature]
    return table(("block", *(phase.value for phase in BUILT)), rows)


def _budgets() -> str:
    rows = [(f"`{phase}`", *(f"{AWS_BUDGET_USD[phase][tier]:,}" for tier in Tier)) for phase in BUILT]
    return table(("phase", *(tier.value for tier in Tier)), rows)


def _commands() -> str:
    parts: list[str] = []
    for name, command in commands().items():
        help_text = " ".join(str(command.help or command.callback.__doc__).split())
        arguments = " ".join(
            f"[{each.name.upper()}]" if not each.required else each.name.upper()
            for each in command.params
            if each.param_type_name == "argument"
        )
        parts.append(f"### `{f'tierup {name} {arguments}'.strip()}`\n\n{help_text}\n")
        rows = [
            (", ".join(f"`{opt}`" for opt in (*each.opts, *each.secondary_opts)), _sentence(each))
            for each in command.params
            if each.param_type_name == "option" and each.name != "help"
        ]
        if rows:
            parts.append(table(("option", "what it does"), rows) + "\n")
    return "\n".join(parts).rstrip()


def _sentence(option: Any) -> str:
    default = option.default
    plain = default not in (None, False, "", (), []) and isinstance(default, str | int | float) and default is not True
    return f"{option.help}{f' Default: `{default}`.' if plain else ''}"


def _coverage() -> str:
    rows = all_rows()
    counted: list[Sequence[str]] = []
    for package, known in known_types().items():
        own = [row for row in rows if row.type.startswith(f"{package}:")]
        documented, assumed = sum(row.documented for row in own), sum(row.assumed for row in own)
        counted.append((package, str(known), str(len(own)), str(documented), str(assumed)))
    return table(
        ("provider", "types by schema", "of them with a behaviour row", "facts documented", "assumed"), counted
    )


def _protected() -> str:
    return table(("type", "what would be lost"), [(f"`{token}`", lost) for token, lost in STATEFUL.items()])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table of cells that are Markdown themselves."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    """Outside of code, Markdown takes <stack> for a tag."""
    parts = re.split(r"(`[^`]*`)", text.replace("|", "\\|"))
    return "".join(part if part.startswith("`") else part.replace("<", "\\<") for part in parts)


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": _settings,
    "sizes": _sizes,
    "phases": _phases,
    "budgets": _budgets,
    "commands": _commands,
    "policies": docs_policies.catalogue,
    "policy pitfalls": docs_policies.pitfalls,
    "policy parameters": docs_policies.parameters,
    "policy rules": docs_policies.rules,
    "advisories": docs_policies.advisories,
    "advisories of dev": docs_policies.advisories_of_dev,
    "coverage": _coverage,
    "protected types": _protected,
}
