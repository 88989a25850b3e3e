"""Usage-based cost: the quantities, their causes in the stack, and free allowances."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.cost.estimate import RULES
from tierup.cost.guide import PARTS
from tierup.cost.prices import free_allowances, prices
from tierup.cost.rules import PricedResource
from tierup.cost.usage import _QUANTITIES as QUANTITIES  # pyright: ignore[reportPrivateUsage]
from tierup.cost.usage import Range, default_usage, descriptions, free_fixed_usd, total_usd, usage_lines

REGION = "us-east-1"
TIERS = ("small", "medium", "large")


def resource(type_: str, component: str = "tierup:aws:It", parent: str = "it", **inputs: Any) -> PricedResource:
    return PricedResource(type=type_, name="it", component=component, parent=parent, inputs=inputs)


ALB = resource("aws:lb/loadBalancer:LoadBalancer", subnets=["a", "b"])
SITE_CDN = resource("aws:cloudfront/distribution:Distribution", "tierup:aws:SiteDistribution", "cdn")
API_CDN = resource("aws:cloudfront/distribution:Distribution", "tierup:aws:ApiDistribution", "api-cdn")


def usage(**changed: float) -> dict[str, Range]:
    return {**default_usage("small"), **{key: (value, value, value) for key, value in changed.items()}}


def quantities(*program: PricedResource, free_tier: bool = False, **changed: float) -> dict[str, float]:
    lines = usage_lines(program, REGION, usage(**changed), free_tier=free_tier)
    return {line.price.key: line.quantity[1] for line in lines}


def test_every_price_by_use_has_a_quantity() -> None:
    keys = {key for rule in RULES.values() for key in rule.by_use}
    assert sorted(keys - QUANTITIES.keys()) == []


@pytest.mark.parametrize("tier", TIERS)
def test_every_assumption_has_a_meaning_and_an_ascending_range(tier: str) -> None:
    found = default_usage(tier)
    assert sorted(found) == sorted(descriptions())
    assert [key for key, values in found.items() if sorted(values) != list(values)] == []


def test_the_expected_users_are_those_of_the_tiers() -> None:
    assert [default_usage(tier)["users"][2] for tier in TIERS] == [10_000, 100_000, 1_000_000]


def test_requests_are_counted_in_the_unit_of_the_price() -> None:
    acl = resource("aws:wafv2/webAcl:WebAcl", parent="api-web-acl", rules=[])
    assert quantities(acl, users=1_000, apiRequestsPerUser=2_000)["acl-requests"] == 2  # million


def test_the_site_web_acl_inspects_the_requests_of_the_site() -> None:
    acl = resource("aws:wafv2/webAcl:WebAcl", parent="site-web-acl", rules=[])
    found = quantities(acl, users=1_000, apiRequestsPerUser=9_999, visitsPerUser=10, filesPerVisit=100)
    assert found["acl-requests"] == 1


def test_bot_control_is_billed_only_where_it_is_enabled() -> None:
    bots = {"statement": {"managedRuleGroupStatement": {"name": "AWSManagedRulesBotControlRuleSet"}}}
    with_bots = resource("aws:wafv2/webAcl:WebAcl", parent="api-web-acl", rules=[bots])
    without = resource("aws:wafv2/webAcl:WebAcl", parent="api-edge-web-acl", rules=[])
    assert quantities(with_bots, without, users=1_000, apiRequestsPerUser=1_000)["bot-requests"] == 1


def test_responses_behind_the_cdn_leave_through_it() -> None:
    def found(*program: PricedResource) -> dict[str, float]:
        return quantities(
            *program, users=1_000, apiRequestsPerUser=1_000, kbPerResponse=10, visitsPerUser=0, outboundGb=3
        )

    direct, behind = found(ALB, SITE_CDN), found(ALB, SITE_CDN, API_CDN)
    assert (direct["internet-gb"], direct.get("cdn-gb")) == (13, None)
    assert (behind["internet-gb"], behind["cdn-gb"]) == (3, 10)


def test_capacity_units_follow_the_largest_dimension() -> None:
    # 10 requests a connection: 2,628 million connections in a month are 1,000 a second, which are 40 units.
    new = quantities(ALB, users=1e6, apiRequestsPerUser=26_280, secondsPerConnection=1, kbPerResponse=0)["alb-lcu"]
    assert new == pytest.approx(40 * 730)
    data = quantities(ALB, users=1_000, apiRequestsPerUser=1_000, kbPerResponse=1_000)["alb-lcu"]
    assert data == pytest.approx(1_000)


def test_container_insights_has_metrics_only_when_enabled() -> None:
    def cluster(value: str) -> PricedResource:
        return resource("aws:ecs/cluster:Cluster", settings=[{"name": "containerInsights", "value": value}])

    assert quantities(cluster("enabled"), insightsMetrics=40)["metric"] == 40
    assert "metric" not in quantities(cluster("disabled"), insightsMetrics=40)


def test_gateway_endpoints_are_free() -> None:
    logs = {"serviceName": "com.amazonaws.us-east-1.logs"}
    gateway = resource("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Gateway", serviceName="s3")
    interface = resource("aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpointType="Interface", **logs)
    assert "endpoint-gb" not in quantities(gateway)
    assert quantities(interface, users=1_000, apiRequestsPerUser=1_000, logKbPerRequest=5)["endpoint-gb"] == 5


def test_free_allowances_are_subtracted_and_shared() -> None:
    given = {"users": 1_000, "visitsPerUser": 12, "filesPerVisit": 1_000, "europePercent": 25}
    found = quantities(SITE_CDN, free_tier=True, **given)  # 9 million from North America, 3 from Europe, 10 free
    assert found["cdn-requests-us"] + found["cdn-requests-eu"] == pytest.approx(2)
    lines = usage_lines([SITE_CDN], REGION, usage(**given), free_tier=True)
    assert sum(line.free[1] for line in lines if line.price.key.startswith("cdn-requests")) == pytest.approx(10)


def test_every_allowance_is_of_a_known_price() -> None:
    assert sorted(free_allowances().keys() - prices(REGION).keys()) == []
    assert free_fixed_usd([]) == 0


def test_the_total_is_the_sum_of_the_lines() -> None:
    lines = usage_lines([ALB, SITE_CDN], REGION, default_usage("medium"))
    low, expected, high = total_usd(lines)
    assert 0 < low < expected < high
    assert expected == pytest.approx(sum(line.usd[1] for line in lines))


def test_the_guides_parts_add_up_to_its_totals() -> None:
    sums = {tier: sum(part.guide.get(tier, ("", 0))[1] for part in PARTS) for tier in TIERS}
    assert sums == {"small": 117, "medium": 578, "large": 3_686}  # "~$120", "~$580", "~$3,700"


# --- copies in another region ---

BACKUPS = resource("mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule")
COPIED = resource("mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule", copySettings=[{"regionName": "X"}])
VAULT = resource("aws:backup/vault:Vault")


def test_copies_of_snapshots_cost_their_transfer_and_a_second_storage() -> None:
    given: dict[str, Any] = {"databaseGb": 10, "databaseBackupFactor": 2}
    assert quantities(BACKUPS, **given) == {"atlas-backup-gb": 20}
    assert quantities(COPIED, **given) == {"atlas-backup-gb": 40, "atlas-copy-gb": 20}


def test_copies_of_recovery_points_cost_their_transfer_and_a_second_vault() -> None:
    plan = resource("aws:backup/plan:Plan", rules=[{"copyActions": [{"destinationVaultArn": "arn"}]}])
    given: dict[str, Any] = {"siteGb": 2, "siteBackupFactor": 3, "siteDeployments": 4}
    assert quantities(resource("aws:backup/plan:Plan", rules=[{}]), VAULT, **given) == {"backup-gb": 6}
    assert quantities(plan, VAULT, VAULT, **given) == {"region-gb": 8, "backup-gb": 12}


def test_each_further_region_receives_images_and_writes_of_the_cache() -> None:
    rules = [{"destinations": [{"region": "a"}, {"region": "b"}]}]
    images = resource(
        "aws:ecr/replicationConfiguration:ReplicationConfiguration", replicationConfiguration={"rules": rules}
    )
    primary = resource(
        "aws:elasticache/replicationGroup:ReplicationGroup", nodeType="cache.m7g.large", numCacheClusters=2
    )
    secondary = resource("aws:elasticache/replicationGroup:ReplicationGroup", numCacheClusters=2)
    store = resource("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup")
    given: dict[str, Any] = {"imageGb": 0.5, "deployments": 10, "cacheWriteGb": 7}
    assert quantities(images, **given)["region-gb"] == 10
    assert quantities(store, primary, secondary, **given)["region-gb"] == 7
