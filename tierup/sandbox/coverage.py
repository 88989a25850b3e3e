"""Reports which resource types the sandbox has behaviour rows for, and how many of their facts are documented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tierup.sandbox.registry import registry

from .behaviour import Behaviour, Source
from .schema import PACKAGES, sdk


@dataclass(frozen=True, slots=True)
class Covered:
    """The number of facts that the sandbox has on one resource type."""

    type: str
    documented: int  # facts with a page that was read
    assumed: int  # facts without a page

    @property
    def by_row(self) -> bool:
        """Whether the type has a behaviour row; without one it works by its schema alone."""
        return self.documented + self.assumed > 0


def coverage(types: Iterable[str]) -> list[Covered]:
    """Return the coverage of each of `types`, sorted by token."""
    rows = registry().behaviours
    return [_covered(token, rows.get(token)) for token in sorted(set(types))]


def all_rows() -> list[Covered]:
    """Return the coverage of every type with a behaviour row."""
    return coverage(registry().behaviours)


def known_types() -> dict[str, int]:
    """Return the number of resource types in each provider's SDK."""
    return {package: len(sdk(package).tokens) for package in PACKAGES}


def _covered(token: str, row: Behaviour | None) -> Covered:
    if row is None:
        return Covered(token, 0, 0)
    sources = list(_sources(row))
    documented = sum(1 for source in sources if source.documented)
    return Covered(token, documented, len(sources) - documented)


def _sources(row: Behaviour) -> Iterable[Source]:
    yield row.source
    if row.replace_source is not None:
        yield row.replace_source
    if row.name is not None:
        yield row.name.source
    for part in (*row.references, *row.quotas, *row.rules):
        yield part.source
