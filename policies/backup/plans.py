"""AWS Backup: plans, what they select, and the vaults they fill."""

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
    """Whether a backup selection of the stack takes the store: by data flow, ARN, pattern or tag.

    Raises Indeterminate when what might take it chooses by several of these, or by conditions: that only AWS works out.
    """
    doubtful = ""
    for selection in stack.of((SELECTION,)):
        ways = [
            taken
            for key, taken in (("resources", _named(selection, store)), ("selectionTags", _tagged(selection, store)))
            if declared(selection.properties, key)
        ]
        if not any(ways):
            continue
        if all(ways) and not declared(selection.properties, "conditions"):
            return True
        doubtful = selection.name
    if doubtful:
        raise Indeterminate(f"the backup selection {doubtful} chooses by several ways at once")
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
    """Any one of the tags will do."""
    tags = block(store.properties, "tags")
    return any(
        _text(tags, wanted.get("key")) == wanted.get("value")
        for _, wanted in items(selection.properties, "selectionTags")
    )


def _known(selection: Resource, key: str) -> list[str]:
    """The patterns that are known; one that is not known yet comes from a resource, which the references name."""
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
