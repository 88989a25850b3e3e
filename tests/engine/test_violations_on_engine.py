"""Faults planted in our own program by its settings, as the engine shows them: each is seen by the rule that names it,
and by no other. tests/policies/test_violations.py plants one for every rule, in process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine.program import Program

pytestmark = pytest.mark.engine

PLANTED: dict[str, dict[str, Any]] = {
    "ALB-004": {"api-alb": {"dropInvalidHeaderFields": False}},
    "ALB-005": {"api-alb": {"desyncMitigationMode": "monitor"}},
    "LOG-001": {"backend-logs": {"retentionInDays": 1}},
    "ECR-002": {"docker-images": {"imageTagMutability": "MUTABLE"}},
    "ECS-009": {"backend-service": {"deploymentCircuitBreaker": {"enable": False, "rollback": False}}},
    "S3-001": {"site-public-access": {"blockPublicPolicy": False}},
}


def failing(program: Program, config: Path) -> set[tuple[str, str]]:
    """What breaks which rule, at whatever level: by resource and rule."""
    checked = program.run("check", "--config", str(config), "--fail-on", "never")
    assert checked.code == 0, checked.stderr
    (section,) = checked.document["sections"]
    return {(finding["resource"], finding["rule"]) for finding in section["findings"]}


def test_each_planted_fault_is_seen_by_the_rule_that_names_it_and_no_other(tmp_path: Path) -> None:
    config = tmp_path / "levels.json"
    config.write_text("{}")
    program = Program(tmp_path / "project")
    try:
        before = failing(program, config)
        adjustments: dict[str, Any] = {}
        for change in PLANTED.values():
            for name, arguments in change.items():
                adjustments.setdefault(name, {}).update(arguments)
        program.set(resourceOverrides=adjustments)
        found = failing(program, config) - before
        resources = {rule: next(iter(change)) for rule, change in PLANTED.items()}
        buckets = {("site-bucket" if rule == "S3-001" else name, rule) for rule, name in resources.items()}
        assert found == buckets
    finally:
        program.close()
