"""The policy pack on the real engine, evaluating programs that know nothing of tierup."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pulumi_aws as aws
import pytest

from policies.registry import RULES
from policies.rule import Level
from tests.engine.rehearsal import Outcome, Rehearsal
from tests.policies.test_outside import failing, named_in, outside

pytestmark = pytest.mark.engine
Rehearse = Callable[..., Rehearsal]

PACK = str(Path("policies").resolve())
ADVISORY = str(Path("policies/environments/dev.json").resolve())


class Evaluated:
    """One engine operation with the pack on: how it ended, and what the pack said."""

    def __init__(self, operate: Callable[..., Outcome], program: Callable[[], None], *config: str) -> None:
        lines: list[str] = []
        self.outcome = operate(
            program, policy_packs=[PACK], policy_pack_configs=list(config), on_output=lines.append, color="never"
        )
        self.text = "\n".join(lines)

    def reported(self, level: str) -> set[str]:
        """The ids of the rules that reported something at this level."""
        names = {rule.name: rule.id for rule in RULES}
        found: list[str] = re.findall(rf"- \[{level}\].*?  ([\w-]+)  \(", self.text)
        return {names.get(name, name) for name in found}


def test_each_planted_fault_is_found_by_the_rule_that_names_it_and_no_other(rehearse: Rehearse) -> None:
    evaluated = Evaluated(rehearse().preview, outside("faulty"))
    assert evaluated.outcome.error
    assert evaluated.reported("mandatory") == failing("faulty", Level.MANDATORY)
    assert evaluated.reported("advisory") >= failing("faulty", Level.ADVISORY)
    assert named_in("faulty") <= evaluated.reported("mandatory") | evaluated.reported("advisory")
    assert "correct-horse" not in evaluated.text


def test_a_mandatory_violation_keeps_the_resource_from_being_made(rehearse: Rehearse) -> None:
    stack = rehearse()
    evaluated = Evaluated(stack.up, outside("faulty"))
    assert evaluated.outcome.error
    assert "aws:ecs/taskDefinition:TaskDefinition" not in {resource.type for resource in stack.standing()}


def test_advisory_rules_report_the_same_and_hold_nothing_up(rehearse: Rehearse) -> None:
    stack = rehearse()
    evaluated = Evaluated(stack.preview, outside("faulty"), ADVISORY)
    assert not evaluated.outcome.error
    assert evaluated.reported("mandatory") == set()
    assert evaluated.reported("advisory") >= failing("faulty")


def test_a_clean_program_is_evaluated_when_its_values_are_known_and_gives_no_false_alarm(rehearse: Rehearse) -> None:
    stack = rehearse()
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
def test_another_clean_program_gives_no_false_alarm_either(rehearse: Rehearse) -> None:
    """A preview alone: the certificate and the Atlas project that it is given are nobody's."""
    evaluated = Evaluated(rehearse().preview, outside("site"))
    assert not evaluated.outcome.error
    assert evaluated.reported("mandatory") == set()


def test_what_the_pack_may_mend_is_made_mended_and_stays_so(rehearse: Rehearse, tmp_path: Path) -> None:
    levels = tmp_path / "levels.json"
    levels.write_text('{"log-retention": {"enforcementLevel": "remediate", "retentionDays": 100}}')
    stack = rehearse()

    def program() -> None:
        aws.cloudwatch.LogGroup("web")

    assert not Evaluated(stack.up, program, str(levels)).outcome.error
    (group,) = (each for each in stack.standing() if each.type == "aws:cloudwatch/logGroup:LogGroup")
    assert group.outputs["retentionInDays"] == 120
    again = Evaluated(stack.preview, program, str(levels)).outcome
    assert set(again.changes) <= {"same"}
