"""Makes what a real cloud would answer: names, ids and computed outputs, from the behaviour rows."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Name, Template, digest
from tierup.sandbox.schema import TypeSchema

_RANDOM_DIGITS = 7  # as the Terraform bridge's autonaming
_PREFIXED_DIGITS = 26  # behind a name prefix, as terraform-plugin-sdk's id.PrefixedUniqueId
_BRACES = re.compile(r"\{([^{}]+)\}")


class NameTooLongError(ValueError):
    """A logical name leaves no room for the random part of a physical name."""


def automatic_name(logical_name: str, name: Name, seed: bytes) -> str:
    """The physical name a bridged provider makes of a logical one: "-" and seven hex digits behind it.

    With a seed, as the engine gives one, preview and up make the same name. Raises NameTooLongError.
    """
    room = name.longest - _RANDOM_DIGITS - 1
    if len(logical_name) > room:
        raise NameTooLongError(
            f"no automatic {name.property} can be made of '{logical_name}': it has {len(logical_name)} characters,"
            f" {name.longest} are allowed and {_RANDOM_DIGITS + 1} of them are for '-' and random digits, so {room} at"
            f" most; give the resource a shorter name, or set {name.property}"
        )
    if seed:
        tail = hashlib.sha256(seed + logical_name.encode()).hexdigest()[:_RANDOM_DIGITS]
    else:
        tail = secrets.token_hex(4)[:_RANDOM_DIGITS]
    return f"{logical_name}-{tail}"


def resource_id(call: Call, behaviour: Behaviour | None) -> str:
    """The id of a new resource."""
    if behaviour is not None and behaviour.name is not None:
        name = behaviour.name.property
        prefix = call.inputs.get(f"{name}Prefix")
        if isinstance(prefix, str) and name not in call.inputs:
            call.outputs[name] = f"{prefix}{int(call.hex(22), 16) % 10**_PREFIXED_DIGITS:0{_PREFIXED_DIGITS}}"
    return str(made(call, behaviour.id)) if behaviour else f"{call.name}-{call.hex(7)}"


def created(call: Call, schema: TypeSchema, behaviour: Behaviour | None) -> dict[str, Any]:
    """All outputs of a new resource, `call.id` being set."""
    outputs = call.outputs
    outputs.update(call.inputs)
    _everywhere(call, schema, outputs)
    if behaviour is None:
        for name, kind in schema.outputs.items():
            if name not in outputs:
                outputs[name] = _plausible(call, name, kind)
    else:
        for name, template in behaviour.outputs.items():
            if name not in outputs:
                _set(outputs, name, made(call, template))
        for name, template in behaviour.derived.items():
            _set(outputs, name, made(call, template))
    return outputs


def planned(call: Call, schema: TypeSchema, behaviour: Behaviour | None) -> dict[str, Any]:
    """The outputs of a resource that is only previewed: what the cloud will compute is UNKNOWN."""
    outputs: dict[str, Any] = dict.fromkeys(schema.outputs, UNKNOWN)
    outputs.update({name: None for name in schema.inputs if name in outputs})
    if behaviour is not None:
        outputs.update({name: UNKNOWN for name in behaviour.outputs if name in outputs})
    outputs.update(call.inputs)
    return outputs


def updated(call: Call, schema: TypeSchema, behaviour: Behaviour | None, *, preview: bool) -> dict[str, Any]:
    """All outputs after a change: `call.this` before, `call.inputs` on top, derived values anew."""
    assert call.this is not None
    outputs = call.outputs
    outputs.update({k: v for k, v in call.this.outputs.items() if k not in (call.old or {}) or k in call.inputs})
    outputs.update(call.inputs)
    _everywhere(call, schema, outputs)
    if behaviour is None:
        return outputs
    for name in call.old or {}:
        if name not in call.inputs and name in behaviour.outputs:
            _set(outputs, name, UNKNOWN if preview else made(call, behaviour.outputs[name]))
    unknown = preview and _holds_unknown(call.inputs)
    for name, template in behaviour.derived.items():
        value = UNKNOWN if unknown else made(call, template)
        # What the change leaves as it was is known at preview; what it makes anew, the cloud will say.
        _set(outputs, name, UNKNOWN if preview and value != call.this.outputs.get(name) else value)
    return outputs


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_holds_unknown(inner) for inner in value)
    return value is UNKNOWN


def _set(outputs: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        outputs[name] = value


def _everywhere(call: Call, schema: TypeSchema, outputs: dict[str, Any]) -> None:
    """What every AWS resource answers alike: its region, and its tags with the provider's default ones."""
    if "tagsAll" in schema.outputs:
        outputs["tagsAll"] = {**call.default_tags, **(call.inputs.get("tags") or {})}
    if "region" in schema.outputs and call.region:
        outputs["region"] = call.region


def _plausible(call: Call, name: str, kind: Any) -> Any:
    """A value of the right type for an output that no row describes."""
    if name == "arn":
        service, _, rest = call.type.split(":")[1].partition("/")
        return f"arn:aws:{service}:{call.region}:{call.account}:{rest}/{call.id}"
    return {"string": f"{name}-{call.hex(8, name)}", "integer": 0, "number": 0, "boolean": False}.get(
        kind if isinstance(kind, str) else "", [] if isinstance(kind, list) and kind[0] == "list" else None
    )


def made(call: Call, template: Template | Any) -> Any:
    """What a template of a behaviour row comes to for a call."""
    if callable(template):
        return template(call)
    if isinstance(template, str):
        whole = _BRACES.fullmatch(template)
        if whole:
            return _braced(call, whole.group(1))
        return _BRACES.sub(lambda found: str(_braced(call, found.group(1))), template)
    if isinstance(template, Mapping):
        return {key: made(call, inner) for key, inner in template.items()}
    if isinstance(template, (list, tuple)):
        return [made(call, inner) for inner in template]
    return template


def _braced(call: Call, word: str) -> Any:
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
