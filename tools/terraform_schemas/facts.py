"""Turns the attributes of a Terraform resource into facts about the inputs of its Pulumi type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from botocore.loaders import Loader

from tierup.sandbox.aws.api_models import limits_of
from tierup.sandbox.limits import Limit
from tierup.sandbox.schema import TypeSchema

from .mapping import flat, paths

_REFERENCE = re.compile(
    r"(?:[a-z0-9](?:Ids?|Arns?|Identifiers?|Names?|Uris?|Urls?)|^(?:id|arn|identifier))(?:\[\*\])*$"
)
_INDEXES = re.compile(r"\[\*\]")
_ENUM = re.compile(r"(?:(?P<package>\w+)\.)?(?P<shape>\w+?)(?:_Values)?\]?$")

_FORMATS: Mapping[str, str] = {
    "verify.ValidARN": "arn",
    "verify.ValidAccountID": "account",
    "validation.IsPortNumber": "port",
    "verify.ValidCIDRNetworkAddress": "network",
    "verify.ValidIPv4CIDRNetworkAddress": "network4",
    "verify.ValidIPv6CIDRNetworkAddress": "network6",
    "validation.IsCIDR": "cidr",
    "validation.IsIPAddress": "address",
    "validation.IsIPv4Address": "address4",
    "validation.IsIPv6Address": "address6",
    "validation.IsRFC3339Time": "time",
    "validation.IsURLWithHTTPS": "https",
    "validation.StringIsJSON": "json",
    "verify.ValidIAMPolicyJSON": "json",
    "verify.ValidOnceAWeekWindowFormat": "weekly",
    "verify.ValidOnceADayWindowFormat": "daily",
}
"""The names of validators in Go, each with the name of its check in tierup/sandbox/terraform_schemas/formats.py."""


def facts(resource: Mapping[str, Any], schema: TypeSchema) -> dict[str, Any]:
    """Return the facts of one type, without those that are empty."""
    found = paths(resource["fields"], schema)
    names = {terraform: pulumi for terraform, (pulumi, _) in found.items()}
    inputs = {
        terraform: (pulumi, each)
        for terraform, (pulumi, each) in found.items()
        if each.get("required") or each.get("optional")
    }
    bare = [(_INDEXES.sub("", pulumi), each) for pulumi, each in inputs.values()]
    return {
        key: value
        for key, value in {
            "framework": bool(resource.get("framework")) or schema.token.startswith("cloudflare:"),
            "replaces": sorted({path for path, each in bare if each.get("replaces")}),
            "fixed": sorted({path for path, each in bare if each.get("fixed")}),
            "keeps": sorted({path for path, each in bare if each.get("computed")}),
            "defaults": {path: each["default"] for path, each in bare if each.get("default") is not None},
            "conflicts": _groups(inputs, names, "conflicts"),
            "exactlyOne": _groups(inputs, names, "exactlyOne"),
            "atLeastOne": _groups(inputs, names, "atLeastOne"),
            "requires": _groups(inputs, names, "requires"),
            "limits": dict(_limits(inputs.values(), resource["from"], schema.token)),
            "counts": {
                pulumi.removesuffix("[*]"): [each.get("minItems") or 0, each.get("maxItems")]
                for pulumi, each in inputs.values()
                if pulumi.endswith("[*]") and (each.get("minItems") or each.get("maxItems"))
            },
        }.items()
        if value
    }


def _groups(inputs: Mapping[str, tuple[str, Any]], names: Mapping[str, str], kind: str) -> list[dict[str, Any]]:
    """Return the sets of inputs that exclude or require each other, by the object that contains them.

    The first of each set of kind "requires" is the input that requires the others; a conflict is one of two inputs.
    """
    seen: dict[tuple[str, frozenset[str], str], dict[str, Any]] = {}
    for terraform, (pulumi, attribute) in inputs.items():
        if not attribute.get(kind):
            continue
        others = [_other(terraform, each, names) for each in attribute[kind]]
        if kind == "conflicts":
            groups = [[pulumi, each] for each in others if each is not None and each != pulumi]
        elif None in others:
            continue  # an input that the Pulumi type does not have
        elif kind == "requires":
            groups = [[pulumi, *(each for each in others if each and each != pulumi)]]
        else:
            groups = [list(dict.fromkeys([pulumi, *filter(None, others)]))]
        for group in groups:
            if len(group) < 2:
                continue
            parent = pulumi.rpartition(".")[0]
            inside = all(each.startswith(f"{parent}.") for each in group) if parent else True
            if not inside and (kind != "conflicts" or any("[*]" in each for each in group)):
                continue
            cut = len(parent) + 1 if parent and inside else 0
            relative = [each[cut:] for each in group]
            if any("[*]." in each for each in relative):
                continue
            relative = [each.removesuffix("[*]") for each in relative]
            within = parent if cut else ""
            if kind != "requires":
                relative = sorted(relative)
            key = (within, frozenset(relative), relative[0] if kind == "requires" else "")
            seen[key] = {"in": within, "paths": relative} if within else {"paths": relative}
    return list(seen.values())


def _other(own: str, path: str, names: Mapping[str, str]) -> str | None:
    """Return the Pulumi path of the Terraform path that an attribute names; "^" leads to the parent."""
    if path.startswith("^"):
        parent = own
        while path.startswith("^"):
            parent, path = parent.rpartition(".")[0], path[1:]
        path = f"{parent}.{path}" if parent else path
    return names.get(re.sub(r"\.\d+(?=\.|$)", "", path))


def _limits(inputs: Iterable[tuple[str, Any]], folder: str, token: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the limits by path, without those that the API model states, too: AWS raises them."""
    of_model = limits_of(token) if token.startswith("aws:") else {}
    for path, attribute in inputs:
        limit = _limit(attribute, folder)
        if _REFERENCE.search(path) and not _is_own_name(path, token):
            limit = {key: value for key, value in limit.items() if key not in ("patterns", "shortest", "longest")}
        model = of_model.get(path, Limit())
        for bounds, own in ((("low", "high"), (model.low, model.high)), (("shortest", "longest"), (model.longest,))):
            if any(each is not None for each in own):
                limit = {key: value for key, value in limit.items() if key not in bounds}
        if limit:
            yield path, limit


