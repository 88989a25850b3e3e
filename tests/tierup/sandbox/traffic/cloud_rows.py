"""Builds rows of the sandbox for tests of the traffic model."""

from __future__ import annotations

import itertools
from typing import Any

from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.hop import World
from tierup.sandbox.traffic.rows import Rows

_keys = itertools.count(1)


def row(type: str, name: str, /, *, id: str = "", region: str = "eu-west-1", **outputs: Any) -> CloudResource:
    """Return a row with its inputs as outputs, too."""
    return CloudResource(
        type=type,
        id=id or name,
        urn=f"urn:pulumi:dev::p::{type}::{name}",
        region=region,
        account="123456789012",
        inputs=outputs,
        outputs=outputs,
        key=next(_keys),
    )


def world(*rows: CloudResource) -> World:
    """Return a world with these rows."""
    return World(Rows(rows))
