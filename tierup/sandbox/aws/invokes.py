"""Provider functions (data sources) of aws that need no other resource: account, region, zones, managed policies."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from typing import Any

from tierup.pulumi_protocol import UNKNOWN_STRING
from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from ..behaviour import digest
from ..cloud import Cloud, CloudResource
from . import regions
from .managed_prefix_lists import list_id, lists_of

Arguments = Mapping[str, Any]
_ZONE = "aws:route53/zone:Zone"


def _caller_identity(_arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    account = configuration.account
    return {
        "id": account,
        "accountId": account,
        "arn": f"arn:aws:iam::{account}:user/sandbox",
        "userId": f"AIDA{digest(account, 17).upper()}",
    }


def _region(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    region = _wanted_region(arguments, configuration)
    return {
        "id": region,
        "name": region,
        "region": region,
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
    }


def _wanted_region(arguments: Arguments, configuration: Configuration) -> str:
    region = str(arguments.get("region") or configuration.region)
    if region not in regions.ZONES:
        raise InvokeError(f"there is no AWS region '{region}'", "region")
    return region


def _partition(_arguments: Arguments, _cloud: Cloud, _configuration: Configuration) -> Arguments:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}


def _regions(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    return {
        "id": configuration.region,
        "names": sorted(regions.ZONES),
        **{key: arguments[key] for key in ("allRegions", "filters") if key in arguments},
    }


def _availability_zones(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    region = _wanted_region(arguments, configuration)
    excluded: set[str] = set(arguments.get("excludeNames") or ())
    excluded_ids: set[str] = set(arguments.get("excludeZoneIds") or ())
    names = [
        zone for zone in regions.zones(region) if zone not in excluded and regions.zone_id(zone) not in excluded_ids
    ]
    return {
        "id": region,
        "region": region,
        "names": names,
        "zoneIds": [regions.zone_id(name) for name in names],
        "groupNames": [f"{region}-zg-1"],
        **{key: arguments[key] for key in ("state", "filters", "excludeNames", "excludeZoneIds") if key in arguments},
    }


def _zone(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    """Return the hosted zone of a domain, and create it if needed: the sandbox's account owns every domain."""
    if arguments.get("zoneId"):
        found = cloud.get(_ZONE, str(arguments["zoneId"]))
        if found is None:
            found = _plant_zone(cloud, configuration, "example.com", str(arguments["zoneId"]))
    else:
        name = str(arguments.get("name") or "").rstrip(".")
        if name.count(".") < 1:
            raise InvokeError(f"no matching Route 53 Hosted Zone found for '{name}'", "name")
        found = next(iter(cloud.find(_ZONE, name=name)), None)
        if found is None:
            found = _plant_zone(cloud, configuration, name, f"Z{digest(name, 20).upper()}")
    return {
        "id": found.id,
        "zoneId": found.id,
        "arn": f"arn:aws:route53:::hostedzone/{found.id}",
        "name": found.outputs["name"],
        "nameServers": found.outputs["nameServers"],
        "primaryNameServer": found.outputs["nameServers"][0],
        "callerReference": "sandbox",
        "comment": "",
        "privateZone": bool(arguments.get("privateZone")),
        "resourceRecordSetCount": 2,
        "tags": {},
    }


def _plant_zone(cloud: Cloud, configuration: Configuration, name: str, zone_id: str) -> CloudResource:
    servers = [f"ns-{number}.awsdns-{number % 64:02}.{tld}" for number, tld in
               ((1, "com"), (513, "net"), (1025, "org"), (1537, "co.uk"))]  # fmt: skip
    with cloud.alone():
        standing = cloud.get(_ZONE, zone_id)
        return standing or cloud.add(
            CloudResource(
                type=_ZONE,
                id=zone_id,
                urn="",
                region="",
                account=configuration.account,
                inputs={"name": name},
                outputs={"name": name, "zoneId": zone_id, "nameServers": servers},
            )
        )


