from __future__ import annotations

import pytest

from policies.load_balancer.balancers import LOAD_BALANCERS
from policies.region.multi_region import ACCELERATOR, AWS_RECORD, CLOUDFLARE_RECORDS, RULE
from policies.rule import Outcome, Resource, Stack
from tests.policies.evaluation import UNKNOWN, evaluate, resource

HOME = resource(LOAD_BALANCERS[0], {"region": "eu-west-1"}, "balancer")


def outcome(*others: Resource) -> Outcome:
    return RULE.evaluate(HOME, Stack((HOME, *others))).outcome


def test_cdn_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


def test_single_region_fails() -> None:
    assert outcome() is Outcome.FAIL
    assert outcome(resource(LOAD_BALANCERS[1], {"region": "eu-west-1"})) is Outcome.FAIL


@pytest.mark.parametrize(
    "other",
    [
        resource(LOAD_BALANCERS[1], {"region": "us-east-1"}),
        resource(
            LOAD_BALANCERS[1], {"arn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1"}
        ),
        resource(ACCELERATOR, {}),
        resource(CLOUDFLARE_RECORDS[0], {"proxied": True}),
        resource(AWS_RECORD, {"latencyRoutingPolicies": [{"region": "eu-west-1"}]}),
    ],
    ids=lambda each: each.type,
)
def test_cdn_or_other_region_passes(other: Resource) -> None:
    assert outcome(other) is Outcome.PASS


@pytest.mark.parametrize(
    "other",
    [
        resource(LOAD_BALANCERS[1], {"region": UNKNOWN}),
        resource(CLOUDFLARE_RECORDS[0], {"proxied": False}),
        resource(AWS_RECORD, {"latencyRoutingPolicies": []}),
    ],
    ids=lambda each: each.type,
)
def test_other_resources_fail(other: Resource) -> None:
    assert outcome(other) is Outcome.FAIL


def test_internal_load_balancer_is_not_applicable() -> None:
    balancer = resource(LOAD_BALANCERS[0], {"internal": True})
    assert RULE.evaluate(balancer, Stack((balancer,))).outcome is Outcome.NOT_APPLICABLE


def test_unknown_values_evaluate_to_unknown() -> None:
    assert outcome(resource(CLOUDFLARE_RECORDS[0], {"proxied": UNKNOWN})) is Outcome.UNKNOWN
