"""ECS-001: a task definition passes secrets by ARN, never in plain environment variables or on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity
from ..secrets.recognition import secret_value, secret_variable
from .definitions import TASK_DEFINITION, containers, environment

WANTED = "an entry under `secrets` with valueFrom: the ARN of a Secrets Manager secret or SSM parameter"


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, container in containers(task):
        for name, value in environment(container):
            if kind := secret_variable(name, value):
                yield Finding(f"{path}.environment.{name}", f"{kind}, in plain text (value not shown)", WANTED)
        for key in ("command", "entrypoint"):
            for index, word in enumerate(container.get(key) or ()):
                if kind := secret_value(str(word)):
                    yield Finding(f"{path}.{key}[{index}]", f"{kind}, in plain text (value not shown)", WANTED)


RULE = ResourceRule(
    id="ECS-001",
    name="task-secrets-by-arn",
    title="A task definition contains no secrets, only the ARNs of secrets.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.CRITICAL,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Store the value in Secrets Manager and move the variable from `environment` to `secrets`.",
    example="""container = {
    "name": "api",
    "environment": [{"name": "NODE_ENV", "value": "production"}],
    "secrets": [{"name": "JWT_SECRET", "valueFrom": jwt_secret.arn}],
}""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-8",
    read=date(2026, 11, 24),
    unproven="The rule does not see secrets inside the image, nor whether the program logs the values it receives.",
)
