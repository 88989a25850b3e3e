"""DynamoDB: tables, their keys and indexes, and items."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Rejection, Stage, located, rule
from .kms import key_exists
from .network import APPLY
from .same_scope import known
from .sources import FORCE_NEW, api, schema_of, sdk, unread

TABLE = "aws:dynamodb/table:Table"
_INDEXES = ("globalSecondaryIndexes", "localSecondaryIndexes")
_KEYS = (
    "hashKey",
    "rangeKey",
    *(f"{each}[*].{key}" for each in _INDEXES for key in ("hashKey", "rangeKey")),
    *(f"{_INDEXES[0]}[*].keySchemas[*].attributeName",),
)


_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})


def _holds_unknown(call: Call) -> bool:
    paths = ("attributes", "attributes[*]", "attributes[*].name", *_INDEXES, *(f"{each}[*]" for each in _INDEXES))
    return any(value is UNKNOWN for path in (*paths, *_KEYS) for _, value in located(call.inputs, path))


@rule(
    "table-attributes-are-keys",
    Stage.PLAN,
    source=schema_of("dynamodb/table.go"),
)
def _attributes(call: Call) -> Iterator[Rejection]:
    if call.get("restoreSourceName") or call.get("restoreSourceTableArn") or _holds_unknown(call):
        return
    defined = [str(name) for _, name in located(call.inputs, "attributes[*].name")]
    used = {str(key): path for path in _KEYS for path, key in located(call.inputs, path)}
    if call.get("hashKey") is None:
        yield Rejection("hashKey", "a table requires hashKey, an attribute of type B, N or S")
    for key, path in sorted(used.items()):
        if key not in defined:
            yield Rejection(path, f"all indexes must match a defined attribute (got '{key}'). Add it to attributes.")
    unused = sorted(set(defined) - set(used))
    if unused:
        yield Rejection(
            "attributes",
            f"all attributes must be indexed (unused: {', '.join(unused)}). Define only the attributes of keys.",
        )


@rule("table-capacity-fits-billing-mode", Stage.PLAN, source=api("dynamodb", "CreateTable"))
def _capacity(call: Call) -> Iterator[Rejection]:
    mode = call.get("billingMode", "PROVISIONED")
    if mode == "PROVISIONED":
        for path in ("readCapacity", "writeCapacity"):
            value = call.get(path)
            if value is None or (isinstance(value, (int, float)) and value < 1):
                yield Rejection(path, f"{path} must be at least 1 when billingMode is PROVISIONED (got {value or 0})")


@rule("table-stream", Stage.PLAN, source=api("dynamodb", "StreamSpecification"))
def _stream(call: Call) -> Iterator[Rejection]:
    if call.get("streamEnabled") is True and call.get("streamViewType") is None:
        yield Rejection("streamViewType", "required when streamEnabled is true")


@rule("indexes-of-table", Stage.PLAN, source=unread("dynamodb", "CreateTable: GlobalSecondaryIndexes"))
def _indexes(call: Call) -> Iterator[Rejection]:
    names: list[Any] = []
    provisioned = call.get("billingMode", "PROVISIONED") == "PROVISIONED"
    for path in ("globalSecondaryIndexes[*]", "localSecondaryIndexes[*]"):
        for at, index in located(call.inputs, path):
            if not isinstance(index, dict):
                continue
            name = index.get("name")
            if name is not UNKNOWN and name in names:
                yield Rejection(f"{at}.name", f"Duplicate index name: {name}", "ValidationException")
            names.append(name)
            missing = [key for key in ("readCapacity", "writeCapacity") if index.get(key) is None]
            if path.startswith("global") and provisioned and missing:
                yield Rejection(
                    f"{at}.{missing[0]}", f"It must be set for an index of a provisioned table (got none for {name}).",
                    "ValidationException",
                )  # fmt: skip


@rule("table-key-exists", *APPLY, source=unread("dynamodb", "SSESpecification: KMSMasterKeyId"))
def _no_key_without_encryption(call: Call) -> Iterator[Rejection]:
    if call.get("serverSideEncryption.kmsKeyArn") and call.get("serverSideEncryption.enabled") is False:
        yield Rejection(
            "serverSideEncryption.kmsKeyArn", "A key requires that encryption is enabled.", "ValidationException"
        )


@rule("item-is-json", Stage.PLAN, source=schema_of("dynamodb/table_item.go"))
def _item(call: Call) -> Iterator[Rejection]:
    text = known(call, "item")
    if not isinstance(text, str):
        return
    try:
        item = json.loads(text)
    except ValueError as error:
        yield Rejection("item", f"the item is not JSON: {error}", "ValidationException")
        return
    for path in ("hashKey", "rangeKey"):
        key = known(call, path)
        if isinstance(key, str) and isinstance(item, dict) and key not in item:
            yield Rejection(
                "item", f"the item lacks the attribute of {path} (got none for '{key}').", "ValidationException"
            )


@rule("item-attributes-have-types", Stage.PLAN, source=unread("dynamodb", "AttributeValue"))
def _item_types(call: Call) -> Iterator[Rejection]:
    try:
        item = json.loads(str(known(call, "item", "{}")))
    except ValueError:
        return  # another rule rejects text that is not JSON
    for name, value in item.items() if isinstance(item, dict) else ():
        if not isinstance(value, dict) or len(value) != 1 or not set(value) <= _TYPES:
            yield Rejection(
                "item", f"The value of '{name}' must be an object with its type, such as {{\"S\": \"a\"}}.",
                "ValidationException",
            )  # fmt: skip


def _stream_arn(call: Call) -> str:
    return f"{call.outputs['arn']}/stream/2026-11-28T00:00:00.000" if call.get("streamEnabled") is True else ""


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TABLE,
        source=sdk("dynamodb/table"),
        id="{name}",
        outputs={
            "arn": "arn:aws:dynamodb:{region}:{account}:table/{id}",
            "billingMode": "PROVISIONED",
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": False, "recoveryPeriodInDays": 0},
            "readCapacity": 0,
            "streamArn": _stream_arn,
            "streamEnabled": False,
            "streamLabel": lambda call: "2026-11-28T00:00:00.000" if call.get("streamEnabled") is True else "",
            "streamViewType": "",
            "tableClass": "STANDARD",
            "ttl": {"attributeName": "", "enabled": False},
            "writeCapacity": 0,
        },
        replaces=frozenset(
            {"hashKey", "importTable", "localSecondaryIndexes", "name", "rangeKey", "restoreSourceName",
             "restoreSourceTableArn", "restoreDateTime", "restoreToLatestTime"}
        ),
        replace_source=FORCE_NEW,
        enums={
            "attributes[*].type": ("B", "N", "S"),
            "billingMode": ("PROVISIONED", "PAY_PER_REQUEST"),
            "globalSecondaryIndexes[*].projectionType": ("ALL", "INCLUDE", "KEYS_ONLY"),
            "localSecondaryIndexes[*].projectionType": ("ALL", "INCLUDE", "KEYS_ONLY"),
            "streamViewType": ("KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE"),
            "tableClass": ("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
        },
        name=Name(
            longest=255,
            shortest=3,
            pattern=r"[a-zA-Z0-9_.-]+",
            allowed="letters, digits, '_', '.' and '-'",
            taken="ResourceInUseException",
            source=api("dynamodb", "TableName"),
        ),
        rules=(
            _attributes, _capacity, _stream, _indexes, _no_key_without_encryption,
            key_exists("serverSideEncryption.kmsKeyArn", "ValidationException"),
        ),
    ),
)  # fmt: skip

PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type="aws:dynamodb/tableItem:TableItem", source=sdk("dynamodb/tableitem"), rules=(_item, _item_types)),
)
