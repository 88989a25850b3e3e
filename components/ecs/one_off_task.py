"""A task that runs to completion on request: a migration, an index build, a report.

Creates the task (log group, security group and rules, roles, task definition), which nothing starts automatically: run
it with `aws ecs run-task` and the output `run_task`, or on a schedule with a ScheduledTask.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Output, ResourceOptions

from components.ecs.task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class OneOffTaskArgs:
    """Arguments of OneOffTask. Raises ValueError without a command."""

    task: TaskArgs
    """Arguments of the task, with its command."""

    def __post_init__(self) -> None:
        if self.task.command is None:
            raise ValueError(
                "command: missing (got None). Set a command that exits: the image's default command is a server, "
                "which does not exit."
            )


class OneOffTask(ComponentResource):
    """A task definition with the input of `aws ecs run-task`."""

    task_definition_arn: Output[str]
    """ARN of the task definition, with its revision."""
    execution_role_arn: Output[str]
    """ARN of the execution role; the caller of RunTask needs iam:PassRole for it."""
    task_role_arn: Output[str]
    """ARN of the task role; the caller of RunTask needs iam:PassRole for it."""
    task_role_name: Output[str]
    """Name of the task role, for further policies of the application."""
    security_group_id: Output[str]
    """Id of the task's security group."""
    log_group_name: Output[str]
    """Name of the log group of all containers."""
    log_group_arn: Output[str]
    """ARN of that log group."""
    run_task: Output[str]
    """JSON for `aws ecs run-task --cli-input-json`. It resolves after the rules and policies of the task exist."""

    def __init__(self, name: str, args: OneOffTaskArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:OneOffTask", name, None, opts)
        task = Task(name, args.task, child=ResourceOptions(parent=self), long_running=False)

        # The output depends on the URNs of the rules and policies, so that a resource that runs the task waits for
        # them.
        ready = Output.all(task.definition.arn, *(resource.urn for resource in task.dependencies))
        self.task_definition_arn = ready.apply(lambda parts: str(parts[0]))
        self.execution_role_arn = task.roles.execution.arn
        self.task_role_arn = task.roles.task.arn
        self.task_role_name = task.roles.task.name
        self.security_group_id = task.security_group.group.id
        self.log_group_name = task.log_group.name
        self.log_group_arn = task.log_group.arn
        self.run_task = self._run_task(args.task)
        self.register_outputs(
            {
                "task_definition_arn": self.task_definition_arn,
                "execution_role_arn": self.execution_role_arn,
                "task_role_arn": self.task_role_arn,
                "task_role_name": self.task_role_name,
                "security_group_id": self.security_group_id,
                "log_group_name": self.log_group_name,
                "log_group_arn": self.log_group_arn,
                "run_task": self.run_task,
            }
        )

    def _run_task(self, args: TaskArgs) -> Output[str]:
        """Return the input of RunTask.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html (read 2026-11-24).
        """
        return Output.json_dumps(
            {
                "cluster": args.cluster_arn,
                "taskDefinition": self.task_definition_arn,
                "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
                "networkConfiguration": {
                    "awsvpcConfiguration": {
                        "subnets": args.subnet_ids,
                        "securityGroups": [self.security_group_id],
                        "assignPublicIp": "ENABLED" if args.assign_public_ip else "DISABLED",
                    }
                },
                "enableECSManagedTags": True,
                "propagateTags": "TASK_DEFINITION",
                "enableExecuteCommand": args.exec_log_group_arn is not None,
            }
        )
