"""ALB-002: HTTPS and TLS listeners reject clients below TLS 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, shown
from ..tls import MINIMUM_TLS
from .balancers import LISTENERS

# The names contain the lowest version: ELBSecurityPolicy-TLS13-1-2-Res-2021-06, -TLS-1-2-2017-01, -FS-1-2-Res-2020-10
# all mean "1.2 and up". Names outside the scheme (2016-08, FS-2018-06, 2015-05) start at 1.0. This is a pattern and
# not a list, since AWS adds policies every year and a list would report each new one.
LOWEST_VERSION = re.compile(r"^ELBSecurityPolicy-(?:TLS13|TLS|FS)-(1-[0-3])(?:-|$)")
RECOMMENDED = {"1.2": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "1.3": "ELBSecurityPolicy-TLS13-1-3-2021-06"}
DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"  # the API's default


def check(listener: Resource, parameters: Parameters) -> Iterator[Finding]:
    if listener.properties.get("protocol") not in ("HTTPS", "TLS"):
        raise NotApplicable("the listener does not terminate TLS")
    policy = listener.properties.get("sslPolicy")
    minimum = parameters[MINIMUM_TLS.name]
    match = LOWEST_VERSION.match(str(policy or DEFAULT_POLICY))
    lowest = match[1].replace("-", ".") if match else "1.0"
    if lowest < minimum:
        found = shown(policy) if policy else f"not set (AWS defaults to {shown(DEFAULT_POLICY)})"
        yield Finding("sslPolicy", f"{found} (TLS {lowest} and up)", f"a policy for TLS {minimum} and up")


def remedy(_listener: Resource, parameters: Parameters) -> Mapping[str, Any]:
    return {"sslPolicy": RECOMMENDED[parameters[MINIMUM_TLS.name]]}


RULE = ResourceRule(
    id="ALB-002",
    name="load-balancer-tls-version",
    title="A load balancer's HTTPS listener rejects TLS 1.1 and older.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.HIGH,
    applies_to=LISTENERS,
    check=check,
    remedy=remedy,
    remediation="Set ssl_policy to ELBSecurityPolicy-TLS13-1-2-Res-2021-06 or a newer policy for TLS 1.2 and up.",
    example="""aws.lb.Listener(
    "https",
    load_balancer_arn=balancer.arn,
    port=443,
    protocol="HTTPS",
    ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificate_arn=validation.certificate_arn,
    default_actions=[{"type": "forward", "target_group_arn": api.arn}],
)""",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    read=date(2026, 11, 24),
    parameters=(MINIMUM_TLS,),
)
