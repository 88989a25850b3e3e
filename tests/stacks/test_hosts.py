"""The managed hosts of phase mvp: every pair of hosts deploys, changes nothing in a second run, and deletes all."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tests.stacks.deployed import deploy, deployment
from tests.stacks.test_architecture import built
from tierup.sandbox.traffic import evaluate

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


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("pair", "standby"),
    [
        (("vercel", "render", "cloudfront"), ("aws", "aws")),
        (("aws", "aws", "cloudfront"), ("netlify", "railway")),
        (("aws", "aws", "cloudflare"), ("vercel", "railway")),
        (("netlify", "railway", "cloudflare"), ("aws", "aws")),
    ],
)
def test_both_hosts_exist_while_a_part_moves(pair: Pair, standby: tuple[str, str]) -> None:
    given = settings(pair, frontendStandby=standby[0], backendStandby=standby[1])
    errors, left = deploy(given, again=True, destroy=True)
    assert errors == []
    assert left == []


def records(pair: Pair, **changes: str) -> dict[str, tuple[str, bool]]:
    """Return the type of each DNS record of the two names by its logical name, and whether it is an alias."""
    found = built(Phase.MVP, Tier.SMALL, **settings(pair, **changes)).of("aws:route53/record:Record")
    return {
        each.name: (each.inputs["type"], "aliases" in each.inputs)
        for each in found
        if each.name.startswith(("site-alias", "api-alias"))
    }


def test_a_name_moves_by_a_change_of_the_record_that_it_has() -> None:
    on_hosts = records(("vercel", "render", "cloudfront"), backendStandby="aws", frontendStandby="aws")
    on_aws = records(("aws", "aws", "cloudfront"), backendStandby="render", frontendStandby="vercel")
    assert on_hosts == {"site-alias-a": ("A", False), "api-alias-a": ("CNAME", False)}
    assert on_aws == {"site-alias-a": ("A", True), "site-alias-aaaa": ("AAAA", True), "api-alias-a": ("A", True)}


@pytest.mark.exhaustive
@pytest.mark.parametrize("cdn", ["cloudfront", "cloudflare"])
@pytest.mark.parametrize(("frontend", "backend"), [("vercel", "render"), ("aws", "render"), ("vercel", "aws")])
def test_every_flow_of_a_host_with_a_provider_is_served(frontend: str, backend: str, cdn: str) -> None:
    with deployment(settings((frontend, backend, cdn))) as made:
        assert made.errors == []
        report = evaluate(made.cloud)
    assert [(each.flow.id, each.decisive) for each in (*report.failed, *report.unknown, *report.opened)] == []
    assert any(each.flow.kind == "api" for each in report.served)
    assert any(each.flow.kind == "site" for each in report.served)
