"""A task that runs once and ends, when somebody asks: a migration, an index build, a report.

Makes: its task (log group, security group and rules, roles, task definition). Nothing runs by itself: `run_task` is
what `aws ecs run-task` takes, and a ScheduledTask runs it by the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import ComponentResource, Output, ResourceOptions

from components.ecs.task import Task, TaskArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class OneOffTaskArgs(TaskArgs):
    """What one single task needs."""

    def __post_init__(self) -> None:
        TaskArgs.__post_init__(self)
        if self.command is None:
            raise ValueError("command: got none, allowed the task's own: the image's would serve, and never end")


class OneOffTask(ComponentResource):
    """A task definition that is ready to run."""

    task_definition_arn: Output[str]
    """With its revision."""
    execution_role_arn: Output[str]
    """What ECS starts it as; whoever starts it must be allowed to pass it on."""
    task_role_arn: Output[str]
    """What the program is; likewise."""
    task_role_name: Output[str]
    """For further policies of the program's own."""
    security_group_id: Output[str]
    """Of the task."""
    log_group_name: Output[str]
    """What it writes."""
    log_group_arn: Output[str]
    """Of the same."""
    run_task: Output[str]
    """JSON for `aws ecs run-task --cli-input-json`; known once a run would succeed."""

    def __init__(self, name: str, args: OneOffTaskArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:OneOffTask", name, None, opts)
        task = Task(name, args, child=ResourceOptions(parent=self), runs_on=False)

        # Asking for the rules' and rights' ids makes whoever runs the task wait for them.
        ready = Output.all(task.definition.arn, *(each.urn for each in task.needs))
        self.task_definition_arn = ready.apply(lambda parts: str(parts[0]))
        self.execution_role_arn = task.roles.execution.arn
        self.task_role_arn = task.roles.task.arn
        self.task_role_name = task.roles.task.name
        self.security_group_id = task.firewall.group.id
        self.log_group_name = task.logs.name
        self.log_group_arn = task.logs.arn
        self.run_task = self._run_task(args)
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

    def _run_task(self, args: OneOffTaskArgs) -> Output[str]:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html (read 2026-11-24)."""
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
