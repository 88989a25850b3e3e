"""New Relic's alert policies, NRQL conditions, destinations, channels and workflows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..behaviour import UNKNOWN, Behaviour, Call, Reference, Rejection, Stage, located, rule
from . import sources

POLICY: Final = "newrelic:index/alertPolicy:AlertPolicy"
DESTINATION: Final = "newrelic:index/notificationDestination:NotificationDestination"
CHANNEL: Final = "newrelic:index/notificationChannel:NotificationChannel"
BAD_INPUT: Final = "BAD_USER_INPUT"

_CONDITION = sources.provider("resource_newrelic_nrql_alert_condition")
_WORKFLOW = sources.provider("resource_newrelic_workflow")
_OPERATORS = ("above", "above_or_equals", "below", "below_or_equals", "equals", "not_equals")
_DESTINATIONS = (
    *("WEBHOOK", "EMAIL", "SERVICE_NOW", "SERVICE_NOW_APP", "PAGERDUTY_ACCOUNT_INTEGRATION"),
    *("PAGERDUTY_SERVICE_INTEGRATION", "JIRA", "SLACK", "SLACK_COLLABORATION", "SLACK_LEGACY", "MOBILE_PUSH"),
    *("EVENT_BRIDGE", "MICROSOFT_TEAMS", "WORKFLOW_AUTOMATION"),
)
_CHANNELS = (*_DESTINATIONS, "JIRA_CLASSIC", "SERVICENOW_INCIDENTS")
_REQUIRED = {"EMAIL": "email", "WEBHOOK": "url"}


def account(call: Call) -> str:
    """Return the account of a resource: its own, or that of the provider."""
    return str(call.get("accountId") or "1234567")


def guid(call: Call) -> str:
    """Return the GUID of an entity, which is Base64 of its account and domain."""
    import base64

    return base64.b64encode(f"{account(call)}|AIOPS|{call.hex(12, 'guid')}".encode()).decode().rstrip("=")


@rule("nrql-selects-from-data", Stage.PLAN, source=_CONDITION)
def _query(call: Call) -> Iterator[Rejection]:
    query = call.get("nrql.query")
    if not isinstance(query, str):
        return
    upper = query.upper()
    for word in ("SELECT ", "FROM "):
        if word not in upper:
            yield Rejection(
                "nrql.query", f"NRQL Syntax Error: the query has no {word.strip()} (got '{query}').", BAD_INPUT
            )
    for word in ("TIMESERIES", "SINCE ", "LIMIT ", "COMPARE WITH"):
        if word in upper:
            yield Rejection(
                "nrql.query", f"a condition's query must not have {word.strip()} (got '{query}').", BAD_INPUT
            )


@rule("terms-fit-the-aggregation", Stage.PLAN, source=_CONDITION)
def _terms(call: Call) -> Iterator[Rejection]:
    window = call.get("aggregationWindow", 60)
    if call.inputs.get("critical") is None and call.inputs.get("terms") is None:
        yield Rejection("critical", "it is missing. At least one critical term is required.", BAD_INPUT)
    for term in ("critical", "warning"):
        duration = call.get(f"{term}.thresholdDuration")
        if not isinstance(duration, (int, float)) or not isinstance(window, (int, float)):
            continue
        lowest = 120 if call.get("type") == "baseline" else 60
        if not lowest <= duration <= 86_400:
            yield Rejection(
                f"{term}.thresholdDuration", f"the value is out of range (got {duration:g}). Allowed are {lowest} to"
                " 86400.", BAD_INPUT,
            )  # fmt: skip
        elif duration % window:
            yield Rejection(
                f"{term}.thresholdDuration",
                f"it must be a multiple of aggregationWindow (got {duration:g} and {window:g}).",
                BAD_INPUT,
            )


@rule("aggregation-options-fit-the-method", Stage.PLAN, source=_CONDITION)
def _aggregation(call: Call) -> Iterator[Rejection]:
    method = str(call.get("aggregationMethod") or "event_flow").lower()
    window, slide = call.get("aggregationWindow"), call.get("slideBy")
    if isinstance(window, (int, float)) and not 30 <= window <= 21_600:
        yield Rejection("aggregationWindow", f"the value is out of range (got {window:g}). Allowed are 30 to 21600.",
                        BAD_INPUT)  # fmt: skip
    if method == "event_timer" and call.inputs.get("aggregationDelay") is not None:
        yield Rejection("aggregationDelay", "it is not allowed with event_timer. Use aggregationTimer.", BAD_INPUT)
    if method != "event_timer" and call.inputs.get("aggregationTimer") is not None:
        yield Rejection("aggregationTimer", f"it is not allowed with {method}. Use aggregationDelay.", BAD_INPUT)
    if isinstance(slide, (int, float)) and isinstance(window, (int, float)) and (slide >= window or window % slide):
        yield Rejection(
            "slideBy", f"it must be a factor of aggregationWindow and less (got {slide:g} and {window:g}).", BAD_INPUT
        )
    if call.inputs.get("signalSeasonality") is not None and call.get("type", "static") != "baseline":
        yield Rejection("signalSeasonality", "it is only valid on baseline conditions.", BAD_INPUT)
    if call.get("type") == "baseline" and call.inputs.get("baselineDirection") is None:
        yield Rejection("baselineDirection", "it is missing. Type baseline requires it.", BAD_INPUT)


@rule(
    "notification-has-its-property", Stage.PLAN, source=sources.provider("resource_newrelic_notifications_destination")
)
def _property(call: Call) -> Iterator[Rejection]:
    wanted = _REQUIRED.get(str(call.get("type")))
    keys = [each for _, each in located(call.inputs, "properties[*].key")]
    if wanted is not None and wanted not in keys and UNKNOWN not in keys:
        yield Rejection("properties", f"the property '{wanted}' is missing. {call.get('type')} requires it.", BAD_INPUT)


@rule("channel-has-the-type-of-its-destination", Stage.CREATE, source=sources.REFUSED)
def _same_type(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get(DESTINATION, str(call.get("destinationId")))
    if found is not None and found.inputs.get("type") != call.get("type"):
        yield Rejection("type", f"the destination has another type (got {call.get('type')}).", BAD_INPUT)


def _numeric(call: Call) -> str:
    return str(1_000_000 + int(call.hex(5), 16))


BEHAVIOURS = (
    Behaviour(
        type=POLICY,
        source=sources.provider("resource_newrelic_alert_policy"),
        id=_numeric,
        outputs={"accountId": account, "entityGuid": guid, "name": "{name}"},
        replaces=frozenset({"accountId", "channelIds"}),
        keeps=frozenset({"accountId"}),
        defaults={"incidentPreference": "PER_POLICY"},
        empty_is_absent=True,
        enums={"incidentPreference": ("PER_POLICY", "PER_CONDITION", "PER_CONDITION_AND_TARGET")},
        regional=False,
    ),
    Behaviour(
        type="newrelic:index/nrqlAlertCondition:NrqlAlertCondition",
        source=_CONDITION,
        id=lambda call: f"{call.get('policyId')}:{_numeric(call)}",
        outputs={"accountId": account, "entityGuid": guid, "name": "{name}", "aggregationWindow": 60},
        replaces=frozenset({"policyId", "type"}),
        keeps=frozenset({"accountId", "aggregationWindow", "nrql.dataAccountId", "violationTimeLimit"}),
        defaults={"enabled": True, "type": "static", "violationTimeLimitSeconds": 259_200},
        empty_is_absent=True,
        enums={
            "type": ("static", "baseline", "outlier"),
            "critical.operator": _OPERATORS,
            "warning.operator": _OPERATORS,
            "critical.thresholdOccurrences": ("all", "ALL", "at_least_once", "AT_LEAST_ONCE"),
            "aggregationMethod": ("event_flow", "EVENT_FLOW", "event_timer", "EVENT_TIMER", "cadence", "CADENCE"),
            "fillOption": ("none", "NONE", "last_value", "LAST_VALUE", "static", "STATIC"),
        },
        ranges={"violationTimeLimitSeconds": (300, 2_592_000), "expirationDuration": (30, 172_800)},
        conflicts=(
            ("terms", "critical"),
            ("terms", "warning"),
            ("violationTimeLimit", "violationTimeLimitSeconds"),
        ),
        requires={"fillValue": ("fillOption",), "aggregationDelay": ("aggregationMethod",)},
        references=(Reference(path="policyId", to=POLICY, code=BAD_INPUT, holds=False, source=sources.REFUSED),),
        rules=(_query, _terms, _aggregation),
        regional=False,
    ),
    Behaviour(
        type=DESTINATION,
        source=sources.provider("resource_newrelic_notifications_destination"),
        id="{uuid}",
        outputs={"accountId": account, "name": "{name}", "guid": guid, "status": "DEFAULT", "lastSent": ""},
        replaces=frozenset({"accountId", "type"}),
        keeps=frozenset({"accountId", "scope"}),
        defaults={"active": True},
        empty_is_absent=True,
        enums={"type": _DESTINATIONS},
        secrets=frozenset({"secureUrl.secureSuffix", "authToken.token", "authBasic.password"}),
        conflicts=(("authBasic", "authToken", "authCustomHeaders"), ("accountId", "scope")),
        rules=(_property,),
        regional=False,
    ),
    Behaviour(
        type=CHANNEL,
        source=sources.provider("resource_newrelic_notifications_channel"),
        id="{uuid}",
        outputs={"accountId": account, "name": "{name}", "status": "DEFAULT"},
        replaces=frozenset({"accountId", "destinationId", "type", "product"}),
        keeps=frozenset({"accountId"}),
        defaults={"active": True},
        empty_is_absent=True,
        enums={"type": _CHANNELS, "product": ("DISCUSSIONS", "ERROR_TRACKING", "IINT", "NTFC", "PD", "SHARING")},
        references=(
            Reference(path="destinationId", to=DESTINATION, code=BAD_INPUT, in_use="IN_USE", source=sources.REFUSED),
        ),
        rules=(_same_type,),
        regional=False,
    ),
    Behaviour(
        type="newrelic:index/workflow:Workflow",
        source=_WORKFLOW,
        id="{uuid}",
        outputs={
            "accountId": account,
            "name": "{name}",
            "guid": guid,
            "lastRun": "",
            "workflowId": lambda call: call.id,
        },
        replaces=frozenset({"accountId"}),
        keeps=frozenset({"accountId"}),
        defaults={"enabled": True, "enrichmentsEnabled": True, "destinationsEnabled": True},
        empty_is_absent=True,
        enums={
            "mutingRulesHandling": (
                *("NOTIFY_ALL_ISSUES", "DONT_NOTIFY_FULLY_MUTED_ISSUES"),
                "DONT_NOTIFY_FULLY_OR_PARTIALLY_MUTED_ISSUES",
            ),
            "issuesFilter.type": ("FILTER", "VIEW"),
            "issuesFilter.predicates[*].operator": (
                *("CONTAINS", "DOES_NOT_CONTAIN", "DOES_NOT_EQUAL", "DOES_NOT_EXACTLY_MATCH", "ENDS_WITH", "EQUAL"),
                *("EXACTLY_MATCHES", "GREATER_OR_EQUAL", "GREATER_THAN", "IS", "IS_NOT", "LESS_OR_EQUAL", "LESS_THAN"),
                "STARTS_WITH",
            ),
        },
        references=(
            Reference(
                path="destinations[*].channelId", to=CHANNEL, code=BAD_INPUT, in_use="IN_USE", source=sources.REFUSED
            ),
        ),
        regional=False,
    ),
)
