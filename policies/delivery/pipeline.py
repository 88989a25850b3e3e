"""DEL-001: a pipeline tests or deploys the project, so that a release does not depend on one person's machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, ProjectFiles, ProjectRule, Severity
from .pipeline_tests import TESTS
from .pipelines import OPTIONS, pipelines

DEPLOYS = re.compile(
    r"\b(?:pulumi|tierup) +" + OPTIONS + r"(?:up|update|preview|check|deploy)\b|\bpulumi/actions@"
    r"|\b(?:terraform|tofu) +(?:plan|apply)\b|\b(?:cdk|sls|serverless|vercel|flyctl|wrangler) +\w*deploy"
    r"|\bdocker +(?:push|buildx)\b|\baws +(?:ecs|s3|lambda|cloudformation)\b|\bmake +(?:deploy|up|release)\b"
)


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = pipelines(project)
    if not found:
        yield Finding("pipeline file", "missing", "a file such as .github/workflows/deploy.yml or .gitlab-ci.yml")
    elif not any(DEPLOYS.search(each.text) or TESTS.search(each.text) for each in found):
        yield Finding(found[0].path, "no step tests or deploys", "steps that run the tests and deploy")


RULE = ProjectRule(
    id="DEL-001",
    name="pipeline",
    title="A pipeline tests or deploys the project.",
    item=ChecklistItem.CI_CD,
    severity=Severity.MEDIUM,
    check=check,
    remediation="Create a pipeline file that runs the tests, previews changes and deploys them from the main branch.",
    example="""# .github/workflows/deploy.yml:  - run: make test
#                                - run: pulumi preview --stack prod --policy-pack policies
#                                - run: pulumi up --stack prod --yes""",
    source="https://www.pulumi.com/docs/iac/guides/continuous-delivery/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the pipeline runs, nor a pipeline outside the repository.",
    level=Level.ADVISORY,
)
