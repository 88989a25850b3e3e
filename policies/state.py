"""Reads the saved resources of a stack: an export, a file backend's checkpoint, or a preview's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .rule import RegisteredOptions, RegisteredProvider, Resource
from .values import from_state


class StateError(ValueError):
    """The document is not a saved stack; the message says which documents are."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved stack. `positions` holds, by URN, the source positions where the program registered a resource, as the
    engine writes them (project:///components/cache.py#99, from the program's folder), the innermost frame first."""

    project: str
    stack: str
    basis: str
    resources: tuple[Resource, ...]
    positions: Mapping[str, tuple[str, ...]]


def read(document: object) -> Saved:
    """Return the stack in `document`. Raises StateError."""
    if not isinstance(document, Mapping):
        raise StateError(
            f"document: not a JSON object (got {type(document).__name__}). Give the output of `pulumi stack export` or "
            "`pulumi preview --json`."
        )
    match document:
        case {"deployment": {"resources": list(states)}} | {"checkpoint": {"latest": {"resources": list(states)}}}:
            return _saved(states, "state")
        case {"deployment": Mapping()} | {"checkpoint": Mapping()}:
            return _saved([], "state")
        case {"steps": list(steps)}:
            # A preview's "same" steps have a newState too; steps that delete a resource have none that remains.
            return _saved(
                [step["newState"] for step in steps if "newState" in step and step.get("op") != "delete"], "preview"
            )
        case _:
            raise StateError(
                f"document: contains no stack (got the keys {', '.join(map(str, document)) or 'of an empty object'}). "
                "Give the output of `pulumi stack export` or `pulumi preview --json`, or a checkpoint file of a file "
                "backend."
            )


def _saved(states: list[Any], basis: str) -> Saved:
    kept = [state for state in states if not state.get("delete")]
    latest = {
        state["urn"]: state for state in kept
    }  # a preview lists a replaced resource twice; its last state is the new one
    first = next(iter(latest), "urn:pulumi:::::::")
    stack, project, *_ = first.removeprefix("urn:pulumi:").split("::")
    return Saved(
        project,
        stack,
        basis,
        tuple(_resource(state, latest) for state in latest.values()),
        {urn: tuple(_positions(state)) for urn, state in latest.items()},
    )


def _resource(state: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> Resource:
    inputs = state.get("inputs") or {}
    flows: Mapping[str, list[str] | None] = state.get("propertyDependencies") or {}
    return Resource(
        state["type"],
        state["urn"].split("::", 3)[-1],
        state["urn"],
        from_state(inputs),
        from_state({**(state.get("outputs") or inputs), **({"id": state["id"]} if state.get("id") else {})}),
        {key: frozenset(sources or ()) for key, sources in flows.items()},
        _options(state),
        _provider(others.get(str(state.get("provider") or "").rpartition("::")[0])),
    )


def _options(state: Mapping[str, Any]) -> RegisteredOptions:
    """Return the options that a state keeps: deleteBeforeReplace is not among them."""
    timeouts = state.get("customTimeouts") or {}
    return RegisteredOptions(
        protect=bool(state.get("protect")),
        parent=state.get("parent") or "",
        ignore_changes=tuple(state.get("ignoreChanges") or ()),
        aliases=tuple(state.get("aliases") or ()),
        additional_secret_outputs=tuple(state.get("additionalSecretOutputs") or ()),
        create_timeout=timeouts.get("create") or 0,
        update_timeout=timeouts.get("update") or 0,
        delete_timeout=timeouts.get("delete") or 0,
    )


def _provider(state: Mapping[str, Any] | None) -> RegisteredProvider | None:
    if state is None:
        return None
    name = state["urn"].split("::", 3)[-1]
    return RegisteredProvider(state["type"], name, state["urn"], from_state(state.get("inputs") or {}))


def _positions(state: Mapping[str, Any]) -> Iterator[str]:
    trace = [frame.get("sourcePosition") for frame in state.get("stackTrace") or ()]
    yield from filter(None, trace or [state.get("sourcePosition")])
