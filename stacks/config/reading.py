"""Reading the settings of a stack: the configuration that Pulumi passes to a program becomes `Settings`, or its errors.

No other file reads pulumi.Config. One message reports every error of a stack's configuration: the key, the value, what
is allowed, and the command that sets it. A message never contains the value of a secret.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Final, Union, cast, get_args, get_origin

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env, is_config_secret
from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Sizes, Tier, sizes
from stacks.config.constraints import constraint_errors
from stacks.config.constraints.secrets import alert_webhook_errors, app_secret_errors, vendor_errors
from stacks.config.errors import ConfigError, InvalidConfigError
from stacks.config.model import NAMESPACE, REGION, Settings
from stacks.config.secrets import (
    ALERT_WEBHOOKS,
    APP_SECRETS,
    PLACEHOLDER,
    SECRETS,
    alert_webhook_names,
    app_secret_names,
    dependency_errors,
    secret_errors,
)

_UNPROTECTED_STACK: Final = "dev"  # the only stack without deletion protection by default


def _text_keys() -> frozenset[str]:
    """Return the keys whose value is text: strings and enumerations, with or without None.

    Pulumi passes every other value as JSON. Text is not parsed as JSON, because a database may have the name "1".
    """
    return frozenset(
        field.alias or to_camel(name)
        for name, field in Settings.model_fields.items()
        if all(isinstance(part, type) and issubclass(part, str) for part in _parts(field.annotation))
    )


def _parts(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union without None, or a tuple with any other annotation alone."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(part for part in get_args(annotation) if part is not NoneType)
    return (annotation,)


_TEXT_KEYS: Final = _text_keys()


def raw_config() -> tuple[Mapping[str, str], Collection[str]]:
    """Return the configuration of the running stack, full key → text, and the keys of its secrets."""
    given = {**get_config_env(), **CONFIG.get()}
    return given, {key for key in given if is_config_secret(key)} | set(get_config_secret_keys_env())


def read() -> Settings:
    """Return the settings of the running stack. Raises InvalidConfigError with all errors."""
    given, secret_keys = raw_config()
    settings = parse(given, secret_keys=secret_keys, stack=pulumi.get_stack())
    config = pulumi.Config(NAMESPACE)
    texts = {_field(key): config.get_secret(key) for key in SECRETS if key not in (APP_SECRETS, ALERT_WEBHOOKS)}
    objects = {
        "app_secrets": _secret_object(config, APP_SECRETS, app_secret_names, given),
        "alert_webhooks": _secret_object(config, ALERT_WEBHOOKS, alert_webhook_names, given),
    }
    return settings.model_copy(update={**texts, **objects})


def _secret_object(
    config: pulumi.Config, key: str, names: Callable[[str | None], Collection[str]], given: Mapping[str, str]
) -> Mapping[str, pulumi.Output[str]]:
    """Return the values of a secret setting that is an object, by name."""
    values = config.get_secret_object(key)
    if values is None:
        return {}
    return {name: values.apply(lambda all_, name=name: str(all_[name])) for name in names(given[f"{NAMESPACE}:{key}"])}


def with_placeholder_secrets(settings: Settings, given: Mapping[str, str]) -> Settings:
    """Return the settings with a placeholder for each secret that the raw configuration has.

    It is for runs without an engine, which decrypt nothing, but register the resources that need a secret.
    """
    texts = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in given.items() if key.startswith(f"{NAMESPACE}:")}
    placeholder = pulumi.Output.secret(PLACEHOLDER)
    return settings.model_copy(
        update={
            **{_field(key): placeholder for key in SECRETS.keys() & texts.keys()},
            "app_secrets": dict.fromkeys(app_secret_names(texts.get(APP_SECRETS)), placeholder),
            "alert_webhooks": dict.fromkeys(alert_webhook_names(texts.get(ALERT_WEBHOOKS)), placeholder),
        }
    )


def applied(given: Mapping[str, str], *, stack: str) -> Settings:
    """Return the settings of a configuration that an earlier `up` accepted, without its secrets.

    The constraints, some of which need the secrets, are not evaluated again. Raises ValueError for a configuration that
    this version of the program does not accept.
    """
    texts = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in given.items() if key != REGION}
    values, _ = _values(texts, given.get(REGION), stack)
    return Settings.model_validate_json(json.dumps(values))


def parse(given: Mapping[str, str], *, secret_keys: Collection[str], stack: str) -> Settings:
    """Return the settings of a raw configuration (full key → text, as Pulumi passes it to a program).

    The secret settings are left out. Raises InvalidConfigError with all errors.
    """
    texts = {key.removeprefix(f"{NAMESPACE}:"): text for key, text in given.items() if key.startswith(f"{NAMESPACE}:")}
    known = {field.alias or name for name, field in Settings.model_fields.items()}
    errors = [_unknown_key(key, known) for key in sorted(texts.keys() - known)]
    errors += dependency_errors(texts)
    app_secrets = app_secret_names(texts.get(APP_SECRETS))
    webhooks = alert_webhook_names(texts.get(ALERT_WEBHOOKS))
    given_secrets = texts.keys() & SECRETS.keys()
    for key in SECRETS:
        errors += secret_errors(f"{NAMESPACE}:{key}", texts.pop(key, None), secret_keys=secret_keys)

    values, overrides = _values({key: text for key, text in texts.items() if key in known}, given.get(REGION), stack)
    try:
        settings = Settings.model_validate_json(json.dumps(values))
    except ValidationError as error:
        hidden = {key.removeprefix(f"{NAMESPACE}:") for key in secret_keys}
        errors += _validation_errors(error, overrides, hidden)
    else:
        errors += [*constraint_errors(settings), *app_secret_errors(settings, app_secrets)]
        errors += alert_webhook_errors(settings, webhooks)
        errors += vendor_errors(settings, given_secrets)
        if not errors:
            return settings
    raise InvalidConfigError(stack, sorted(errors, key=lambda error: error.key))


def _values(texts: Mapping[str, str], region: str | None, stack: str) -> tuple[Mapping[str, Any], Any]:
    """Return the values of the model, and the size overrides among them. `texts` has keys without the namespace."""
    values = {key: _value(key, text) for key, text in texts.items()}
    if region is not None:
        values[REGION] = region
    values.setdefault("protect", stack != _UNPROTECTED_STACK)
    if isinstance(values.get("monitoring"), str):  # one service may be given without a list
        values["monitoring"] = [values["monitoring"]]
    overrides = values.get("sizeOverrides", {})
    values["sizeOverrides"] = _sizes(values.get("tier"), values.get("phase"), overrides)
    return values, overrides


def _value(key: str, text: str) -> Any:
    """Return the value of a configuration text: Pulumi passes everything but text as JSON."""
    if key not in _TEXT_KEYS:
        try:
            return json.loads(text)
        except ValueError:
            pass  # the model refuses its type and shows the text
    return text


def _field(key: str) -> str:
    """Return the field of a configuration key. Validation of a default reports the field's name instead of the key."""
    return next(name for name, field in Settings.model_fields.items() if key in (field.alias, name))


