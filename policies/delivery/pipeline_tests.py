"""DEL-002: the pipeline runs the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, ProjectFiles, ProjectRule, Severity
from .pipelines import require_pipelines

TESTS = re.compile(
    r"\b(?:pytest|tox|nox|jest|vitest|mocha|rspec|phpunit|ctest|bats|unittest)\b"
    r"|\b(?:npm|pnpm|yarn|bun|deno) +(?:-\S+ +){0,4}(?:run +)?(?:t|test|ci:test|test:\w+)\b"
    r"|\b(?:go|cargo|dotnet|mix|sbt|rails|swift|flutter) +test\b|\brake +(?:test|spec)\b"
    r"|\b(?:mvn|mvnw|gradle|gradlew) +(?:\S+ +){0,8}(?:\S*:)?(?:test|verify|check|build)\b"
    r"|\b(?:make|just|task) +(?:\S+ +){0,8}(?:tests?|check|ci|verify)\b"
    r"|\b(?:playwright +test|cypress +run)\b|\bcypress-io/github-action@"
)


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    found = require_pipelines(project)
    if not any(TESTS.search(each.text) for each in found):
        yield Finding(", ".join(each.path for each in found), "no step runs tests", "a test step before the deployment")


RULE = ProjectRule(
    id="DEL-002",
    name="pipeline-tests",
    title="The pipeline runs the tests.",
    item=ChecklistItem.AUTOMATED_TESTING,
    severity=Severity.MEDIUM,
    check=check,
    remediation="Add a step with the project's test command (pytest, npm test, go test, make test ...).",
    example="""# .github/workflows/deploy.yml:  - run: npm ci && npm test""",
    source="https://docs.github.com/en/actions/concepts/overview/continuous-integration",
    read=date(2026, 11, 24),
    unproven="The rule does not see what the tests cover, nor whether a failing test stops the deployment.",
    level=Level.ADVISORY,
)
