"""The program's own life: mvp, optimization, and down again, by `tierup` on the real engine with the policy pack on."""

from __future__ import annotations

import json
from collections.abc import Generator

import pytest

from tests.engine.injected_faults import kill_the_engine, kill_the_sandbox, lose, start_and_hold
from tests.engine.program import Program
from tierup.sandbox.cloud import InjectedFault
from tierup.sandbox.coverage import coverage

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Generator[Program]:
    made = Program(tmp_path_factory.mktemp("program") / "checkout")
    yield made
    made.close()


def test_mvp_stands_and_is_quiet_whatever_came_in_between(program: Program) -> None:
    """Each `up` takes over what the accident before it left; the last one ends whole, though a second one came."""
    lose(program, InjectedFault("create", "lost", after=30))
    kill_the_engine(program, after=25)
    kill_the_sandbox(program, after=15)
    first = start_and_hold(program, seconds=15)
    second = program.run("up")
    assert second.code == 6, second.stderr
    out, stderr = first.communicate()
    assert first.returncode == 0, (out, stderr)
    assert len(program.complete()) > 100
    assert program.run("refresh", "--expect-no-changes").code == 0
    assert program.run("preview", "--expect-no-changes").code == 0


def test_optimization_adds_and_replaces_nothing_that_users_reach_or_that_holds_data(program: Program) -> None:
    before = {resource.urn: resource for resource in program.resources()}
    program.set(phase="optimization")
    made = program.run("up")
    assert made.code == 0, made.stderr
    after = {resource.urn: resource for resource in program.resources()}
    assert before.keys() <= after.keys(), "a phase takes nothing away"
    replaced = {resource.type for urn, resource in before.items() if after[urn].id != resource.id}
    assert replaced <= {"aws:ecs/taskDefinition:TaskDefinition"}, "a new revision for REDIS_URL, and no more"
    assert {"aws:elasticache/replicationGroup:ReplicationGroup", "aws:route53/healthCheck:HealthCheck"} <= {
        resource.type for resource in after.values()
    }
    assert program.run("refresh", "--expect-no-changes").code == 0
    program.complete()


def test_it_is_quiet_and_no_secret_is_plain_in_state_logs_or_outputs(program: Program) -> None:
    values = {
        str(resource.inputs["secretString"])
        for resource in program.resources()
        if resource.type == "aws:secretsmanager/secretVersion:SecretVersion"
    }
    assert len(values) >= 5
    previewed = program.run("preview", "--expect-no-changes")
    assert previewed.code == 0, previewed.stderr
    shown = json.dumps(previewed.document)
    files = [file for file in (program.home / "pulumi").rglob("*") if file.is_file()]
    files += [*(program.home / "sandbox").glob("*.log")]
    assert files
    for value in values:
        assert value not in shown
        for file in files:
            assert value not in file.read_text(errors="replace"), file


def test_every_type_used_has_a_behaviour_row(program: Program) -> None:
    used = coverage(resource.type for resource in program.resources())
    assert len(used) > 40
    assert [row.type for row in used if not row.by_row] == []


def test_drift_is_shown_and_mended(program: Program) -> None:
    cloud = program.cloud()
    with cloud.alone():
        (balancer,) = cloud.find("aws:lb/loadBalancer:LoadBalancer")
        cloud.remove(next(cloud.find("aws:cloudwatch/dashboard:Dashboard")))
    cloud.close()
    drifted = program.run("refresh")
    assert drifted.code == 0
    assert drifted.changes == {"delete": 1}
    mended = program.run("up")
    assert mended.changes == {"create": 1}
    assert balancer.urn in program.complete()


def test_destroy_leaves_an_empty_sandbox(program: Program) -> None:
    assert program.run("destroy").code == 0
    assert program.resources() == []