def _sizes(tier: Any, phase: Any, overrides: Any) -> Any:
    """Return the sizes of the tier with the overrides; those of the smallest tier when phase or tier is not valid."""
    if not isinstance(overrides, dict):
        return overrides
    row = sizes(Tier(tier) if tier in list(Tier) else Tier.SMALL, Phase(phase) if phase in list(Phase) else Phase.MVP)
    return {**row.model_dump(by_alias=True), **cast("dict[str, Any]", overrides)}


def _unknown_key(key: str, known: Collection[str]) -> ConfigError:
    full = f"{NAMESPACE}:{key}"
    close = difflib.get_close_matches(key, known, n=1)
    return ConfigError(
        key=full,
        problem="the setting does not exist",
        expected=f"Did you mean {NAMESPACE}:{close[0]}?" if close else "Remove it",
        command=f"pulumi config rm {full}",
    )


def _validation_errors(
    error: ValidationError, overridden: Collection[str], hidden: Collection[str]
) -> Iterator[ConfigError]:
    details = error.errors(include_url=False)
    row_is_known = not {"phase", "tier"} & {detail["loc"][0] for detail in details}
    for detail in details:
        key = str(detail["loc"][0])
        if key == "sizeOverrides" and len(detail["loc"]) > 1:
            size = str(detail["loc"][1])
            if row_is_known or size in overridden:  # otherwise the size only conflicts with an assumed tier
                yield _size_error(size, detail)
            continue
        field = Settings.model_fields[_field(key)]
        key = field.alias or key
        full = key if ":" in key else f"{NAMESPACE}:{key}"
        if len(detail["loc"]) > 1:
            yield _nested_error(full, detail, hidden=key in hidden, description=field.description)
            continue
        missing = detail["type"] == "missing"
        example = str(field.examples[0]) if field.examples else "<value>"
        yield ConfigError(
            key=full,
            problem="the setting is missing" if missing else _problem(detail),
            got=None if missing else "a value that is not shown" if key in hidden else _shown(detail["input"]),
            expected=f"Allowed: {detail.get('ctx', {}).get('expected', field.description)}",
            command=f"pulumi config set {example if example.startswith('--path') else f'{full} {example}'}",
        )


def _nested_error(full: str, detail: Any, *, hidden: bool, description: str | None) -> ConfigError:
    """Return the error of a value inside an object or a list."""
    key = ".".join((full, *(str(part) for part in detail["loc"][1:])))
    if detail["type"] == "extra_forbidden":
        return ConfigError(
            key=key,
            problem="the setting does not exist",
            expected="Remove it",
            command=f"pulumi config rm --path '{key}'",
        )
    missing = detail["type"] == "missing"
    return ConfigError(
        key=key,
        problem="the setting is missing" if missing else _problem(detail),
        got=None if missing else "a value that is not shown" if hidden else _shown(detail["input"]),
        expected=f"{full} holds {description}",
        command=f"pulumi config set --path '{key}' <value>",
    )


def _shown(value: object) -> str | None:
    """Return a wrong value for a message; None for an object, in which a secret may be in the wrong place."""
    return None if isinstance(value, dict) else repr(value)


def _size_error(key: str, detail: Any) -> ConfigError:
    names = {to_camel(name): field for name, field in Sizes.model_fields.items()}
    full = f"{NAMESPACE}:sizeOverrides.{key}"
    if key not in names:
        close = difflib.get_close_matches(key, names, n=1)
        return ConfigError(
            key=full,
            problem="the size does not exist",
            expected=f"Did you mean {close[0]}?" if close else f"Allowed: {', '.join(names)}",
            command=f"pulumi config rm --path {full}",
        )
    return ConfigError(
        key=full,
        problem=_problem(detail),
        got=repr(detail["input"]),
        expected=f"Allowed: {names[key].description}",
        command=f"pulumi config set --path {full} <value>, or pulumi config rm --path {full} for the size of the tier",
    )


def _problem(detail: Any) -> str:
    """Return the reason that a validator gave, or a general one."""
    cause = detail.get("ctx", {}).get("error")
    return str(cause).rstrip(".") if cause else "the value is not valid"
