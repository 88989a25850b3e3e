"""Namespaces, service accounts, services, config maps and secrets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule
from .objects import (
    CONFIG_MAP,
    INVALID,
    NAMESPACE,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    items,
    label_errors,
    mapping,
    object_row,
)
from .sources import docs, provider, validation

_LEVELS = ("privileged", "baseline", "restricted")
_POD_SECURITY = "pod-security.kubernetes.io/"
_SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")
_LARGEST_BYTES = 1_048_576  # of the values of a config map or secret


@rule("pod-security-labels", Stage.PLAN, source=docs("concepts/security/pod-security-admission/"))
def _levels(call: Call) -> Iterator[Rejection]:
    for key, value in mapping(mapping(call.inputs.get("metadata")).get("labels")).items():
        names_level = key.startswith(_POD_SECURITY) and not key.endswith("-version")
        if names_level and value is not UNKNOWN and value not in _LEVELS:
            yield Rejection(f"metadata.labels.{key}", f"must be one of {', '.join(_LEVELS)} (got '{value}').", INVALID)


@rule("service-ports", Stage.PLAN, source=validation("core/validation/validation.go"))
def _ports(call: Call) -> Iterator[Rejection]:
    spec = mapping(call.inputs.get("spec"))
    kind, ports = spec.get("type", "ClusterIP"), items(spec.get("ports"))
    if kind is not UNKNOWN and kind not in _SERVICE_TYPES:
        yield Rejection(
            "spec.type", f"unsupported value (got '{kind}'). Supported values: {', '.join(_SERVICE_TYPES)}.", INVALID
        )
    if not ports and spec.get("ports") is not UNKNOWN and kind != "ExternalName" and spec.get("clusterIP") != "None":
        yield Rejection("spec.ports", "it is required.", INVALID)
    names = [mapping(port).get("name") for port in ports]
    for index, port in enumerate(ports):
        number = mapping(port).get("port")
        if isinstance(number, (int, float)) and not 1 <= number <= 65_535:
            yield Rejection(
                f"spec.ports[{index}].port", f"out of range (got {number:g}). Allowed are 1 to 65535.", INVALID
            )
        if len(ports) > 1 and names[index] is None:
            yield Rejection(f"spec.ports[{index}].name", "it is required if there are several ports.", INVALID)
        if names[index] is not None and names.index(names[index]) != index:
            yield Rejection(f"spec.ports[{index}].name", f"duplicate value '{names[index]}'.", INVALID)
    for key, error in label_errors(spec.get("selector")):
        yield Rejection(f"spec.selector.{key}", error, INVALID)


@rule("object-data", Stage.PLAN, source=validation("core/validation/validation.go"))
def _data(call: Call) -> Iterator[Rejection]:
    size = 0
    for part in ("data", "stringData", "binaryData"):
        for key, value in mapping(call.inputs.get(part)).items():
            if not isinstance(value, str):
                continue
            size += len(value.encode())
            if part == "binaryData" or (part == "data" and call.type == SECRET):
                try:
                    base64.b64decode(value, validate=True)
                except (binascii.Error, ValueError):
                    yield Rejection(f"{part}.{key}", "it is not encoded in base64.", INVALID)
    if size > _LARGEST_BYTES:
        yield Rejection("data", f"too long (got {size} bytes). Allowed are {_LARGEST_BYTES} at most.", INVALID)


_MUTABLE = provider("provider/provider.go")  # enableConfigMapMutable and enableSecretMutable are off by default

BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        NAMESPACE,
        source=docs("concepts/overview/working-with-objects/namespaces/"),
        rules=(_levels,),
        namespaced=False,
        status={"phase": "Active"},
    ),
    object_row(SERVICE_ACCOUNT, source=docs("concepts/security/service-accounts/")),
    object_row(
        SERVICE,
        source=docs("concepts/services-networking/service/"),
        replaces=("spec.clusterIP",),
        rules=(_ports,),
        status={"loadBalancer": {}},
    ),
    object_row(
        CONFIG_MAP,
        source=_MUTABLE,
        replaces=("data", "binaryData"),
        rules=(_data,),
    ),
    object_row(
        SECRET,
        source=_MUTABLE,
        replaces=("data", "stringData", "type"),
        rules=(_data,),
        secrets=frozenset({"data", "stringData"}),
    ),
)
