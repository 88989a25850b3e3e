"""ECS: lifecycle hooks of a service's deployments.

The sandbox runs no function. One of its own account answers SUCCEEDED if it exists, unless a fault of the operation
"hook" is armed; a function of another account exists.
"""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import Call, Rejection, Stage, documented, located, rule

from .access.needs import Need, assumes, denied_needs, is_known_role
from .arns import account_of
from .lambda_ import FUNCTION
from .network import APPLY

_MODEL = documented(
    "AWS API model of ecs (botocore 1.44), DeploymentLifecycleHook; and docstrings of pulumi-aws 7, lifecycleHooks",
    read="2026-11-28",
)
_STAGES = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)
_NO_PAUSE = ("TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
_INVALID = "InvalidParameterException"
_HOOKS = "deploymentConfiguration.lifecycleHooks[*]"


@rule("lifecycle-hook-is-complete", Stage.PLAN, source=_MODEL)
def hooks_are_complete(call: Call) -> Iterator[Rejection]:
    for at, hook in located(call.inputs, _HOOKS):
        if not isinstance(hook, dict):
            continue
        pauses = hook.get("targetType") == "PAUSE"
        if hook.get("targetType") in (None, "AWS_LAMBDA"):
            for key in ("hookTargetArn", "roleArn"):
                if hook.get(key) is None:
                    yield Rejection(f"{at}.{key}", "it is missing. A hook of type AWS_LAMBDA requires it.", _INVALID)
        for place, stage in located(hook, "lifecycleStages[*]"):
            if isinstance(stage, str) and stage not in _STAGES:
                allowed = ", ".join(_STAGES)
                yield Rejection(f"{at}.{place}", f"invalid stage (got '{stage}'). Allowed are {allowed}.", _INVALID)
            elif pauses and stage in _NO_PAUSE:
                yield Rejection(f"{at}.{place}", f"a hook of type PAUSE cannot run at {stage}.", _INVALID)


@rule("lifecycle-hook-role-invokes-the-function", *APPLY, source=_MODEL)
def hook_roles(call: Call) -> Iterator[Rejection]:
    for at, hook in located(call.inputs, _HOOKS):
        if not isinstance(hook, dict):
            continue
        role, function = hook.get("roleArn"), hook.get("hookTargetArn")
        if not isinstance(role, str) or not is_known_role(call.cloud, role):
            continue
        needs = [*assumes("ecs.amazonaws.com", role, source_arn=None, account=call.account)]
        if isinstance(function, str):
            needs.append(Need(caller=role, action="lambda:InvokeFunction", resource=function))
        message = f"ECS cannot invoke the hook with the role {role}"
        yield from denied_needs(call, f"{at}.roleArn", needs, message, _INVALID)


_DEPLOYS = ("taskDefinition", "forceNewDeployment", "triggers")
"""Inputs whose change starts a deployment, in which ECS invokes the hooks."""


def failed_hook(call: Call) -> str:
    """Return why a hook stops the deployment of a service and ECS rolls it back; "" if none does.

    A function that does not answer fails the stage, as one that returns FAILED:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html (from memory)
    """
    if call.old is None or all(call.old.get(each) == call.get(each) for each in _DEPLOYS):
        return ""
    for _, hook in located(call.inputs, _HOOKS):
        arn = hook.get("hookTargetArn") if isinstance(hook, dict) else None
        if not isinstance(arn, str) or arn.count(":") < 6:
            continue
        name, stage = arn.split(":")[6], next(iter(hook.get("lifecycleStages") or ()), "its stage")
        if account_of(arn) == call.account and next(call.nearby(FUNCTION, name=name), None) is None:
            return f"the function '{name}' of the lifecycle hook at {stage} does not exist"
        fault = call.cloud.take_fault("hook", FUNCTION, name)
        if fault is not None and fault.kind == "fail":
            return f"the lifecycle hook '{name}' returned FAILED at {stage}" + (
                f": {fault.message}" if fault.message else ""
            )
    return ""
