"""The registry of what the sandbox implements: behaviour rows, provider functions and provider configuration."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from tierup.sandbox import terraform_schemas
from tierup.sandbox.behaviour import Behaviour, BehaviourRule, Call, Operation, Rejection
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.limits import Limit, LimitsOf
from tierup.sandbox.lookup import LookupFailedError, look_up, plausible_answer, resource_type
from tierup.sandbox.schema import PACKAGES, UnknownTypeError
from tierup.sandbox.validation import ReferenceIndex

SANDBOX_ACCOUNT = "123456789012"
"""The AWS account of the sandbox: the account id that AWS's documents use in examples."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of one provider."""

    region: str = ""
    account: str = SANDBOX_ACCOUNT
    default_tags: Mapping[str, str] = field(default_factory=dict)
    preview: bool = False  # whether a function is called in a preview, where outputs may be unknown


class InvokeError(Exception):
    """A provider function fails; `path` is the invalid argument, or ""."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


Invoke = Callable[[Mapping[str, Any], Cloud, Configuration], Mapping[str, Any]]
"""A provider function: (arguments, cloud, configuration) to results."""

Authorize = Callable[[str, Call], Iterable[Rejection]]
"""Decides whether the deployer may perform an operation ("create", "read", "update" or "delete") of a call."""

InvokeAuthorize = Callable[[str, str, str, Cloud], str | None]
"""Decides whether the deployer may call a function: (token, account, region, cloud) to the error, or None."""


IsKept = Callable[[CloudResource], bool]
ReplacedBy = Callable[[Call], Iterable[str]]
"""Returns the inputs of a provider's types that replace only for certain values."""

DefaultRow = Callable[[str], Behaviour | None]
"""Returns what holds for each type of a provider that has no row."""

WarningsOf = Callable[[Call, Operation], Iterable[str]]


class Registry:
    """Finds behaviour rows and provider functions by token."""

    def __init__(
        self,
        behaviours: tuple[Behaviour, ...],
        invokes: Mapping[str, Invoke],
        kept_after_delete: Mapping[str, IsKept] | None = None,
        warnings: Mapping[str, WarningsOf] | None = None,
        authorizers: Mapping[str, tuple[Authorize, InvokeAuthorize]] | None = None,
        limits: Mapping[str, LimitsOf] | None = None,
        partial: Iterable[Behaviour] = (),
        common: Mapping[str, tuple[BehaviourRule, ...]] | None = None,
        replaced_by: Mapping[str, ReplacedBy] | None = None,
        default_rows: Mapping[str, DefaultRow] | None = None,
    ) -> None:
        self._authorizers = authorizers or {}
        self._limits = limits or {}
        self.behaviours: Mapping[str, Behaviour] = {row.type: row for row in behaviours}
        if len(self.behaviours) != len(behaviours):
            tokens = [row.type for row in behaviours]
            duplicates = sorted({token for token in tokens if tokens.count(token) > 1})
            raise ValueError(f"behaviours: duplicate rows for {', '.join(duplicates)}. Keep one row per type.")
        self._partial = {row.type: row for row in partial}
        more = tuple(row for row in self._partial.values() if row.references)
        self._common = common or {}
        self._replaced_by = replaced_by or {}
        self._default_rows = default_rows or {}
        self.invokes = invokes
        self.kept_after_delete = kept_after_delete or {}
        """By type, whether a delete changes nothing in the cloud: only Pulumi's state forgets the resource."""
        self.warnings = warnings or {}
        """By type, what returns the warnings that the provider reports with an operation, which succeeds."""
        self.references = ReferenceIndex(behaviours, more)

    def invoke(self, token: str, arguments: Mapping[str, Any], cloud: Cloud, configuration: Configuration) -> Any:
        """Return the result of a function. Raises InvokeError.

        It is implemented, looks up a resource, or is answered by its schema alone with plausible values.
        """
        _, authorize = self._authorizers.get(token.partition(":")[0], (None, None))
        if authorize and (error := authorize(token, configuration.account, configuration.region, cloud)):
            raise InvokeError(error)
        function = self.invokes.get(token)
        if function is not None:
            return function(arguments, cloud, configuration)
        try:
            if resource_type(token) is None:
                return plausible_answer(token, arguments)
            return look_up(token, arguments, cloud, configuration.account, configuration.region)
        except UnknownTypeError as error:
            raise InvokeError(f"the sandbox does not know the function {token}. {error}") from error
        except LookupFailedError as error:
            raise InvokeError(str(error)) from error

    def rules(self, token: str) -> Behaviour | None:
        """Return the row that decides what a type accepts and what a change does; None if nothing is known.

        A type without a row has a partial one, whose outputs come from the schema, or its provider's schema alone.
        """
        if row := self.behaviours.get(token):
            return row
        package = token.partition(":")[0]
        found = self._partial.get(token) or terraform_schemas.row_of(token)
        if found is None and package in self._default_rows:
            return self._default_rows[package](token)
        rules = self._common.get(package, ())
        if found is None and rules:
            found = Behaviour(type=token, source=terraform_schemas.SOURCES[package])
        if found is None:
            return None
        return _with_replacements(_with_rules(found, rules), self._replaced_by.get(package))

    def limits(self, token: str) -> Mapping[str, Limit]:
        """Return the limits that the API model of a type's cloud states on its inputs, by property path."""
        limits_of = self._limits.get(token.partition(":")[0])
        return limits_of(token) if limits_of is not None else {}

    def denials(self, operation: str, call: Call) -> list[Rejection]:
        """Return why the deployer may not perform an operation on a resource."""
        authorize, _ = self._authorizers.get(call.type.partition(":")[0], (None, None))
        return list(authorize(operation, call)) if authorize else []

    @staticmethod
    def configuration_rejections(package: str, values: Mapping[str, Any]) -> Iterator[Rejection]:
        """Yield what a provider rejects in its own configuration."""
        if package == "aws" and not values.get("region"):
            yield Rejection("region", "the AWS region is missing. Run `pulumi config set aws:region eu-west-1`.")

    @staticmethod
    def configuration(package: str, values: Mapping[str, Any]) -> Configuration:
        """Return a provider's configuration. The engine may send structured values as JSON strings."""
        if package != "aws":
            return Configuration()
        accounts = _structured(values.get("allowedAccountIds")) or []
        tags = (_structured(values.get("defaultTags")) or {}).get("tags") or {}
        return Configuration(
            region=str(values.get("region") or ""),
            account=str(accounts[0]) if accounts else SANDBOX_ACCOUNT,
            default_tags=dict(tags),
        )


