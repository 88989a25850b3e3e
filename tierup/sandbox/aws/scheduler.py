"""EventBridge Scheduler: groups of schedules, and schedules that run ECS tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Name, Quota, Reference, Rejection, Stage, assumed, rule
from .access.needs import untrusted_service
from .ecs import CLUSTER
from .ecs_container_definitions import start_violations
from .ecs_task_definitions import TASK_DEFINITION
from .iam import to_role
from .network import APPLY, to_security_group, to_subnet
from .same_scope import known
from .sources import FORCE_NEW, api, schema_of, sdk

SCHEDULE = "aws:scheduler/schedule:Schedule"
SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"

SCHEDULE_TYPES = api("scheduler", "CreateScheduleInput")
QUOTAS = assumed(
    "EventBridge Scheduler's default quota; page to check:"
    " https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html"
)
EXECUTION_ROLE = assumed(
    "CreateSchedule rejects a role that Scheduler cannot assume; the API model only says what the"
    " role is for; page to check: https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html"
)
_ECS = "target.ecsParameters"
_FORMS = (
    re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)"),
    re.compile(r"rate\([1-9]\d* (minutes?|hours?|days?)\)"),
    re.compile(r"cron\((\S+ ){5}\S+\)"),
)


@rule("schedule-expression-of-scheduler", Stage.PLAN, source=SCHEDULE_TYPES)
def expression(call: Call) -> Iterator[Rejection]:
    text = known(call, "scheduleExpression")
    if text is None:
        return
    if not any(form.fullmatch(text) for form in _FORMS):
        yield Rejection(
            "scheduleExpression",
            f"Invalid Schedule Expression '{text}': write at(yyyy-mm-ddThh:mm:ss), rate(5 minutes) or cron() with six"
            " fields",
        )
        return
    fields = text[len("cron(") : -1].split(" ") if text.startswith("cron(") else []
    if fields and (fields[2] == "?") == (fields[4] == "?"):
        yield Rejection(
            "scheduleExpression",
            f"Invalid Schedule Expression '{text}': exactly one of day-of-month and day-of-week must be ?",
        )


@rule("flexible-window-length", Stage.PLAN, source=api("scheduler", "CreateSchedule"))
def window(call: Call) -> Iterator[Rejection]:
    mode, minutes = known(call, "flexibleTimeWindow.mode"), call.get("flexibleTimeWindow.maximumWindowInMinutes")
    if mode in ("OFF", "FLEXIBLE") and (mode == "FLEXIBLE") != (minutes is not None):
        verb = "needs" if mode == "FLEXIBLE" else "takes no"
        yield Rejection("flexibleTimeWindow.maximumWindowInMinutes", f"mode {mode} {verb} maximumWindowInMinutes")


@rule("scheduled-fargate-task-network", Stage.PLAN, source=api("scheduler", "CreateSchedule"))
def ecs_target(call: Call) -> Iterator[Rejection]:
    parameters = call.get(_ECS)
    if parameters is None or parameters is UNKNOWN:
        return
    if call.get(f"{_ECS}.launchType") is not None and call.get(f"{_ECS}.capacityProviderStrategies"):
        yield Rejection(
            f"{_ECS}.launchType", "launchType and capacityProviderStrategies are mutually exclusive. Set one of them."
        )
    providers = call.get(f"{_ECS}.capacityProviderStrategies") or []
    on_fargate = call.get(f"{_ECS}.launchType") == "FARGATE" or any(
        str(each.get("capacityProvider", "")).startswith("FARGATE")
        for each in (providers if isinstance(providers, list) else [])
        if each is not UNKNOWN
    )
    if on_fargate and call.get(f"{_ECS}.networkConfiguration") is None:
        yield Rejection(f"{_ECS}.networkConfiguration", "a Fargate task requires networkConfiguration with subnets")


@rule("scheduler-can-assume-role", *APPLY, source=EXECUTION_ROLE)
def role_trusts(call: Call) -> Iterator[Rejection]:
    source = f"arn:aws:scheduler:{call.region}:{call.account}:schedule-group/{_group_of(call)}"
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role"
    service = "scheduler.amazonaws.com"
    yield from untrusted_service(call, "target.roleArn", service, message, "ValidationException", source_arn=source)


@rule(
    "scheduled-task-can-start",
    *APPLY,
    source=assumed("ECS accepts the task definition; each task start fails with ResourceInitializationError"),
)
def task_can_start(call: Call) -> Iterator[Rejection]:
    task = next(call.cloud.find(TASK_DEFINITION, arn=call.get(f"{_ECS}.taskDefinitionArn")), None)
    if task is not None:
        for violation in start_violations(call, task):
            yield Rejection(f"{_ECS}.taskDefinitionArn", violation, "ResourceInitializationError", retried=True)


def _name(operation: str, unique: str) -> Name:
    return Name(
        longest=64,
        pattern=r"[0-9a-zA-Z\-_.]+",
        allowed="letters, digits, hyphens, underscores and dots",
        unique=unique,
        taken="ConflictException",
        source=api("scheduler", operation),
    )


def _group_of(call: Call) -> str:
    return str(call.get("groupName") or "default")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SCHEDULE_GROUP,
        source=sdk("scheduler/schedulegroup"),
        id="{name}",
        outputs={
            "arn": "arn:aws:scheduler:{region}:{account}:schedule-group/{name}",
            "namePrefix": "",
            "state": "ACTIVE",
            "creationDate": "2026-11-24T00:00:00Z",
            "lastModificationDate": "2026-11-24T00:00:00Z",
        },
        replaces=frozenset({"name", "namePrefix"}),
        replace_source=schema_of("scheduler/schedule_group.go"),
        name=_name("CreateScheduleGroup", "region"),
        quotas=(
            Quota(
                limit=500,
                per="region",
                what="schedule groups per Region",
                code="ServiceQuotaExceededException",
                source=QUOTAS,
            ),
        ),
    ),
    Behaviour(
        type=SCHEDULE,
        source=sdk("scheduler/schedule"),
        id=lambda call: f"{_group_of(call)}/{call.get('name')}",
        outputs={
            "arn": lambda call: f"arn:aws:scheduler:{call.region}:{call.account}:schedule/{call.id}",
            "namePrefix": "",
            "groupName": "default",
            "actionAfterCompletion": "NONE",
            "description": "",
            "kmsKeyArn": "",
            "scheduleExpressionTimezone": "UTC",
            "startDate": "",
            "endDate": "",
            "state": "ENABLED",
        },
        replaces=frozenset({"name", "namePrefix", "groupName"}),
        replace_source=FORCE_NEW,
        enums={
            "state": ("ENABLED", "DISABLED"),
            "actionAfterCompletion": ("NONE", "DELETE"),
            "flexibleTimeWindow.mode": ("OFF", "FLEXIBLE"),
            f"{_ECS}.launchType": ("EC2", "FARGATE", "EXTERNAL"),
            f"{_ECS}.propagateTags": ("TASK_DEFINITION",),
        },
        ranges={
            "flexibleTimeWindow.maximumWindowInMinutes": (1, 1440),
            "target.retryPolicy.maximumEventAgeInSeconds": (60, 86_400),
            "target.retryPolicy.maximumRetryAttempts": (0, 185),
            f"{_ECS}.taskCount": (1, 10),
        },
        name=_name("CreateSchedule", "groupName"),
        references=(
            Reference(
                path="groupName",
                to=SCHEDULE_GROUP,
                by="name",
                external="default",
                holds=False,  # deleting a group deletes its schedules
                source=api("scheduler", "CreateSchedule"),
            ),
            to_role("target.roleArn", code="ValidationException", source=EXECUTION_ROLE),
            Reference(
                path="target.arn",
                to=CLUSTER,
                by="arn",
                external=r"(?!arn:aws:ecs:).*",
                holds=False,
                code="ValidationException",
                source=api("scheduler", "CreateSchedule"),
            ),
            Reference(
                path=f"{_ECS}.taskDefinitionArn",
                to=TASK_DEFINITION,
                by="arn",
                external=r"(?!.*:\d+$).*",
                holds=False,
                code="ValidationException",
                source=api("scheduler", "CreateSchedule"),
            ),
            to_subnet(f"{_ECS}.networkConfiguration.subnets[*]", "ValidationException"),
            to_security_group(f"{_ECS}.networkConfiguration.securityGroups[*]", "ValidationException"),
        ),
        rules=(expression, window, ecs_target, role_trusts, task_can_start),
    ),
)
