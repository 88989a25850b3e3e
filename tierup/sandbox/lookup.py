"""Answers the functions that look up an existing resource ("aws:eks/getCluster:getCluster"), from the schema alone.

The arguments of such a function select resources: by id, by a property of the same name, by tags and by AWS filters.
Its result has the properties of the resource found, in the types that the SDK declares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from .cloud import Cloud, CloudResource
from .outputs import plausible_value
from .schema import FunctionSchema, TypeExpression, UnknownTypeError, function_schema, sdk

_FILTERS = {"cidr": "cidrBlock", "group-name": "name", "is-default": "default", "isDefault": "default"}
"""AWS filter names that are no property name in kebab case."""
_ARGUMENTS = {"domain": "domainName"}
"""Arguments that are not named as the property of the resource."""


_NAMES = {"Vpc": "VPC"}


class LookupFailedError(LookupError):
    """No resource matches, or several do; the message says so."""


def resource_type(token: str) -> str | None:
    """Return the type that a function looks up: "aws:eks/cluster:Cluster" for "aws:eks/getCluster:getCluster"."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")[0].rpartition("/")
    if not name.startswith("get") or len(name) < 4:
        return None
    name = name.removeprefix("get")
    found = f"{package}:{module}/{name[0].lower()}{name[1:]}:{name}"
    try:
        return found if found in sdk(package).tokens else None
    except UnknownTypeError:
        return None


def look_up(token: str, arguments: Mapping[str, Any], cloud: Cloud, account: str, region: str) -> Mapping[str, Any]:
    """Return the result of a function that looks up one resource. Raises LookupFailedError."""
    type = resource_type(token)
    if type is None:
        raise LookupFailedError(f"{token} looks up no resource type.")
    found = list(matching(type, arguments, cloud, account, str(arguments.get("region") or region)))
    what = _described(type)
    if not found:
        given = next((f": '{value}'" for value in arguments.values() if isinstance(value, str)), "")
        raise LookupFailedError(
            f"no matching {what} found{given}. Create it, or add it with `tierup sandbox seed {type} ID`."
        )
    if len(found) > 1 and not arguments.get("mostRecent"):
        raise LookupFailedError(
            f"multiple {what}s matched ({', '.join(each.id for each in found)}). Use more criteria."
        )
    return describe(found[-1], function_schema(token), arguments)


def _described(type: str) -> str:
    """Return the name of a type as the AWS provider's errors have it: "EC2 VPC"."""
    package, path, name = type.split(":")
    module = path.partition("/")[0]
    return f"{module.upper()} {_NAMES.get(name, name)}" if package == "aws" else name


def matching(
    type: str, arguments: Mapping[str, Any], cloud: Cloud, account: str, region: str
) -> Iterator[CloudResource]:
    """Yield the resources of a type, in an account and region, that match a function's arguments."""
    for resource in cloud.find(type):
        if resource.account == account and resource.region in (region, "") and _matches(resource, arguments):
            yield resource


def _matches(resource: CloudResource, arguments: Mapping[str, Any]) -> bool:
    for name, wanted in arguments.items():
        if name == "region" or wanted is None:
            continue
        if name == "tags":
            if any(_tags(resource).get(key) != value for key, value in wanted.items()):
                return False
        elif name in ("filters", "filter"):
            if not all(_matches_filter(resource, each) for each in (wanted if isinstance(wanted, list) else [wanted])):
                return False
        elif isinstance(wanted, (str, int, float)) and not _matches_argument(resource, name, wanted):
            return False
    return True


def _matches_argument(resource: CloudResource, name: str, wanted: Any) -> bool:
    if name == "default":
        return resource.outputs.get("default", False) == wanted
    if isinstance(wanted, bool):
        return True  # an option, such as mostRecent
    name = _ARGUMENTS.get(name, name)
    if name == "id":
        return resource.id == wanted
    kind = resource.type.rpartition(":")[2]
    for suffix in ("Id", "Identifier", "Name", "Arn"):  # loadBalancerArn, functionName
        if name not in resource.outputs and name.lower() == f"{kind}{suffix}".lower():
            name = {"Identifier": "identifier"}.get(suffix, suffix.lower())
    value = resource.id if name == "id" else resource.outputs.get(name)
    return value is None or str(value).rstrip(".") == str(wanted).rstrip(".") or resource.id == wanted


def _matches_filter(resource: CloudResource, given: Mapping[str, Any]) -> bool:
    name, values = str(given.get("name") or ""), [str(each) for each in given.get("values") or ()]
    if not name:  # Cloudflare's filter is an object of properties
        return all(resource.outputs.get(key) == value for key, value in given.items())
    if name.startswith("tag:"):
        value = _tags(resource).get(name.removeprefix("tag:"))
    else:
        last = name.rpartition(".")[2]  # attachment.vpc-id
        key = _FILTERS.get(last) or re.sub(r"-(\w)", lambda found: found.group(1).upper(), last)
        kind = resource.type.rpartition(":")[2].lower()
        by_id = key == "id" or key.lower() in (f"{kind}id", "groupid" if kind == "securitygroup" else "")
        value = resource.id if by_id else resource.outputs.get(key, False if key == "default" else None)
        if value is None and key == "state":
            value = "available"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return value is not None and any(fnmatchcase(text, each) for each in values)


def _tags(resource: CloudResource) -> Mapping[str, Any]:
    return resource.outputs.get("tagsAll") or resource.outputs.get("tags") or {}


def describe(
    resource: CloudResource, schema: FunctionSchema, arguments: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the result of a function about a resource, in the types of the function's schema."""
    given = arguments or {}
    described: dict[str, Any] = {}
    for name, kind in schema.result.items():
        value = resource.id if name == "id" else _tags(resource) if name == "tags" else resource.outputs.get(name)
        if value is None and isinstance(given.get(name), (str, bool, int, float)):
            value = given[name]
        described[name] = _fitted(value, kind, name, resource.id, schema)
    return described


def plausible_answer(token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a function that looks up no resource, by its schema alone. Raises UnknownTypeError.

    A result of the same name as an argument has its value; others are plausible values of their types.
    """
    shape, given = function_schema(token), json.dumps(arguments, sort_keys=True, default=str)
    answer: dict[str, Any] = {}
    for name, kind in shape.result.items():
        own = arguments.get(name)
        answer[name] = own if own is not None else plausible_value(f"{token}/{given}", shape.objects, name, kind)
    return answer


def _fitted(value: Any, kind: TypeExpression, name: str, seed: str, schema: FunctionSchema) -> Any:
    """Return a value in a type; a result has a list where the resource has one object."""
    if value is None:
        return plausible_value(seed, schema.objects, name, kind)
    if isinstance(kind, list) and kind[0] == "list" and not isinstance(value, list):
        return [value]
    if isinstance(kind, list) and kind[0] == "object" and isinstance(value, list):
        return value[0] if value else plausible_value(seed, schema.objects, name, kind)
    if kind == "string" and not isinstance(value, str):
        return str(value)
    return value
