"""Stacks in a region without neighbours, and in a Cloudflare zone that was used before.

`tests/stacks/test_deployed.py` deploys cells in five regions without the engine.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.engine.program import Program
from tests.engine.resource_checks import problems
from tests.engine.test_matrix import ZONE
from tierup.sandbox.seeding import seed

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

RULESET = "cloudflare:index/ruleset:Ruleset"


def program(folder: Path, region: str, phase: Phase, tier: Tier) -> Program:
    made = Program(folder / f"{region}-{phase}-{tier}")
    made.settings["aws:region"] = region
    made.set(phase=phase.value, tier=tier.value)
    return made


def failures(made: Program) -> Generator[str]:
    """Deploy a program, and yield what fails and what is wrong afterwards."""
    for command in (["up"], ["preview", "--expect-no-changes"], ["refresh", "--expect-no-changes"]):
        ran = made.run(*command)
        if ran.code:
            yield f"{command[0]} {ran}"
            return
    yield from problems(made)


def test_phase_enterprise_in_a_region_without_neighbours_is_rejected_with_the_setting(tmp_path: Path) -> None:
    made = program(tmp_path, "us-west-1", Phase.ENTERPRISE, Tier.MEDIUM)
    try:
        ran = made.run("up")
        assert ran.code == 2
        assert "pulumi config set --path 'tierup:databaseRegions[0]' <region>" in str(ran)
        assert made.resources() == []
    finally:
        made.close()


def test_used_zone_is_rejected_until_its_ruleset_is_deleted(tmp_path: Path) -> None:
    """The entry-point ruleset of a phase exists once; the error names it, and a second `up` continues."""
    made = Program(tmp_path / "used")
    made.set(phase="scale", tier="small", cdn="cloudflare", cloudflareZoneId=ZONE)
    phase = "http_request_cache_settings"
    try:
        with closing(made.cloud()) as cloud:
            seed(cloud, "cloudflare:index/zone:Zone", ZONE, {"name": "example.com", "account": {"id": "a" * 32}})
            inputs = {"zoneId": ZONE, "kind": "zone", "phase": phase, "name": "default", "rules": []}
            used = seed(cloud, RULESET, "b" * 32, inputs)
        ran = made.run("up")
        assert ran.code != 0
        assert "20217" in str(ran)
        assert phase in str(ran)
        with closing(made.cloud()) as cloud:
            cloud.remove(used)
        assert list(failures(made)) == []
    finally:
        made.close()
