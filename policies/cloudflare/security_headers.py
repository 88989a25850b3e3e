"""CF-004: responses through Cloudflare have the security headers that Helmet sets.

An application may set them itself, which a zone does not show. A file store sets none, so the edge has to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
    items,
    shown,
)
from .records import serves_files
from .zones import MANAGED_TRANSFORMS, SUBJECTS, Zone, evaluated_here, parameters_of

HSTS = "Strict-Transport-Security"
HEADERS = (HSTS, "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
# https://developers.cloudflare.com/rules/transform/managed-transforms/reference/ (read 2026-11-29)
MANAGED = {"add_security_headers": ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")}
ONE_YEAR_SECONDS = 31_536_000
MAX_AGE = re.compile(r"max-age=\"?(\d+)")


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    zone = evaluated_here(resource, stack)
    sent = set(_sent(zone))
    missing = [header for header in HEADERS if header.lower() not in sent]
    if HSTS not in missing:
        seconds = max(_hsts_seconds(zone), default=None)
        if seconds is not None and seconds < ONE_YEAR_SECONDS:
            yield Finding(
                f"response header {HSTS}", f"max-age {shown(seconds)}", f"{ONE_YEAR_SECONDS} (a year) or more"
            )
    if missing and not serves_files(zone, stack):
        raise Indeterminate(f"the application may send {', '.join(missing)} itself")
    for header in missing:
        yield Finding(f"response header {header}", "not set at the edge", "a transform rule that sets it")


def _sent(zone: Zone) -> Iterator[str]:
    """Yield the names of the headers that the edge sets, in lower case."""
    for rule in zone.rules("http_response_headers_transform"):
        headers = block(parameters_of(rule), "headers")
        for name in headers:
            if headers[name].get("operation") != "remove":
                yield name.lower()
    for transforms in zone.of(MANAGED_TRANSFORMS):
        for _, transform in items(transforms.properties, "managedResponseHeaders"):
            if transform.get("enabled"):
                yield from (name.lower() for name in MANAGED.get(str(transform.get("id")), ()))
    setting = _hsts_setting(zone)
    if setting.get("enabled"):
        yield HSTS.lower()
        if setting.get("nosniff"):
            yield "x-content-type-options"


def _hsts_seconds(zone: Zone) -> Iterator[float]:
    """Yield the max-age of HSTS in seconds, for each rule or setting that sets it."""
    for rule in zone.rules("http_response_headers_transform"):
        headers = block(parameters_of(rule), "headers")
        for name in headers:
            if name.lower() == HSTS.lower() and declared(headers[name], "value"):
                match = MAX_AGE.search(str(headers[name].get("value")))
                yield float(match[1]) if match else 0.0
    setting = _hsts_setting(zone)
    if setting.get("enabled"):
        yield float(setting.get("maxAge") or setting.get("max_age") or 0)


def _hsts_setting(zone: Zone) -> Parameters:
    """Return the zone setting security_header. Its value has no schema, so its keys have either spelling."""
    setting = zone.setting("security_header")
    value = block(setting.properties, "value") if setting else {}
    return block(value, "strictTransportSecurity") or block(value, "strict_transport_security")


RULE = StackRule(
    id="CF-004",
    name="cloudflare-security-headers",
    title="Cloudflare sets HSTS, CSP, nosniff, frame options and referrer policy for a site's files.",
    item=ChecklistItem.SECURITY_HEADERS,
    severity=Severity.MEDIUM,
    applies_to=SUBJECTS,
    check=check,
    remediation="Set the five headers in a ruleset of phase http_response_headers_transform, HSTS for a year or more.",
    example="""cloudflare.Ruleset(
    "headers",
    zone_id=zone_id,
    kind="zone",
    name="Response headers",
    phase="http_response_headers_transform",
    rules=[
        {
            "action": "rewrite",
            "expression": "true",
            "action_parameters": {
                "headers": {
                    "Content-Security-Policy": {"operation": "set", "value": "default-src 'self'"},
                    "Referrer-Policy": {"operation": "set", "value": "strict-origin-when-cross-origin"},
                    "Strict-Transport-Security": {"operation": "set", "value": "max-age=31536000"},
                    "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
                    "X-Frame-Options": {"operation": "set", "value": "DENY"},
                }
            },
        }
    ],
)""",
    source="https://developers.cloudflare.com/rules/transform/response-header-modification/",
    read=date(2026, 11, 24),
    unproven="The rule does not see which hosts and paths the rules' expressions match.",
)
