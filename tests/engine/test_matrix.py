"""Every phase with every tier and both CDNs, deployed by `tierup` on the real engine with the policy pack.

Each combination deploys without drift, or is rejected before anything is created, with the setting to change.
All run with `make exhaustive`; `test_traffic.py` always deploys one of them.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.engine.program import Program
from tests.engine.resource_checks import problems

pytestmark = pytest.mark.engine

Combination = tuple[Phase, Tier, str]
ZONE = "0123456789abcdef0123456789abcdef"
REJECTED = {
    (Phase.ENTERPRISE, Tier.SMALL): "pulumi config set tierup:tier medium",
}
"""The combinations that are not allowed, with the command that the error shows."""
ALL: tuple[Combination, ...] = tuple(product(Phase, Tier, ("cloudfront", "cloudflare")))


def deployment_problems(folder: Path, combination: Combination) -> list[str]:
    """Deploy a combination and return the problems."""
    phase, tier, cdn = combination
    program = Program(folder / "-".join(combination))
    program.set(phase=phase.value, tier=tier.value, cdn=cdn)
    if cdn == "cloudflare":
        program.set(cloudflareZoneId=ZONE)
    try:
        up = program.run("up")
        remedy = REJECTED.get((phase, tier))
        if remedy is not None:
            rejected = up.code == 2 and remedy in f"{up.stderr}{up.document}" and not program.resources()
            return [] if rejected else [f"`up` must be rejected, but its exit code is {up.code}: {up.stderr}"]
        if up.code:
            return [f"the exit code of `up` is {up.code}: {up.document.get('error')}\n{up.stderr}"]
        return [*drift(program), *problems(program), *_traffic(up.document["traffic"]["traffic"])]
    finally:
        program.close()


def _traffic(traffic: Mapping[str, Any]) -> list[str]:
    """Return the flows that do not arrive, that the model does not decide, and the forbidden ones that are open."""
    wrong = [each for state in ("failed", "unknown", "forbidden_open") for each in traffic[state]]
    return [f"{each['flow']}: {each['hops'][-1]['reason']}" for each in wrong]


def drift(program: Program) -> Generator[str]:
    """Yield the operations that find a change after an `up`."""
    for command in ("preview", "refresh"):
        again = program.run(command, "--expect-no-changes")
        if again.code:
            yield f"{command} finds changes: {dict(again.changes)}\n{again.stderr}"


@pytest.mark.exhaustive
def test_every_combination_deploys_without_drift_or_is_rejected(tmp_path: Path) -> None:
    """All combinations run in parallel in one test, because pytest runs the tests of a file in one process."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = dict(zip(ALL, pool.map(partial(deployment_problems, tmp_path), ALL), strict=True))
    assert len(found) == len(ALL)
    assert {"-".join(combination): problems for combination, problems in found.items() if problems} == {}
