"""Programs that know nothing of ours, evaluated in process: planted faults are found, clean ones raise no alarm.

tests/engine/test_policies_on_engine.py runs them on the engine too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from policies.config import PolicyConfig
from policies.evaluator import evaluate
from policies.exceptions import Exceptions
from policies.registry import RULES
from policies.report import Report
from policies.rule import Level, Outcome, ProjectRule, Resource
from policies.values import from_state
from tests.engine_recorder import record

FOLDER = Path("examples/outside")
STACK = "urn:pulumi:dev::outside::pulumi:pulumi:Stack::outside-dev"
CALLS = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": ["a", "b", "c"], "zoneIds": []},
    "aws:route53/getZone:getZone": {"zoneId": "Z0123456789ABC", "name": "example.com"},
}
OUTPUTS = {
    "aws:acm/certificate:Certificate": {
        "domainValidationOptions": [
            {"resourceRecordName": "_x", "resourceRecordType": "CNAME", "resourceRecordValue": "_y"}
        ]
    }
}
RULES_ON_RESOURCES = [rule for rule in RULES if not isinstance(rule, ProjectRule)]
PLANTED = {
    "unencrypted cache": "CACHE-001",
    "public bucket": "S3-001",
    "HTTP listener": "ALB-001",
    "open SSH": "NET-001",
    "plain secret in a task": "ECS-001",
    "no backups": "CACHE-004",
    "single instance": "ECS-011",
    "no retention": "LOG-001",
}


def outside(name: str) -> Callable[[], None]:
    """The example's program of that name."""
    spec = spec_from_file_location(f"outside_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.deploy


def named_in(name: str) -> set[str]:
    """The rules that a program's comments name."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return set(re.findall(r"\b([A-Z0-9]+-\d{3})\b", "\n".join(re.findall(r"#.*", text))))


@cache
def report_on(name: str) -> Report:
    recording = record(outside(name), calls=CALLS, outputs=OUTPUTS)
    resources = [
        Resource("pulumi:pulumi:Stack", "outside-dev", STACK, from_state({})),
        *(
            Resource(
                each.type,
                each.name,
                each.urn,
                from_state(each.inputs),
                from_state({**each.outputs, **each.inputs, "id": f"{each.name}-id"}),
                each.flows,
            )
            for each in recording.resources
        ),
    ]
    return evaluate(resources, PolicyConfig(), Exceptions((), datetime.now(UTC).date()), rules=RULES_ON_RESOURCES)


def failing(name: str, *levels: Level) -> set[str]:
    return {each.rule for each in report_on(name).failures(levels or tuple(Level))}


@pytest.mark.parametrize("name", ["clean", "site"])
def test_a_clean_program_raises_no_alarm(name: str) -> None:
    assert failing(name, Level.MANDATORY) == set()
    indeterminate = [
        (each.rule, each.reason)
        for each in report_on(name).results
        if each.outcome is Outcome.UNKNOWN and each.level is Level.MANDATORY
    ]
    assert indeterminate == []


def test_each_planted_fault_is_found_by_the_rule_that_its_comment_names_and_no_other() -> None:
    assert failing("faulty", Level.MANDATORY) <= named_in("faulty") <= failing("faulty")


@pytest.mark.parametrize("fault", PLANTED)
def test_the_usual_faults_are_planted(fault: str) -> None:
    assert PLANTED[fault] in named_in("faulty")
    assert PLANTED[fault] not in failing("clean")


def test_no_secret_is_in_the_evidence() -> None:
    assert "correct-horse" in (FOLDER / "faulty.py").read_text(encoding="utf-8")
    assert "correct-horse" not in str(report_on("faulty").to_json())
