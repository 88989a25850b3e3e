"""Tests of the behaviour rows of blue/green deployments of ECS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.ecs_lifecycle_hooks import failed_hook
from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.behaviour import Call
from tierup.sandbox.cloud import InjectedFault

from ..account import Account
from .inputs import BLUE_GREEN_ROLE, RULE, SECOND, balanced

ADVANCED = {"alternateTargetGroupArn": SECOND, "productionListenerRule": RULE, "roleArn": BLUE_GREEN_ROLE}


BLUE_GREEN = {"deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "5"}}


def test_blue_green_requires_two_updates(account: Account, served: dict[str, Any], targets: str) -> None:
    service = account.make(SERVICE, "api", **served)
    shift = {"loadBalancers": balanced(targets, **ADVANCED)}

    assert account.change_codes(service, **shift, **BLUE_GREEN) == {"InvalidParameterException"}
    prepared = account.change(service, **shift)
    assert not account.replaced_by(prepared, **BLUE_GREEN)
    switched = account.change(prepared, **BLUE_GREEN)
    assert not account.change_codes(switched, deploymentConfiguration={"strategy": "ROLLING"})


def test_new_service_can_start_with_blue_green(account: Account, served: dict[str, Any], targets: str) -> None:
    assert not account.codes(SERVICE, **{**served, "loadBalancers": balanced(targets, **ADVANCED)}, **BLUE_GREEN)


@pytest.mark.parametrize(
    ("advanced", "path"),
    [
        ({}, "loadBalancers[0].advancedConfiguration"),
        ({"alternateTargetGroupArn": "first"}, "loadBalancers[0].advancedConfiguration.alternateTargetGroupArn"),
        ({"alternateTargetGroupArn": "arn:missing"}, "loadBalancers[0].advancedConfiguration.alternateTargetGroupArn"),
        ({"productionListenerRule": "arn:missing"}, "loadBalancers[0].advancedConfiguration.productionListenerRule"),
        ({"productionListenerRule": "arn:other"}, "loadBalancers[0].advancedConfiguration.productionListenerRule"),
        ({"roleArn": "arn:aws:iam::123456789012:role/missing"}, "loadBalancers[0].advancedConfiguration.roleArn"),
    ],
)
def test_invalid_blue_green_service_is_rejected(
    account: Account, served: dict[str, Any], targets: str, advanced: dict[str, str], path: str
) -> None:
    given = {key: targets if value == "first" else value for key, value in advanced.items()}
    balancers = balanced(targets, **({**ADVANCED, **given} if advanced else {}))
    found = account.rejections(SERVICE, **{**served, "loadBalancers": balancers}, **BLUE_GREEN)

    assert path in [rejection.path for rejection in found]


def test_invalid_strategy_and_bake_time_are_rejected(account: Account, served: dict[str, Any], targets: str) -> None:
    given = {**served, "loadBalancers": balanced(targets, **ADVANCED)}
    long, unknown = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "1441"}, {"strategy": "GREEN"}

    assert [each.path for each in account.planned(SERVICE, **given, deploymentConfiguration=long)] == [
        "deploymentConfiguration.bakeTimeInMinutes"
    ]
    assert [each.path for each in account.planned(SERVICE, **given, deploymentConfiguration=unknown)] == [
        "deploymentConfiguration.strategy"
    ]


CANARY = {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": "10"}}
LINEAR = {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 20.0, "stepBakeTimeInMinutes": "5"}}


@pytest.mark.parametrize("configuration", [CANARY, LINEAR], ids=["canary", "linear"])
def test_canary_and_linear_deployments_are_accepted(
    account: Account, served: dict[str, Any], targets: str, configuration: dict[str, Any]
) -> None:
    given = {**served, "loadBalancers": balanced(targets, **ADVANCED)}
    assert not account.codes(SERVICE, **given, deploymentConfiguration=configuration)


@pytest.mark.parametrize(
    ("configuration", "path"),
    [
        ({"strategy": "CANARY"}, "canaryConfiguration"),
        ({"strategy": "LINEAR"}, "linearConfiguration"),
        ({**CANARY, "strategy": "BLUE_GREEN"}, "canaryConfiguration"),
        (
            {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 2.0}},
            "linearConfiguration.stepPercent",
        ),
        (
            {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": "1441"}},
            "canaryConfiguration.canaryBakeTimeInMinutes",
        ),
    ],
)
def test_a_strategy_and_its_steps_must_fit(
    account: Account, served: dict[str, Any], targets: str, configuration: dict[str, Any], path: str
) -> None:
    given = {**served, "loadBalancers": balanced(targets, **ADVANCED)}
    found = account.planned(SERVICE, **given, deploymentConfiguration=configuration)
    assert [each.path for each in found] == [f"deploymentConfiguration.{path}"]


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:check"


def hook_role(account: Account, *, service: str = "ecs.amazonaws.com", action: str = "lambda:InvokeFunction") -> str:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    allowed = {"Effect": "Allow", "Action": action, "Resource": FUNCTION}
    role = account.make("aws:iam/role:Role", "hooks", assumeRolePolicy=json.dumps({"Statement": [trust]}))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    account.make("aws:iam/rolePolicy:RolePolicy", "hooks", role=role.id, policy=policy)
    return str(role.outputs["arn"])


@pytest.mark.parametrize(
    ("role", "hook", "path"),
    [
        ({}, {}, None),
        ({}, {"lifecycleStages": ["LATER"]}, "lifecycleStages[0]"),
        ({}, {"roleArn": None}, "roleArn"),
        ({}, {"targetType": "PAUSE", "lifecycleStages": ["TEST_TRAFFIC_SHIFT"]}, "lifecycleStages[0]"),
        ({"service": "lambda.amazonaws.com"}, {}, "roleArn"),
        ({"action": "lambda:GetFunction"}, {}, "roleArn"),
    ],
)
def test_lifecycle_hooks_need_stages_and_a_role_that_invokes_the_function(
    account: Account,
    served: dict[str, Any],
    targets: str,
    role: dict[str, str],
    hook: dict[str, Any],
    path: str | None,
) -> None:
    arn = hook_role(account, **role)
    given = {"hookTargetArn": FUNCTION, "roleArn": arn, "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"], **hook}
    hooks = [{key: value for key, value in given.items() if value is not None}]
    configuration = {**BLUE_GREEN["deploymentConfiguration"], "lifecycleHooks": hooks}
    inputs = {**served, "loadBalancers": balanced(targets, **ADVANCED), "deploymentConfiguration": configuration}
    wanted = [] if path is None else [f"deploymentConfiguration.lifecycleHooks[0].{path}"]
    assert [each.path for each in account.rejections(SERVICE, **inputs)] == wanted


def hooked(account: Account, served: dict[str, Any], targets: str, function: str) -> dict[str, Any]:
    """Return the inputs of a blue/green service with a hook, whose role may invoke the function."""
    hook = {
        "hookTargetArn": function,
        "roleArn": hook_role(account),
        "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
    }
    configuration = {**BLUE_GREEN["deploymentConfiguration"], "lifecycleHooks": [hook]}
    return {**served, "loadBalancers": balanced(targets, **ADVANCED), "deploymentConfiguration": configuration}


def stopped_by(account: Account, inputs: dict[str, Any], **changes: Any) -> str:
    """Return why ECS rolls back the deployment of changed inputs; "" if it does not."""
    call = Call(SERVICE, "urn", "eu-west-1", "123456789012", {**inputs, **changes}, account.cloud, seed="", old=inputs)
    return failed_hook(call)


def test_a_release_is_rolled_back_when_the_function_of_a_hook_does_not_exist(
    account: Account, served: dict[str, Any], targets: str
) -> None:
    inputs = hooked(account, served, targets, FUNCTION)
    assert "the function 'check' of the lifecycle hook" in stopped_by(account, inputs, taskDefinition="api:2")
    assert stopped_by(account, inputs, desiredCount=3) == "", "this starts no deployment"
    account.add_existing("aws:lambda/function:Function", "check", name="check")
    assert stopped_by(account, inputs, taskDefinition="api:2") == ""


def test_a_hook_of_another_account_answers_until_a_fault_lets_it_fail(
    account: Account, served: dict[str, Any], targets: str
) -> None:
    inputs = hooked(account, served, targets, "arn:aws:lambda:eu-west-1:111122223333:function:smoke")
    assert stopped_by(account, inputs, taskDefinition="api:2") == ""
    account.cloud.add_fault(InjectedFault("hook", "fail", name="smoke", message="no route"))
    failed = "the lifecycle hook 'smoke' returned FAILED at POST_TEST_TRAFFIC_SHIFT: no route"
    assert stopped_by(account, inputs, taskDefinition="api:2") == failed
    assert stopped_by(account, inputs, taskDefinition="api:2") == "", "one answer"
    with pytest.raises(ValueError, match="a hook answers SUCCEEDED or FAILED"):
        account.cloud.add_fault(InjectedFault("hook", "lost"))
