"""Deploys the program to the sandbox's providers: with the deployer's policies, in other regions, in a used zone.

`tests/engine` does the same for a few combinations with the engine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.errors import InvalidConfigError
from tests.checkout_copy import ROOT
from tests.stacks.deployed import deploy
from tierup.sandbox.aws.access.deployer import NamedPolicy, set_policies
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.seeding import seed

Cell = tuple[Phase, Tier, str]
ZONE = "0123456789abcdef0123456789abcdef"
CELLS: tuple[Cell, ...] = tuple(
    (phase, tier, cdn)
    for phase, tier, cdn in product(Phase, Tier, ("cloudfront", "cloudflare"))
    if (phase, tier) != (Phase.ENTERPRISE, Tier.SMALL)
)
SAMPLE: Cell = (Phase.MVP, Tier.SMALL, "cloudflare")
REGIONS = ("eu-west-1", "us-east-1", "us-west-1", "ap-northeast-1", "eu-north-1")
DOCUMENT = ROOT / "docs/reference/deployer-policy.json"
POLICIES: Mapping[str, Mapping[str, Any]] = json.loads(DOCUMENT.read_text(encoding="utf-8"))["policies"]
SUBNET = "aws:ec2/subnet:Subnet"


def settings(cell: Cell) -> dict[str, str]:
    phase, tier, cdn = cell
    return {"phase": phase, "tier": tier, "cdn": cdn, **({"cloudflareZoneId": ZONE} if cdn == "cloudflare" else {})}


def marked(cells: Iterator[Any], sample: Any) -> list[Any]:
    """Return the parameters of a test of which only `sample` is no exhaustive one."""
    return [each if each == sample else pytest.param(each, marks=pytest.mark.exhaustive) for each in cells]


@pytest.mark.parametrize("cell", marked(iter(CELLS), SAMPLE), ids="-".join)
def test_combination_is_created_and_deleted_with_the_policies_of_its_phase(cell: Cell) -> None:
    def give_policies(cloud: Cloud) -> None:
        set_policies(cloud, [NamedPolicy(*each) for each in POLICIES[cell[0].value].items()])

    errors, left = deploy(settings(cell), prepare=give_policies, destroy=True)
    assert errors == []
    # Cloudflare's settings cannot be deleted, and belong to no stack afterwards.
    assert left == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("phase", [Phase.SCALE, Phase.ENTERPRISE])
@pytest.mark.parametrize(
    "orchestrator", [{"orchestrator": "eks"}, {"orchestrator": "ecs-and-eks", "eksTrafficPercent": "10"}]
)
def test_pods_on_eks_are_created_and_deleted_with_the_policies_of_every_setting(
    phase: Phase, orchestrator: Mapping[str, str]
) -> None:
    def give_policies(cloud: Cloud) -> None:
        set_policies(cloud, [NamedPolicy(*each) for each in POLICIES["everySetting"].items()])

    eks = json.dumps({"adminRoles": ["arn:aws:iam::123456789012:role/ci/deploy"]})
    given = {**settings((phase, Tier.MEDIUM, "cloudfront")), "eks": eks, **orchestrator}
    errors, left = deploy(given, prepare=give_policies, destroy=True)
    assert errors == []
    assert left == []


@pytest.mark.exhaustive
def test_missing_action_is_named() -> None:
    without = json.loads(json.dumps(POLICIES["mvp"]).replace('"ecs:RegisterTaskDefinition"', '"ecs:ListTasks"'))

    def give_policies(cloud: Cloud) -> None:
        set_policies(cloud, [NamedPolicy(*each) for each in without.items()])

    errors, _ = deploy(settings((Phase.MVP, Tier.SMALL, "cloudfront")), prepare=give_policies)
    assert "is not authorized to perform: ecs:RegisterTaskDefinition" in str(errors)


def use_account(phase: Phase) -> Callable[[Cloud], None]:
    """Return what gives the deployer the policies of a phase, and uses the Cloudflare zone for another site."""

    def prepare(cloud: Cloud) -> None:
        set_policies(cloud, [NamedPolicy(*each) for each in POLICIES[phase.value].items()])
        seed(cloud, "cloudflare:index/zone:Zone", ZONE, {"name": "example.com", "account": {"id": "a" * 32}})
        record = {"zoneId": ZONE, "name": "www.example.com", "type": "A", "content": "192.0.2.1", "ttl": 1}
        seed(cloud, "cloudflare:index/dnsRecord:DnsRecord", "c" * 32, record)
        rules = {"zoneId": ZONE, "kind": "zone", "phase": "http_request_origin", "name": "default", "rules": []}
        seed(cloud, "cloudflare:index/ruleset:Ruleset", "b" * 32, rules)
        setting = {"zoneId": ZONE, "settingId": "browser_check", "value": "off"}
        seed(cloud, "cloudflare:index/zoneSetting:ZoneSetting", f"{ZONE}/browser_check", setting)

    return prepare


@pytest.mark.exhaustive
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_combination_deploys_in_a_region_with_the_policies_of_its_phase_and_a_used_zone(
    cell: Cell, region: str
) -> None:
    if region == "us-west-1" and cell[0] is Phase.ENTERPRISE:
        with pytest.raises(InvalidConfigError, match=r"tierup:databaseRegions\[0\]' <region>"):
            deploy(settings(cell), region=region)
        return
    errors, created = deploy(settings(cell), region=region, prepare=use_account(cell[0]))
    assert errors == []
    zones = {each.outputs["availabilityZone"] for each in created if each.type == SUBNET}
    assert {zone.rstrip("abcdef") for zone in zones} == {region}
    # An account in us-west-1 has two zones.
    assert len(zones) == (2 if region == "us-west-1" or cell[0] in (Phase.MVP, Phase.OPTIMIZATION) else 3)


@pytest.mark.exhaustive
def test_used_zone_is_refused_with_the_phase_of_its_ruleset() -> None:
    phase, kept = "http_request_cache_settings", "b" * 32

    def use_zone(cloud: Cloud) -> None:
        inputs = {"zoneId": ZONE, "kind": "zone", "phase": phase, "name": "default", "rules": []}
        seed(cloud, "cloudflare:index/ruleset:Ruleset", kept, inputs)

    errors, _ = deploy(settings(SAMPLE), prepare=use_zone)
    assert [each.partition(":")[0] for each in errors] == ["cdn-rules"]
    assert "20217" in errors[0]
    assert f"the entry point of {phase} already exists" in errors[0]
