"""A stack on Netlify and Railway on the real engine, whose plugin runs the dynamic providers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.program import Program

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

HOSTS = {"repository": "you/app", "netlifyTeam": "you", "railwayWorkspace": "w1"}


def test_stack_on_hosts_is_created_changed_in_place_and_destroyed(tmp_path: Path) -> None:
    program = Program(tmp_path / "checkout")
    try:
        program.set(frontendHost="netlify", backendHost="railway", hosts=HOSTS, phase="mvp", tier="small")
        up = program.run("up")
        assert up.code == 0, str(up)
        hosts = json.loads((program.home / "sandbox" / "hosts.json").read_text())["objects"]
        assert {kind: len(found) for kind, found in hosts.items() if found} == {
            "netlify/site": 1,
            "netlify/variable": 1,
            "railway/project": 1,
            "railway/service": 1,
            "railway/domain": 1,
        }
        (service,) = hosts["railway/service"].values()
        assert service["deployments"] == 1
        assert service["variables"]["MONGODB_URI"].startswith("mongodb+srv://")
        assert program.run("refresh", "--expect-no-changes").code == 0
        assert program.run("preview", "--expect-no-changes").code == 0

        state = (program.home / "pulumi" / "state").rglob("*.json")
        texts = [file.read_text() for file in state]
        assert texts
        assert [text for text in texts if service["variables"]["JWT_SECRET"] in text] == []

        program.set(backend={"environment": {"LOG_LEVEL": "debug"}})
        changed = program.run("up")
        assert changed.code == 0, str(changed)
        assert changed.changes == {"update": 1}
        assert program.run("destroy").code == 0
        left = json.loads((program.home / "sandbox" / "hosts.json").read_text())["objects"]
        assert {kind: found for kind, found in left.items() if found} == {}
        assert program.resources() == []
    finally:
        program.close()


def test_stack_on_hosts_with_standbys_on_aws_is_created_unchanged_by_a_second_run_and_destroyed(
    tmp_path: Path,
) -> None:
    program = Program(tmp_path / "checkout")
    try:
        program.set(
            frontendHost="netlify",
            frontendStandby="aws",
            backendHost="railway",
            backendStandby="aws",
            hosts=HOSTS,
            phase="mvp",
            tier="small",
        )
        up = program.run("up")
        assert up.code == 0, str(up)
        names = {each.name for each in program.resources()}
        assert {"cdn-distribution", "backend-service"} <= names
        assert program.run("refresh", "--expect-no-changes").code == 0
        assert program.run("preview", "--expect-no-changes").code == 0
        assert program.run("destroy").code == 0
        assert program.resources() == []
    finally:
        program.close()
