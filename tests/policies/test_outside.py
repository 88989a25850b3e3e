"""Programs that do not use tierup, evaluated in process: the rules find each violation and report no false positive.

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
COMMON_VIOLATIONS = {
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
    """Return the program of the example of that name."""
    spec = spec_from_file_location(f"outside_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.deploy


def named_in(name: str) -> set[str]:
    """Return the ids of the rules that a program's comments name."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return set(re.findall(r"\b([A-Z0-9]+-\d{3})\b", "\n".join(re.findall(r"#.*", text))))


@cache
def resources_of_example(name: str) -> tuple[Resource, ...]:
    """Return the resources of an example, as a rule reads them."""
    recording = record(outside(name), calls=CALLS, outputs=OUTPUTS)
    return (
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
    )


@cache
def report_on(name: str) -> Report:
    """Return the report on an example, with the rules' default levels and parameters."""
    exceptions = Exceptions((), datetime.now(UTC).date())
    return evaluate(resources_of_example(name), PolicyConfig(), exceptions, rules=RULES_ON_RESOURCES)


def failing(name: str, *levels: Level) -> set[str]:
    return {each.rule for each in report_on(name).failures(levels or tuple(Level))}


@pytest.mark.parametrize("name", ["clean", "site"])
def test_a_clean_program_has_no_mandatory_violation(name: str) -> None:
    assert failing(name, Level.MANDATORY) == set()
    indeterminate = [
        (each.rule, each.reason)
        for each in report_on(name).results
        if each.outcome is Outcome.UNKNOWN and each.level is Level.MANDATORY
    ]
    assert indeterminate == []


def test_only_the_rules_named_in_the_comments_report_violations() -> None:
    assert failing("faulty", Level.MANDATORY) <= named_in("faulty") <= failing("faulty")


@pytest.mark.parametrize("violation", COMMON_VIOLATIONS)
def test_the_faulty_program_has_the_common_violations(violation: str) -> None:
    assert COMMON_VIOLATIONS[violation] in named_in("faulty")
    assert COMMON_VIOLATIONS[violation] not in failing("clean")


def test_the_report_contains_no_secret() -> None:
    assert "correct-horse" in (FOLDER / "faulty.py").read_text(encoding="utf-8")
    assert "correct-horse" not in str(report_on("faulty").to_json())
