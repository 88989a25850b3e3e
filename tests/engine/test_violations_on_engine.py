"""Violations that resource overrides cause in the program: only the rule of each violation reports it on the engine.

tests/policies/test_violations.py does the same for every rule, without the engine, whenever the tests run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

VIOLATIONS: dict[str, dict[str, Any]] = {
    "ALB-004": {"api-alb": {"dropInvalidHeaderFields": False}},
    "ALB-005": {"api-alb": {"desyncMitigationMode": "monitor"}},
    "LOG-001": {"backend-logs": {"retentionInDays": 1}},
    "ECR-002": {"images-repository": {"imageTagMutability": "MUTABLE"}},
    "ECS-009": {"backend-service": {"deploymentCircuitBreaker": {"enable": False, "rollback": False}}},
    "S3-001": {"site-public-access": {"blockPublicPolicy": False}},
}


def findings(program: Program, config: Path) -> set[tuple[str, str]]:
    """Return the resource and the rule of each finding, at any level."""
    checked = program.run("check", "--config", str(config), "--fail-on", "never")
    assert checked.code == 0, checked.stderr
    (section,) = checked.document["sections"]
    return {(finding["resource"], finding["rule"]) for finding in section["findings"]}


def test_each_violation_is_reported_by_its_rule_only(tmp_path: Path) -> None:
    config = tmp_path / "levels.json"
    config.write_text("{}")
    program = Program(tmp_path / "project")
    try:
        before = findings(program, config)
        overrides: dict[str, Any] = {}
        for change in VIOLATIONS.values():
            for name, arguments in change.items():
                overrides.setdefault(name, {}).update(arguments)
        program.set(resourceOverrides=overrides)
        resources = {rule: next(iter(change)) for rule, change in VIOLATIONS.items()}
        resources["S3-001"] = "site-bucket"  # the rule reports the bucket of the public access block
        assert findings(program, config) - before == {(name, rule) for rule, name in resources.items()}
    finally:
        program.close()
