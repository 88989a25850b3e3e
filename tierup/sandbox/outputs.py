"""Computes what a real cloud would return: names, ids and computed outputs, from the behaviour rows."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Name, SandboxDefectError, Template, digest
from tierup.sandbox.schema import TypeSchema

_RANDOM_DIGITS = 7  # as in the Terraform bridge's autonaming
_PREFIXED_DIGITS = 26  # after a name prefix, as in terraform-plugin-sdk's id.PrefixedUniqueId
_BRACES = re.compile(r"\{([^{}]+)\}")


class NameTooLongError(ValueError):
    """A logical name is too long for an autoname."""


def automatic_name(logical_name: str, name: Name, seed: bytes) -> str:
    """Return the autoname of a bridged provider: the logical name, "-" and seven hex digits.

    With the engine's seed, preview and up return the same name. Raises NameTooLongError.
    """
    room = name.longest - _RANDOM_DIGITS - 1
    if len(logical_name) > room:
        raise NameTooLongError(
            f"the logical name is too long for an automatic {name.property} (got '{logical_name}',"
            f" {len(logical_name)} characters). Allowed are {room} at most, because {name.property} has at most"
            f" {name.longest} and {_RANDOM_DIGITS + 1} are the random suffix. Shorten the name or set {name.property}."
        )
    if seed:
        tail = hashlib.sha256(seed + logical_name.encode()).hexdigest()[:_RANDOM_DIGITS]
    else:
        tail = secrets.token_hex(4)[:_RANDOM_DIGITS]
    return f"{logical_name}-{tail}"


def resource_id(call: Call, behaviour: Behaviour | None) -> str:
    """Return the id of a new resource."""
    add_generated_name(call, behaviour)
    return str(render(call, behaviour.id)) if behaviour else f"{call.name}-{call.hex(7)}"


def add_generated_name(call: Call, behaviour: Behaviour | None) -> None:
    """Add the physical name to the inputs of a call whose program gives only a prefix, as the provider does.

    A new resource gets a random name; an existing one keeps its name.
    """
    name = behaviour.name.property if behaviour is not None and behaviour.name is not None else "name"
    prefix = call.inputs.get(f"{name}Prefix")
    if not isinstance(prefix, str) or not prefix or call.inputs.get(name) is not None:
        return
    if call.this is None:
        generated = f"{prefix}{int(call.hex(22), 16) % 10**_PREFIXED_DIGITS:0{_PREFIXED_DIGITS}}"
    else:
        generated = call.this.outputs.get(name)
        call.old = {name: generated, **(call.old or {})}
    call.inputs = {**call.inputs, name: generated}


def created(call: Call, schema: TypeSchema, behaviour: Behaviour | None) -> dict[str, Any]:
    """Return all outputs of a new resource; `call.id` must be set."""
    outputs = call.outputs
    outputs.update(call.inputs)
    _set_common_outputs(call, schema, outputs)
    if behaviour is None:
        for name, kind in schema.outputs.items():
            if name not in outputs:
                outputs[name] = _KNOWN_OUTPUTS.get((call.type, name)) or _plausible(call, schema, name, kind)
    else:
        for name, template in behaviour.outputs.items():
            if name not in outputs:
                _set(outputs, name, render(call, template))
        for name, template in behaviour.derived.items():
            _set(outputs, name, render(call, template))
    return outputs


def planned(call: Call, schema: TypeSchema, behaviour: Behaviour | None) -> dict[str, Any]:
    """Return the outputs of a resource in a preview: computed outputs are UNKNOWN."""
    outputs: dict[str, Any] = dict.fromkeys(schema.outputs, UNKNOWN)
    outputs.update({name: None for name in schema.inputs if name in outputs})
    if behaviour is not None:
        outputs.update({name: UNKNOWN for name in behaviour.outputs if name in outputs})
    outputs.update(call.inputs)
    return outputs


def updated(call: Call, schema: TypeSchema, behaviour: Behaviour | None, *, preview: bool) -> dict[str, Any]:
    """Return all outputs after an update: those of `call.this`, then `call.inputs`, then recomputed derived outputs."""
    assert call.this is not None
    add_generated_name(call, behaviour)
    outputs = call.outputs
    outputs.update({k: v for k, v in call.this.outputs.items() if k not in (call.old or {}) or k in call.inputs})
    outputs.update(call.inputs)
    if behaviour is not None:
        _keep_values(call, behaviour)
    _set_common_outputs(call, schema, outputs)
    if behaviour is None:
        return outputs
    for name in call.old or {}:
        if name not in call.inputs and name in behaviour.outputs and name not in outputs:
            _set(outputs, name, UNKNOWN if preview else render(call, behaviour.outputs[name]))
    unknown = preview and holds_unknown(call.inputs)
    for name, template in behaviour.derived.items():
        value = UNKNOWN if unknown else render(call, template)
        # A derived output that does not change is known at preview; one that changes is not.
        _set(outputs, name, UNKNOWN if preview and value != call.this.outputs.get(name) else value)
    return outputs


def _keep_values(call: Call, behaviour: Behaviour) -> None:
    """Set the outputs of inputs that the program removed and that keep their value, nested ones included."""
    assert call.this is not None
    for path in behaviour.keeps:
        top, _, field = path.partition(".")
        before = call.this.outputs.get(top)
        if not field:
            if top not in call.inputs and before is not None:
                call.outputs[top] = before
        elif isinstance(before, Mapping) and field in before:
            now = call.outputs.get(top)
            if isinstance(now, Mapping) or top not in call.inputs:
                call.outputs[top] = {field: before[field], **(now or {})}
    for path in behaviour.patches_old:
        if call.old is not None and path in call.old:
            call.outputs[path] = call.old[path]


def holds_unknown(value: Any) -> bool:
    """Return whether a plain value is or contains UNKNOWN."""
    if isinstance(value, Mapping):
        return any(holds_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(holds_unknown(inner) for inner in value)
    return value is UNKNOWN


def _set(outputs: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        outputs[name] = value


def _set_common_outputs(call: Call, schema: TypeSchema, outputs: dict[str, Any]) -> None:
    """Set what every AWS resource returns: its region, and its tags merged with the provider's default tags."""
    if "tagsAll" in schema.outputs:
        outputs["tagsAll"] = {**call.default_tags, **(call.inputs.get("tags") or {})}
    if "region" in schema.outputs and call.region:
        outputs["region"] = call.region


