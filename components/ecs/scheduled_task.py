"""Runs a task by the clock: EventBridge Scheduler asks ECS for it.

Makes: a schedule group (the schedule itself takes no tags), the schedule, and the role in which it may run this one
task and no other.
Not here: the task; see OneOffTask, whose outputs this takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.iam.trust_policy import service_trust
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone

_LONGEST_WINDOW_MINUTES = 1_440
_MOST_RETRIES = 185
# Names of schedules and their groups have 64 characters; autonaming takes 8 of them.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html (read 2026-11-24)
_LONGEST_NAME = 64 - 8 - len("-schedules")


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledTaskArgs:
    """What one schedule needs."""

    account_id: Input[str]
    """The AWS account's, 12 digits."""
    region: Input[str]
    """Where the cluster is, AWS form."""
    cluster_arn: Input[str]
    """Where it runs."""
    task_definition_arn: Input[str]
    """OneOffTask.task_definition_arn."""
    execution_role_arn: Input[str]
    """OneOffTask.execution_role_arn: Scheduler may pass on this one."""
    task_role_arn: Input[str]
    """OneOffTask.task_role_arn: and this one."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Where it may run."""
    security_group_id: Input[str]
    """OneOffTask.security_group_id."""
    schedule: str
    """cron(minutes hours day-of-month month day-of-week year), rate(...) or at(yyyy-mm-ddThh:mm:ss)."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    timezone: str = "UTC"
    """"Europe/Berlin": the schedule then keeps to summer time."""
    window_minutes: int = 0
    """How much later it may start, so that not everything starts on the hour; 0 is on the minute."""
    retries: int = 3
    """How often Scheduler tries again when ECS does not take the task (no capacity); what the program does with its
    own failures is its own."""
    enabled: bool = True
    """False: it stands, and does not run."""
    assign_public_ip: bool = False
    """Needed in public subnets without NAT."""
    on_spot: bool = False
    """For a task that may be cut short and run again."""

    def __post_init__(self) -> None:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        for argument, value, most in (
            ("window_minutes", self.window_minutes, _LONGEST_WINDOW_MINUTES),
            ("retries", self.retries, _MOST_RETRIES),
        ):
            if not 0 <= value <= most:
                raise ValueError(f"{argument}: got {value}, allowed 0 to {most}: Scheduler takes no other")


class ScheduledTask(ComponentResource):
    """One task, run again and again."""

    schedule_arn: Output[str]
    """The schedule's."""
    schedule_group_name: Output[str]
    """The `ScheduleGroup` dimension of Scheduler's metrics, for an alarm on runs that failed to start."""

    def __init__(self, name: str, args: ScheduledTaskArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ScheduledTask", name, None, opts)
        if len(name) > _LONGEST_NAME:
            raise ValueError(
                f"name: got {name!r}, allowed {_LONGEST_NAME} characters or fewer: names of schedule groups have 64, "
                "and Pulumi's random ending needs 8 of them"
            )
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = aws.scheduler.ScheduleGroup(f"{name}-schedules", tags=self._tags("schedules"), opts=self._child)
        role, rights = self._role()
        schedule = self._schedule(group, role, rights)

        self.schedule_arn = schedule.arn
        self.schedule_group_name = group.name
        self.register_outputs({"schedule_arn": self.schedule_arn, "schedule_group_name": self.schedule_group_name})

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        (from memory, to be checked): the source of a schedule's call is its group."""
        args = self._args
        role = aws.iam.Role(
            f"{self._logical_name}-scheduler",
            description="EventBridge Scheduler runs one ECS task",
            assume_role_policy=service_trust(
                "scheduler.amazonaws.com",
                account_id=args.account_id,
                source_arn=Output.format("arn:aws:scheduler:{0}:{1}:schedule-group/*", args.region, args.account_id),
            ),
            tags=self._tags("scheduler"),
            opts=self._child,
        )
        rights = aws.iam.RolePolicy(
            f"{self._logical_name}-scheduler", role=role.name, policy=self._rights(), opts=self._child
        )
        return role, rights

    def _rights(self) -> Output[str]:
        """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html (from memory)."""
        args = self._args
        in_cluster = {"ArnEquals": {"ecs:cluster": args.cluster_arn}}
        any_revision = Output.from_input(args.task_definition_arn).apply(lambda arn: f"{arn.rpartition(':')[0]}:*")
        tasks = Output.from_input(args.cluster_arn).apply(lambda arn: f"{arn.replace(':cluster/', ':task/')}/*")
        return Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": any_revision, "Condition": in_cluster},
                    {
                        "Effect": "Allow",
                        "Action": "ecs:TagResource",
                        "Resource": tasks,
                        "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
                    },
                    {
                        "Effect": "Allow",
                        "Action": "iam:PassRole",
                        "Resource": [args.execution_role_arn, args.task_role_arn],
                        "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
                    },
                ],
            }
        )

    def _schedule(
        self, group: aws.scheduler.ScheduleGroup, role: aws.iam.Role, rights: aws.iam.RolePolicy
    ) -> aws.scheduler.Schedule:
        args = self._args
        return aws.scheduler.Schedule(
            f"{self._logical_name}-schedule",
            group_name=group.name,
            schedule_expression=args.schedule,
            schedule_expression_timezone=args.timezone,
            flexible_time_window=(
                {"mode": "FLEXIBLE", "maximum_window_in_minutes": args.window_minutes}
                if args.window_minutes
                else {"mode": "OFF"}
            ),
            state="ENABLED" if args.enabled else "DISABLED",
            target={
                "arn": args.cluster_arn,
                "role_arn": role.arn,
                "retry_policy": {"maximum_retry_attempts": args.retries, "maximum_event_age_in_seconds": 3_600},
                "ecs_parameters": {
                    "task_definition_arn": args.task_definition_arn,
                    "task_count": 1,
                    "capacity_provider_strategies": [
                        {"capacity_provider": "FARGATE_SPOT" if args.on_spot else "FARGATE", "weight": 1}
                    ],
                    "enable_ecs_managed_tags": True,
                    "propagate_tags": "TASK_DEFINITION",
                    "network_configuration": {
                        "subnets": args.subnet_ids,
                        "security_groups": [args.security_group_id],
                        "assign_public_ip": args.assign_public_ip,
                    },
                },
            },
            opts=ResourceOptions(parent=self, depends_on=[rights]),
        )
