"""`tierup check` on the real engine and the sandbox, with tierup's program and with others."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from policies.rule import Outcome
from tests.tierup.deployment.conftest import SandboxProject

pytestmark = pytest.mark.engine
CHECKOUT = Path(__file__).parents[3]

# `policies` is a likely name for a module of roles, and must be the program's own.
PROGRAM = """
import pulumi
from listeners import listener
from policies import POLICY

listener("https", POLICY)
pulumi.export("policy", POLICY)
"""
LISTENERS = """
import pulumi

ACCOUNT = "eu-west-1:123456789012"


class Listener(pulumi.CustomResource):
    def __init__(self, name, properties):
        super().__init__("aws:lb/listener:Listener", name, properties)


def listener(name, policy):
    properties = {
        "protocol": "HTTPS",
        "port": 443,
        "sslPolicy": policy,
        "loadBalancerArn": f"arn:aws:elasticloadbalancing:{ACCOUNT}:loadbalancer/app/one/50dc6c495c0c9188",
        "certificateArn": f"arn:aws:acm:{ACCOUNT}:certificate/one",
        "defaultActions": [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}],
    }
    return Listener(name, properties)
"""


@pytest.fixture
def outside(sandbox_project: SandboxProject) -> SandboxProject:
    """Create a project without a pack, whose program does not use tierup."""
    sandbox_project.write_program(PROGRAM)
    (sandbox_project.folder / "stacks" / "listeners.py").write_text(LISTENERS)
    (sandbox_project.folder / "stacks" / "policies.py").write_text('POLICY = "ELBSecurityPolicy-2016-08"\n')
    return sandbox_project


def test_a_preview_of_any_program_is_evaluated_with_source_lines(outside: SandboxProject) -> None:
    files = ("report.sarif", "baseline.json")
    ran = outside.run("check", "--sandbox", "--rule", "ALB-002", "--json")
    assert ran.code == 3, ran.stderr
    (section,) = ran.document["sections"]
    assert section["report"]["basis"] == "preview"
    (finding,) = section["findings"]
    (line,) = [n for n, text in enumerate(LISTENERS.splitlines(), start=1) if "return Listener(" in text]
    assert [each["file"] for each in finding["places"]] == ["stacks/listeners.py", "stacks/__main__.py"]
    assert finding["places"][0]["line"] == line

    # --write-baseline accepts the finding, so the run succeeds and the report marks it as unchanged.
    ran = outside.run("check", "--sandbox", "-r", "ALB-002", "--write-baseline", files[1], "--output", files[0])
    assert ran.code == 0, ran.stderr
    (result,) = json.loads((outside.folder / files[0]).read_text())["runs"][0]["results"]
    assert result["baselineState"] == "unchanged"
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "stacks/__main__.py"
    assert not outside.resources(), "the check creates no resource"


def test_a_saved_preview_gives_the_report_of_the_preview_itself(outside: SandboxProject) -> None:
    save = f'eval "$({sys.executable} -m tierup.cli sandbox env)" && pulumi preview --stack dev --json > saved.json'
    subprocess.run(["bash", "-c", save], cwd=outside.folder, env=outside.environment, check=True, capture_output=True)
    reports = [outside.run("check", "--json", *what).document for what in (["--sandbox"], ["saved.json"])]
    previewed, saved = [
        {(each["rule"], each["urn"]): each for each in report["sections"][0]["report"]["results"]} for report in reports
    ]
    assert previewed == saved
    previewed, saved = [report["sections"][0]["findings"] for report in reports]
    assert previewed == saved
    assert {"ALB-002"} <= {each["rule"] for each in saved}


def test_a_failing_program_is_reported_as_preview_does(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program("raise ValueError('no such zone')")
    ran = sandbox_project.run("check", "--sandbox", "--json")
    assert ran.code == 1
    assert ran.document["exit_code"] == 1
    assert "no such zone" in ran.stderr


def test_a_missing_stack_is_rejected_as_preview_does(sandbox_project: SandboxProject) -> None:
    ran = sandbox_project.run("check", "--sandbox", "--stack", "elsewhere")
    assert ran.code == 2
    assert "no settings file for this stack (got elsewhere)" in ran.stderr


def test_the_dev_stack_violates_no_mandatory_policy_and_every_finding_has_a_line(
    sandbox_project: SandboxProject,
) -> None:
    project = replace(
        sandbox_project, environment={**sandbox_project.environment, "TIERUP_HOME": str(sandbox_project.home)}
    )
    # All rules are advisory for the dev stack; an empty config gives each rule its own level.
    strict = sandbox_project.folder / "strict.json"
    strict.write_text("{}")
    ran = project.run("check", "--sandbox", "--stack", "dev", "--cwd", str(CHECKOUT), "--json", "--config", str(strict))
    assert ran.code == 0, ran.stderr
    (section,) = ran.document["sections"]
    evaluated = section["report"]["results"]
    assert {each["level"] for each in evaluated} == {"mandatory", "advisory"}
    assert {each["outcome"] for each in evaluated} >= {Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN}
    assert "… " in ran.stderr or "create" in ran.stderr, "progress goes to stderr, and the document to stdout"
    of_resources = [each for each in section["findings"] if each["urn"] and each["type"] != "pulumi:pulumi:Stack"]
    assert of_resources
    for finding in of_resources:
        assert (CHECKOUT / finding["places"][0]["file"]).is_relative_to(CHECKOUT / "components"), finding
        assert finding["places"][-1]["file"] == "stacks/__main__.py"
