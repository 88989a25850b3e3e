"""Each phase deploys and has no drift with its policies of docs/reference/deployer-policy.json, and fails with the name
of an action that is taken away.

tests/stacks/test_deployed.py does the same for a combination, without the engine, whenever the tests run.
"""

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
from tests.engine.test_matrix import ALL, REJECTED, ZONE, Combination
from tierup.sandbox.aws.access.deployer import NamedPolicy, set_policies

pytestmark = pytest.mark.engine

POLICIES: Mapping[str, Mapping[str, Any]] = json.loads((CHECKOUT / "docs/reference/deployer-policy.json").read_text())[
    "policies"
]
DEPLOYABLE = [combination for combination in ALL if (combination[0], combination[1]) not in REJECTED]
SMALLEST = [
    (Phase.MVP, Tier.SMALL, "cloudfront"),
    (Phase.OPTIMIZATION, Tier.SMALL, "cloudfront"),
    (Phase.SCALE, Tier.SMALL, "cloudfront"),
    (Phase.ENTERPRISE, Tier.MEDIUM, "cloudfront"),
]
SAMPLE = ("ecs:RegisterTaskDefinition", "iam:PassRole", "s3:GetBucketTagging", "ec2:DescribeAvailabilityZones")
NOT_CREATED = ("Delete", "Update", "Modify", "Untag", "Remove")


def program(folder: Path, combination: Combination, without: str = "") -> Program:
    """Return the program with the policies of its phase, less one action."""
    phase, tier, cdn = combination
    made = Program(folder / f"{'-'.join(combination)}-{without.replace(':', '-')}")
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


def deploy(folder: Path, combination: Combination) -> list[str]:
    """Return what fails between the first update and the destroy."""
    made = program(folder, combination)
    try:
        for command in (["up"], ["refresh", "--expect-no-changes"], ["preview", "--expect-no-changes"]):
            ran = made.run(*command)
            if ran.code:
                name = "-".join(combination)
                return [f"{name}: {command[0]} ended with {ran.code}: {ran.document.get('error')}\n{ran.stderr}"]
        return []
    finally:
        made.close()


def deploy_without(folder: Path, combination: Combination, action: str) -> list[str]:
    """Return what is wrong: an update without the action succeeds, or its error does not name the action."""
    made = program(folder, combination, action)
    try:
        ran = made.run("up")
        named = f"is not authorized to perform: {action} on resource:" in f"{ran.stderr}{ran.document}"
        return [] if ran.code and named else [f"without {action}, up ended with {ran.code}\n{ran.stderr[-2000:]}"]
    finally:
        made.close()


@pytest.mark.exhaustive
@pytest.mark.parametrize("combination", SMALLEST, ids="-".join)
def test_phase_deploys_with_its_policies(tmp_path: Path, combination: Combination) -> None:
    assert deploy(tmp_path, combination) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("action", SAMPLE)
def test_missing_action_is_named(tmp_path: Path, action: str) -> None:
    assert deploy_without(tmp_path, SMALLEST[0], action) == []


@pytest.mark.exhaustive
def test_every_combination_deploys_with_its_policies(tmp_path: Path) -> None:
    """Side by side in one test, because pytest keeps a file's tests on one core."""
    rest = [combination for combination in DEPLOYABLE if combination not in SMALLEST]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failed = [message for found in pool.map(partial(deploy, tmp_path), rest) for message in found]
    assert failed == []
    assert len(rest) > 0
