"""The workers, which run in the serving region only, because they write to the cache."""

from __future__ import annotations

from typing import Any

from tierup.failover.stack_regions import RegionMember
from tierup.release.aws_errors import aws_errors


class WorkerRole:
    """The worker service of one region."""

    def __init__(self, ecs: Any, scaling: Any, member: RegionMember) -> None:
        """`ecs` and `scaling` are the clients of ECS and Application Auto Scaling in the region of the service."""
        self._ecs = ecs
        self._scaling = scaling
        self._member = member

    def minimum(self) -> int | None:
        """Return the minimum number of tasks; None without a worker. Raises CommandError."""
        if self._member.worker is None:
            return None
        with aws_errors():
            answer = self._scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[self._resource_id()])
        targets = answer["ScalableTargets"]
        return int(targets[0]["MinCapacity"]) if targets else None

    def scale(self, tasks: int) -> None:
        """Set the minimum and the current number of tasks. Raises CommandError."""
        if self._member.worker is None:
            return
        with aws_errors():
            self._scaling.register_scalable_target(
                ServiceNamespace="ecs",
                ResourceId=self._resource_id(),
                ScalableDimension="ecs:service:DesiredCount",
                MinCapacity=tasks,
            )
            self._ecs.update_service(cluster=self._member.cluster, service=self._member.worker, desiredCount=tasks)

    def _resource_id(self) -> str:
        return f"service/{self._member.cluster}/{self._member.worker}"
