"""DEL-006: each environment has a configuration of its own: one program, one file a stack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, ProjectFiles, ProjectRule, Severity
from .stack_configs import configs

WANTED = 2  # production, and somewhere to try things


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = configs(project)
    if len(found) < WANTED:
        names = ", ".join(project.named(file) for file in found)
        yield Finding("Pulumi.<stack>.yaml", names or "missing", "one for production, and one to try things in")


RULE = ProjectRule(
    id="DEL-006",
    name="environment-configs",
    title="Production and at least one other environment have a configuration file each.",
    item=ChecklistItem.ENVIRONMENT_CONFIGS,
    severity=Severity.LOW,
    check=check,
    remediation="Make a second stack with pulumi stack init, and commit its Pulumi.<stack>.yaml.",
    example="""# pulumi stack init dev && pulumi config set aws:region eu-west-1 --stack dev""",
    source="https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/",
    read=date(2026, 11, 24),
    unproven="That the environments are deployed, and apart from each other.",
    level=Level.ADVISORY,
)
