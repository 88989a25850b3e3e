"""Definitions of custom resources, and the objects of kinds that no row describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from ..schema import UnknownTypeError, schema
from .formats import LABEL, SUBDOMAIN, format_rule
from .objects import INVALID, immutable, items, mapping, name_of, namespace_exists, object_row
from .sources import docs, validation

_VALIDATION = validation("apiextensions/validation/validation.go")
_SCOPES = ("Cluster", "Namespaced")


@rule("definition-name", Stage.PLAN, source=_VALIDATION)
def _name(call: Call) -> Iterator[Rejection]:
    group, plural = call.get("spec.group"), call.get("spec.names.plural")
    name = name_of(call.inputs)
    if all(isinstance(each, str) for each in (name, group, plural)) and name != f"{plural}.{group}":
        yield Rejection("metadata.name", f"it must be spec.names.plural+'.'+spec.group (got '{name}').", INVALID)


@rule("definition-versions", Stage.PLAN, source=_VALIDATION)
def _versions(call: Call) -> Iterator[Rejection]:
    versions = call.get("spec.versions")
    entries = [mapping(each) for each in items(versions)]
    if not isinstance(versions, list) or UNKNOWN in versions:
        return
    stored = [each.get("storage") for each in entries]
    if UNKNOWN not in stored and stored.count(True) != 1:
        yield Rejection(
            "spec.versions",
            f"it must have exactly one version marked as storage version (got {stored.count(True)}).",
            INVALID,
        )
    for name, count in Counter(str(each.get("name")) for each in entries).items():
        if count > 1:
            yield Rejection("spec.versions", f"it must contain unique version names (got {name} twice).", INVALID)
    for at, each in located(call.inputs, "spec.versions[*]"):
        document = mapping(mapping(each).get("schema")).get("openAPIV3Schema")
        if UNKNOWN in (mapping(each).get("schema"), document):
            continue
        if document is None:
            yield Rejection(f"{at}.schema.openAPIV3Schema", "schemas are required.", INVALID)
        elif mapping(document).get("type") not in ("object", UNKNOWN):
            yield Rejection(f"{at}.schema.openAPIV3Schema.type", "it must be object at the root.", INVALID)


def default_row(token: str) -> Behaviour | None:
    """Return what holds for the objects of any kind: names, labels, and a namespace that exists if one is given."""
    try:
        inputs = schema(token).inputs
    except UnknownTypeError:
        inputs = None
    if inputs is not None and not {"apiVersion", "kind", "metadata"} <= inputs.keys():
        return None  # a component or a chart
    if token.endswith(("Patch", "List")):
        return None
    row = object_row(token, source=docs("reference/using-api/api-concepts/"), namespaced=False)
    return replace(row, rules=(*row.rules, namespace_exists))


DEFAULT_ROW = default_row

BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        source=docs("tasks/extend-kubernetes/custom-resources/custom-resource-definitions/"),
        rules=(
            _name,
            _versions,
            format_rule(
                {"spec.group": SUBDOMAIN, "spec.names.plural": LABEL, "spec.versions[*].name": LABEL}, _VALIDATION
            ),
            immutable("spec.scope", "spec.group", "spec.names.plural", "spec.names.kind", source=_VALIDATION),
        ),
        namespaced=False,
        enums={"spec.scope": _SCOPES},
    ),
)
