"""ECS: the types of the members of container definitions, as AWS's API model states them.

The provider decodes the JSON text into these types, and fails at a member of another type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.loaders import Loader

_UNCHECKED = ("environment", "secrets")
"""Lists of objects whose members other rules check, with their own messages."""
_PLAIN: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


@cache
def _shapes() -> Mapping[str, Any]:
    return Loader().load_service_model("ecs", "service-2")["shapes"]


def type_violations(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members of a container definition that have another type than the model's, without their values."""
    yield from _walk("", "ContainerDefinition", definition)


def _walk(at: str, shape: str, value: Any) -> Iterator[str]:
    model = _shapes()[shape]
    kind = model["type"]
    wanted = _PLAIN.get(kind)
    if value is None or wanted is None:
        return
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{at}: cannot unmarshal {_name(value)} into a value of type {kind}"
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _walk(f"{at}[{index}]", model["member"]["shape"], each)
    elif isinstance(value, dict) and kind == "structure":
        members = {name.lower(): member["shape"] for name, member in model["members"].items()}
        for name, each in value.items():
            inner = members.get(name.lower())
            if name in _UNCHECKED and not at:
                if not isinstance(each, list) or not all(isinstance(entry, dict) for entry in each):
                    yield f"{name}: it must be a list of objects"
            elif inner is not None:
                yield from _walk(f"{at}.{name}" if at else name, inner, each)


def _name(value: Any) -> str:
    names = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return names.get(type(value), "a number")
