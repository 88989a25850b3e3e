"""ECS-021: a container gets the variable that its error tracker needs to report errors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers, environment, secret_names
from .sidecars import programs

# The variable that each tracker's library reads: without it, the library sends nothing.
TRACKER = re.compile(
    r"^(\w+_)?(SENTRY_DSN|ROLLBAR_\w*TOKEN|BUGSNAG_API_KEY|HONEYBADGER_API_KEY|AIRBRAKE_(API|PROJECT)_KEY|RAYGUN_\w*KEY"
    r"|NEW_RELIC_LICENSE_KEY|DD_API_KEY|DD_AGENT_HOST|DD_SERVICE|ELASTIC_APM_SERVER_URL|OTEL_EXPORTER_OTLP_ENDPOINT"
    r"|APPLICATIONINSIGHTS_CONNECTION_STRING|APPSIGNAL_PUSH_API_KEY)$"
)


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for _, container in programs(containers(task)):
        names = [*secret_names(container), *(name for name, value in environment(container) if value)]
        if any(TRACKER.match(name) for name in names):
            return
    wanted = "SENTRY_DSN or another tracker's variable"
    yield Finding("containerDefinitions: secrets", "no variable of an error tracker", wanted)


RULE = ResourceRule(
    id="ECS-021",
    name="task-error-tracking",
    title="A task is configured to send its errors to an error tracker.",
    item=ChecklistItem.ERROR_TRACKING,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # an error tracker requires an account with another vendor
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Store the tracker's DSN in Secrets Manager and pass it to the container as SENTRY_DSN.",
    example='container = {"name": "api", "secrets": [{"name": "SENTRY_DSN", "valueFrom": dsn.arn}]}',
    source="https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#dsn",
    read=None,
    unproven=(
        "The rule does not see whether the program loads the tracker's library, nor whether anyone reads the reports."
    ),
)
