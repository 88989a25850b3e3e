"""Route 53: labels of names, geolocation and latency of records, and the inputs of health checks by type."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, documented, located, rule, values_at
from .network import APPLY
from .same_scope import known, others_in_region
from .sources import sdk

_RECORD = "aws:route53/record:Record"
_MODEL = documented(
    "AWS API model of route53 (botocore 1.44): GeoLocation: ContinentCode; from memory: the inputs of"
    " health checks by type, one latency record per region, and the lengths of labels in"
    " https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html",
    read="2026-11-29",
)
_CODE = "InvalidChangeBatch"
_CONTINENTS = ("AF", "AN", "AS", "EU", "NA", "OC", "SA")


@rule("record-name-labels", *APPLY, source=_MODEL)
def _labels(call: Call) -> Iterator[Rejection]:
    name = str(call.get("name") or "")
    labels = name.rstrip(".").split(".") if name else []
    if "" in labels:
        yield Rejection("name", f"Domain label is empty (got '{name}').", _CODE)
    if any(len(label) > 63 for label in labels):
        yield Rejection("name", f"Domain label is too long (got '{name}'). A label has at most 63 characters.", _CODE)


@rule("geolocation-is-one-place", Stage.PLAN, source=_MODEL)
def _geolocation(call: Call) -> Iterator[Rejection]:
    for at, place in located(call.inputs, "geolocationRoutingPolicies[*]"):
        if not isinstance(place, dict):
            continue
        continent, country = place.get("continent"), place.get("country")
        if isinstance(continent, str) and continent not in _CONTINENTS:
            yield Rejection(
                f"{at}.continent",
                f"unknown continent (got '{continent}'). Allowed are {', '.join(_CONTINENTS)}.",
                _CODE,
            )
        if continent and country:
            yield Rejection(at, "Specify either a continent or a country, but not both.", _CODE)
        if place.get("subdivision") and not country:
            yield Rejection(f"{at}.country", "A subdivision requires a country.", _CODE)


@rule("one-record-per-region", *APPLY, source=_MODEL)
def _regions(call: Call) -> Iterator[Rejection]:
    region = call.get("latencyRoutingPolicies[0].region")
    if not region:
        return
    for other in others_in_region(call, _RECORD, zoneId=call.get("zoneId")):
        same = all(other.inputs.get(path) == call.get(path) for path in ("name", "type"))
        own = other.inputs.get("setIdentifier") == call.get("setIdentifier")
        if same and not own and region in values_at(other.inputs, "latencyRoutingPolicies[*].region"):
            yield Rejection(
                "latencyRoutingPolicies[0].region",
                f"RRSet with DNS name {call.get('name')}, type {call.get('type')}, region {region} cannot be created as"
                f" another RRSet exists with the same region ({other.name}).",
                _CODE,
            )


@rule("health-check-inputs-of-type", Stage.PLAN, source=_MODEL)
def _health_check(call: Call) -> Iterator[Rejection]:
    kind = str(known(call, "type", "")).upper()
    if call.get("searchString") and kind and not kind.endswith("_STR_MATCH"):
        yield Rejection("searchString", f"SearchString is not supported for the type {kind}.", "InvalidInput")
    if call.get("resourcePath") and kind in ("TCP", "CALCULATED", "CLOUDWATCH_METRIC"):
        yield Rejection("resourcePath", f"ResourcePath is not supported for the type {kind}.", "InvalidInput")


@rule("query-log-group-allows-route53", Stage.CREATE, source=_MODEL)
def _query_log(call: Call) -> Iterator[Rejection]:
    policies = call.cloud.find("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    if not any("route53.amazonaws.com" in str(each.inputs.get("policyDocument")) for each in policies):
        yield Rejection(
            "cloudwatchLogGroupArn",
            "The CloudWatch Logs resource policy that you're using for this query logging configuration doesn't grant"
            " Route 53 sufficient permission to create a log stream. Create a LogResourcePolicy in us-east-1 first.",
            "InsufficientCloudWatchLogsResourcePolicy",
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=_RECORD, source=sdk("route53/record"), rules=(_labels, _geolocation, _regions)),
    Behaviour(type="aws:route53/healthCheck:HealthCheck", source=sdk("route53/healthcheck"), rules=(_health_check,)),
    Behaviour(type="aws:route53/queryLog:QueryLog", source=sdk("route53/querylog"), rules=(_query_log,)),
)
