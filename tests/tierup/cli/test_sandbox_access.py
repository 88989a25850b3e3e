"""The commands `tierup sandbox problems` and `tierup sandbox deployer`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.sandbox import app
from tierup.sandbox import cloud_path
from tierup.sandbox.aws.access import deployer, silent
from tierup.sandbox.cloud import Cloud, CloudResource

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
GENERATED = Path(__file__).parents[3] / "docs/reference/deployer-policy.json"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIERUP_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_deployer_is_set_shown_and_cleared(home: Path) -> None:
    file = home / "ci.json"
    file.write_text(json.dumps(POLICY))
    assert run("deployer", "show").output == "The deployer is an administrator.\n"
    assert run("deployer", "set", str(file)).output == "The deployer has 1 policy.\n"
    assert json.loads(run("deployer", "show", "--json").output) == {"administrator": False, "policies": {"ci": POLICY}}
    assert "ci" in run("deployer", "show").output
    assert run("deployer", "clear").exit_code == 0
    assert json.loads(run("deployer", "show", "--json").output) == {"administrator": True, "policies": None}


def test_deployer_takes_the_policies_of_a_phase(home: Path) -> None:
    done = run("deployer", "set", str(GENERATED), "--phase", "mvp")
    assert done.exit_code == 0, done.output
    given = deployer.policies(Cloud(cloud_path(home)))
    assert given is not None
    assert [policy.name for policy in given] == [f"tierup-mvp-{number}" for number in range(1, len(given) + 1)]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("no json", (), "not a JSON file"),
        ("[]", (), "not an IAM policy (got list). Give a JSON object."),
        ('{"Version": "2012-10-17"}', (), "ci has no statements"),
        ('{"policies": {"mvp": {}}}', ("--phase", "huge"), "no such group (got 'huge'). Allowed are mvp."),
    ],
)
def test_file_that_is_no_policy_is_rejected(home: Path, text: str, options: tuple[str, ...], message: str) -> None:
    file = home / "ci.json"
    file.write_text(text)
    done = run("deployer", "set", str(file), *options)
    assert done.exit_code == 1
    assert done.output.startswith("error: ")
    assert message in done.output
    assert deployer.policies(Cloud(cloud_path(home))) is None


def test_reset_makes_the_deployer_an_administrator(home: Path) -> None:
    run("deployer", "set", str(GENERATED), "--phase", "mvp")
    run("reset", "--yes")
    assert deployer.policies(Cloud(cloud_path(home))) is None


def test_problems_name_resource_effect_and_right(home: Path) -> None:
    assert (run("problems").output, run("problems").exit_code) == ("0 problems\n", 0)
    cloud = Cloud(cloud_path(home))
    for type, id, outputs in (
        ("aws:sns/topic:Topic", TOPIC, {"arn": TOPIC, "policy": json.dumps(POLICY)}),
        (silent.ALARM, "cpu", {"arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu", "alarmActions": [TOPIC]}),
    ):
        urn = f"urn:pulumi:dev::p::{type}::{id.rpartition(':')[2]}"
        cloud.add(CloudResource(type, id, urn, "eu-west-1", "123456789012", outputs, outputs))
    cloud.close()
    done = run("problems")
    assert done.exit_code == 1
    assert done.output == (
        "aws:cloudwatch/metricAlarm:MetricAlarm 'cpu'\n"
        "  The message does not reach the topic 'alarms'. User: cloudwatch.amazonaws.com is not authorized to perform:"
        f" sns:Publish on resource: {TOPIC} because no resource-based policy allows the sns:Publish action\n"
        "1 problem\n"
    )
    (problem,) = json.loads(run("problems", "--json").output)
    assert (problem["name"], problem["action"], problem["caller"]) == (
        "cpu",
        "sns:Publish",
        "cloudwatch.amazonaws.com",
    )
