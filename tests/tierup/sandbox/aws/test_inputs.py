"""Inputs of AWS types that the provider refuses or accepts at plan, in two tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ..provider_calls import Engine
from .right_inputs import RIGHT
from .wrong_inputs import WRONG


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def _cases(table: Mapping[str, tuple[dict[str, Any], ...]]) -> Iterator[Any]:
    for type, rows in table.items():
        for number, inputs in enumerate(rows):
            yield pytest.param(type, inputs, id=f"{type.rpartition(':')[2]}-{number}")


@pytest.mark.parametrize(("type", "inputs"), list(_cases(WRONG)))
def test_wrong_inputs_are_rejected(engine: Engine, type: str, inputs: dict[str, Any]) -> None:
    assert [failure.reason for failure in engine.check(type, inputs).failures]


@pytest.mark.parametrize(("type", "inputs"), list(_cases(RIGHT)))
def test_unusual_right_inputs_are_accepted(engine: Engine, type: str, inputs: dict[str, Any]) -> None:
    assert [failure.reason for failure in engine.check(type, inputs).failures] == []
