"""The configuration of the rules: what a violation does, and the parameters that a rule evaluates by.

There are three sources, each overriding the ones before it: the rule itself; the stack's configuration, in the
namespace `policies`; and the policy config file that is given with the pack (`--policy-pack-config`), which is the
reviewer's. All are checked against the rules' schemas.

    policies:level: advisory                      # for every rule
    policies:parameters: {"minimumTls": "1.3"}    # for every rule that has the parameter
    policies:rules: {"ALB-002": "mandatory", "log-retention": {"retentionDays": 90}}   # for one rule, by id or name
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .rule import Level, Parameter, Rule

NAMESPACE = "policies"
LEVEL_KEY = "enforcementLevel"  # the engine's name for it, in a policy config file


class PolicyConfigError(ValueError):
    """The settings are invalid; the message lists every error in them, one a line."""


@dataclass(frozen=True, slots=True)
class PolicyConfig:
    """A level for all rules, parameters for all rules that have them, and either for single rules."""

    everywhere: Level | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    levels: Mapping[str, Level] = field(default_factory=dict[str, Level])
    own_parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def level(self, rule: Rule) -> Level:
        """Return what a violation of `rule` does."""
        return self.levels.get(rule.name, self.everywhere or rule.level)

    def of(self, rule: Rule) -> Mapping[str, Any]:
        """Return all parameters that `rule` evaluates by."""
        own = self.own_parameters.get(rule.name, {})
        return {
            parameter.name: own.get(parameter.name, self.parameters.get(parameter.name, parameter.default))
            for parameter in rule.parameters
        }


def from_stack(config: Mapping[str, str], rules: Iterable[Rule]) -> PolicyConfig:
    """Return the settings in the keys `policies:…` of a stack's configuration, with values as the engine gives them.

    Raises PolicyConfigError.
    """
    rules = tuple(rules)
    document: dict[str, Any] = {}
    errors: list[str] = []
    known = ("level", "parameters", "rules")
    for key, text in config.items():
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE:
            continue
        if name not in known:
            errors.append(f"{key}: unknown key. Allowed are {', '.join(f'{NAMESPACE}:{each}' for each in known)}.")
            continue
        document[name] = _parsed(text)
    found = list(_stack_errors(document, rules))
    if errors or found:
        raise PolicyConfigError("\n".join(["The stack's policy settings are invalid:", *_listed([*errors, *found])]))
    levels, own = _single(document.get("rules") or {}, rules)
    level = document.get("level")
    return PolicyConfig(Level(level) if level else None, document.get("parameters") or {}, levels, own)


def from_file(document: Any, rules: Iterable[Rule], base: PolicyConfig | None = None) -> PolicyConfig:
    """Return the settings in a policy config file, applied on top of `base`. Raises PolicyConfigError."""
    rules = tuple(rules)
    base = base or PolicyConfig()
    if not isinstance(document, dict):
        raise PolicyConfigError(
            f'policy config: not a JSON object (got {type(document).__name__}). Give one such as {{"all": "advisory"}}.'
        )
    single: dict[str, Any] = {str(key): value for key, value in document.items() if key != "all"}
    everywhere = document.get("all")
    if errors := [*_level_errors("all", everywhere), *_single_errors(single, rules)]:
        raise PolicyConfigError("\n".join(["The policy config is invalid:", *_listed(errors)]))
    levels, own = _single(single, rules)
    if everywhere is not None:
        return PolicyConfig(Level(everywhere), base.parameters, levels, {**base.own_parameters, **own})
    return PolicyConfig(base.everywhere, base.parameters, {**base.levels, **levels}, {**base.own_parameters, **own})


def schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """Return the JSON Schema of a policy config file for these rules."""
    level = {"type": "string", "enum": [each.value for each in Level]}
    properties: dict[str, Any] = {
        "all": {**level, "description": "What a violation does, for every rule that has no level of its own."}
    }
    for rule in sorted(rules, key=lambda rule: rule.name):
        own = {p.name: {**p.schema, "default": _plain(p.default), "description": p.what} for p in rule.parameters}
        setting = {"type": "object", "properties": {LEVEL_KEY: level, **own}, "additionalProperties": False}
        properties[rule.name] = {"description": f"{rule.id}: {rule.title}", "anyOf": [level, setting]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy config of the tierup pack",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def find(rules: Iterable[Rule], key: str) -> Rule:
    """Return the rule of this id or name. Raises PolicyConfigError, which names the nearest ones."""
    rules = tuple(rules)
    for rule in rules:
        if key in (rule.name, rule.id) or key.upper() == rule.id:
            return rule
    names = [word for rule in rules for word in (rule.id, rule.name)]
    near = get_close_matches(key, names, n=3, cutoff=0.5) or get_close_matches(key.upper(), names, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`tierup check --list` lists the rules."
    raise PolicyConfigError(f"{key}: no rule has this id or name. {hint}")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _plain(default: object) -> object:
    return list(default) if isinstance(default, tuple) else default


def _listed(errors: Iterable[str]) -> list[str]:
    return [f"  {error}" for error in errors]


def _stack_errors(document: Mapping[str, Any], rules: tuple[Rule, ...]) -> Iterator[str]:
    yield from _level_errors(f"{NAMESPACE}:level", document.get("level"))
    shared: dict[str, Parameter] = {p.name: p for rule in rules for p in rule.parameters}
    match document.get("parameters", {}):
        case dict() as parameters:
            yield from _parameter_errors(f"{NAMESPACE}:parameters", parameters, shared)
        case other:
            yield f"{NAMESPACE}:parameters: not an object (got {other!r}). Give an object of parameters."
    match document.get("rules", {}):
        case dict() as single:
            yield from _single_errors(single, rules)
        case other:
            yield f"{NAMESPACE}:rules: not an object (got {other!r}). Give an object of rules."


def _single_errors(single: Mapping[str, Any], rules: tuple[Rule, ...]) -> Iterator[str]:
    for key, setting in single.items():
        try:
            rule = find(rules, key)
        except PolicyConfigError as error:
            yield str(error)
            continue
        if not isinstance(setting, dict):
            yield from _level_errors(key, setting)
            continue
        yield from _level_errors(f"{key}.{LEVEL_KEY}", setting.get(LEVEL_KEY))
        own = {name: value for name, value in setting.items() if name != LEVEL_KEY}
        yield from _parameter_errors(key, own, {p.name: p for p in rule.parameters})


def _level_errors(where: str, level: Any) -> Iterator[str]:
    if level is not None and level not in list(Level):
        yield f"{where}: not an enforcement level (got {level!r}). Allowed are {', '.join(Level)}."


def _parameter_errors(where: str, given: Mapping[str, Any], known: Mapping[str, Parameter]) -> Iterator[str]:
    for name, value in given.items():
        if name not in known:
            allowed = f"Allowed are {', '.join(sorted(known))}." if known else "The rule has no parameters."
            yield f"{where}.{name}: unknown parameter. {allowed}"
            continue
        default = _plain(known[name].default)
        if value == default and type(value) is type(default):
            continue  # the engine gives every parameter, most with its default, and jsonschema takes long to import
        from jsonschema import Draft202012Validator

        for error in Draft202012Validator(known[name].schema).iter_errors(value):
            yield f"{where}.{name}: {error.message}. {known[name].what}"


def _single(
    single: Mapping[str, Any], rules: tuple[Rule, ...]
) -> tuple[dict[str, Level], dict[str, Mapping[str, Any]]]:
    levels: dict[str, Level] = {}
    own: dict[str, Mapping[str, Any]] = {}
    for key, setting in single.items():
        name = find(rules, key).name
        if not isinstance(setting, dict):
            levels[name] = Level(setting)
            continue
        if LEVEL_KEY in setting:
            levels[name] = Level(setting[LEVEL_KEY])
        own[name] = {parameter: value for parameter, value in setting.items() if parameter != LEVEL_KEY}
    return levels, own
