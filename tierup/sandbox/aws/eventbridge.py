"""EventBridge: rules and targets, which the SDK keeps in its CloudWatch module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    rule,
)
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, sdk

EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"

EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"


@rule("event-rule-has-a-trigger", Stage.PLAN, source=api("events", "PutRule"))
def _trigger(call: Call) -> Iterator[Rejection]:
    schedule, pattern = known(call, "scheduleExpression"), known(call, "eventPattern")
    if "scheduleExpression" not in call.inputs and "eventPattern" not in call.inputs:
        yield Rejection("scheduleExpression", "set scheduleExpression, eventPattern or both", "ValidationException")
    if isinstance(schedule, str) and not re.fullmatch(
        r"cron\(\S+( \S+){5}\)|rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)", schedule
    ):
        yield Rejection(
            "scheduleExpression",
            f"invalid schedule (got '{schedule}'). Allowed are for example 'rate(5 minutes)', 'rate(1 minute)', 'cron(0"
            " 20 * * ? *)'.",
            "ValidationException",
        )
    elif isinstance(schedule, str) and schedule.startswith("cron("):
        fields = schedule[len("cron(") : -1].split(" ")
        if (fields[2] == "?") == (fields[4] == "?"):
            yield Rejection(
                "scheduleExpression",
                f"exactly one of day-of-month and day-of-week must be ? (got '{schedule}')",
                "ValidationException",
            )
    if isinstance(pattern, str):
        try:
            problem = "" if isinstance(json.loads(pattern), dict) else "it is not an object"
        except ValueError as error:
            problem = str(error)
        if problem:
            yield Rejection(
                "eventPattern", f"the event pattern must be a JSON object: {problem}", "InvalidEventPatternException"
            )
    if isinstance(schedule, str) and known(call, "eventBusName", "default") != "default":
        yield Rejection(
            "scheduleExpression", "schedules are supported only on the default event bus", "ValidationException"
        )


@rule("five-targets-per-rule", Stage.CREATE, source=api("events", "PutTargets"))
def _few_targets(call: Call) -> Iterator[Rejection]:
    if len(list(others_in_region(call, EVENT_TARGET, rule=call.get("rule")))) >= 5:
        yield Rejection(
            "rule", f"the rule '{call.get('rule')}' already has 5 targets, the quota", "LimitExceededException"
        )


@rule("ecs-target-requires-role", Stage.PLAN, source=sdk("cloudwatch/eventtarget"))
def _target_role(call: Call) -> Iterator[Rejection]:
    if call.inputs.get("ecsTarget") is not None and "roleArn" not in call.inputs:
        yield Rejection("roleArn", "required with ecsTarget", "ValidationException")


def _on_bus(call: Call, name: str) -> str:
    bus = call.inputs.get("eventBusName", "default")
    return name if bus == "default" else f"{bus}/{name}"


def _target_id(call: Call) -> str:
    return call.inputs.get("targetId") or f"terraform-{call.hex(26)}"


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=EVENT_RULE,
        source=sdk("cloudwatch/eventrule"),
        id=lambda call: _on_bus(call, call.inputs["name"]),
        outputs={
            "arn": "arn:aws:events:{region}:{account}:rule/{id}",
            "eventBusName": "default",
            "forceDestroy": False,
            "namePrefix": "",
            "state": "ENABLED",
        },
        replaces=frozenset({"name", "namePrefix", "eventBusName"}),
        replace_source=FORCE_NEW,
        enums={"state": ("DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")},
        conflicts=(("isEnabled", "state"), ("name", "namePrefix")),
        name=Name(
            longest=64,
            pattern=r"[.\w-]+",
            allowed="letters, digits, '.', '_' and '-'",
            taken="ResourceAlreadyExistsException",
            source=api("events", "PutRule"),
        ),
        quotas=(
            Quota(
                limit=300, per="region", what="rules per event bus",
                source=assumed(
                    "EventBridge's default quota from secondary sources; page to check:"
                    " https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
                ),
            ),
        ),
        rules=(_trigger,),
    ),
    Behaviour(
        type=EVENT_TARGET,
        source=sdk("cloudwatch/eventtarget"),
        id=lambda call: f"{_on_bus(call, call.inputs['rule']).replace('/', '-')}-{_target_id(call)}",
        outputs={"targetId": _target_id, "eventBusName": "default", "forceDestroy": False},
        replaces=frozenset({"rule", "eventBusName", "targetId"}),
        replace_source=FORCE_NEW,
        conflicts=(("input", "inputPath", "inputTransformer"),),
        ranges={"retryPolicy.maximumEventAgeInSeconds": (60, 86_400), "retryPolicy.maximumRetryAttempts": (0, 185)},
        references=(
            Reference(
                path="rule",
                to=EVENT_RULE,
                by="name",
                in_use="ValidationException",  # "Rule can't be deleted since it has targets."
                source=api("events", "DeleteRule"),
            ),
        ),
        rules=(_few_targets, _target_role),
    ),
)  # fmt: skip