def _is_own_name(path: str, token: str) -> bool:
    """Return whether an input is the name of the resource itself ("clusterIdentifier" of a cluster).

    The ids that the sandbox makes have their own form, so what refers to another resource has no pattern and length.
    """
    kind = flat(token.rpartition(":")[2])
    return "." not in path and flat(re.sub(r"(?:Name|Identifier|Id)$", "", path)) in (kind, kind.removeprefix("db"))


def _limit(attribute: Mapping[str, Any], folder: str) -> dict[str, Any]:
    found = {key: attribute[key] for key in ("low", "high", "shortest", "longest") if attribute.get(key) is not None}
    named = attribute.get("named", ())
    values = list(attribute.get("values", ()))
    if attribute.get("enum"):
        values = [*values, *_enumeration(attribute["enum"], folder)]
    if values and not any(each.startswith("value:") for each in named):
        found["values"] = values
        if attribute.get("anyCase"):
            found["anyCase"] = True
    if patterns := [each for each in attribute.get("patterns", ()) if _compiles(each)]:
        found["patterns"] = patterns
    formats = sorted({_FORMATS[each] for each in named if each in _FORMATS})
    if formats:
        found["formats"] = formats
    return found


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return "[:" not in pattern and "\\p{" not in pattern and "\\z" not in pattern


_SERVICES: Mapping[str, str] = {
    "configservice": "config",
    "deploy": "codedeploy",
    "elasticsearch": "es",
    "sfn": "stepfunctions",
}
"""Folders of the provider whose service has another name in botocore."""


@cache
def _services() -> Mapping[str, str]:
    return {re.sub(r"[^a-z0-9]", "", each): each for each in Loader().list_available_services("service-2")}


@cache
def _shapes(service: str) -> Mapping[str, Any]:
    return Loader().load_service_model(service, "service-2")["shapes"]


def _enumeration(name: str, folder: str) -> Iterator[str]:
    """Yield today's values of an enumeration of an AWS SDK: "lambda.FunctionUrlAuthType_Values"."""
    inner = name.partition("[")[2].rstrip("]") or name
    match = _ENUM.search(inner)
    if match is None:
        return
    service = _services().get(_SERVICES.get(folder, folder))
    shape = _shapes(service).get(match["shape"], {}) if service is not None else {}
    yield from shape.get("enum", ())
