"""ECS-002: the CORS origins that a container allows are named HTTPS origins, without a wildcard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers, environment

VARIABLES = ("ALLOWED_ORIGINS", "CORS_ORIGIN", "CORS_ORIGINS", "CORS_ALLOWED_ORIGINS")
LOCAL = ("http://localhost", "http://127.0.0.1")


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    lists = [
        (f"{path}.environment.{n}", v) for path, c in containers(task) for n, v in environment(c) if n in VARIABLES
    ]
    if not lists:
        raise NotApplicable(f"no container sets {', '.join(VARIABLES)}")
    for path, value in lists:
        origins = [origin.strip() for origin in value.split(",")]
        if any("*" in origin for origin in origins):
            yield Finding(path, "a wildcard", "named https:// origins, separated by commas")
        if any(origin.startswith("http://") and not origin.startswith(LOCAL) for origin in origins):
            yield Finding(path, "an origin over plain HTTP", "https:// origins")


RULE = ResourceRule(
    id="ECS-002",
    name="task-allowed-origins",
    title="A task allows only named HTTPS origins in its CORS settings.",
    item=ChecklistItem.CORS,
    severity=Severity.HIGH,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set ALLOWED_ORIGINS to the https:// origins of your front end, separated by commas.",
    example='{"name": "ALLOWED_ORIGINS", "value": "https://example.com"}',
    source="https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS#credentialed_requests_and_wildcards",
    read=date(2026, 11, 24),
)
