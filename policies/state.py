"""Reads what Pulumi wrote down of a stack: an export, a file backend's checkpoint, or a preview's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .rule import Resource
from .values import from_state


class StateError(ValueError):
    """The document is none that we can read; the message says what was wanted."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved stack. `positions` says by URN where the program made a resource, as the engine writes it
    (project:///components/cache.py#99, from the program's folder); the first of them is the innermost frame."""

    project: str
    stack: str
    basis: str
    resources: tuple[Resource, ...]
    positions: Mapping[str, tuple[str, ...]]


def read(document: object) -> Saved:
    """The stack in `document`. Raises StateError."""
    if not isinstance(document, Mapping):
        raise StateError("not a JSON object; wanted the output of `pulumi stack export` or `pulumi preview --json`")
    match document:
        case {"deployment": {"resources": list(states)}} | {"checkpoint": {"latest": {"resources": list(states)}}}:
            return _saved(states, "state")
        case {"deployment": Mapping()} | {"checkpoint": Mapping()}:
            return _saved([], "state")
        case {"steps": list(steps)}:
            # A preview's "same" steps carry a newState too; what is deleted, or replaced, has none that stays.
            return _saved(
                [step["newState"] for step in steps if "newState" in step and step.get("op") != "delete"], "preview"
            )
        case _:
            raise StateError(
                "holds no stack; wanted the output of `pulumi stack export` or `pulumi preview --json`, "
                "or a checkpoint file of a file backend"
            )


def _saved(states: list[Any], basis: str) -> Saved:
    standing = [state for state in states if not state.get("delete")]
    latest = {
        state["urn"]: state for state in standing
    }  # a replaced one comes twice in a preview; its last state counts
    first = next(iter(latest), "urn:pulumi:::::::")
    stack, project, *_ = first.removeprefix("urn:pulumi:").split("::")
    return Saved(
        project,
        stack,
        basis,
        tuple(_resource(state) for state in latest.values()),
        {urn: tuple(_positions(state)) for urn, state in latest.items()},
    )


def _resource(state: Mapping[str, Any]) -> Resource:
    inputs = state.get("inputs") or {}
    flows: Mapping[str, list[str] | None] = state.get("propertyDependencies") or {}
    return Resource(
        state["type"],
        state["urn"].split("::", 3)[-1],
        state["urn"],
        from_state(inputs),
        from_state({**(state.get("outputs") or inputs), **({"id": state["id"]} if state.get("id") else {})}),
        {key: frozenset(sources or ()) for key, sources in flows.items()},
    )


def _positions(state: Mapping[str, Any]) -> Iterator[str]:
    trace = [frame.get("sourcePosition") for frame in state.get("stackTrace") or ()]
    yield from filter(None, trace or [state.get("sourcePosition")])
