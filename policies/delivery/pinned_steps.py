"""DEL-004: ready-made steps are pinned to a commit: a tag can be moved, and the step sees the pipeline's secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, ProjectFiles, ProjectRule, Severity
from .pipelines import the_pipelines

PINNED = re.compile(r"@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$")


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    steps = [(p.path, uses) for p in the_pipelines(project) for uses in p.uses if not uses.startswith(".")]
    if not steps:
        raise NotApplicable("its pipelines use no ready-made steps")
    for path, uses in dict.fromkeys(steps):
        if not PINNED.search(uses):
            yield Finding(f"{path}: uses", uses.partition("@")[0] + " by a tag or branch", "its commit, in 40 digits")


RULE = ProjectRule(
    id="DEL-004",
    name="pipeline-pinned-steps",
    title="The pipeline's ready-made steps are pinned to a commit.",
    item=ChecklistItem.CI_CD,
    severity=Severity.LOW,
    check=check,
    remediation="Write the step's commit behind the @, and its version into a comment; Dependabot keeps both fresh.",
    example="""# - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2""",
    source="https://docs.github.com/en/actions/reference/security/secure-use",
    read=date(2026, 11, 24),
    level=Level.ADVISORY,
)
