"""The guide's table of tier small on managed hosts, line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tierup.cost.estimate import Estimate, estimate
from tierup.cost.guide import CASES, compare_with_guide
from tierup.mocked_program import list_resources
from tierup.program_settings import Phase, Tier

REGION = "us-east-1"


def on_hosts(frontend: str, backend: str, tier: Tier = Tier.SMALL) -> Estimate:
    return estimate(list_resources(Phase.MVP, tier, REGION, frontendHost=frontend, backendHost=backend), REGION)


def test_the_guides_120_dollars_are_99_with_the_usage_that_railway_includes() -> None:
    found = on_hosts("vercel", "railway")
    assert found.unpriced == []
    assert {line.price.key: line.usd for line in found.lines} == {
        "vercel-seat": Decimal(20),
        "railway-seat": Decimal(20),
        "atlas-M10": Decimal("58.40"),
        "secret": Decimal("0.80"),
    }
    assert found.usd() == Decimal("99.20")
    assert found.usd("Railway") == Decimal(20)
    (case,) = (each for each in CASES if each.name == "hosts")
    rows = compare_with_guide(case, found)
    assert all(row.why for row in rows)
    parts = {row.part: row.usd for row in rows}
    assert parts == {"site": 20, "compute": 20, "database": Decimal("58.40"), "not in the guide": Decimal("0.80")}


@pytest.mark.parametrize(
    ("backend", "tier", "usd"),
    [
        ("render", Tier.SMALL, 7),
        ("render", Tier.MEDIUM, 100),  # four instances of 25
        ("railway", Tier.MEDIUM, 160),  # four replicas of 1 vCPU and 2 GB, of which the seat includes 20
    ],
)
def test_the_api_costs_its_instances_or_its_usage(backend: str, tier: Tier, usd: int) -> None:
    found = on_hosts("aws", backend, tier)
    assert found.usd("Render" if backend == "render" else "Railway") == usd
