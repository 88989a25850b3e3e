"""Tests of the behaviour rows of listener rules."""

from __future__ import annotations

from tierup.sandbox.aws.elb import LISTENER, LISTENER_RULE
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import TO_HTTPS, forward


def test_rule_priority_and_conditions_are_validated(
    account: Account, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=[TO_HTTPS])
    inputs = {
        "listenerArn": listener.id,
        "actions": forward(targets),
        "conditions": [{"pathPattern": {"values": ["/api/*"]}}],
    }
    made = account.make(LISTENER_RULE, "api", priority=10, **inputs)
    assert ":listener-rule/app/" in made.id
    assert account.codes(LISTENER_RULE, "b", priority=10, **inputs) == {"PriorityInUse"}
    assert account.make(LISTENER_RULE, "b", **inputs).outputs["priority"] == 11
    for conditions in (
        [],
        [{}],
        [{"pathPattern": {"values": ["/a"]}, "hostHeader": {"values": ["b"]}}],
        [{"pathPattern": {"values": [f"/{number}" for number in range(6)]}}],
    ):
        (rejection,) = account.planned(LISTENER_RULE, **{**inputs, "conditions": conditions})
        assert rejection.path.startswith("conditions")
    (rejection,) = account.planned(LISTENER_RULE, **{**inputs, "actions": [{"type": "forward"}]})
    assert rejection.path == "actions[0].targetGroupArn"
    assert account.delete_codes(targets) == {"ResourceInUse"}
