"""The rules on what the resources of several regions have in their own region."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policies.ecs.definitions import TASK_DEFINITION
from policies.monitoring.alarms import METRIC_ALARM
from policies.monitoring.caches import REPLICATION_GROUP
from policies.region import alarm_region, caches_replicate, regional_images, regional_secrets, separate_networks
from policies.region.places import HOME, is_foreign, region_of
from policies.rule import Outcome, RegisteredProvider, Resource, Stack, StackRule
from policies.secrets.rotation import SECRET
from policies.values import from_state
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource
from tests.policies.region.violations import VIOLATIONS

OTHER = {"region": "eu-central-1"}


def registered(
    type_: str, name: str, region: str, references: Mapping[str, frozenset[str]] | None = None, **properties: object
) -> Resource:
    """Return a resource whose provider has a region."""
    provider = RegisteredProvider("pulumi:providers:aws", region, "", from_state({"region": region}))
    values = from_state(properties)
    return Resource(type_, name, f"urn::{name}", values, values, references or {}, provider=provider)


@pytest.mark.parametrize(
    ("rule", "subject"),
    [
        (caches_replicate.RULE, "cache-other"),
        (separate_networks.RULE, "other-vpc"),
        (regional_secrets.RULE, "task-other"),
        (regional_images.RULE, "task-other"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
def test_a_second_region_passes_and_its_violation_fails(rule: StackRule, subject: str) -> None:
    assert evaluate(rule, subject).outcome is Outcome.PASS
    assert evaluate(rule, subject, VIOLATIONS[rule.id].changes).outcome is Outcome.FAIL


def test_rules_on_several_regions_do_not_apply_to_one() -> None:
    cache, task = resource(REPLICATION_GROUP, {}), resource(TASK_DEFINITION, {"containerDefinitions": "[]"})
    assert caches_replicate.RULE.evaluate(cache, Stack((cache,))).outcome is Outcome.NOT_APPLICABLE
    assert regional_secrets.RULE.evaluate(task, Stack((task,))).outcome is Outcome.NOT_APPLICABLE
    assert regional_images.RULE.evaluate(task, Stack((task,))).outcome is Outcome.NOT_APPLICABLE
    vpc = resource(separate_networks.VPC, {"cidrBlock": "10.0.0.0/16"})
    assert separate_networks.RULE.evaluate(vpc, Stack((vpc,))).outcome is Outcome.NOT_APPLICABLE


def test_region_is_the_argument_or_the_region_of_the_provider() -> None:
    assert region_of(resource(SECRET, OTHER)) == "eu-central-1"
    assert region_of(registered(SECRET, "a", "us-east-1")) == "us-east-1"
    assert region_of(resource(SECRET, {})) == HOME


def test_home_without_a_name_is_compared_with_the_other_regions() -> None:
    regions = frozenset({HOME, "eu-central-1"})
    assert not is_foreign("eu-west-1", HOME, regions)
    assert is_foreign("eu-central-1", HOME, regions)
    assert is_foreign("eu-west-1", "eu-central-1", regions)


def test_the_primary_without_a_global_datastore_fails() -> None:
    assert evaluate(caches_replicate.RULE, "cache").outcome is Outcome.PASS
    assert evaluate(caches_replicate.RULE, "cache", {"global-cache": ABSENT}).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", alarm_region.TYPES)
def test_an_alarm_on_a_resource_or_with_a_topic_of_another_region_fails(key: str) -> None:
    target = registered(alarm_region.TYPES[key][0], "target", "eu-central-1")
    flows = {key: frozenset({target.urn})}
    for region, outcome in (("eu-central-1", Outcome.PASS), ("eu-west-1", Outcome.FAIL)):
        alarm = registered(METRIC_ALARM, "alarm", region, flows)
        assert alarm_region.RULE.evaluate(alarm, Stack((alarm, target))).outcome is outcome


def test_overlap_with_the_network_of_atlas_fails_and_an_assigned_block_does_not_apply() -> None:
    container = resource("mongodbatlas:index/networkContainer:NetworkContainer", {"atlasCidrBlock": "10.0.8.0/21"})
    for properties, outcome in (
        ({"cidrBlock": "10.0.0.0/16"}, Outcome.FAIL),
        ({"cidrBlock": "10.1.0.0/16"}, Outcome.PASS),
        ({"ipv4IpamPoolId": "ipam-pool-1"}, Outcome.NOT_APPLICABLE),
        ({"cidrBlock": "text"}, Outcome.UNKNOWN),
    ):
        vpc = resource(separate_networks.VPC, properties, "vpc")
        assert separate_networks.RULE.evaluate(vpc, Stack((vpc, container))).outcome is outcome


@pytest.mark.parametrize(("replicas", "outcome"), [([OTHER], Outcome.PASS), ([], Outcome.FAIL)])
def test_a_secret_needs_a_replica_in_the_region_of_its_task(replicas: list[object], outcome: Outcome) -> None:
    secret = registered(SECRET, "keys", "eu-west-1", replicas=replicas)
    home = registered(TASK_DEFINITION, "home", "eu-west-1", containerDefinitions="[]")
    flows = {"containerDefinitions": frozenset({secret.urn})}
    task = registered(TASK_DEFINITION, "task", "eu-central-1", flows, containerDefinitions="[]")
    assert regional_secrets.RULE.evaluate(task, Stack((home, task, secret))).outcome is outcome


def test_a_registry_that_replicates_elsewhere_fails() -> None:
    path = "replication: replicationConfiguration.rules[0].destinations[0].region"
    assert evaluate(regional_images.RULE, "task-other", {path: "us-east-1"}).outcome is Outcome.FAIL
    assert evaluate(regional_images.RULE, "task-other", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
