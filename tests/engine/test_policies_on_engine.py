"""The policy pack on the real engine, evaluating programs that do not use tierup."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pulumi_aws as aws
import pytest

from policies.registry import RULES
from policies.rule import Level
from tests.engine.sandbox_stack import CreateStack, Outcome
from tests.policies.test_outside import failing, named_in, outside

pytestmark = pytest.mark.engine

PACK = str(Path("policies").resolve())
ADVISORY = str(Path("policies/environments/dev.json").resolve())


class Evaluated:
    """One engine operation with a policy pack: its outcome, and the policies that it reported."""

    def __init__(
        self, operate: Callable[..., Outcome], program: Callable[[], None], *config: str, pack: str = PACK
    ) -> None:
        lines: list[str] = []
        self.outcome = operate(
            program, policy_packs=[pack], policy_pack_configs=list(config), on_output=lines.append, color="never"
        )
        self.text = "\n".join(lines)

    def reported(self, level: str) -> set[str]:
        """Return the ids of the rules that reported a violation at this level."""
        names = {rule.name: rule.id for rule in RULES}
        found: list[str] = re.findall(rf"- \[{level}\].*?  ([\w-]+)  \(", self.text)
        return {names.get(name, name) for name in found}


def test_only_the_rules_named_in_the_comments_report_violations(create_stack: CreateStack) -> None:
    evaluated = Evaluated(create_stack().preview, outside("faulty"))
    assert evaluated.outcome.error
    assert evaluated.reported("mandatory") == failing("faulty", Level.MANDATORY)
    assert evaluated.reported("advisory") >= failing("faulty", Level.ADVISORY)
    assert named_in("faulty") <= evaluated.reported("mandatory") | evaluated.reported("advisory")
    assert "correct-horse" not in evaluated.text


def test_a_mandatory_violation_prevents_the_creation_of_the_resource(create_stack: CreateStack) -> None:
    stack = create_stack()
    evaluated = Evaluated(stack.up, outside("faulty"))
    assert evaluated.outcome.error
    assert "aws:ecs/taskDefinition:TaskDefinition" not in {resource.type for resource in stack.resources()}


def test_advisory_rules_report_the_violations_and_do_not_fail_the_preview(create_stack: CreateStack) -> None:
    stack = create_stack()
    evaluated = Evaluated(stack.preview, outside("faulty"), ADVISORY)
    assert not evaluated.outcome.error
    assert evaluated.reported("mandatory") == set()
    assert evaluated.reported("advisory") >= failing("faulty")


def test_a_clean_program_has_no_mandatory_violation_before_and_after_up(
    create_stack: CreateStack,
) -> None:
    stack = create_stack()
    program = outside("clean")

    preview = Evaluated(stack.preview, program)
    assert not preview.outcome.error
    assert preview.reported("mandatory") == set()
    assert "ECS-001 could not be evaluated on" in preview.text, "the task's secret has no ARN yet"
    assert "containerDefinitions is not known before `up`" in preview.text

    up = Evaluated(stack.up, program)
    assert not up.outcome.error
    assert up.reported("mandatory") == set()
    assert up.reported("advisory") >= failing("clean", Level.ADVISORY)
    assert "is not known before" not in up.text

    again = Evaluated(stack.preview, program)
    assert again.reported("mandatory") == set()
    assert again.reported("advisory") == up.reported("advisory")


@pytest.mark.exhaustive
def test_another_clean_program_has_no_mandatory_violation(create_stack: CreateStack) -> None:
    """A preview only, because its certificate and its Atlas project do not exist."""
    evaluated = Evaluated(create_stack().preview, outside("site"))
    assert not evaluated.outcome.error
    assert evaluated.reported("mandatory") == set()


def test_a_remediated_resource_is_created_corrected_and_unchanged_later(
    create_stack: CreateStack, tmp_path: Path
) -> None:
    levels = tmp_path / "levels.json"
    levels.write_text('{"log-retention": {"enforcementLevel": "remediate", "retentionDays": 100}}')
    stack = create_stack()

    def program() -> None:
        aws.cloudwatch.LogGroup("web")

    assert not Evaluated(stack.up, program, str(levels)).outcome.error
    (group,) = (each for each in stack.resources() if each.type == "aws:cloudwatch/logGroup:LogGroup")
    assert group.outputs["retentionInDays"] == 120
    again = Evaluated(stack.preview, program, str(levels)).outcome
    assert set(again.changes) <= {"same"}