_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def _random_password(arguments: Arguments, _cloud: Cloud, _configuration: Configuration) -> Arguments:
    """Imitate GetRandomPassword: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html."""
    length = int(arguments.get("passwordLength") or 32)
    if not 1 <= length <= 4096:
        raise InvokeError(f"invalid length (got {length}). Allowed are 1 to 4096.", "passwordLength")
    kinds = {
        "excludeLowercase": string.ascii_lowercase,
        "excludeUppercase": string.ascii_uppercase,
        "excludeNumbers": string.digits,
        "excludePunctuation": _PUNCTUATION,
    }
    unwanted = set(arguments.get("excludeCharacters") or "")
    alphabets = [
        kept
        for switch, alphabet in kinds.items()
        if not arguments.get(switch) and (kept := "".join(c for c in alphabet if c not in unwanted))
    ]
    if not alphabets:
        raise InvokeError("all characters are excluded. Include at least one kind of character.")
    anything = "".join(alphabets)
    required = arguments.get("requireEachIncludedType")
    characters = [secrets.choice(a) for a in alphabets][:length] if required or required is None else []
    characters += [secrets.choice(anything) for _ in range(length - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return {"id": "password", "randomPassword": "".join(characters), "passwordLength": length}


def _with_unknowns(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a statement with a mark for what a preview does not know: the engine drops unknown values."""
    marked = {key: _marked(value) for key, value in statement.items()}
    on = ("resources", "notResources", "principals", "notPrincipals")
    return marked if any(marked.get(key) for key in on) else {**marked, "resources": [UNKNOWN_STRING]}


def _marked(value: Any) -> Any:
    if isinstance(value, list):
        return [_marked(inner) for inner in value] or [UNKNOWN_STRING]
    return {key: _marked(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value


def _policy_document(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    statements: list[dict[str, Any]] = []
    for given in arguments.get("statements") or ():
        if configuration.preview:
            given = _with_unknowns(given)
        statement: dict[str, Any] = {"Effect": given.get("effect") or "Allow"}
        if given.get("sid"):
            statement = {"Sid": given["sid"], **statement}
        for key, name in (
            ("actions", "Action"), ("notActions", "NotAction"), ("resources", "Resource"),
            ("notResources", "NotResource"),
        ):  # fmt: skip
            if given.get(key):
                statement[name] = given[key][0] if len(given[key]) == 1 else list(given[key])
        for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
            if given.get(key):
                principals: dict[str, list[str]] = {}
                for principal in given[key]:
                    principals.setdefault(principal["type"], []).extend(principal["identifiers"])
                statement[name] = {k: v[0] if len(v) == 1 else v for k, v in principals.items()}
        conditions: dict[str, dict[str, Any]] = {}
        for condition in given.get("conditions") or ():
            values = list(condition["values"])
            conditions.setdefault(condition["test"], {})[condition["variable"]] = (
                values[0] if len(values) == 1 else values
            )
        if conditions:
            statement["Condition"] = conditions
        statements.append(statement)
    document = {"Version": arguments.get("version") or "2012-10-17", "Statement": statements}
    text = json.dumps(document, indent=2)
    return {"id": digest(text, 10), "json": text, "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _prefix_list(arguments: Arguments, _cloud: Cloud, configuration: Configuration) -> Arguments:
    region = _wanted_region(arguments, configuration)
    names = lists_of(region)
    name = str(arguments.get("name") or "")
    for found in arguments.get("filters") or ():
        if found.get("name") == "prefix-list-name":
            name = str(found["values"][0])
    if name not in names:
        raise InvokeError(
            f"the managed prefix list '{name}' does not exist. The sandbox has {', '.join(names)}.", "name"
        )
    return {
        "id": list_id(region, name),
        "arn": f"arn:aws:ec2:{region}:aws:prefix-list/{list_id(region, name)}",
        "name": name,
        "addressFamily": "IPv4",
        "entries": [{"cidr": names[name].block, "description": ""}],
        "cidrBlocks": [names[name].block],
        "maxEntries": names[name].weight,
        "ownerId": "AWS",
        "region": region,
        "tags": {},
        "version": 1,
    }


_MANAGED: Mapping[str, Mapping[str, str]] = {
    "cachePolicy": {
        "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
        "UseOriginCacheControlHeaders": "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    },
    "originRequestPolicy": {
        "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    },
    "responseHeadersPolicy": {
        "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
        "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
    },
}
"""CloudFront's managed policies and their ids, which are the same in every account:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html (and the pages on
the other two kinds; read in aws-cdk-lib 2.275.0, 2026-11-24)."""


def _managed(kind: str) -> Invoke:
    def find(arguments: Arguments, _cloud: Cloud, _configuration: Configuration) -> Arguments:
        known = _MANAGED[kind]
        name = str(arguments.get("name") or "")
        if arguments.get("id"):
            name = next((n for n, i in known.items() if i == arguments["id"]), "")
        if name not in known:
            raise InvokeError(
                f"the managed {kind} '{name}' does not exist. The sandbox has {', '.join(known)}.", "name"
            )
        return {"id": known[name], "name": name, "etag": "E1", "comment": ""}

    return find


INVOKES: Mapping[str, Invoke] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegions:getRegions": _regions,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:route53/getZone:getZone": _zone,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": _random_password,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
    "aws:cloudfront/getCachePolicy:getCachePolicy": _managed("cachePolicy"),
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": _managed("originRequestPolicy"),
    "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": _managed("responseHeadersPolicy"),
}
