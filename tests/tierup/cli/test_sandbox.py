"""The commands of `tierup sandbox` that seed, edit and adjust quotas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tierup.cli.sandbox import app
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TIERUP_HOME", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_seed_adds_a_resource_with_its_inputs(home: Path) -> None:
    done = run("seed", "aws:ec2/vpc:Vpc", "vpc-1", "-i", "cidrBlock=10.0.0.0/16", "-i", "tags.Owner=me")
    assert done.exit_code == 0, done.output
    (vpc,) = Cloud(cloud_path(home)).all()
    assert vpc.inputs == {"cidrBlock": "10.0.0.0/16", "tags": {"Owner": "me"}}


def test_seed_reports_an_invalid_input(home: Path) -> None:
    done = run("seed", "aws:ec2/vpc:Vpc", "vpc-1", "-i", "cidr=10.0.0.0/16")
    assert done.exit_code == 1
    assert "error: --input cidr: there is no input 'cidr'. Did you mean" in done.output
    assert Cloud(cloud_path(home)).all() == []


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("nonsense=5", "nonsense: there is no input 'nonsense'"),
        ("tags.Owner.deeper[0]=x", "tags.Owner: the type is wrong"),
        ("egress[7].cidr=x", "no such list element"),
        ("nothing", "Allowed is property=value"),
    ],
)
def test_edit_rejects_a_property_that_does_not_exist(home: Path, assignment: str, message: str) -> None:
    run("seed", "aws:ec2/securityGroup:SecurityGroup", "sg-1", "-i", "egress=[{protocol: tcp, fromPort: 1, toPort: 2}]")
    done = run("edit", "sg-1", assignment)
    assert done.exit_code == 1, done.output
    assert message in done.output


def test_edit_takes_a_path_as_errors_spell_it(home: Path) -> None:
    run("seed", "aws:ec2/securityGroup:SecurityGroup", "sg-1", "-i", "egress=[{protocol: tcp, fromPort: 1, toPort: 2}]")
    done = run("edit", "sg-1", "egress[0].fromPort=7")
    assert done.exit_code == 0, done.output
    (group,) = Cloud(cloud_path(home)).all()
    assert group.inputs["egress"] == [{"protocol": "tcp", "fromPort": 7, "toPort": 2}]


def test_quota_is_adjusted_and_restored(home: Path) -> None:
    def value() -> int:
        (quota,) = json.loads(run("quotas", "ls", "VPCs", "--json").output)
        return quota["value"]

    assert value() == 5
    assert run("quotas", "set", "aws:ec2/vpc:Vpc", "20").exit_code == 0
    assert value() == 20
    assert run("quotas", "set", "aws:ec2/vpc:Vpc", "default").exit_code == 0
    assert value() == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("aws:sns/topicPolicy:TopicPolicy", "5"), "TYPE: the type has no quota"),
        (("aws:ec2/vpc:Vpc", "many"), "VALUE: not a whole number"),
        (("aws:ec2/vpc:Vpc", "5", "--what", "zebras"), "--what: must match one quota"),
    ],
)
def test_invalid_quota_is_reported(home: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run("quotas", "set", *arguments)
    assert done.exit_code == 1
    assert message in done.output


def test_autoscale_changes_the_effective_size_of_a_cluster(home: Path) -> None:
    scaling = "{computeEnabled: true, computeMinInstanceSize: M10, computeMaxInstanceSize: M50}"
    config = (
        "{providerName: AWS, regionName: EU_WEST_1, priority: 7, electableSpecs: {instanceSize: M10, nodeCount: 3},"
    )
    done = run(
        "seed", "mongodbatlas:index/advancedCluster:AdvancedCluster", "0" * 24, "-i", "projectId=p1",
        "-i", "clusterType=REPLICASET", "-i", "useEffectiveFields=true",
        "-i", f"replicationSpecs=[{{regionConfigs: [{config} autoScaling: {scaling}}}]}}]",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "to M40." in run("autoscale", "0" * 24, "--instance-size", "M40").output
    (cluster,) = Cloud(cloud_path(home)).all()
    (spec,) = cluster.outputs["replicationSpecs"]
    assert spec["regionConfigs"][0]["effectiveElectableSpecs"]["instanceSize"] == "M40"
    rejected = run("autoscale", "0" * 24, "--instance-size", "M60")
    assert rejected.exit_code == 1
    assert "error: --instance-size: outside the autoscaling range (got M60)." in rejected.output


def test_autoscale_rejects_other_types(home: Path) -> None:
    run("seed", "aws:ec2/vpc:Vpc", "vpc-1", "-i", "cidrBlock=10.0.0.0/16")
    assert "IDENTITY: not an Atlas cluster (got aws:ec2/vpc:Vpc)" in run("autoscale", "vpc-1", "--disk-gb", "9").output