def _structured(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _with_replacements(row: Behaviour, replaced_by: ReplacedBy | None) -> Behaviour:
    """Return a row that also replaces for the inputs that its provider's table of conditions yields."""
    if replaced_by is None:
        return row
    own = row.replaces_when

    def both(call: Call) -> Iterator[str]:
        if own is not None:
            yield from own(call)
        yield from replaced_by(call)

    return replace(row, replaces_when=both)


def _by_type(rows: Iterable[Behaviour]) -> dict[str, list[Behaviour]]:
    found: dict[str, list[Behaviour]] = {}
    for row in rows:
        found.setdefault(row.type, []).append(row)
    return found


def _with_more(row: Behaviour, partial: Iterable[Behaviour]) -> Behaviour:
    """Return a row with the references, rules and quotas that partial rows add to it.

    A reference of the row takes precedence over those to the same input.
    """
    for more in partial:
        paths = {reference.path for reference in row.references}
        row = replace(
            row,
            references=(*row.references, *(each for each in more.references if each.path not in paths)),
            rules=(*row.rules, *more.rules),
            quotas=(*row.quotas, *more.quotas),
        )
    return row


def _with_rules(row: Behaviour, rules: Iterable[BehaviourRule]) -> Behaviour:
    return replace(row, rules=(*row.rules, *rules))


def _unchanged(row: Behaviour) -> Behaviour:
    return row


@cache
def registry() -> Registry:
    """Return the registry of all providers, with every table in their folders."""
    behaviours: list[Behaviour] = []
    invokes: dict[str, Invoke] = {}
    kept: dict[str, IsKept] = {}
    warnings: dict[str, WarningsOf] = {}
    authorizers: dict[str, tuple[Authorize, InvokeAuthorize]] = {}
    limits: dict[str, LimitsOf] = {}
    partial: list[Behaviour] = []
    common_rules: dict[str, tuple[BehaviourRule, ...]] = {}
    replaced_by: dict[str, ReplacedBy] = {}
    default_rows: dict[str, DefaultRow] = {}
    for provider in PACKAGES:
        package = importlib.import_module(f".{provider}", __package__)
        rows: list[Behaviour] = []
        common: list[BehaviourRule] = []
        complete: Callable[[Behaviour], Behaviour] = _unchanged
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            rows.extend(getattr(module, "BEHAVIOURS", ()))
            partial.extend(getattr(module, "PARTIAL_BEHAVIOURS", ()))
            common.extend(getattr(module, "COMMON_RULES", ()))
            invokes.update(getattr(module, "INVOKES", {}))
            kept.update(getattr(module, "KEPT_AFTER_DELETE", {}))
            warnings.update(getattr(module, "WARNINGS", {}))
            complete = getattr(module, "COMPLETE_ROW", complete)
            if hasattr(module, "REPLACED_BY"):
                replaced_by[provider] = module.REPLACED_BY
            if hasattr(module, "DEFAULT_ROW"):
                default_rows[provider] = module.DEFAULT_ROW
            if hasattr(module, "LIMITS"):
                limits[provider] = module.LIMITS
            if hasattr(module, "AUTHORIZE"):
                authorizers[provider] = (module.AUTHORIZE, module.INVOKE_AUTHORIZE)
        common_rules[provider] = tuple(common)
        more = _by_type(partial)
        behaviours.extend(
            _with_replacements(
                terraform_schemas.completed(complete(_with_rules(_with_more(row, more.pop(row.type, ())), common))),
                replaced_by.get(provider),
            )
            for row in rows
        )
        partial = [each for given in more.values() for each in given]
    rest = [terraform_schemas.completed(_with_more(first, given)) for first, *given in _by_type(partial).values()]
    return Registry(
        tuple(behaviours),
        invokes,
        kept,
        warnings,
        authorizers,
        limits,
        rest,
        common_rules,
        replaced_by,
        default_rows,
    )
