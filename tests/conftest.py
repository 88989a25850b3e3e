"""The order of the tests: what drives the engine first, since it takes longest and the others fill the gaps."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stable, so that files keep their order within."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)
