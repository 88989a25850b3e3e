"""The load balancer: paths, health checks, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tierup.copilot_import.conversion.values import Found, differs_as, invalid, problem, seconds, whole
from tierup.copilot_import.draft import Draft, Kind, Result, Role, differs, same, unmapped
from tierup.copilot_import.manifest import Node
from tierup.program_loader import import_path
from tierup.program_settings import Feature

with import_path():
    from stacks.config.containers import ServiceConfig

# Copilot's template sets no cookie_duration, whose default is a day:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html (from memory)
_STICKY_SECONDS: Final = 86_400


_TARGET_GROUP_CHECK: Final[Mapping[str, str | int | bool]] = {
    "enabled": True,
    "protocol": "HTTP",
    "port": "traffic-port",
    "matcher": "200",
    "interval": 30,
    "timeout": 5,
    "healthyThreshold": 5,
    "unhealthyThreshold": 2,
}
"""Copilot's defaults of a target group's health check (site/content/docs/include/http-healthcheck.en.md)."""


def http_off(_: Draft, node: Node) -> Found:
    if node.value is False:
        return unmapped("Services of the stack are always behind its Application Load Balancer.")
    return invalid(node, "false or a map")


def _patterns(path: str) -> list[str]:
    path = f"/{path.strip('/')}"
    return ["/*"] if path == "/" else [path, f"{path}/*"]


def http_path(draft: Draft, node: Node) -> Found:
    role = draft.current.role
    if role is Role.API:
        if node.text().strip("/") == "":
            return same("The load balancer forwards every request that no other service takes to the service.")
        return differs("The load balancer forwards every request that no other service takes to the service.")
    if role is not Role.SERVICE:
        return unmapped("The workload is not behind the load balancer.")
    known = draft.get(*draft.current.container, "paths") or []
    return _paths(draft, [*known, *_patterns(node.text())])


def _paths(draft: Draft, paths: list[str]) -> Result:
    values = list(dict.fromkeys(paths))
    error = problem(ServiceConfig, {"image": "a/b:1", "priority": 1, "paths": values})
    if error is not None:
        return unmapped(f"{error} The paths are those of one rule.")
    return draft.mapped(values, *draft.current.container, "paths")


def http_rule(draft: Draft, node: Node) -> Found:
    """Convert one of `http.additional_rules`."""
    path = node.at("path")
    others = sorted(node.fields.keys() - {"path"})
    ignored = f" Not taken over: {', '.join(others)}." if others else ""
    if path is None:
        return unmapped(f"The rule has no path.{ignored}")
    if draft.current.role is Role.API:
        return differs(f"The load balancer forwards every request that no other service takes to the service.{ignored}")
    if draft.current.role is not Role.SERVICE:
        return unmapped("The workload is not behind the load balancer.")
    known = draft.get(*draft.current.container, "paths") or []
    found = _paths(draft, [*known, *_patterns(path.text())])
    return differs_as(found, ignored.strip()) if others and found.setting else found


def health_path(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("The workload is not behind the load balancer.")
    path = node.text() or "/"
    if not path.startswith("/"):
        return invalid(node, "a path that starts with /")
    _check_override(draft)
    return draft.mapped(path, *draft.current.container, "healthCheckPath")


_CHECK_KEYS: Final[Mapping[str, str]] = {
    "port": "port",
    "success_codes": "matcher",
    "healthy_threshold": "healthyThreshold",
    "unhealthy_threshold": "unhealthyThreshold",
    "interval": "interval",
    "timeout": "timeout",
}


_BOUNDS: Final[Mapping[str, range]] = {
    "healthy_threshold": range(2, 11),
    "unhealthy_threshold": range(2, 11),
    "interval": range(5, 301),
    "timeout": range(2, 121),
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (read 2026-11-28)"""


def _target_groups(draft: Draft) -> list[str]:
    """Return the logical names of the service's target groups."""
    if draft.current.role is Role.API:
        return ["api-targets", *(["backend-alternate"] if draft.has(Feature.BLUE_GREEN) else [])]
    return [f"{draft.current.name}-main"]


def _check_override(draft: Draft) -> Mapping[str, Any]:
    """Write the whole health check of the target groups, if the manifest gives more than its path."""
    given = draft.current.manifest.at("http", "healthcheck")
    own = {key: node for key, node in (given.fields if given else {}).items() if key in _CHECK_KEYS}
    if not own:
        return {}
    path = given.at("path") if given else None
    defaults = _TARGET_GROUP_CHECK
    if draft.current.kind is Kind.REQUEST_DRIVEN:
        # site/content/docs/manifest/rd-web-service.en.md; a target group allows an interval of 5 seconds or more.
        defaults = {**defaults, "interval": 5, "timeout": 2, "healthyThreshold": 3, "unhealthyThreshold": 3}
    check: dict[str, Any] = {**defaults, "path": path.text() if path else "/"}
    for key, node in own.items():
        number = (seconds(node) if key in ("interval", "timeout") else whole(node)) or 0
        bounds = _BOUNDS.get(key)
        nearest = min(max(int(number), bounds.start), bounds.stop - 1) if bounds else node.text()
        check[_CHECK_KEYS[key]] = nearest
    for group in _target_groups(draft):
        draft.put(dict(check), "resourceOverrides", group, "healthCheck")
    return check


