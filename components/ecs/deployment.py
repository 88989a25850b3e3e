"""Deployment configuration of an ECS service: strategy, bake time, rollback alarms, time-outs, rollback detection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from pulumi import CustomTimeouts, Input
from pulumi_aws.ecs import ServiceAlarmsArgsDict, ServiceDeploymentConfigurationArgsDict

from components.ecs.lifecycle_hooks import HooksOfDeployment

_MAX_BAKE_MINUTES = 1_440
# Least percentage of a step: API models of LinearConfiguration and CanaryConfiguration (botocore 1.44, read
# 2026-11-28). Both allow multiples of 0.1; whole percentages are enough here.
_MIN_STEP_PERCENT = {"LINEAR": 3, "CANARY": 1}
_ROLLING_TIMEOUT_MINUTES = 40
"""Time-out of a rolling deployment, including its rollback. The provider's default is 20 minutes; the circuit breaker's
three failures alone took 18 (https://github.com/pulumi/pulumi-awsx/issues/1848, read 2026-11-24)."""


class DeploymentStrategy(StrEnum):
    """The deployment strategies of ECS that are supported.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html (read 2026-11-24).
    """

    ROLLING = "ROLLING"  # replaces tasks gradually; both versions serve meanwhile
    BLUE_GREEN = "BLUE_GREEN"  # starts all new tasks, then moves all traffic; old tasks stay until the bake time ends
    CANARY = "CANARY"  # as BLUE_GREEN, but moves a share of the traffic first, and all of it after a bake time
    LINEAR = "LINEAR"  # as BLUE_GREEN, but moves the traffic in equal steps with a bake time after each

    @property
    def shifts_traffic(self) -> bool:
        """Whether ECS runs all tasks of both versions, and moves the traffic between two target groups."""
        return self is not DeploymentStrategy.ROLLING


@dataclass(frozen=True, kw_only=True, slots=True)
class BlueGreenTraffic:
    """The resources with which ECS moves traffic: the outputs of a BlueGreen component."""

    alternate_target_group_arn: Input[str]
    """ARN of the target group that the service's first one alternates with."""
    production_rule_arn: Input[str]
    """ARN of the listener rule whose weights ECS changes."""
    role_arn: Input[str]
    """ARN of the role that ECS assumes to change them."""
    test_rule_arn: Input[str] | None = None
    """ARN of the listener rule that sends test requests to the new tasks before production requests; None for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """Deployment configuration of a service. ECS rolls a deployment back when its tasks do not become healthy.

    Raises ValueError for a bake time or step that is out of range or that the strategy does not support.
    """

    strategy: DeploymentStrategy = DeploymentStrategy.ROLLING
    """How ECS replaces the old version."""
    traffic: BlueGreenTraffic | None = None
    """Required behind a load balancer for every strategy but ROLLING. An existing service gets it one update before the
    strategy changes, and keeps it when the strategy is rolling again (blue_green.py)."""
    bake_minutes: int = 0
    """Minutes that the old tasks of a blue/green, canary or linear deployment stay for an immediate rollback after all
    traffic has moved, 0 to 1,440. `up` waits for them."""
    step_percent: int | None = None
    """Percentage of the traffic that moves first (canary, 1 to 100) or in each step (linear, 3 to 100). Required for
    these two, and not supported by the others."""
    step_minutes: int = 0
    """Minutes after the canary, or after each step but the last, 0 to 1,440. `up` waits for them."""
    rollback_alarm_names: Sequence[Input[str]] = ()
    """Names of alarms that roll a deployment back. Use alarms on the load balancer and its target groups: an alarm on
    the service's metrics depends on the service, which depends on the alarm."""
    hooks: HooksOfDeployment | None = None
    """Lifecycle hooks of deployments that shift traffic; a rolling deployment invokes none. None for no hooks."""

    def __post_init__(self) -> None:
        if not 0 <= self.bake_minutes <= _MAX_BAKE_MINUTES:
            raise ValueError(f"bake_minutes: out of range (got {self.bake_minutes}). Set 0 to {_MAX_BAKE_MINUTES}.")
        if self.bake_minutes and not self.strategy.shifts_traffic:
            raise ValueError(
                f"bake_minutes: not supported by strategy {self.strategy} (got {self.bake_minutes}). "
                "Set 0, or the strategy BLUE_GREEN: a rolling deployment keeps no old tasks."
            )
        self._check_steps()

    def _check_steps(self) -> None:
        minimum = _MIN_STEP_PERCENT.get(self.strategy.value)
        if minimum is None:
            if self.step_percent is not None or self.step_minutes:
                raise ValueError(
                    f"step_percent, step_minutes: not supported by strategy {self.strategy} "
                    f"(got {self.step_percent}, {self.step_minutes}). Leave them out, or set CANARY or LINEAR."
                )
            return
        if self.step_percent is None or not minimum <= self.step_percent <= 100:
            raise ValueError(
                f"step_percent: out of range for strategy {self.strategy} (got {self.step_percent}). "
                f"Set {minimum} to 100."
            )
        if not 0 <= self.step_minutes <= _MAX_BAKE_MINUTES:
            raise ValueError(f"step_minutes: out of range (got {self.step_minutes}). Set 0 to {_MAX_BAKE_MINUTES}.")

    @property
    def shift_minutes(self) -> int:
        """The minutes until all traffic has moved: one bake time for a canary, and one after each step but the last."""
        if self.step_percent is None:
            return 0
        steps = 1 if self.strategy is DeploymentStrategy.CANARY else ceil(100 / self.step_percent) - 1
        return steps * self.step_minutes

    def configuration(self) -> ServiceDeploymentConfigurationArgsDict | None:
        """Return the deployment configuration; None for a service that never had blue/green resources.

        With `traffic`, the strategy is always explicit: ECS keeps the current one if it is omitted.
        """
        if self.strategy.shifts_traffic:
            found: ServiceDeploymentConfigurationArgsDict = {
                "strategy": self.strategy.value,
                "bake_time_in_minutes": str(self.bake_minutes),
            }
            if self.strategy is DeploymentStrategy.CANARY and self.step_percent is not None:
                found["canary_configuration"] = {
                    "canary_percent": self.step_percent,
                    "canary_bake_time_in_minutes": str(self.step_minutes),
                }
            if self.strategy is DeploymentStrategy.LINEAR and self.step_percent is not None:
                found["linear_configuration"] = {
                    "step_percent": self.step_percent,
                    "step_bake_time_in_minutes": str(self.step_minutes),
                }
            if self.hooks is not None:
                found["lifecycle_hooks"] = self.hooks.configuration()
            return found
        return {"strategy": self.strategy.value} if self.traffic is not None else None

    def alarms(self) -> ServiceAlarmsArgsDict | None:
        """Return the service's deployment alarms; None if there are none."""
        if not self.rollback_alarm_names:
            return None
        return {"alarm_names": list(self.rollback_alarm_names), "enable": True, "rollback": True}

    def timeouts(self) -> CustomTimeouts:
        """Return the time-outs of create and update: the rollback of a deployment and all bake times fit in."""
        minutes = f"{_ROLLING_TIMEOUT_MINUTES + self.shift_minutes + self.bake_minutes}m"
        return CustomTimeouts(create=minutes, update=minutes)


def check_not_rolled_back(*, running: str, desired: str, log_group: str) -> str:
    """Return the `desired` task definition ARN. Raise RuntimeError if ECS rolled the deployment back.

    `running` is the definition that ECS reports, not the state's: after a failed update the state has the desired one
    (https://github.com/hashicorp/terraform-plugin-sdk/issues/476, read 2026-11-24), and a service that was rolled back
    is steady too, so the provider reports success:
    https://github.com/hashicorp/terraform-provider-aws/issues/20858 (read 2026-11-24).
    """
    if running != desired:
        raise RuntimeError(
            f"task definition: ECS rolled the deployment of {desired} back, because its tasks did not become healthy "
            f"(got {running}). Find the cause in the service's events and in the log group {log_group}, then deploy "
            "again."
        )
    return desired
