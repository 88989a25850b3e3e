"""Route 53: hosted zones, records and health checks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import Behaviour, Call, Name, Quota, Reference, Rejection, Stage, documented, located, rule
from .same_scope import known, others_in_region
from .sources import RECORDED, api, schema_of, sdk

ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"

_CHANGE = api("route53", "ChangeResourceRecordSets")
_CNAME = api("route53", "AliasTarget")
_ALIAS = api("route53", "AliasTarget")
_LIMITS = documented("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html", read="2026-11-24")

_ROUTING = (
    "cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy",
    "latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies",
)  # fmt: skip


def _zone_name(call: Call) -> str:
    zone = call.cloud.get(ZONE, call.get("zoneId"))
    return str(zone.outputs.get("name", "")).rstrip(".").lower() if zone else ""


def full_name(name: str, zone: str) -> str:
    """Return a record's full name as the provider does: it appends the zone's name unless the name ends with it."""
    name = name.rstrip(".").lower()
    if name.endswith(zone):
        return name
    return f"{name}.{zone}" if name else zone


def _fqdn(call: Call) -> str:
    return full_name(call.inputs["name"], _zone_name(call))


def _record_id(call: Call) -> str:
    parts = [call.inputs["zoneId"], _fqdn(call), call.inputs["type"], call.inputs.get("setIdentifier")]
    return "_".join(part for part in parts if part)


# --- records ---


@rule("record-is-alias-or-values", Stage.PLAN, source=sdk("route53/record"))
def _one_kind(call: Call) -> Iterator[Rejection]:
    alias, values = bool(call.inputs.get("aliases")), call.inputs.get("records") is not None
    if alias == values:
        yield Rejection(
            "records", f"set exactly one of aliases and records (got {'both' if alias else 'neither'}).", "InvalidInput"
        )
    if alias and call.inputs.get("ttl") is not None:
        yield Rejection("ttl", "an alias record has the TTL of its target. Omit ttl.", "InvalidInput")
    if values and not alias and call.inputs.get("ttl") is None:
        yield Rejection("ttl", "ttl (seconds) is required with records", "InvalidInput")


_FORMS = {
    "CAA": (r'\d{1,3} [A-Za-z0-9]+ "[^"]*"', "flags, a tag and a quoted value, such as '0 issue \"amazon.com\"'"),
    "MX": (r"\d{1,5} \S+", "a priority and a host name, such as '10 mail.example.com'"),
    "SRV": (r"\d{1,5} \d{1,5} \d{1,5} \S+", "priority, weight, port and a host name"),
    "CNAME": (r"\S+", "a host name"),
    "NS": (r"\S+", "a host name"),
    "PTR": (r"\S+", "a host name"),
}
"""The form of the values of a record type, each with its description."""
_LONGEST_STRING = 255  # RFC 1035, section 3.3.14: the length of a character string is one octet
_LONGEST_VALUE = 4_000


def character_strings(value: str) -> list[str]:
    """Return the character strings of a TXT value. The provider adds the outer quotes; "" separates two strings."""
    return re.split(r'" ?"', value.removeprefix('"').removesuffix('"'))


@rule(
    "record-value-format",
    Stage.CREATE,
    Stage.UPDATE,
    source=documented(
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html as quoted by"
        " github.com/hashicorp/terraform-provider-aws/issues/46922, and RData of the API model of route53 (botocore"
        " 1.44)",
        read="2026-11-28",
    ),
)
def _value_formats(call: Call) -> Iterator[Rejection]:
    kind = str(call.get("type"))
    for at, value in located(call.inputs, "records[*]"):
        text = str(value)
        if len(text) > _LONGEST_VALUE:
            yield Rejection(
                at,
                f"the value is too long (got {len(text)} characters). Allowed are at most {_LONGEST_VALUE}.",
                "InvalidChangeBatch",
            )
        elif kind in ("TXT", "SPF"):
            longest = max(map(len, character_strings(text)))
            if longest > _LONGEST_STRING:
                yield Rejection(
                    at,
                    f"CharacterStringTooLong (got {longest} characters). A character string has at most"
                    f' {_LONGEST_STRING}. Separate the strings with "".',
                    "InvalidChangeBatch",
                )
        elif kind in _FORMS and not re.fullmatch(_FORMS[kind][0], text):
            yield Rejection(
                at,
                f"invalid value of a record of type {kind} (got '{text}'). Write {_FORMS[kind][1]}.",
                "InvalidChangeBatch",
            )


@rule("record-values-fit-the-type", Stage.PLAN, source=_CHANGE)
def _values(call: Call) -> Iterator[Rejection]:
    kind = known(call, "type")
    for at, value in located(call.inputs, "records[*]"):
        if not isinstance(value, str) or kind not in ("A", "AAAA"):
            continue
        try:
            fits = ipaddress.ip_address(value).version == (4 if kind == "A" else 6)
        except ValueError:
            fits = False
        if not fits:
            yield Rejection(
                at,
                f"invalid address (got '{value}'). The values of an {kind} record are IPv{4 if kind == 'A' else 6}"
                " addresses.",
                "InvalidChangeBatch",
            )
    records = known(call, "records")
    if kind == "CNAME" and isinstance(records, list) and len(records) > 1:
        yield Rejection(
            "records", f"too many targets (got {len(records)}). A CNAME record has exactly one.", "InvalidChangeBatch"
        )


@rule("routing-needs-a-set-identifier", Stage.PLAN, source=sdk("route53/record"))
def _routing(call: Call) -> Iterator[Rejection]:
    given = [policy for policy in _ROUTING if call.inputs.get(policy)]
    if len(given) > 1:
        yield Rejection(given[1], f"a record has only one routing policy (got {' and '.join(given)}).", "InvalidInput")
    if given and "setIdentifier" not in call.inputs:
        yield Rejection("setIdentifier", f"required with {given[0]}", "InvalidChangeBatch")
    if not given and "setIdentifier" in call.inputs:
        yield Rejection("setIdentifier", "requires a routing policy", "InvalidChangeBatch")


_POLICY_OF_RECORD = documented(
    "AWS API model of route53 (botocore 1.44), ResourceRecordSet: Weight, Region, GeoLocation, Failover, TTL",
    read="2026-11-28",
)


def _routing_policy(inputs: Mapping[str, Any]) -> str:
    return next((policy for policy in _ROUTING if inputs.get(policy)), "simple")


@rule("one-primary-and-one-secondary", Stage.CREATE, Stage.UPDATE, source=_POLICY_OF_RECORD)
def _one_of_each_role(call: Call) -> Iterator[Rejection]:
    role = call.get("failoverRoutingPolicies[0].type")
    if role is None:
        return
    for other in call.cloud.find(call.type, zoneId=call.get("zoneId"), type=call.get("type"), fqdn=_fqdn(call)):
        policies = other.inputs.get("failoverRoutingPolicies") or [{}]
        if other.urn != call.urn and policies[0].get("type") == role:
            yield Rejection(
                "failoverRoutingPolicies[0].type",
                f"the record '{other.name}' of the same name and type is {role}, too. There is one PRIMARY and one"
                " SECONDARY.",
                "InvalidChangeBatch",
            )


@rule("one-routing-policy-per-name-and-type", Stage.CREATE, Stage.UPDATE, source=_POLICY_OF_RECORD)
def _one_policy(call: Call) -> Iterator[Rejection]:
    policy = _routing_policy(call.inputs)
    for other in others_in_region(call, RECORD, zoneId=call.get("zoneId"), fqdn=_fqdn(call)):
        if other.inputs.get("type") != call.get("type"):
            continue
        if (other_policy := _routing_policy(other.inputs)) != policy:
            yield Rejection(
                "name",
                f"the record '{other.name}' of the same name and type has routing policy {other_policy} (got {policy})."
                " All records of a name and type have the same routing policy.",
                "InvalidChangeBatch",
            )
        elif policy == "weightedRoutingPolicies" and other.inputs.get("ttl") != call.get("ttl"):
            yield Rejection(
                "ttl",
                f"the weighted record '{other.name}' of the same name and type has TTL {other.inputs.get('ttl')} (got"
                f" {call.get('ttl')}). All records of a weighted group have the same TTL.",
                "InvalidChangeBatch",
            )


@rule("record-is-inside-its-zone", Stage.CREATE, Stage.UPDATE, source=_CHANGE)
def _in_zone(call: Call) -> Iterator[Rejection]:
    zone, name = _zone_name(call), _fqdn(call)
    if zone and name != zone and not name.endswith(f".{zone}"):
        yield Rejection("name", f"the name '{name}' is not permitted in zone '{zone}'", "InvalidChangeBatch")


@rule("no-cname-at-the-apex", Stage.CREATE, Stage.UPDATE, source=_CNAME)
def _apex(call: Call) -> Iterator[Rejection]:
    zone = _zone_name(call)
    if zone and call.get("type") == "CNAME" and _fqdn(call) == zone:
        yield Rejection(
            "type",
            f"a CNAME record is not permitted at the apex of zone '{zone}'. Use an alias record.",
            "InvalidChangeBatch",
        )


def _stack_of(urn: str) -> list[str]:
    """Return the parts of a URN that name its stack and project."""
    return urn.split("::")[:2]


@rule("record-does-not-exist-yet", Stage.CREATE, Stage.UPDATE, source=_CHANGE)
def _twins(call: Call) -> Iterator[Rejection]:
    name, kind = _fqdn(call), call.get("type")
    for other in others_in_region(call, RECORD, zoneId=call.get("zoneId"), fqdn=name):
        other_type = other.inputs.get("type")
        if other_type == kind and other.inputs.get("setIdentifier") == call.get("setIdentifier"):
            if call.get("allowOverwrite") is not True:
                yield Rejection(
                    "name",
                    f"tried to create resource record set [name='{name}', type='{kind}'] but it already exists"
                    f" ('{other.name}')",
                    "InvalidChangeBatch",
                )
            elif _stack_of(other.urn) != _stack_of(call.urn):
                # AWS accepts it. Both stacks would own the record, and destroying one stack would delete it for both.
                yield Rejection(
                    "name",
                    f"another stack has this record ('{other.name}'), and destroying either stack would delete it for"
                    " both. If it validates a certificate, use that certificate (setting certificateArn).",
                    "AlreadyExists",
                )
        elif "CNAME" in (kind, other_type) and other_type != kind:
            yield Rejection(
                "type",
                f"a {kind} record named '{name}' is not permitted next to the {other_type} record '{other.name}' of the"
                " same"
                " name: a CNAME must be the only record of its name",
                "InvalidChangeBatch",
            )


@rule("alias-target-in-zone", Stage.CREATE, Stage.UPDATE, source=_ALIAS)
def _alias_zone(call: Call) -> Iterator[Rejection]:
    for at, alias in located(call.inputs, "aliases[*]"):
        target = str(alias.get("name", "")).rstrip(".").lower().removeprefix("dualstack.")
        owner = next(call.cloud.find(_DISTRIBUTION, domainName=target), None)
        right = owner.outputs.get("hostedZoneId") if owner else None
        if owner is None:
            balancers = (each for each in call.cloud.find(_LOAD_BALANCER))
            owner = next((each for each in balancers if str(each.outputs.get("dnsName")).lower() == target), None)
            right = owner.outputs.get("zoneId") if owner else None
        if owner is None and target.endswith((".cloudfront.net", ".elb.amazonaws.com")):
            yield Rejection(f"{at}.name", f"the alias target '{target}' does not exist", "InvalidChangeBatch")
        elif owner is not None and owner.type == _DISTRIBUTION and alias.get("evaluateTargetHealth") is True:
            yield Rejection(
                f"{at}.evaluateTargetHealth",
                "must be false for an alias to a CloudFront distribution",
                "InvalidChangeBatch",
            )
        elif owner is not None and alias.get("zoneId") != right:
            yield Rejection(
                f"{at}.zoneId",
                f"the alias target '{target}' does not lie within the target zone '{alias.get('zoneId')}'. Its zone is"
                f" '{right}'.",
                "InvalidChangeBatch",
            )


# --- zones ---


@rule("zone-has-a-name", Stage.PLAN, source=api("route53", "CreateHostedZone"))
def _named(call: Call) -> Iterator[Rejection]:
    if "name" not in call.inputs:
        yield Rejection("name", "a hosted zone requires a domain name", "InvalidDomainName")


@rule("zone-is-empty", Stage.DELETE, source=api("route53", "DeleteHostedZone"))
def _empty(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    if call.this.inputs.get("forceDestroy") is True:
        return
    apex = str(call.this.outputs.get("name", "")).rstrip(".").lower()
    left = [
        record
        for record in call.cloud.find(RECORD, zoneId=call.this.id)
        if not (record.outputs.get("fqdn") == apex and record.inputs.get("type") in ("NS", "SOA"))
    ]
    if left:
        yield Rejection(
            "",
            f"the zone '{apex}' contains {len(left)} records besides its SOA and NS records"
            f" ('{left[0].outputs.get('fqdn')}' ...). Delete them, or set forceDestroy: true.",
            "HostedZoneNotEmpty",
        )


# --- health checks ---


_PRIVATE = re.compile(r"(10|127|0)\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|22[4-9]\.|23\d\.")


@rule("health-check-has-endpoint", Stage.PLAN, source=api("route53", "CreateHealthCheck"))
def _checked(call: Call) -> Iterator[Rejection]:
    kind = known(call, "type")
    wants: tuple[tuple[str, ...], ...] = {
        "HTTP": (("fqdn", "ipAddress"),),
        "HTTPS": (("fqdn", "ipAddress"),),
        "HTTP_STR_MATCH": (("fqdn", "ipAddress"), ("searchString",)),
        "HTTPS_STR_MATCH": (("fqdn", "ipAddress"), ("searchString",)),
        "TCP": (("fqdn", "ipAddress"), ("port",)),
        "CALCULATED": (("childHealthchecks",),),
        "CLOUDWATCH_METRIC": (("cloudwatchAlarmName",), ("cloudwatchAlarmRegion",)),
        "RECOVERY_CONTROL": (("routingControlArn",),),
    }.get(str(kind), ())
    for group in wants:
        if not any(call.inputs.get(path) is not None for path in group):
            yield Rejection(group[0], f"a health check of type {kind} requires {' or '.join(group)}", "InvalidInput")
    address = known(call, "ipAddress")
    if isinstance(address, str) and _PRIVATE.match(address):
        yield Rejection(
            "ipAddress", f"the health checkers cannot reach a private address (got {address}).", "InvalidInput"
        )
    regions = known(call, "regions")
    if isinstance(regions, list) and len(regions) < 3:
        yield Rejection(
            "regions",
            f"too few regions (got {len(regions)}). Set at least three regions, or omit the input for all regions.",
            "InvalidInput",
        )
    if known(call, "requestInterval", 30) not in (10, 30):
        yield Rejection(
            "requestInterval",
            f"invalid value (got {call.get('requestInterval')}). Allowed are 10 and 30.",
            "InvalidInput",
        )


def _name_servers(call: Call) -> list[str]:
    number = int(call.hex(4), 16)
    return [
        f"ns-{(number + index * 512) % 2048}.awsdns-{number % 64:02d}.{end}"
        for index, end in enumerate(("com", "net", "org", "co.uk"))
    ]


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ZONE,
        source=sdk("route53/zone"),
        regional=False,
        id=lambda call: f"Z{call.hex(20).upper()}",
        outputs={
            "arn": "arn:aws:route53:::hostedzone/{id}",
            "zoneId": "{id}",
            "comment": "Managed by Pulumi",
            "enableAcceleratedRecovery": False,
            "forceDestroy": False,
            "nameServers": _name_servers,
            "primaryNameServer": lambda call: _name_servers(call)[0],
        },
        replaces=frozenset({"name", "delegationSetId"}),
        replace_source=RECORDED,
        conflicts=(("delegationSetId", "vpcs"),),
        # Two zones may have the same name; they differ by their name servers.
        name=Name(
            longest=255,
            pattern=r"([a-zA-Z0-9_*-]{1,63}\.)*[a-zA-Z0-9-]{1,63}\.?",
            allowed="a domain name such as 'example.com'",
            automatic=False,
            unique=None,
            taken="HostedZoneAlreadyExists",
            source=api("route53", "CreateHostedZone"),
        ),
        quotas=(
            Quota(limit=500, per="account", what="hosted zones per account", code="TooManyHostedZones", source=_LIMITS),
        ),
        rules=(_named, _empty),
    ),
    Behaviour(
        type=RECORD,
        source=sdk("route53/record"),
        regional=False,
        id=_record_id,
        outputs={"allowOverwrite": False},
        overwrites=lambda call, _: call.get("allowOverwrite") is True,  # the provider sends UPSERT instead of CREATE
        derived={"fqdn": _fqdn},
        replaces=frozenset({"zoneId", "name"}),
        replace_source=RECORDED,
        enums={
            "type": (
                "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP",
                "SVCB", "TLSA", "TXT",
            ),
        },
        ranges={"ttl": (0, 2_147_483_647)},
        references=(
            # The rule zone-is-empty lists what is left; forceDestroy deletes the records, too.
            Reference(path="zoneId", to=ZONE, code="NoSuchHostedZone", holds=False, source=_CHANGE),
            Reference(path="healthCheckId", to=HEALTH_CHECK, code="NoSuchHealthCheck", holds=False, source=_CHANGE),
        ),
        quotas=(Quota(limit=10_000, per="zoneId", what="records per hosted zone", source=_LIMITS),),
        rules=(
            _one_kind, _values, _value_formats, _routing, _one_policy, _one_of_each_role, _in_zone, _apex, _twins,
            _alias_zone,
        ),
    ),
    Behaviour(
        type=HEALTH_CHECK,
        source=sdk("route53/healthcheck"),
        regional=False,
        id="{uuid}",
        outputs={
            "arn": "arn:aws:route53:::healthcheck/{id}",
            "disabled": False,
            "enableSni": lambda call: str(call.inputs.get("type")).startswith("HTTPS"),
            "failureThreshold": 3,
            "regions": (),
            "requestInterval": 30,
            "triggers": {},
        },
        replaces=frozenset({"type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"}),
        replace_source=schema_of("route53/health_check.go"),
        enums={
            "type": (
                "HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP", "CALCULATED", "CLOUDWATCH_METRIC",
                "RECOVERY_CONTROL",
            ),
            "insufficientDataHealthStatus": ("Healthy", "Unhealthy", "LastKnownStatus"),
            "regions[*]": (
                "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2",
                "ap-northeast-1", "sa-east-1",
            ),
        },
        ranges={"failureThreshold": (1, 10), "port": (1, 65_535), "childHealthThreshold": (0, 256)},
        references=(
            Reference(
                path="childHealthchecks[*]",
                to=HEALTH_CHECK,
                code="InvalidInput",
                holds=False,
                source=api("route53", "CreateHealthCheck"),
            ),
        ),
        quotas=(Quota(limit=200, per="account", what="health checks", code="TooManyHealthChecks", source=_LIMITS),),
        rules=(_checked,),
    ),
)  # fmt: skip
