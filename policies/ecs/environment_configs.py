"""ECS-020: a program gets its configuration from environment variables, and none of them selects development mode."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers, environment, secret_names
from .sidecars import programs

# Development mode makes a program slower and its error messages and logs more detailed, in any environment.
DEVELOPMENT = {
    "NODE_ENV": frozenset({"development", "test"}),
    "RAILS_ENV": frozenset({"development", "test"}),
    "FLASK_DEBUG": frozenset({"1", "true"}),
    "DJANGO_DEBUG": frozenset({"1", "true"}),
}


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    configured = False
    for path, container in programs(containers(task)):
        variables = dict(environment(container))
        configured |= bool(variables or list(secret_names(container)) or container.get("environmentfiles"))
        for name in DEVELOPMENT.keys() & variables.keys():
            if variables[name].lower() in DEVELOPMENT[name]:
                yield Finding(f"{path}.environment.{name}", "a value for development", "a production value, or not set")
    if not configured:
        wanted = "the settings that differ between environments"
        yield Finding("containerDefinitions: environment", "not set on any container", wanted)


RULE = ResourceRule(
    id="ECS-020",
    name="task-environment-configs",
    title="A task gets its configuration from environment variables, none of which selects development mode.",
    item=ChecklistItem.ENVIRONMENT_CONFIGS,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # some programs need no configuration
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation=(
        "Set NODE_ENV to production, and pass every setting that differs between environments as an environment "
        "variable."
    ),
    example='container = {"name": "api", "environment": [{"name": "NODE_ENV", "value": "production"}]}',
    source="https://12factor.net/config",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see configuration inside the image, nor whether the environments are isolated from each "
        "other."
    ),
)
