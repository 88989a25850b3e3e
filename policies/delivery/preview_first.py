"""DEL-005: the pipeline previews a change with the policy pack before it deploys the change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, ProjectFiles, ProjectRule, Severity
from .pipelines import OPTIONS, require_pipelines

UP = re.compile(r"\b(?:pulumi|tierup) +" + OPTIONS + r"up(?:date)?\b|\bpulumi/actions@")
PREVIEW = re.compile(r"\b(?:pulumi|tierup) +" + OPTIONS + r"preview\b")
POLICIES = re.compile(r"--policy-pack\b|\btierup +" + OPTIONS + r"(?:preview|check)\b")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = require_pipelines(project)
    text = "\n".join(each.text for each in found)
    values = {(name, value) for each in found for name, value in each.values}
    if not UP.search(text):
        raise NotApplicable("no pipeline deploys with Pulumi")
    if not (PREVIEW.search(text) or ("command", "preview") in values):
        yield Finding("pipelines", "deploy without a preview", "a preview on every pull request")
    elif not (POLICIES.search(text) or any(name == "policyPacks" for name, _ in values)):
        yield Finding("pipelines: preview", "no policy pack", "--policy-pack with the pack's folder")


RULE = ProjectRule(
    id="DEL-005",
    name="pipeline-preview-first",
    title="The pipeline previews changes with the policy pack before it deploys them.",
    item=ChecklistItem.CI_CD,
    severity=Severity.LOW,
    check=check,
    remediation="Run pulumi preview --policy-pack on pull requests, and deploy only from the main branch.",
    example="""# on: pull_request:  - run: pulumi preview --stack prod --policy-pack policies""",
    source="https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/",
    read=date(2026, 11, 24),
    unproven=(
        "The rule does not see the order of preview and deployment, nor policy packs that a Pulumi Cloud "
        "organization enforces."
    ),
    level=Level.ADVISORY,
)