def health_detail(draft: Draft, node: Node) -> Found:
    """Convert what a health check has beside its path and grace period."""
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("The workload is not behind the load balancer.")
    key = draft.path[-1]
    written = _check_override(draft)[_CHECK_KEYS[key]]
    setting = f"tierup:resourceOverrides.{_target_groups(draft)[0]}.healthCheck"
    bounds = _BOUNDS.get(key)
    if bounds is not None and written != (seconds(node) if key in ("interval", "timeout") else whole(node)):
        note = f"A target group allows {bounds.start} to {bounds.stop - 1}; {written} was written."
        return Result(outcome=differs("").outcome, setting=setting, note=note)
    return Result(outcome=same("").outcome, setting=setting)


def grace_period(draft: Draft, node: Node) -> Found:
    value = seconds(node)
    if draft.current.role not in (Role.API, Role.SERVICE) or value is None:
        return invalid(node, "the duration of a service behind the load balancer")
    return draft.mapped(int(value), *draft.current.container, "healthCheckGraceSeconds")


def deregistration_delay(draft: Draft, node: Node) -> Found:
    value = seconds(node)
    if draft.current.role not in (Role.API, Role.SERVICE) or value is None:
        return invalid(node, "the duration of a service behind the load balancer")
    for group in _target_groups(draft):
        draft.put(int(value), "resourceOverrides", group, "deregistrationDelay")
    note = ""
    if value > 30 and draft.get(*draft.current.container, "stopTimeoutSeconds") is None:
        draft.put(int(min(value, 120)), *draft.current.container, "stopTimeoutSeconds")
        note = "stopTimeoutSeconds is set to it, up to the 120 seconds of Fargate."
    return Result(
        outcome=same("").outcome,
        setting=f"tierup:resourceOverrides.{_target_groups(draft)[0]}.deregistrationDelay",
        note=note,
    )


def stickiness(draft: Draft, node: Node) -> Found:
    if node.value is not True:
        return same("Sticky sessions are disabled by default.")
    if draft.current.role is not Role.API or draft.has(Feature.BLUE_GREEN):
        return unmapped(
            "Phases with blue/green deployments, and further services, have no target stickiness. Keep the sessions in "
            "the cache."
        )
    return draft.mapped(_STICKY_SECONDS, "stickySeconds")


def alias(draft: Draft, node: Node) -> Found:
    names = [each.text() for each in node.items] if node.is_list else [node.text()]
    if node.is_mapping:
        given, zone = node.at("name"), node.at("hosted_zone")
        names = [given.text()] if given else []
        if zone is not None and draft.get("hostedZoneId") is None:
            hosted_zone(draft, zone)
    if not names:
        return unmapped("The alias has no name.")
    return _alias(draft, names)


def _alias(draft: Draft, names: list[str]) -> Found:
    role = draft.current.role
    first = names[0].lower()
    if role is Role.SITE:
        return (
            draft.mapped(first, "domain") if len(names) == 1 else draft.differs(first, "domain", note="One name only.")
        )
    host = draft.get("apiDomain")
    if role is Role.API and host is None and draft.options.api_domain is None:
        more = f" Not served: {', '.join(names[1:])}." if names[1:] else ""
        if more:
            return draft.differs(first, "apiDomain", note=f"The API has one host name.{more}")
        return draft.mapped(first, "apiDomain")
    if first == (draft.options.api_domain or host):
        return same("It is the host name of the API.")
    return differs(f"The load balancer serves the API's host name only; not served: {', '.join(names)}.")


def hosted_zone(draft: Draft, node: Node) -> Found:
    if draft.current.kind is Kind.BACKEND:
        return unmapped("The stack has no private hosted zone; its record is in the public zone of the API's name.")
    if not re.fullmatch(r"Z[A-Z0-9]{1,31}", node.text()):
        return invalid(node, "the id of a hosted zone, which begins with Z")
    return draft.shared(node.text(), "hostedZoneId", note="One zone holds site and API.")


def redirect(_: Draft, node: Node) -> Found:
    if node.value is False:
        return unmapped("The load balancer always redirects HTTP to HTTPS.")
    return same("The load balancer always redirects HTTP to HTTPS.")


def protocol(_: Draft, node: Node) -> Found:
    if node.text() == "http1":
        return same("The load balancer connects to tasks by HTTP/1.1.")
    return unmapped(
        "The load balancer connects to tasks by HTTP/1.1; the target groups of gRPC and HTTP/2 are missing."
    )
