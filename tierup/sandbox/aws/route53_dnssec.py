"""Route 53: DNSSEC, query logs, zones of VPCs and the Resolver."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .arns import region_of
from .kms import KEY
from .network import APPLY
from .route53 import RECORD, ZONE
from .same_scope import known
from .sources import sdk, unread

SIGNING_KEY = "aws:route53/keySigningKey:KeySigningKey"
ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint"
ASSOCIATION = "aws:route53/zoneAssociation:ZoneAssociation"


@rule("alias-target-record-exists", *APPLY, source=unread("route53", "AliasTarget: DNSName"))
def _alias_record(call: Call) -> Iterator[Rejection]:
    zone = call.cloud.get(ZONE, str(call.get("zoneId")))
    for at, alias in located(call.inputs, "aliases[*]"):
        if zone is None or not isinstance(alias, dict) or alias.get("zoneId") != zone.id:
            continue
        target = str(alias.get("name")).rstrip(".").lower()
        records = call.cloud.find(RECORD, zoneId=zone.id, type=call.get("type"))
        if not any(str(each.outputs.get("fqdn")).rstrip(".").lower() == target for each in records):
            yield Rejection(
                f"{at}.name",
                f"Tried to create an alias that targets {target}., type {call.get('type')} in zone {zone.id}, but that"
                " target was not found",
                "InvalidChangeBatch",
            )


@rule("zone-has-an-active-key", Stage.CREATE, source=unread("route53", "EnableHostedZoneDNSSEC"))
def _has_key(call: Call) -> Iterator[Rejection]:
    zone = call.get("hostedZoneId")
    keys = list(call.cloud.find(SIGNING_KEY, hostedZoneId=zone))
    if call.get("signingStatus") != "NOT_SIGNING" and not any(
        key.inputs.get("status") in (None, "ACTIVE") for key in keys
    ):
        yield Rejection(
            "hostedZoneId",
            f"The hosted zone {zone} has no key-signing key with the status ACTIVE. Make this resource depend on one.",
            "KeySigningKeyWithActiveStatusNotFound",
        )


@rule("signing-key-is-an-ecc-key-of-us-east-1", Stage.CREATE, source=unread("route53", "CreateKeySigningKey"))
def _signing_key(call: Call) -> Iterator[Rejection]:
    arn = str(call.get("keyManagementServiceArn"))
    key = next(call.cloud.find(KEY, arn=arn), None)
    if region_of(arn) != "us-east-1":
        yield Rejection("keyManagementServiceArn", f"The key must be in us-east-1 (got '{arn}').", "InvalidKMSArn")
    elif key is not None and (
        key.inputs.get("customerMasterKeySpec") != "ECC_NIST_P256" or key.inputs.get("keyUsage") != "SIGN_VERIFY"
    ):
        yield Rejection(
            "keyManagementServiceArn", "The key must have the spec ECC_NIST_P256 and the usage SIGN_VERIFY.",
            "InvalidKMSArn",
        )  # fmt: skip


@rule("query-log-group-in-us-east-1", Stage.PLAN, source=unread("route53", "CreateQueryLoggingConfig"))
def _log_region(call: Call) -> Iterator[Rejection]:
    arn = known(call, "cloudwatchLogGroupArn")
    if isinstance(arn, str) and region_of(arn) != "us-east-1":
        yield Rejection("cloudwatchLogGroupArn", f"The log group must be in us-east-1 (got '{arn}').", "InvalidInput")


@rule("query-log-of-public-zone", Stage.CREATE, source=unread("route53", "CreateQueryLoggingConfig"))
def _log_zone(call: Call) -> Iterator[Rejection]:
    zone = call.cloud.get(ZONE, str(call.get("zoneId")))
    if zone is not None and zone.inputs.get("vpcs"):
        yield Rejection("zoneId", "Query logs are available for public hosted zones only.", "InvalidInput")


def _vpcs(zone_inputs: object) -> set[object]:
    return {vpc for _, vpc in located(zone_inputs, "vpcs[*].vpcId")}


@rule("association-with-private-zone", Stage.CREATE, source=unread("route53", "AssociateVPCWithHostedZone"))
def _private_zone(call: Call) -> Iterator[Rejection]:
    zone = call.cloud.get(ZONE, str(call.get("zoneId")))
    if zone is None or not zone.urn:
        return
    if not zone.inputs.get("vpcs"):
        yield Rejection(
            "zoneId", "You're trying to associate a VPC with a public hosted zone.", "PublicZoneVPCAssociation"
        )
        return
    yield from _conflicts(call, str(zone.outputs.get("name")), {call.get("vpcId")}, zone.id)


@rule("private-zones-of-a-vpc-differ", Stage.CREATE, source=unread("route53", "CreateHostedZone"))
def _zones_differ(call: Call) -> Iterator[Rejection]:
    yield from _conflicts(call, str(call.get("name")), _vpcs(call.inputs), "")


def _conflicts(call: Call, name: str, vpcs: set[object], own: str) -> Iterator[Rejection]:
    for other in call.cloud.find(ZONE):
        if other.urn == call.urn or other.id == own or other.account != call.account:
            continue
        if str(other.outputs.get("name")).rstrip(".").lower() != name.rstrip(".").lower():
            continue
        of_other = _vpcs(other.inputs) | {
            each.inputs.get("vpcId") for each in call.cloud.find(ASSOCIATION, zoneId=other.id)
        }
        for vpc in sorted(map(str, vpcs & of_other)):
            yield Rejection(
                "vpcId" if own else "vpcs",
                f"The VPC {vpc} has already been associated with the hosted zone {other.id} with the same domain name.",
                "ConflictingDomainExists",
            )


@rule("forwarding-rule-has-outbound-endpoint", *APPLY, source=unread("route53resolver", "CreateResolverRule"))
def _resolver_rule(call: Call) -> Iterator[Rejection]:
    kind, endpoint = call.get("ruleType"), call.get("resolverEndpointId")
    if kind == "FORWARD" and not endpoint:
        yield Rejection(
            "resolverEndpointId", "It must be set for a rule of type FORWARD (got none).", "InvalidParameterException"
        )
    if kind == "SYSTEM" and (endpoint or call.get("targetIps")):
        yield Rejection(
            "resolverEndpointId", "A rule of type SYSTEM has no endpoint and no targets.", "InvalidParameterException"
        )
    if kind == "FORWARD" and not call.get("targetIps"):
        yield Rejection("targetIps", "A rule of type FORWARD requires targets.", "InvalidParameterException")
    found = call.cloud.get(ENDPOINT, str(endpoint))
    if found is not None and found.inputs.get("direction") == "INBOUND":
        yield Rejection(
            "resolverEndpointId", "The endpoint is INBOUND. A rule requires an outbound endpoint.",
            "InvalidRequestException",
        )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=RECORD, source=sdk("route53/record"), rules=(_alias_record,)),
    Behaviour(type=ZONE, source=sdk("route53/zone"), rules=(_zones_differ,)),
    Behaviour(
        type="aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", source=sdk("route53/hostedzonednssec"), rules=(_has_key,)
    ),
    Behaviour(type=SIGNING_KEY, source=sdk("route53/keysigningkey"), rules=(_signing_key,)),
    Behaviour(type="aws:route53/queryLog:QueryLog", source=sdk("route53/querylog"), rules=(_log_region, _log_zone)),
    Behaviour(type=ASSOCIATION, source=sdk("route53/zoneassociation"), rules=(_private_zone,)),
    Behaviour(
        type="aws:route53/resolverRule:ResolverRule", source=sdk("route53/resolverrule"), rules=(_resolver_rule,)
    ),
)
