"""The managed hosts of phase mvp: every pair of hosts deploys, changes nothing in a second run, and deletes all."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from tests.stacks.deployed import deploy

ZONE = "0123456789abcdef0123456789abcdef"
HOSTS = {"repository": "you/app", "netlifyTeam": "you", "renderOwner": "tea-0123456789", "railwayWorkspace": "w1"}
Pair = tuple[str, str, str]
PAIRS = [
    pair
    for pair in product(("aws", "vercel", "netlify"), ("aws", "render", "railway"), ("cloudfront", "cloudflare"))
    if pair[:2] != ("aws", "aws")
]
SAMPLES = (("vercel", "render", "cloudfront"), ("netlify", "railway", "cloudflare"))


def settings(pair: Pair, **changes: str) -> dict[str, str]:
    frontend, backend, cdn = pair
    zone = {"cloudflareZoneId": ZONE} if cdn == "cloudflare" else {}
    hosts = {"frontendHost": frontend, "backendHost": backend, "hosts": json.dumps(HOSTS)}
    return {"cdn": cdn, **zone, **hosts, **changes}


SAMPLED: list[Any] = [pair if pair in SAMPLES else pytest.param(pair, marks=pytest.mark.exhaustive) for pair in PAIRS]


@pytest.mark.parametrize("pair", SAMPLED, ids="-".join)
def test_pair_of_hosts_deploys_stays_unchanged_and_leaves_nothing(pair: Pair) -> None:
    errors, left = deploy(settings(pair), again=True, destroy=True)
    assert errors == []
    assert left == []
