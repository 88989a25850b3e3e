"""Every phase with every tier and both CDNs, by `tierup` on the real engine with the policy pack on: it deploys and is
quiet afterwards, or a sentence says which setting to change before anything is made."""

from __future__ import annotations

import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.engine.program import Program
from tests.engine.resource_checks import problems

pytestmark = pytest.mark.engine

Cell = tuple[Phase, Tier, str]
ZONE = "0123456789abcdef0123456789abcdef"
REFUSED = {
    (Phase.ENTERPRISE, Tier.SMALL): "pulumi config set tierup:tier medium",
}
"""What cannot be, and the remedy that the refusal names."""
SAMPLE: Cell = (Phase.SCALE, Tier.MEDIUM, "cloudflare")
ALL: tuple[Cell, ...] = tuple(product(Phase, Tier, ("cloudfront", "cloudflare")))


def walk(folder: Path, cell: Cell) -> list[str]:
    """What is wrong with one of them; empty where all is well."""
    phase, tier, cdn = cell
    program = Program(folder / "-".join(cell))
    program.set(phase=phase.value, tier=tier.value, cdn=cdn)
    if cdn == "cloudflare":
        program.set(cloudflareZoneId=ZONE)
    try:
        made = program.run("up")
        remedy = REFUSED.get((phase, tier))
        if remedy is not None:
            refused = made.code == 2 and remedy in f"{made.stderr}{made.document}" and not program.resources()
            return [] if refused else [f"is not refused, but ended with {made.code}: {made.stderr}"]
        if made.code:
            return [f"up ended with {made.code}: {made.document.get('error')}\n{made.stderr}"]
        return [*_restless(program), *problems(program)]
    finally:
        program.close()


def _restless(program: Program) -> Generator[str]:
    for command in ("preview", "refresh"):
        quiet = program.run(command, "--expect-no-changes")
        if quiet.code:
            yield f"{command} wants {dict(quiet.changes)}\n{quiet.stderr}"


def test_scale_deploys_behind_cloudflare_and_is_quiet(tmp_path: Path) -> None:
    assert walk(tmp_path, SAMPLE) == []


@pytest.mark.exhaustive
def test_every_other_deploys_and_is_quiet_or_is_refused(tmp_path: Path) -> None:
    """Side by side in one test, because pytest keeps a file's tests on one core."""
    rest = [cell for cell in ALL if cell != SAMPLE]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = dict(zip(rest, pool.map(partial(walk, tmp_path), rest), strict=True))
    assert {"-".join(cell): faults for cell, faults in found.items() if faults} == {}
