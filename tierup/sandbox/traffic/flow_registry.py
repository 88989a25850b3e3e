"""The registry of the kinds of flows, and the flows that they derive from rows."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from . import flows
from .flow import Flow, FlowKind
from .rows import Rows


@cache
def kinds() -> Mapping[str, FlowKind]:
    """Return every kind of flows: those in the `FLOW_KINDS` of each module of `flows/`."""
    found: dict[str, FlowKind] = {}
    for module in pkgutil.iter_modules(flows.__path__):
        for kind in getattr(importlib.import_module(f"{flows.__name__}.{module.name}"), "FLOW_KINDS", ()):
            if kind.id in found:
                raise ValueError(f"FLOW_KINDS: two kinds have one id (got {kind.id}). Give each its own.")
            found[kind.id] = kind
    return found


def derive(rows: Rows) -> list[Flow]:
    """Return the flows that a cloud should have, and those that it must not have, in a stable order."""
    found: dict[str, Flow] = {}
    for kind in kinds().values():
        for flow in kind.derive(rows):
            found.setdefault(flow.id, replace(flow, forbidden=kind.forbidden))
    return sorted(found.values(), key=lambda flow: (flow.forbidden, flow.kind, flow.id))
