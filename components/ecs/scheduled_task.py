"""Runs an ECS task on a schedule with EventBridge Scheduler.

Creates a schedule group (schedules cannot have tags), the schedule, and a role that allows it to run this task only.
It does not create the task: the outputs of a OneOffTask are its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.iam.trust_policy import service_trust
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone

_MAX_WINDOW_MINUTES = 1_440
_MAX_RETRIES = 185
# Names of schedules and schedule groups have at most 64 characters; Pulumi's autonaming adds 8.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html (read 2026-11-24)
_MAX_NAME_LENGTH = 64 - 8 - len("-schedules")


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledTaskArgs:
    """Arguments of ScheduledTask.

    Raises ValueError for a schedule, time zone, window or number of retries that EventBridge Scheduler does not accept.
    """

    account_id: Input[str]
    """Id of the AWS account, 12 digits."""
    region: Input[str]
    """AWS region of the cluster, such as eu-west-1."""
    cluster_arn: Input[str]
    """ARN of the cluster that runs the task."""
    task_definition_arn: Input[str]
    """OneOffTask.task_definition_arn."""
    execution_role_arn: Input[str]
    """OneOffTask.execution_role_arn, which Scheduler may pass to ECS."""
    task_role_arn: Input[str]
    """OneOffTask.task_role_arn, which Scheduler may pass to ECS."""
    subnet_ids: Input[Sequence[Input[str]]]
    """Ids of the subnets that the task may use."""
    security_group_id: Input[str]
    """OneOffTask.security_group_id."""
    schedule: str
    """Schedule expression: cron(minutes hours day-of-month month day-of-week year), rate(...) or
    at(yyyy-mm-ddThh:mm:ss)."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    timezone: str = "UTC"
    """IANA time zone of the schedule, such as Europe/Berlin, with its daylight saving time."""
    window_minutes: int = 0
    """Flexible time window in minutes, 0 to 1,440: how much later than scheduled the task may start."""
    retries: int = 3
    """How often Scheduler retries when ECS does not start the task (no capacity), 0 to 185. Failures of the application
    itself are not retried."""
    enabled: bool = True
    """Whether the schedule is enabled. If False, the schedule is created disabled."""
    assign_public_ip: bool = False
    """Whether the task gets a public IPv4 address. Required in public subnets without NAT."""
    on_spot: bool = False
    """Whether the task runs on Fargate Spot, for a task that may be interrupted and run again."""

    def __post_init__(self) -> None:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        for argument, value, maximum in (
            ("window_minutes", self.window_minutes, _MAX_WINDOW_MINUTES),
            ("retries", self.retries, _MAX_RETRIES),
        ):
            if not 0 <= value <= maximum:
                raise ValueError(f"{argument}: out of range (got {value}). Set 0 to {maximum}.")


class ScheduledTask(ComponentResource):
    """A schedule that runs one ECS task."""

    schedule_arn: Output[str]
    """ARN of the schedule."""
    schedule_group_name: Output[str]
    """Name of the schedule group, the `ScheduleGroup` dimension of the metrics of runs that failed to start."""

    def __init__(self, name: str, args: ScheduledTaskArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ScheduledTask", name, None, opts)
        if len(name) > _MAX_NAME_LENGTH:
            raise ValueError(
                f"name: too long (got {name!r}). Use at most {_MAX_NAME_LENGTH} characters: names of schedule groups "
                "have at most 64, and Pulumi's autonaming adds 8."
            )
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        group = aws.scheduler.ScheduleGroup(f"{name}-schedules", tags=self._tags("schedules"), opts=self._child)
        role, policy = self._role()
        schedule = self._schedule(group, role, policy)

        self.schedule_arn = schedule.arn
        self.schedule_group_name = group.name
        self.register_outputs({"schedule_arn": self.schedule_arn, "schedule_group_name": self.schedule_group_name})

    def _tags(self, part: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._logical_name}-{part}"}

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """Create the role of the schedule. The source ARN of a schedule's call is its schedule group.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        (from memory, to be checked)
        """
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
        policy = aws.iam.RolePolicy(
            f"{self._logical_name}-scheduler", role=role.name, policy=self._run_task_policy(), opts=self._child
        )
        return role, policy

    def _run_task_policy(self) -> Output[str]:
        """Return the policy (JSON) that allows RunTask of any revision of the task definition in the cluster.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html (from memory).
        """
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
        self, group: aws.scheduler.ScheduleGroup, role: aws.iam.Role, policy: aws.iam.RolePolicy
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
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
