"""Namespaces, service accounts, config maps and secrets."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule
from .formats import config_key
from .objects import (
    CONFIG_MAP,
    FORBIDDEN,
    INVALID,
    NAMESPACE,
    SECRET,
    SERVICE_ACCOUNT,
    mapping,
    object_row,
)
from .sources import docs, provider, validation

_LEVELS = ("privileged", "baseline", "restricted")
_POD_SECURITY = "pod-security.kubernetes.io/"
_VERSION = re.compile(r"latest|v1\.(0|[1-9]\d*)")
_REQUIRED_KEYS: Mapping[str, tuple[str, ...]] = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_BASIC_AUTH = ("username", "password")
_ACCOUNT = "kubernetes.io/service-account.name"
_LARGEST_BYTES = 1_048_576  # of the values of a config map or secret


@rule("pod-security-labels", Stage.PLAN, source=docs("concepts/security/pod-security-admission/"))
def _levels(call: Call) -> Iterator[Rejection]:
    for key, value in mapping(mapping(call.inputs.get("metadata")).get("labels")).items():
        if not key.startswith(_POD_SECURITY) or not isinstance(value, str):
            continue
        if not key.endswith("-version") and value not in _LEVELS:
            yield Rejection(f"metadata.labels.{key}", f"must be one of {', '.join(_LEVELS)} (got '{value}').", INVALID)
        if key.endswith("-version") and not _VERSION.fullmatch(value):
            yield Rejection(f"metadata.labels.{key}", f"must be latest or v1.x (got '{value}').", INVALID)


@rule("object-data", Stage.PLAN, source=validation("core/validation/validation.go"))
def _data(call: Call) -> Iterator[Rejection]:
    size = 0
    for key in sorted(set(mapping(call.inputs.get("data"))) & set(mapping(call.inputs.get("binaryData")))):
        yield Rejection(f"data.{key}", "binaryData has the same key.", INVALID)
    for part in ("data", "stringData", "binaryData"):
        for key, value in mapping(call.inputs.get(part)).items():
            if error := config_key(key):
                yield Rejection(f"{part}.{key}", error, INVALID)
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


@rule("secret-type", Stage.PLAN, source=validation("core/validation/validation.go"))
def _type(call: Call) -> Iterator[Rejection]:
    data, kind = {**mapping(call.inputs.get("data")), **mapping(call.inputs.get("stringData"))}, call.get("type")
    if UNKNOWN in (call.inputs.get("data"), call.inputs.get("stringData"), kind):
        return
    for key in _REQUIRED_KEYS.get(str(kind), ()):
        if key not in data:
            yield Rejection(f"data.{key}", f"it is required for the type {kind}.", INVALID)
    if kind == "kubernetes.io/basic-auth" and not set(_BASIC_AUTH) & set(data):
        yield Rejection("data", f"{' or '.join(_BASIC_AUTH)} is required for the type {kind}.", INVALID)
    document = mapping(call.inputs.get("stringData")).get(".dockerconfigjson")
    if kind == "kubernetes.io/dockerconfigjson" and isinstance(document, str):
        try:
            json.loads(document)
        except ValueError:
            yield Rejection("data..dockerconfigjson", "it is no JSON.", INVALID)
    annotations = mapping(mapping(call.inputs.get("metadata")).get("annotations"))
    if kind == "kubernetes.io/service-account-token" and not annotations.get(_ACCOUNT):
        yield Rejection(f"metadata.annotations.{_ACCOUNT}", f"it is required for the type {kind}.", INVALID)


@rule("immutable-data", Stage.UPDATE, source=validation("core/validation/validation.go"))
def _immutable(call: Call) -> Iterator[Rejection]:
    if (call.old or {}).get("immutable") is True and call.inputs.get("immutable") is not True:
        yield Rejection("immutable", "field is immutable when `immutable` is set.", FORBIDDEN)


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
        CONFIG_MAP,
        source=_MUTABLE,
        replaces=("data", "binaryData"),
        rules=(_data, _immutable),
    ),
    object_row(
        SECRET,
        source=_MUTABLE,
        replaces=("data", "stringData", "type"),
        rules=(_data, _type, _immutable),
        secrets=frozenset({"data", "stringData"}),
    ),
)
