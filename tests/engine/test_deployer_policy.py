"""Each phase deploys, stays quiet and is destroyed with its policies of docs/reference/deployer-policy.json, and fails
with the name of an action that is taken away."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.engine.program import CHECKOUT, Program
from tests.engine.test_matrix import ALL, REFUSED, ZONE, Cell
from tierup.sandbox.aws.access.deployer import NamedPolicy, set_policies

pytestmark = pytest.mark.engine

POLICIES: Mapping[str, Mapping[str, Any]] = json.loads((CHECKOUT / "docs/reference/deployer-policy.json").read_text())[
    "policies"
]
DEPLOYABLE = [cell for cell in ALL if (cell[0], cell[1]) not in REFUSED]
SMALLEST = [
    (Phase.MVP, Tier.SMALL, "cloudfront"),
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),
    (Phase.SCALE, Tier.SMALL, "cloudfront"),
    (Phase.ENTERPRISE, Tier.MEDIUM, "cloudfront"),
]
SAMPLE = ("ecs:RegisterTaskDefinition", "iam:PassRole", "s3:GetBucketTagging", "ec2:DescribeAvailabilityZones")
NOT_CREATED = ("Delete", "Update", "Modify", "Untag", "Remove")


def program(folder: Path, cell: Cell, without: str = "") -> Program:
    """Return the program with the policies of its phase, less one action."""
    phase, tier, cdn = cell
    made = Program(folder / f"{'-'.join(cell)}-{without.replace(':', '-')}")
    made.set(phase=phase.value, tier=tier.value, cdn=cdn)
    if cdn == "cloudflare":
        made.set(cloudflareZoneId=ZONE)
    cloud = made.cloud()
    set_policies(cloud, [NamedPolicy(*each) for each in reduced(POLICIES[phase.value], without).items()])
    cloud.close()
    return made


def reduced(policies: Mapping[str, Any], without: str) -> Mapping[str, Any]:
    """Return the policies without one action."""
    left = copy.deepcopy(dict(policies))
    for policy in left.values():
        for statement in policy["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            statement["Action"] = [action for action in actions if action != without] or ["none:None"]
    return left


def deploy(folder: Path, cell: Cell) -> list[str]:
    """Return what fails between the first update and the destroy."""
    made = program(folder, cell)
    try:
        for command in (["up"], ["refresh", "--expect-no-changes"], ["preview", "--expect-no-changes"]):
            ran = made.run(*command)
            if ran.code:
                return [
                    f"{'-'.join(cell)}: {command[0]} ended with {ran.code}: {ran.document.get('error')}\n{ran.said}"
                ]
        return []
    finally:
        made.close()


def deploy_without(folder: Path, cell: Cell, action: str) -> list[str]:
    """Return what is wrong: an update without the action succeeds, or its error does not name the action."""
    made = program(folder, cell, action)
    try:
        ran = made.run("up")
        named = f"is not authorized to perform: {action} on resource:" in f"{ran.said}{ran.document}"
        return [] if ran.code and named else [f"without {action}, up ended with {ran.code}\n{ran.said[-2000:]}"]
    finally:
        made.close()


@pytest.mark.parametrize("cell", SMALLEST, ids="-".join)
def test_phase_deploys_with_its_policies(tmp_path: Path, cell: Cell) -> None:
    assert deploy(tmp_path, cell) == []


@pytest.mark.parametrize("action", SAMPLE)
def test_missing_action_is_named(tmp_path: Path, action: str) -> None:
    assert deploy_without(tmp_path, SMALLEST[0], action) == []


@pytest.mark.exhaustive
def test_every_cell_deploys_with_its_policies(tmp_path: Path) -> None:
    """Side by side in one test, because pytest keeps a file's tests on one core."""
    rest = [cell for cell in DEPLOYABLE if cell not in SMALLEST]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failed = [message for found in pool.map(partial(deploy, tmp_path), rest) for message in found]
    assert failed == []
    assert len(rest) > 0
