"""How a new version of a service takes over from the old one, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulumi import CustomTimeouts, Input
from pulumi_aws.ecs import ServiceAlarmsArgsDict, ServiceDeploymentConfigurationArgsDict

_LONGEST_BAKE_MINUTES = 1_440
_USUAL_MINUTES = 20
"""How long the provider waits for a steady service, if not told otherwise."""


class DeploymentStrategy(StrEnum):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html (read 2026-11-24)."""

    ROLLING = "ROLLING"  # task by task; old and new serve together
    BLUE_GREEN = "BLUE_GREEN"  # all new tasks first, then the traffic at once; the old ones wait until it is baked


@dataclass(frozen=True, kw_only=True, slots=True)
class BlueGreenTraffic:
    """What ECS moves the traffic with: the outputs of a TrafficShift."""

    alternate_target_group_arn: Input[str]
    """Where the new version waits."""
    production_rule_arn: Input[str]
    """The listener rule whose weights ECS turns."""
    role_arn: Input[str]
    """What ECS turns them as."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A service's deployments: rolling, unless said otherwise; undone by ECS when tasks don't get healthy."""

    strategy: DeploymentStrategy = DeploymentStrategy.ROLLING
    """How the new version takes over."""
    traffic: BlueGreenTraffic | None = None
    """Needed for blue/green behind a load balancer. A service that stands takes it one update before the strategy, and
    keeps it when it goes back to rolling; see TrafficShift."""
    bake_minutes: int = 0
    """How long the old tasks of a blue/green deployment stay, to go back to at once. An `up` waits for it."""
    rollback_alarm_names: Sequence[Input[str]] = ()
    """Alarms that undo a deployment. Of the load balancer and its target groups: an alarm on the service's own metrics
    would wait for the service, which waits for the alarm."""

    def __post_init__(self) -> None:
        blue_green = self.strategy is DeploymentStrategy.BLUE_GREEN
        if not 0 <= self.bake_minutes <= _LONGEST_BAKE_MINUTES:
            raise ValueError(f"bake_minutes: got {self.bake_minutes}, allowed 0 to {_LONGEST_BAKE_MINUTES}")
        if self.bake_minutes and not blue_green:
            raise ValueError(
                f"bake_minutes: got {self.bake_minutes} with {self.strategy}, allowed 0: a rolling deployment keeps "
                "no old tasks to go back to; use BLUE_GREEN"
            )

    def configuration(self) -> ServiceDeploymentConfigurationArgsDict | None:
        """None while blue/green was never asked for; from then on said aloud, or ECS would keep what it had."""
        if self.strategy is DeploymentStrategy.BLUE_GREEN:
            return {"strategy": self.strategy.value, "bake_time_in_minutes": str(self.bake_minutes)}
        return {"strategy": self.strategy.value} if self.traffic is not None else None

    def alarms(self) -> ServiceAlarmsArgsDict | None:
        """As ECS takes them."""
        if not self.rollback_alarm_names:
            return None
        return {"alarm_names": list(self.rollback_alarm_names), "enable": True, "rollback": True}

    def timeouts(self) -> CustomTimeouts | None:
        """Twice all tasks to start and the bake between; None where the provider's own 20 minutes will do."""
        if self.strategy is not DeploymentStrategy.BLUE_GREEN:
            return None
        minutes = f"{2 * _USUAL_MINUTES + self.bake_minutes}m"
        return CustomTimeouts(create=minutes, update=minutes)


def kept(*, running: str, wanted: str, log_group: str) -> str:
    """`wanted`, unless ECS rolled back: a rolled-back service is steady too, so the provider reports success.

    https://github.com/hashicorp/terraform-provider-aws/issues/20858 (read 2026-11-24).
    """
    if running != wanted:
        raise RuntimeError(
            f"ECS rolled the deployment of {wanted} back to {running}: its tasks did not become healthy. "
            f"See why in the service's events and in the log group {log_group}, then deploy again"
        )
    return wanted
