"""ECS-020: a program gets its configuration from outside, and does not run as on a developer's machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity
from .definitions import TASK_DEFINITION, containers, environment, secret_names
from .sidecars import programs

# Switches that make a program slower and more talkative, whatever the environment is called.
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
                yield Finding(f"{path}.environment.{name}", "set for development", "production, or not set")
    if not configured:
        yield Finding("containerDefinitions: environment", "not set on any container", "what the environments need")


RULE = ResourceRule(
    id="ECS-020",
    name="task-environment-configs",
    title="A task gets its configuration from environment variables, and none of them is for development.",
    item=ChecklistItem.ENVIRONMENT_CONFIGS,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a program that needs no configuration is none the worse
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set NODE_ENV to production, and give what differs from environment to environment as variables.",
    example='container = {"name": "api", "environment": [{"name": "NODE_ENV", "value": "production"}]}',
    source="https://12factor.net/config",
    read=date(2026, 11, 24),
    unproven="That the program has no configuration of its own besides, and that the environments are kept apart.",
)
