"""The generated tables of the documents.

A document holds a table between two lines: `<!-- table: NAME -->` and `<!-- end -->`. `make docs` writes the tables;
tests/test_docs.py compares them with the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args

import typer
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from stacks.catalog.phases import Feature, Phase, features
from stacks.catalog.tiers import AWS_BUDGET_USD, Sizes, Tier, sizes
from stacks.config.model import NAMESPACE, Settings
from stacks.transforms.protection import STATEFUL
from tierup.capacity.assumptions import Assumptions
from tierup.capacity.plan import recommend
from tierup.cli.app import app
from tierup.cli.sandbox import app as sandbox_app
from tierup.preflight.quota_table import QUOTAS
from tierup.preflight.registry import CHECKS
from tierup.sandbox.coverage import all_rows, known_types
from tierup.sandbox.traffic.durations import DURATIONS, OTHER
from tools.app import load_report

from . import copilot, deployer_policy, policies, switching
from .markdown import table
from .yaml_values import yaml_text

SECRET_SETTING = f"{NAMESPACE}:sentryDsn"
"""The setting that is not a plain field, because its value never passes through the model."""


@cache
def commands() -> Mapping[str, Any]:
    """Return the click object of every command, by full name such as "sandbox faults add"."""
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
    """Return every configuration key of the program, with its namespace."""
    return [_key(name, field) for name, field in Settings.model_fields.items()]


def keys_below(setting: str) -> Sequence[str]:
    """Return the keys of a setting that is an object, given without its namespace; none for any other setting."""
    (annotation,) = (
        field.annotation for name, field in Settings.model_fields.items() if _key(name, field).endswith(f":{setting}")
    )
    parts = get_args(annotation) or (annotation,)
    groups = [each for each in parts if isinstance(each, type) and issubclass(each, BaseModel)]
    return [to_camel(name) for group in groups for name in group.model_fields]


def _key(name: str, field: FieldInfo) -> str:
    key = field.alias or to_camel(name)
    return key if ":" in key else f"{NAMESPACE}:{key}"


def _settings() -> str:
    rows: list[Sequence[str]] = []
    for name, field in Settings.model_fields.items():
        key = _key(name, field)
        if key == SECRET_SETTING:
            rows.append((f"`{key}`", "`null`", "a secret: a Sentry DSN, `https://<key>@<host>/<project>`"))
            continue
        default = _OWN_DEFAULTS.get(key) or (
            "**required**" if field.is_required() else f"`{yaml_text(field.get_default(call_default_factory=True))}`"
        )
        rows.append((f"`{key}`", default, f"{field.description}{_choices(field)}"))
    return table(("key", "default", "description"), rows)


_OWN_DEFAULTS = {
    "tierup:protect": "`true`; `false` for the stack named dev",
    "tierup:apiDomain": "`api.` in front of `tierup:domain`; with Cloudflare, `api-` for a domain of three labels or "
    "more",
    "tierup:hostedZoneId": "the hosted zone one level above `tierup:domain`",
    "tierup:monthlyBudgetUsd": "by phase and tier ([budgets](#budgets))",
    "tierup:image": "a placeholder page",
    "tierup:backend": "the guide's port 5000 and path `/health` ([containers](../how-to/bring-your-application.md))",
    "tierup:worker": "enabled, with the command `node worker.js`",
    "tierup:availabilityZones": "the region's first availability zones, by name",
    "tierup:sizeOverrides": "the tier's [sizes](#sizes)",
}


def _choices(field: FieldInfo) -> str:
    members = getattr(field.annotation, "__members__", None)
    if not members or field.annotation is Phase:  # its description lists the members
        return ""
    return ": " + ", ".join(f"`{each.value}`" for each in members.values())


def _sizes() -> str:
    rows = [
        (f"`{to_camel(name)}`", *(_by_phase(tier, name) for tier in Tier), str(field.description))
        for name, field in Sizes.model_fields.items()
    ]
    return table(("size", *(tier.value for tier in Tier), "description and bounds"), rows)


def _by_phase(tier: Tier, name: str) -> str:
    """Return one number if all phases have the same, else each number with its phases."""
    phases: dict[str, list[str]] = {}
    for phase in Phase:
        phases.setdefault(str(getattr(sizes(tier, phase), name)), []).append(phase.value)
    return next(iter(phases)) if len(phases) == 1 else "; ".join(f"{n} ({', '.join(p)})" for n, p in phases.items())


def _phases() -> str:
    rows = [(block.value, *("yes" if block in features(phase) else "" for phase in Phase)) for block in Feature]
    return table(("feature", *(phase.value for phase in Phase)), rows)


def _budgets() -> str:
    rows = [(f"`{phase}`", *(f"{AWS_BUDGET_USD[phase][tier]:,}" for tier in Tier)) for phase in Phase]
    return table(("phase", *(tier.value for tier in Tier)), rows)


def _preflight_checks() -> str:
    rows = [(f"`{check.name}`", check.area, check.description) for check in CHECKS]
    return table(("check", "area", "what must hold"), rows)


def _preflight_quotas() -> str:
    rows = [(row.title, row.service, f"`{row.code}`" if row.code else "fixed", f"{row.default:,}") for row in QUOTAS]
    return table(("quota", "service", "code", "default"), rows)


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
            parts.append(table(("option", "description"), rows) + "\n")
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
        ("provider", "types with a schema", "types with a behaviour row", "documented facts", "assumed facts"), counted
    )


def _protected() -> str:
    return table(("type", "data that a deletion destroys"), [(f"`{token}`", lost) for token, lost in STATEFUL.items()])


def _durations() -> str:
    rows = [
        (f"`{row.type}`" if row is not OTHER else "every other type", *map(_text, (row.create, row.update, row.delete)),
         f"{'documented' if row.source.documented else 'assumed'}: {row.source.text}")
        for row in (*DURATIONS, OTHER)
    ]  # fmt: skip
    return table(("type", "create", "update", "delete", "source"), rows)


_USERS = (1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)


def _users_and_sizes() -> str:
    rows: list[Sequence[str]] = []
    for users in _USERS:
        found = recommend(Assumptions(users=users))
        sizes = {key.rpartition(".")[2]: each for key, each in found.settings.items() if "sizeOverrides" in key}
        rows.append(
            (
                f"{users:,}",
                f"{found.plan.average_rate:,.1f}, {found.plan.peak_rate:,.1f}",
                f"`{found.settings['tierup:phase']}`, `{found.settings['tierup:tier']}`",
                str(found.plan.tasks),
                ", ".join(f"`{key}` {value}" for key, value in sizes.items()),
            )
        )
    return table(("users", "requests/s: average, peak", "phase, tier", "tasks at the peak", "larger sizes"), rows)


def _text(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:g} min"


TABLES: Mapping[str, Callable[[], str]] = {
    "durations": _durations,
    "settings": _settings,
    "sizes": _sizes,
    "phases": _phases,
    "budgets": _budgets,
    "commands": _commands,
    "copilot fields": copilot.fields,
    "preflight checks": _preflight_checks,
    "preflight quotas": _preflight_quotas,
    "policies": policies.catalogue,
    "policy pitfalls": policies.pitfalls,
    "policy parameters": policies.parameters,
    "policy rules": policies.rules,
    "advisories": policies.advisories,
    "advisories of dev": policies.advisories_of_dev,
    "coverage": _coverage,
    "deployer policies": deployer_policy.sizes,
    "protected types": _protected,
    "order rules": switching.order_rules,
    "forbidden changes": switching.forbidden_changes,
    "kept settings": switching.kept_settings,
    "interruptions": switching.interruptions,
    "load run": lambda: load_report.steps_table(load_report.saved()),
    "users and sizes": _users_and_sizes,
    "capacity of the tiers": lambda: load_report.tiers_table(load_report.saved()),
}
