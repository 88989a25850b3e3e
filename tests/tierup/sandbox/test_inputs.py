"""Inputs that the providers of AWS, Cloudflare and Atlas refuse or accept at plan, in two tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .provider_calls import Engine
from .right_inputs import RIGHT
from .wrong_inputs import WRONG


@pytest.fixture(scope="module")
def engines() -> Mapping[str, Engine]:
    return {package: Engine(package=package) for package in ("aws", "cloudflare", "mongodbatlas")}


def failures(engines: Mapping[str, Engine], type: str, inputs: dict[str, Any]) -> list[str]:
    return [failure.reason for failure in engines[type.partition(":")[0]].check(type, inputs).failures]


def _cases(table: Mapping[str, tuple[dict[str, Any], ...]]) -> Iterator[Any]:
    for type, rows in table.items():
        for number, inputs in enumerate(rows):
            yield pytest.param(type, inputs, id=f"{type.rpartition(':')[2]}-{number}")


@pytest.mark.parametrize(("type", "inputs"), list(_cases(WRONG)))
def test_wrong_inputs_are_rejected(engines: Mapping[str, Engine], type: str, inputs: dict[str, Any]) -> None:
    assert failures(engines, type, inputs)


@pytest.mark.parametrize(("type", "inputs"), list(_cases(RIGHT)))
def test_unusual_right_inputs_are_accepted(engines: Mapping[str, Engine], type: str, inputs: dict[str, Any]) -> None:
    assert failures(engines, type, inputs) == []
