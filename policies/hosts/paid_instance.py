"""HOST-002: a web service on Render has an instance type that does not spin down when idle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity


def check(service: Resource, _parameters: Parameters) -> Iterator[Finding]:
    details = service.properties.get("serviceDetails")
    if details and details.get("plan") == "free":
        yield Finding("serviceDetails.plan", '"free", which spins down when idle', '"starter" or a larger one')


RULE = ResourceRule(
    id="HOST-002",
    name="render-paid-instance",
    title="A web service on Render does not spin down when idle.",
    item=ChecklistItem.AUTO_RESTART,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.LOW,
    applies_to=("render:services:WebService",),
    check=check,
    remediation="Choose a paid instance type.",
    example=(
        'render.WebService("api", owner_id=owner, name="api", service_details={"runtime": "docker", "plan": "starter"})'
    ),
    source="https://render.com/docs/free",
    read=date(2026, 11, 28),
)
