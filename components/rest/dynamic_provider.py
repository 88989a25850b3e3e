"""The base of the dynamic providers.

Pulumi serialises a dynamic provider into the state, and its plugin loads it in a process whose import path does not
contain the project. The serialised form is therefore only the name of the class, which the installed tierup imports: it
is the same on every machine, contains no value, and changes only when the class is renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi.dynamic import DiffResult, ResourceProvider


class ImportedProvider(ResourceProvider):
    """A dynamic provider that is serialised as the name of its class."""

    serialize_as_secret_always = False
    """The serialised provider contains no secret."""

    replaces: tuple[str, ...] = ()
    """The inputs whose change replaces the resource."""

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        found = type(self)
        call = f"load({found.__module__!r}, {found.__qualname__!r})()"
        return eval, (f"__import__('tierup.components.loading', fromlist=['load']).{call}",)

    def diff(self, _id: str, _olds: Mapping[str, Any], _news: Mapping[str, Any]) -> DiffResult:
        """Compare the inputs of the program, which are the ones in `_news`, with those of the state."""
        changed = [key for key in _news if key != "__provider" and _olds.get(key) != _news[key]]
        replaces = [key for key in changed if key in self.replaces]
        return DiffResult(changes=bool(changed), replaces=replaces, delete_before_replace=False)
