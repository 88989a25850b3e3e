"""What the rehearsal cloud knows of the real ones: behaviour rows, provider functions, provider configuration."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tierup.sandbox.behaviour import Behaviour, Rejection
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.schema import PACKAGES
from tierup.sandbox.validation import ReferenceIndex

SANDBOX_ACCOUNT = "123456789012"
"""The AWS account of the rehearsal: the one AWS's own documents use for examples."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """How one provider was configured by the program."""

    region: str = ""
    account: str = SANDBOX_ACCOUNT
    default_tags: Mapping[str, str] = field(default_factory=dict)


class InvokeError(Exception):
    """A provider function has no answer; `path` is the argument at fault, "" if none."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


Invoke = Callable[[Mapping[str, Any], Cloud, Configuration], Mapping[str, Any]]
"""A provider function: (arguments, cloud, configuration) to results."""


class Registry:
    """Looks up behaviour rows and provider functions by token."""

    def __init__(self, behaviours: tuple[Behaviour, ...], invokes: Mapping[str, Invoke]) -> None:
        self.behaviours: Mapping[str, Behaviour] = {row.type: row for row in behaviours}
        if len(self.behaviours) != len(behaviours):
            tokens = [row.type for row in behaviours]
            raise ValueError(f"two rows for {sorted({t for t in tokens if tokens.count(t) > 1})}")
        self.invokes = invokes
        self.references = ReferenceIndex(behaviours)

    def invoke(self, token: str, arguments: Mapping[str, Any], cloud: Cloud, configuration: Configuration) -> Any:
        """The answer of a provider function; raises InvokeError."""
        function = self.invokes.get(token)
        if function is None:
            raise InvokeError(f"the sandbox does not know the function {token}; CONTRIBUTING.md says how to teach it")
        return function(arguments, cloud, configuration)

    @staticmethod
    def unfit_configuration(package: str, values: Mapping[str, Any]) -> Iterator[Rejection]:
        """What a provider refuses of its own configuration."""
        if package == "aws" and not values.get("region"):
            yield Rejection("region", "the AWS region is missing: run `pulumi config set aws:region eu-west-1`")

    @staticmethod
    def configuration(package: str, values: Mapping[str, Any]) -> Configuration:
        """Reads a provider's configuration. Structured values may come as JSON text, as the engine sends them."""
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


@cache
def registry() -> Registry:
    """The one registry of all providers: every table found in their folders."""
    behaviours: list[Behaviour] = []
    invokes: dict[str, Invoke] = {}
    for provider in PACKAGES:
        package = importlib.import_module(f".{provider}", __package__)
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            behaviours.extend(getattr(module, "BEHAVIOURS", ()))
            invokes.update(getattr(module, "INVOKES", {}))
    return Registry(tuple(behaviours), invokes)
