"""The program in two regions: the regions of all resources, data, weights, and what the other region may do."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any

import pulumi_aws
import pytest

from stacks import architecture
from stacks.config.reading import parse
from tests.engine_recorder import Recorded, Recording, record
from tests.stacks.deployed import deploy
from tests.stacks.test_architecture import CALLS as CALLS_OF_ONE_REGION
from tests.stacks.test_architecture import CLOUDFLARE
from tests.stacks.test_options import MINIMAL_CONFIG, MOCK_OUTPUTS
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.evaluation import Evaluator, world_of
from tierup.sandbox.traffic.hop import World

HOME, OTHER = "eu-west-1", "eu-central-1"
REGIONS = {"phase": "enterprise", "tier": "medium", "regions": json.dumps([OTHER])}
CALLS = {
    **CALLS_OF_ONE_REGION,
    "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": {
        "connectionStrings": {
            "privateEndpoints": [
                {"srvConnectionString": f"mongodb+srv://app-{name}.x.mongodb.net", "endpoints": [{"endpointId": name}]}
                for name in ("database-endpoint-endpoint-id", "database-endpoint-euc1-endpoint-id")
            ]
        }
    },
}
GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
NAME_SERVERS = [f"ns-{number}.awsdns-00.com" for number in range(4)]
OUTPUTS = {
    **MOCK_OUTPUTS,
    GLOBAL: {"globalReplicationGroupId": "gxeiz-app"},
    "aws:route53/zone:Zone": {"nameServers": NAME_SERVERS},
}
CLUSTER = "mongodbatlas:index/advancedCluster:AdvancedCluster"
RECORD = "aws:route53/record:Record"
DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord"


def build(**changes: str) -> Recording[Any]:
    given = {**REGIONS, **changes}
    settings = parse(
        {**MINIMAL_CONFIG, **{f"tierup:{key}": text for key, text in given.items()}}, secret_keys=(), stack="prod"
    )
    return record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS, stack="prod")


@pytest.fixture(scope="module")
def recording() -> Recording[Any]:
    return build()


def has_region(resource: Recorded) -> bool:
    """Return whether the resource's type has the argument region in pulumi-aws."""
    module, _, kind = resource.type.removeprefix("aws:").partition("/")
    package = getattr(pulumi_aws, {"lambda": "lambda_"}.get(module, module))
    return "region" in inspect.signature(getattr(package, kind.partition(":")[2])._internal_init).parameters


def region_of_child(resource: Recorded) -> str | None:
    return resource.inputs.get("region")


def test_every_regional_resource_of_a_further_region_names_it(recording: Recording[Any]) -> None:
    further = [
        each
        for each in recording.resources
        if each.type.startswith("aws:") and "-euc1" in each.name and has_region(each)
    ]
    assert len(further) > 100
    assert {region_of_child(each) for each in further} == {OTHER}


@pytest.mark.exhaustive
def test_resources_of_the_first_region_are_those_of_one_region(recording: Recording[Any]) -> None:
    one = record(
        lambda: architecture.create(
            parse(
                {**MINIMAL_CONFIG, "tierup:phase": "enterprise", "tierup:tier": "medium"}, secret_keys=(), stack="prod"
            )
        ),
        outputs=OUTPUTS,
        calls=CALLS,
        stack="prod",
    )
    several = {(each.type, each.name): each.inputs for each in recording.resources}
    changed = {
        each.name for each in one.resources if each.custom and several.get((each.type, each.name)) != each.inputs
    }
    # The replica of the signing keys, the origin of CloudFront, and the row of the dashboard that compares the regions.
    # The code of a function is equal only to itself.
    assert changed == {
        "signing-keys",
        "api-cdn-distribution",
        "dashboard-dashboard",
        "signing-rotation-function",
    }


def test_dashboard_of_the_first_region_compares_all_regions(recording: Recording[Any]) -> None:
    body = recording.named("dashboard-dashboard").inputs["dashboardBody"]
    widgets = json.loads(body)["widgets"]
    compared = [each["properties"] for each in widgets if "by region" in each["properties"].get("title", "")]

    assert [[line[-1]["region"] for line in each["metrics"]] for each in compared] == [[HOME, OTHER]] * 3
    assert "by region" not in recording.named("dashboard-euc1-dashboard").inputs["dashboardBody"]


def test_networks_do_not_overlap(recording: Recording[Any]) -> None:
    blocks = {each.name: each.inputs["cidrBlock"] for each in recording.of("aws:ec2/vpc:Vpc")}
    assert len(set(blocks.values())) == 2


def test_cache_of_the_further_region_is_a_secondary(recording: Recording[Any]) -> None:
    (group,) = recording.of(GLOBAL)
    secondary = recording.named("cache-euc1-replication")
    assert group.opts.depends_on >= {"cache-replication"}
    assert group.name in secondary.opts.depends_on


