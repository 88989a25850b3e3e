"""AWS Backup: plans, their selections, and their vaults."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from ..rule import Indeterminate, Resource, Stack, block, declared, items
from ..values import UnknownValue

PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
VAULT = "aws:backup/vault:Vault"
VAULT_LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"


def in_a_plan(store: Resource, stack: Stack) -> bool:
    """Return whether a backup selection of the stack includes the store: by data flow, ARN, pattern or tag.

    Raises Indeterminate when a selection that may include it combines several of these, or has conditions, because only
    AWS evaluates these.
    """
    undecided = ""
    for selection in stack.of((SELECTION,)):
        matches = [
            included
            for key, included in (("resources", _named(selection, store)), ("selectionTags", _tagged(selection, store)))
            if declared(selection.properties, key)
        ]
        if not any(matches):
            continue
        if all(matches) and not declared(selection.properties, "conditions"):
            return True
        undecided = selection.name
    if undecided:
        raise Indeterminate(f"the backup selection {undecided} combines several ways of selection")
    return False


def _named(selection: Resource, store: Resource) -> bool:
    if store.urn in selection.references.get("notResources", frozenset()):
        return False
    if store.urn in selection.references.get("resources", frozenset()):
        return True
    arn = _text(store.outputs, "arn")
    if any(fnmatchcase(arn, pattern) for pattern in _known(selection, "notResources")):
        return False
    return any(pattern == "*" or (arn and fnmatchcase(arn, pattern)) for pattern in _known(selection, "resources"))


def _tagged(selection: Resource, store: Resource) -> bool:
    """Return whether one of the selection's tags is a tag of the store."""
    tags = block(store.properties, "tags")
    return any(
        _text(tags, wanted.get("key")) == wanted.get("value")
        for _, wanted in items(selection.properties, "selectionTags")
    )


def _known(selection: Resource, key: str) -> list[str]:
    """Return the known patterns. An unknown one comes from a resource, which the references name."""
    try:
        given = selection.properties.get(key) or ()
    except UnknownValue:
        return []
    known: list[str] = []
    for index in range(len(given)):
        try:
            known.append(str(given[index]))
        except UnknownValue:
            continue
    return known


def _text(properties: Mapping[str, Any], key: str) -> str:
    try:
        return str(properties.get(key) or "")
    except UnknownValue:
        return ""