_MAX_DEPTH = 4  # of nested objects in plausible outputs; a type may contain itself
_KNOWN_OUTPUTS: Mapping[tuple[str, str], Any] = {
    # Keys of a map are in no schema. https://docs.aws.amazon.com/appsync/latest/devguide/ (from memory)
    ("aws:appsync/graphQLApi:GraphQLApi", "uris"): {
        "GRAPHQL": "https://api.appsync-api.eu-west-1.amazonaws.com/graphql",
        "REALTIME": "wss://api.appsync-realtime-api.eu-west-1.amazonaws.com/graphql",
    },
}


def _plausible(call: Call, schema: TypeSchema, name: str, kind: Any) -> Any:
    """Return a value of the right type for an output that no row describes.

    A computed object has all its fields and a computed list has one element, so that a program can read them. An
    optional input that the program does not set stays empty.
    """
    if name == "arn":
        service, _, rest = call.type.split(":")[1].partition("/")
        return f"arn:aws:{service}:{call.region}:{call.account}:{rest}/{call.id}"
    if isinstance(kind, list) and name in schema.inputs:
        return [] if kind[0] == "list" else None
    inputs = _InputObjects(schema)
    return plausible_value(f"{call.seed}/{call.type}", ChainMap(dict(schema.output_objects), inputs), name, kind)


class _InputObjects(dict[str, Mapping[str, Any]]):
    """The types of the objects that inputs have, read on access."""

    def __init__(self, schema: TypeSchema) -> None:
        super().__init__()
        self._schema = schema

    def __missing__(self, name: str) -> Mapping[str, Any]:
        return {field: known.type for field, known in self._schema.objects.get(name, {}).items()}


def plausible_value(seed: str, objects: Mapping[str, Mapping[str, Any]], name: str, kind: Any, depth: int = 0) -> Any:
    """Return a value of a type: an object has all its fields, and a list has one element."""
    if isinstance(kind, str):
        scalars = {"string": _plausible_text(seed, name), "integer": 0, "number": 0, "boolean": False}
        return scalars.get(kind)
    if kind[0] == "list":
        element = plausible_value(seed, objects, name, kind[1], depth)
        return [] if element is None else [element]
    if kind[0] == "object" and depth < _MAX_DEPTH:
        fields = objects[kind[1]].items()
        return {field: plausible_value(seed, objects, field, inner, depth + 1) for field, inner in fields}
    return {} if kind[0] == "map" else None


def _plausible_text(seed: str, name: str) -> str:
    """Return a text of the form that an input which takes the output checks: an ARN, an account, an address."""
    lower, digits = name.lower(), digest(f"{seed}/{name}", 8)
    if lower.endswith(("arn", "arns")):
        return f"arn:aws:sandbox:eu-west-1:123456789012:{name}/{digits}"
    if lower.endswith(("accountid", "ownerid")):
        return "123456789012"
    if "ipv6" in lower and "cidr" in lower:
        return "2001:db8::/56"
    if lower.endswith(("cidr", "cidrblock", "cidrs", "cidrblocks")):
        return "10.0.0.0/16"
    if lower.endswith(("ipaddress", "ipaddresses", "ipv4", "publicip", "privateip", "privateips", "dnsips")):
        return f"192.0.2.{int(digits[:2], 16)}"
    return f"{name}-{digits}"


def render(call: Call, template: Template | Any) -> Any:
    """Return the value of a behaviour row's template for a call. Raises SandboxDefectError."""
    if callable(template):
        try:
            return template(call)
        except Exception as error:
            raise SandboxDefectError(f"an output of {call.type}", error) from error
    if isinstance(template, str):
        whole = _BRACES.fullmatch(template)
        if whole:
            return _placeholder(call, whole.group(1))
        return _BRACES.sub(lambda found: str(_placeholder(call, found.group(1))), template)
    if isinstance(template, Mapping):
        return {key: render(call, inner) for key, inner in template.items()}
    if isinstance(template, (list, tuple)):
        return [render(call, inner) for inner in template]
    return template


def _placeholder(call: Call, word: str) -> Any:
    word, _, fallback = word.partition("|")
    if word in ("id", "region", "account"):
        return getattr(call, word)
    if word == "name":
        return call.outputs.get("name") or call.inputs.get("name") or call.name
    if word.startswith("hex") and word[3:].isdigit():
        return call.hex(int(word[3:]))
    if word == "uuid":
        digits = digest(f"{call.seed}/{call.type}/uuid", 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    for values in (call.outputs, call.inputs):
        if values.get(word) is not None:
            return values[word]
    return fallback
