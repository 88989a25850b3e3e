"""The rows of a world as the access evaluator reads a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from tierup.sandbox.cloud import Cloud, CloudResource

from ..hop import World
from ..rows import Rows


class _View:
    """The rows of a world with the methods by which the evaluator reads a cloud."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def find(self, type: str | tuple[str, ...], /, **properties: Any) -> Iterator[CloudResource]:
        for each in (type,) if isinstance(type, str) else type:
            yield from self._rows.find(each, **properties)

    def get(self, type: str, id: str, region: str | None = None) -> CloudResource | None:
        return next((each for each in self._rows.find(type, id=id) if region in (None, each.region, "")), None)


def cloud_view(world: World) -> Cloud:
    """Return the rows of a world with the methods of a cloud that the evaluator uses."""
    return cast("Cloud", _View(world.rows))
