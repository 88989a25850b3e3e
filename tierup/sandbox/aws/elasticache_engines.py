"""ElastiCache: engine versions, parameter group families and node types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Call,
    Plain,
    Rejection,
    Stage,
    rule,
)

from .elasticache import CREATE, PROVIDER
from .same_scope import known

ENGINE_VERSIONS: dict[str, tuple[str, ...]] = {
    "redis": ("4.0.10", "5.0.0", "5.0.3", "5.0.4", "5.0.5", "5.0.6", "6.x", "6.0", "6.2", "7.0", "7.1"),
    "valkey": ("7.2", "8.0", "8.1", "8.2", "9.0"),
}
"""The engine versions, by engine; from 7 on without the patch version (assumed: only an API call lists them)."""

PATCHES = {"7.0": "7.0.7", "7.1": "7.1.0", "6.2": "6.2.6", "6.0": "6.0.5", "6.x": "6.2.6", "7.2": "7.2.6"}

NODE_SIZES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("t2", "t3", "t4g"), ("micro", "small", "medium")),
    **dict.fromkeys(("m5", "r5"), ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge")),
    **dict.fromkeys(
        ("m6g", "r6g", "m7g", "r7g"),
        ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    ),
    "r6gd": ("xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "c7gn": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
    "m4": ("large", "xlarge", "2xlarge", "4xlarge", "10xlarge"),
    "r4": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
}
"""The node types of the current generations, by family."""


def engine_of(inputs: Plain) -> str:
    """Return the engine: redis or valkey."""
    return str(inputs.get("engine") or "redis").lower()


def version_of(text: Plain) -> tuple[int, ...]:
    """Return the parts of a version: (7, 1) for "7.1"; "x" counts as higher than any digit."""
    return tuple(int(part) if part.isdigit() else 999 for part in str(text).split("."))


def family_of(engine: str, version: str) -> str:
    """Return the parameter group family of an engine version: redis7, redis6.x, redis5.0, valkey8."""
    major = version.partition(".")[0]
    if engine == "valkey" or int(major) >= 7:
        return f"{engine}{major}"
    return "redis6.x" if major == "6" else f"redis{'.'.join(version.split('.')[:2])}"


@rule("engine-version-is-known", Stage.PLAN, source=PROVIDER)
def engine_version(call: Call) -> Iterator[Rejection]:
    version = known(call, "engineVersion")
    if version is None or call.get("engine") is UNKNOWN:
        return
    engine = engine_of(call.inputs)
    allowed = ENGINE_VERSIONS.get(engine, ())
    if version not in allowed:
        hint = ". From 7 on, omit the patch version" if re.fullmatch(r"[789]\.\d+\.\d+", version) else ""
        yield Rejection(
            "engineVersion",
            f"unknown version of {engine} (got '{version}'). Allowed are {', '.join(allowed)}{hint}.",
            "InvalidParameterValue",
        )


@rule("node-type-is-known", Stage.PLAN, source=CREATE)
def node_type(call: Call) -> Iterator[Rejection]:
    wanted = known(call, "nodeType")
    if call.get("nodeType") is None:
        if call.get("globalReplicationGroupId") is None:
            yield Rejection(
                "nodeType", "nodeType is required. Set for example cache.t4g.small.", "InvalidParameterValue"
            )
        return
    if wanted is None:
        return
    prefix, _, rest = wanted.partition(".")
    family, _, size = rest.partition(".")
    if prefix != "cache" or family not in NODE_SIZES:
        yield Rejection(
            "nodeType",
            f"unknown node type (got '{wanted}'). Write cache.<family>.<size> with one of the families"
            f" {', '.join(NODE_SIZES)}.",
            "InvalidParameterValue",
        )
    elif size not in NODE_SIZES[family]:
        yield Rejection(
            "nodeType",
            f"unknown size of cache.{family} (got '{size}'). Allowed are {', '.join(NODE_SIZES[family])}.",
            "InvalidParameterValue",
        )
    tiered = call.get("dataTieringEnabled")
    if (family == "r6gd") != bool(tiered) and tiered is not UNKNOWN:
        yield Rejection(
            "dataTieringEnabled",
            "data tiering is supported only for r6gd node types, and required for them",
            "InvalidParameterCombination",
        )
