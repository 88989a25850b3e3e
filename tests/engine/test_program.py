"""`tierup` deploys the program in phase mvp, switches it to optimization, and destroys it, on the real engine.

The policy pack evaluates each operation. The tests run in order on one stack, except the one of faults.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.injected_faults import kill_the_engine, kill_the_sandbox, lose, start_and_hold
from tests.engine.program import Program
from tierup.sandbox.cloud import InjectedFault
from tierup.sandbox.coverage import coverage

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Generator[Program]:
    program = Program(tmp_path_factory.mktemp("program") / "checkout")
    yield program
    program.close()


def test_mvp_is_complete_and_without_drift(program: Program) -> None:
    up = program.run("up")
    assert up.code == 0, str(up)
    assert len(program.complete()) > 100
    assert program.run("refresh", "--expect-no-changes").code == 0
    assert program.run("preview", "--expect-no-changes").code == 0


def test_a_switch_to_optimization_adds_resources_and_replaces_only_task_definitions(program: Program) -> None:
    before = {resource.urn: resource for resource in program.resources()}
    switched = program.run("switch", "--phase", "optimization")
    assert switched.code == 0, f"{switched.document.get('error')}\n{switched.stderr}"
    assert switched.document["result"] == "succeeded"
    assert switched.document["ran"]
    assert "tierup:phase: optimization" in (program.folder / "Pulumi.dev.yaml").read_text()
    assert "no switch of the stack is in progress" in program.run("switch", "--resume").stderr
    after = {resource.urn: resource for resource in program.resources()}
    assert before.keys() <= after.keys(), "a later phase deletes nothing"
    replaced = {resource.type for urn, resource in before.items() if after[urn].id != resource.id}
    assert replaced <= {"aws:ecs/taskDefinition:TaskDefinition"}, "only REDIS_URL needs a new revision"
    assert {"aws:elasticache/replicationGroup:ReplicationGroup", "aws:route53/healthCheck:HealthCheck"} <= {
        resource.type for resource in after.values()
    }
    assert program.run("refresh", "--expect-no-changes").code == 0
    program.complete()


def test_preview_state_and_logs_contain_no_plain_secret(program: Program) -> None:
    values = {
        str(resource.inputs["secretString"])
        for resource in program.resources()
        if resource.type == "aws:secretsmanager/secretVersion:SecretVersion"
    }
    assert len(values) >= 5
    preview = program.run("preview", "--expect-no-changes")
    assert preview.code == 0, preview.stderr
    files = [file for file in (program.home / "pulumi").rglob("*") if file.is_file()]
    files += [*(program.home / "sandbox").glob("*.log")]
    assert files
    texts = {"preview": json.dumps(preview.document)}
    texts |= {str(file): file.read_text(errors="replace") for file in files}
    assert [place for place, text in texts.items() if any(value in text for value in values)] == []


def test_every_type_used_has_a_behaviour_row(program: Program) -> None:
    used = coverage(resource.type for resource in program.resources())
    assert len(used) > 40
    assert [row.type for row in used if not row.by_row] == []


def test_refresh_shows_drift_and_up_repairs_it(program: Program) -> None:
    cloud = program.cloud()
    with cloud.alone():
        (balancer,) = cloud.find("aws:lb/loadBalancer:LoadBalancer")
        cloud.remove(next(cloud.find("aws:cloudwatch/dashboard:Dashboard")))
    cloud.close()
    refresh = program.run("refresh")
    assert refresh.code == 0
    assert refresh.changes == {"delete": 1}
    assert program.run("up").changes == {"create": 1}
    assert balancer.urn in program.complete()


def test_destroy_leaves_an_empty_sandbox(program: Program) -> None:
    assert program.run("destroy").code == 0
    assert program.resources() == []


@pytest.mark.exhaustive
def test_mvp_is_complete_after_faults_and_a_concurrent_up(tmp_path: Path) -> None:
    """Each `up` adopts the resources of the interrupted one before. A second `up` during the last one is refused.

    `tests/tierup/deployment/test_operation.py` makes the same assertions on a small program whenever the tests run.
    """
    with closing(Program(tmp_path / "checkout")) as program:
        lose(program, InjectedFault("create", "lost", after=30))
        kill_the_engine(program, after=25)
        kill_the_sandbox(program, after=15)
        first = start_and_hold(program, seconds=30)
        second = program.run("up")
        assert second.code == 6, second.stderr
        out, stderr = first.communicate()
        assert first.returncode == 0, (out, stderr)
        assert len(program.complete()) > 100
        assert program.run("refresh", "--expect-no-changes").code == 0
        assert program.run("preview", "--expect-no-changes").code == 0
