"""DEL-005: before a pipeline deploys, it previews the change, with the policies on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, ProjectFiles, ProjectRule, Severity
from .pipelines import OPTIONS, the_pipelines

UP = re.compile(r"\b(?:pulumi|tierup) +" + OPTIONS + r"up(?:date)?\b|\bpulumi/actions@")
PREVIEW = re.compile(r"\b(?:pulumi|tierup) +" + OPTIONS + r"preview\b")
POLICIES = re.compile(r"--policy-pack\b|\btierup +" + OPTIONS + r"(?:preview|check)\b")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = the_pipelines(project)
    everything = "\n".join(each.text for each in found)
    values = {(name, value) for each in found for name, value in each.values}
    if not UP.search(everything):
        raise NotApplicable("no pipeline here deploys with Pulumi")
    if not (PREVIEW.search(everything) or ("command", "preview") in values):
        yield Finding("pipelines", "deploy without a preview", "a preview on every change that is proposed")
    elif not (POLICIES.search(everything) or any(name == "policyPacks" for name, _ in values)):
        yield Finding("pipelines: preview", "without policies", "--policy-pack with the pack's folder")


RULE = ProjectRule(
    id="DEL-005",
    name="pipeline-preview-first",
    title="A pipeline previews a change under the policies before it deploys it.",
    item=ChecklistItem.CI_CD,
    severity=Severity.LOW,
    check=check,
    remediation="Run pulumi preview --policy-pack on pull requests, and deploy from the main branch alone.",
    example="""# on: pull_request:  - run: pulumi preview --stack prod --policy-pack policies""",
    source="https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/",
    read=date(2026, 11, 24),
    unproven="The order of the two. Packs that an organization in Pulumi Cloud enforces are not seen here.",
    level=Level.ADVISORY,
)
