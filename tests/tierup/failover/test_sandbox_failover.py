"""`tierup failover --sandbox`: the rows change as the real calls change resources, and the virtual clock measures the
interruptions."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from typing import Any

import pytest

from tests.stacks.deployed import deployment
from tests.stacks.test_architecture import CLOUDFLARE
from tests.tierup.failover.conftest import HOME, OTHER, ZONES
from tests.tierup.sandbox.traffic.cloud_rows import row
from tierup.deployment.errors import CommandError
from tierup.failover.failover import is_done, plan_steps, run_steps, verify
from tierup.failover.sandbox_result import failover_lines, read_only_seconds
from tierup.failover.sandbox_roles import SandboxFailover, in_order
from tierup.failover.stack_regions import RegionMember, StackRegions
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic import Timeline, evaluate, replay
from tierup.sandbox.traffic.conditions import ConditionKind
from tierup.sandbox.traffic.flows.regions import GLOBAL_GROUP
from tierup.sandbox.traffic.hops import atlas, dns, ecs, elasticache
from tierup.sandbox.traffic.memory import SERVICE

ORIGIN = "origin.example.com"
WRITES = f"writes of {ORIGIN} to the cache"


def regions_of(cloud: Cloud) -> StackRegions:
    """Return what the stack output `regions` states, from the rows of a stack."""
    cluster = next(cloud.find(atlas.CLUSTER))
    records = [each for each in cloud.find(dns.RECORD) if each.value("weightedRoutingPolicies")]
    members: dict[str, RegionMember] = {}
    for region in (HOME, OTHER):
        worker = next(each for each in cloud.find(SERVICE) if each.region == region and "worker" in each.name)
        balancer = next(each for each in cloud.find(dns.LOAD_BALANCER) if each.region == region)
        members[region] = RegionMember(
            region=region,
            cluster=str(worker.value("cluster")).rpartition("/")[2],
            service="backend",
            worker=str(worker.value("name")),
            load_balancer_dns=str(balancer.value("dnsName")),
            load_balancer_zone_id=ZONES[region],
        )
    return StackRegions(
        home=HOME,
        serving=HOME,
        origin_host=dns.record_name(records[0]),
        hosted_zone_id="Z1",
        global_replication_group_id=str(next(cloud.find(GLOBAL_GROUP)).value("globalReplicationGroupId")),
        database_project_id=str(cluster.value("projectId")),
        database_cluster_name=str(cluster.value("name")),
        workers=2,
        members=members,
    )


@pytest.fixture
def cloud() -> Generator[Cloud]:
    """Yield the rows that a failover between two regions changes."""
    with closing(Cloud()) as made:
        configs = [
            {"regionName": name, "priority": priority, "electableSpecs": {"nodeCount": count}}
            for name, priority, count in (("EU_WEST_1", 7, 2), ("EU_CENTRAL_1", 6, 2), ("EU_WEST_3", 5, 1))
        ]
        specs = [{"regionConfigs": configs}]
        made.add(row(atlas.CLUSTER, "database", name="app", projectId="p", replicationSpecs=specs))
        made.add(row(GLOBAL_GROUP, "cache-global", globalReplicationGroupId="g", primaryReplicationGroupId=f"c-{HOME}"))
        for region, weight in ((HOME, 100), (OTHER, 0)):
            own: dict[str, Any] = {} if region == HOME else {"globalReplicationGroupId": "g"}
            made.add(row(elasticache.REPLICATION_GROUP, f"cache-{region}", id=f"c-{region}", region=region, **own))
            host = f"api.{region}.elb.amazonaws.com"
            made.add(row(dns.LOAD_BALANCER, f"alb-{region}", region=region, dnsName=host))
            made.add(
                row(
                    dns.RECORD, f"origin-{region}", fqdn=ORIGIN, type="A", setIdentifier=region,
                    aliases=[{"name": host}], weightedRoutingPolicies=[{"weight": weight}],
                )
            )  # fmt: skip
            tasks = 2 if weight else 0
            made.add(
                row(SERVICE, f"worker-{region}", region=region, name=f"w-{region}", cluster="c", desiredCount=tasks)
            )
            made.add(
                row(
                    ecs.SCALABLE_TARGET, f"target-{region}", region=region, resourceId=f"service/c/w-{region}",
                    minCapacity=tasks, maxCapacity=4,
                )
            )  # fmt: skip
        yield made


def fail_over(cloud: Cloud, to: str) -> tuple[list[str], dict[str, str], Timeline]:
    """Fail over in the sandbox, and return the steps that were done and those that failed, and the run."""
    regions = regions_of(cloud)
    run = cloud.begin_run("failover")
    steps = plan_steps(regions, SandboxFailover(cloud, regions).roles(), to)
    result = run_steps(steps, lambda _: None)
    assert verify(steps) == []
    cloud.set_dependencies(run, dict(in_order(cloud, run)))
    timeline = replay(cloud, run_id=run)
    assert timeline is not None
    return result.done, result.failed, timeline


def test_failover_moves_every_role_and_back(cloud: Cloud) -> None:
    roles = SandboxFailover(cloud, regions_of(cloud)).roles()
    for to, old in ((OTHER, HOME), (HOME, OTHER)):
        done, failed, timeline = fail_over(cloud, to)
        assert (done, failed) == ([f"workers-{old}", "cache", "database", "traffic", f"workers-{to}"], {})
        assert roles.cache.primary_region() == to
        assert roles.database.preferred_region() == to
        assert roles.traffic.weights() == {to: 100, old: 0}
        assert (roles.workers[to].minimum(), roles.workers[old].minimum()) == (2, 0)
        assert {step.kind for step in timeline.steps} == {"update"}
        # Writes wait from the change of the cache until the database (60 s) and the records (40 s) have changed.
        assert [(each.flow, each.seconds) for each in timeline.interruptions if each.flow == WRITES] == [(WRITES, 100)]
        assert read_only_seconds(timeline) == 100
        assert f"  interrupted for 100 s: {WRITES}: Tasks in {old} answer" in "\n".join(failover_lines(timeline))


def test_failover_from_a_lost_region_ends_the_time_without_writes(cloud: Cloud) -> None:
    cloud.set_condition(ConditionKind.REGION_DOWN, HOME, holds=True)
    before = evaluate(cloud).result(WRITES)
    assert before is not None
    assert before.decisive is not None
    assert (before.verdict.value, before.decisive.name) == ("fail", "cache-role")
    done, failed, timeline = fail_over(cloud, OTHER)
    assert done == ["cache", "database", "traffic", f"workers-{OTHER}"]
    assert list(failed) == [f"workers-{HOME}"]
    assert "region-down" in failed[f"workers-{HOME}"]
    assert timeline.recovered == {WRITES: 60}
    assert f"  served again after 60 s: {WRITES}" in list(failover_lines(timeline))


def test_lost_region_cannot_take_over(cloud: Cloud) -> None:
    cloud.set_condition(ConditionKind.REGION_DOWN, OTHER, holds=True)
    with pytest.raises(CommandError, match=r"eu-central-1: AWS could not be reached \(got the condition region-down\)"):
        fail_over(cloud, OTHER)
    assert SandboxFailover(cloud, regions_of(cloud)).roles().traffic.weights() == {HOME: 100, OTHER: 0}


def test_step_of_a_lost_region_counts_as_not_done(cloud: Cloud) -> None:
    cloud.set_condition(ConditionKind.REGION_DOWN, HOME, holds=True)
    regions = regions_of(cloud)
    steps = plan_steps(regions, SandboxFailover(cloud, regions).roles(), OTHER)
    assert [is_done(step) for step in steps] == [False, False, False, False, False]


def test_second_run_changes_nothing(cloud: Cloud) -> None:
    fail_over(cloud, OTHER)
    regions = regions_of(cloud)
    steps = plan_steps(regions, SandboxFailover(cloud, regions).roles(), OTHER)
    assert run_steps(steps, lambda _: None).done == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("cdn", "api_host"), [({}, "api.app.example.com"), (CLOUDFLARE, "api-app.example.com")], ids=["aws", "cloudflare"]
)
def test_stack_of_two_regions_fails_over_while_a_region_is_lost_and_back(cdn: dict[str, str], api_host: str) -> None:
    """The whole program: no request is lost by the failover itself, and nothing is created, replaced or deleted."""
    settings = {"phase": "enterprise", "tier": "large", "cacheAuth": "token", "regions": json.dumps([OTHER]), **cdn}
    with deployment(settings) as made:
        assert made.errors == []
        cloud = made.cloud
        resources = {(each.type, each.id) for each in cloud.all()}
        api = f"browser GET https://{api_host}/api/tasks"
        cloud.set_condition(ConditionKind.REGION_DOWN, HOME, holds=True)
        assert api in {each.flow.id for each in evaluate(cloud).served}  # Route 53 sends requests to the other region
        _, failed, timeline = fail_over(cloud, OTHER)
        assert list(failed) == [f"workers-{HOME}"]
        assert [each.flow for each in timeline.interruptions if each.flow == api] == []
        assert list(timeline.recovered.values()) == [60]
        cloud.set_condition(ConditionKind.REGION_DOWN, HOME, holds=False)
        done, failed, timeline = fail_over(cloud, HOME)
        assert (len(done), failed) == (4, {})  # the workers of the home region were never stopped
        assert [each for each in timeline.report.failed if each.flow.kind == "api"] == []
        assert read_only_seconds(timeline) == 100
        assert {(each.type, each.id) for each in cloud.all()} == resources