def weights(recording: Recording[Any]) -> Mapping[str, int]:
    return {
        each.inputs["setIdentifier"]: each.inputs["weightedRoutingPolicies"][0]["weight"]
        for each in recording.of(RECORD)
        if "weightedRoutingPolicies" in each.inputs
    }


def order(recording: Recording[Any]) -> list[tuple[str, int]]:
    configs = recording.one(CLUSTER).inputs["replicationSpecs"][0]["regionConfigs"]
    return [(each["regionName"], each["electableSpecs"]["nodeCount"]) for each in configs]


def minimum(recording: Recording[Any], name: str) -> int:
    return int(recording.named(name).inputs["minCapacity"])


def test_first_region_serves_by_default(recording: Recording[Any]) -> None:
    assert weights(recording) == {HOME: 100, OTHER: 0}
    assert order(recording) == [("EU_WEST_1", 2), ("EU_CENTRAL_1", 2), ("EU_WEST_3", 1)]
    assert minimum(recording, "worker-scaling-target") == 1
    assert minimum(recording, "worker-scaling-euc1-target") == 0
    assert minimum(recording, "backend-scaling-euc1-target") == minimum(recording, "backend-scaling-target")


@pytest.mark.exhaustive
def test_active_region_moves_weights_primary_and_worker() -> None:
    recording = build(activeRegion=OTHER)
    assert weights(recording) == {HOME: 0, OTHER: 100}
    assert order(recording) == [("EU_CENTRAL_1", 2), ("EU_WEST_1", 2), ("EU_WEST_3", 1)]
    assert minimum(recording, "worker-scaling-target") == 0
    assert minimum(recording, "worker-scaling-euc1-target") == 1


def test_behind_cloudflare_route_53_answers_for_the_name_of_the_regions() -> None:
    recording = build(**CLOUDFLARE)
    assert weights(recording) == {HOME: 100, OTHER: 0}
    name = next(each.inputs["name"] for each in recording.of(RECORD) if "weightedRoutingPolicies" in each.inputs)
    assert recording.one("aws:route53/zone:Zone").inputs["name"] == name
    delegation = [each.inputs for each in recording.of(DNS_RECORD) if each.inputs["type"] == "NS"]
    assert {each["name"] for each in delegation} == {name}
    assert sorted(each["content"] for each in delegation) == NAME_SERVERS
    api = recording.named("api-record-cname")
    # The name is an origin once Route 53 answers for it and Cloudflare delegates it.
    sources = {urn.rpartition("::")[2] for urn in api.flows["content"]}
    assert sources == {"api-origin-a", *(f"api-origin-delegation-ns{number}" for number in range(1, 5))}
    assert api.inputs["proxied"] is True


@pytest.mark.exhaustive
@pytest.mark.parametrize("cdn", [{}, CLOUDFLARE], ids=["cloudfront", "cloudflare"])
def test_other_region_serves_the_api_while_one_is_down_or_unhealthy(cdn: dict[str, str]) -> None:
    clouds: list[World] = []
    deploy({**REGIONS, **cdn}, inspect=lambda cloud: clouds.append(world_of(cloud)))
    (world,) = clouds
    normal = Evaluator(world).report()
    assert [each.flow.id for each in (*normal.failed, *normal.unknown, *normal.opened)] == []

    world.conditions = Conditions([Condition(ConditionKind.REGION_DOWN, HOME)])
    world.cache.clear()
    down = Evaluator(world).report()
    served = {each.flow.id for each in down.served}
    assert {each.flow.id for each in normal.served if each.flow.source == "browser"} <= served
    assert {"backend-euc1 to database", "backend-euc1 to cache"} <= served
    assert "backend to database" in {each.flow.id for each in down.failed}

    # The application of the first region answers its health check with 503.
    world.conditions = Conditions([Condition(ConditionKind.HEALTH_FAILING, "backend")])
    world.cache.clear()
    failing = Evaluator(world).report()
    assert {each.flow.id for each in normal.served if each.flow.source == "browser"} <= {
        each.flow.id for each in failing.served
    }
    # The flow from the load balancer to its tasks, and writes to the cache, whose primary is still in the first region.
    assert {each.flow.kind for each in failing.failed} == {"load-balancer", "serving-region"}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("regions", "cdn"),
    [([OTHER], {}), ([OTHER, "eu-west-3"], {}), ([OTHER], CLOUDFLARE)],
    ids=["two", "three", "two-cloudflare"],
)
def test_several_regions_are_created_and_deleted_by_the_sandboxs_providers(
    regions: list[str], cdn: dict[str, str]
) -> None:
    errors, left = deploy({**REGIONS, **cdn, "regions": json.dumps(regions)}, destroy=True, again=True)
    assert errors == []
    assert left == []
