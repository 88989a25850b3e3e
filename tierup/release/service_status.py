"""What runs in a stack: tasks, deployment, image, targets and alarms of each service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceStatus:
    """The status of one service."""

    name: str
    desired: int
    running: int
    pending: int
    deployment: str
    """The rollout state of the newest deployment, such as `completed`."""
    image: str
    targets: dict[str, int] = field(default_factory=dict[str, int])
    """State of the targets in the load balancer → count; empty without a load balancer."""
    alarms: Sequence[str] = ()
    """The alarms of the deployment that are in state ALARM."""
    events: Sequence[str] = ()
    """The newest events, the newest first."""
    paused: bool = False
    """Whether `tierup pause` has stopped the service."""

    @property
    def healthy(self) -> bool:
        """Whether all tasks run, all targets are healthy, and no alarm has fired."""
        return (
            self.running >= self.desired
            and not self.alarms
            and self.deployment != "failed"
            and not any(count for state, count in self.targets.items() if state in ("unhealthy", "unavailable"))
        )

    def as_document(self) -> dict[str, Any]:
        """Return the status as plain values for JSON."""
        return {
            "name": self.name,
            "desired": self.desired,
            "running": self.running,
            "pending": self.pending,
            "deployment": self.deployment,
            "image": self.image,
            "targets": self.targets,
            "alarms": list(self.alarms),
            "events": list(self.events),
            "paused": self.paused,
            "healthy": self.healthy,
        }
