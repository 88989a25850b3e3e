"""DEL-004: third-party steps are pinned to a commit: a tag can be moved, and a step can read the pipeline's secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, ProjectFiles, ProjectRule, Severity
from .pipelines import require_pipelines

PINNED = re.compile(r"@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    steps = [(p.path, uses) for p in require_pipelines(project) for uses in p.uses if not uses.startswith(".")]
    if not steps:
        raise NotApplicable("the pipelines use no third-party steps")
    for path, uses in dict.fromkeys(steps):
        if not PINNED.search(uses):
            yield Finding(f"{path}: uses", uses.partition("@")[0] + " by a tag or branch", "the full commit hash")


RULE = ProjectRule(
    id="DEL-004",
    name="pipeline-pinned-steps",
    title="The pipeline pins third-party steps to a commit.",
    item=ChecklistItem.CI_CD,
    severity=Severity.LOW,
    check=check,
    remediation="Pin each step to a commit hash, with its version in a comment; Dependabot updates both.",
    example="""# - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2""",
    source="https://docs.github.com/en/actions/reference/security/secure-use",
    read=date(2026, 11, 24),
    level=Level.ADVISORY,
)
