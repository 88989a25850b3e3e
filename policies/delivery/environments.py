"""DEL-006: each environment has its own stack configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, ProjectFiles, ProjectRule, Severity
from .stack_configs import configs

MINIMUM_STACKS = 2  # production and a test environment


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = configs(project)
    if len(found) < MINIMUM_STACKS:
        names = ", ".join(project.named(file) for file in found)
        yield Finding(
            "Pulumi.<stack>.yaml", names or "missing", "one file for production and one for a test environment"
        )


RULE = ProjectRule(
    id="DEL-006",
    name="environment-configs",
    title="At least two stacks have a configuration file: production and a test environment.",
    item=ChecklistItem.ENVIRONMENT_CONFIGS,
    severity=Severity.LOW,
    check=check,
    remediation="Create a second stack with pulumi stack init, and commit its Pulumi.<stack>.yaml.",
    example="""# pulumi stack init dev && pulumi config set aws:region eu-west-1 --stack dev""",
    source="https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see whether the environments are deployed, nor whether they are isolated from each other."
    ),
    level=Level.ADVISORY,
)
