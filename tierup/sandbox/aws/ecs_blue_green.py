"""ECS: blue/green, linear and canary deployments of a service."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Call,
    Rejection,
    Stage,
    documented,
    located,
    rule,
    values_at,
)

from .elb import LISTENER_RULE
from .network import APPLY
from .same_scope import known
from .sources import api

TO_BLUE_GREEN = documented(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html", read="2026-11-24"
)

FOR_BLUE_GREEN = api("ecs", "AdvancedConfiguration")

STRATEGIES = ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY")

_SHIFTING = STRATEGIES[1:]


@rule("blue-green-target-groups", Stage.PLAN, source=FOR_BLUE_GREEN)
def shifts_between_two(call: Call) -> Iterator[Rejection]:
    strategy = known(call, "deploymentConfiguration.strategy")
    for at, balancer in located(call.inputs, "loadBalancers[*]"):
        if balancer is UNKNOWN:
            continue
        advanced = balancer.get("advancedConfiguration")
        if strategy in _SHIFTING and advanced is None:
            yield Rejection(
                f"{at}.advancedConfiguration",
                f"strategy {strategy} requires advancedConfiguration: an alternate target group, a production listener"
                " rule and a role",
                "InvalidParameterException",
            )
        first = balancer.get("targetGroupArn")
        if isinstance(advanced, dict) and isinstance(first, str) and advanced.get("alternateTargetGroupArn") == first:
            yield Rejection(
                f"{at}.advancedConfiguration.alternateTargetGroupArn",
                "the alternate target group equals the first target group. Two different target groups are required.",
                "InvalidParameterException",
            )


_STEPS = {"CANARY": "canaryConfiguration", "LINEAR": "linearConfiguration"}


@rule("strategy-fits-its-configuration", Stage.PLAN, source=api("ecs", "DeploymentConfiguration"))
def strategy_has_its_steps(call: Call) -> Iterator[Rejection]:
    """`linearConfiguration` and `canaryConfiguration` are valid only with their strategy, which the provider needs."""
    strategy = known(call, "deploymentConfiguration.strategy")
    for name, path in _STEPS.items():
        given = call.get(f"deploymentConfiguration.{path}")
        if given is not None and strategy != name:
            yield Rejection(
                f"deploymentConfiguration.{path}",
                f"{path} is only valid with strategy {name} (got {strategy or 'ROLLING'})",
                "InvalidParameterException",
            )
        if given is None and strategy == name:
            yield Rejection(
                f"deploymentConfiguration.{path}", f"strategy {name} requires {path}", "InvalidParameterException"
            )


@rule("blue-green-in-two-updates", Stage.UPDATE, source=TO_BLUE_GREEN)
def prepared_for_blue_green(call: Call) -> Iterator[Rejection]:
    old = call.old or {}
    before = (old.get("deploymentConfiguration") or {}).get("strategy") or "ROLLING"
    wanted = call.get("deploymentConfiguration.strategy")
    prepared = all(each.get("advancedConfiguration") for each in old.get("loadBalancers") or ())
    if before not in _SHIFTING and wanted in _SHIFTING and not prepared:
        yield Rejection(
            "deploymentConfiguration.strategy",
            f"the service is {before} and its load balancer has no advancedConfiguration yet. Add that in one update,"
            f" and change the strategy to {wanted} in a second update.",
            "InvalidParameterException",
        )


@rule("production-rule-forwards-to-service", *APPLY, source=FOR_BLUE_GREEN)
def production_rule_fits(call: Call) -> Iterator[Rejection]:
    for at, balancer in located(call.inputs, "loadBalancers[*]"):
        advanced = balancer.get("advancedConfiguration") or {}
        arn = advanced.get("productionListenerRule")
        found = next(call.cloud.find(LISTENER_RULE, arn=arn), None) if arn else None
        if found is None:
            continue
        groups = {
            *values_at(found.outputs, "actions[*].targetGroupArn"),
            *values_at(found.outputs, "actions[*].forward.targetGroups[*].arn"),
        }
        own_groups = {balancer.get("targetGroupArn"), advanced.get("alternateTargetGroupArn")}
        if not groups & own_groups or groups - own_groups:
            yield Rejection(
                f"{at}.advancedConfiguration.productionListenerRule",
                f"{arn} must forward to exactly the service's two target groups",
                "InvalidParameterException",
            )
