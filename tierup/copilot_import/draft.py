"""The settings of one environment while they are collected, and the workload that is being converted."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tierup.copilot_import.manifest import Node, Workspace
from tierup.copilot_import.report import Finding, Outcome
from tierup.program_settings import Feature, Phase, Tier, features, introduced_in


class Role(enum.StrEnum):
    """What a workload becomes."""

    API = "api"  # tierup:backend, the stack's service
    SERVICE = "service"  # an entry of tierup:services
    WORKER = "worker"  # tierup:worker
    TASK = "task"  # an entry of tierup:scheduledTasks
    SITE = "site"  # the site of the stack
    NONE = "none"  # nothing, for the reason of `Workload.reason`


class Kind(enum.StrEnum):
    """The types of Copilot's services and jobs."""

    LOAD_BALANCED = "Load Balanced Web Service"
    BACKEND = "Backend Service"
    WORKER = "Worker Service"
    REQUEST_DRIVEN = "Request-Driven Web Service"
    STATIC_SITE = "Static Site"
    SCHEDULED_JOB = "Scheduled Job"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """One service or job in one environment."""

    name: str
    kind: Kind
    role: Role
    manifest: Node
    """The manifest with the overrides of the environment."""
    reason: str = ""
    """Why it maps to nothing, or what differs."""
    image: str | None = None
    """The image that `--image` names."""

    @property
    def container(self) -> tuple[str, ...]:
        """The path of the container's settings, without the namespace."""
        return {
            Role.API: ("backend",),
            Role.SERVICE: ("services", self.name),
            Role.WORKER: ("worker",),
            Role.TASK: ("scheduledTasks", self.name),
        }.get(self.role, ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the workspace does not contain, from the command's options."""

    region: str = "eu-west-1"
    account: str | None = None
    """The account of the SSM parameters that manifests name without an ARN."""
    phase: Phase | None = None
    tier: Tier = Tier.SMALL
    domain: str | None = None
    api_domain: str | None = None
    alert_email: str | None = None
    atlas_org_id: str | None = None
    api: str | None = None
    """The service that becomes tierup:backend."""
    worker: str | None = None
    """The Worker Service that becomes tierup:worker."""
    exposed: Sequence[str] = ()
    """Backend Services that may be public."""
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of a Secrets Manager secret -> its complete ARN."""
    queue: str | None = None
    """ARN of the queue of the worker."""


SKIPPED: Final = "skipped"
"""The result of a conversion that leaves the field to another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What a conversion found, where it differs from the row of the field."""

    outcome: Outcome
    setting: str = ""
    note: str = ""


@dataclass(kw_only=True)
class Draft:
    """The settings of one environment, and what was found so far."""

    workspace: Workspace
    environment: str
    options: Options
    phase: Phase
    workloads: Sequence[Workload]
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    findings: list[Finding] = field(default_factory=list[Finding])
    workload: Workload | None = None
    """The workload that is being converted; None for the environment."""
    path: tuple[str, ...] = ()
    """The path of the field that is being converted."""

    @property
    def current(self) -> Workload:
        """The workload that is being converted."""
        assert self.workload is not None
        return self.workload

    @property
    def api(self) -> Workload | None:
        """The workload that becomes the stack's service."""
        return next((each for each in self.workloads if each.role is Role.API), None)

    def has(self, feature: Feature) -> bool:
        """Return whether the phase of the stack has a feature."""
        return feature in features(self.phase)

    def put(self, value: Any, *path: str) -> str:
        """Set a value and return the setting's name for the report."""
        target = self.settings
        for key in path[:-1]:
            target = target.setdefault(key, {})
        target[path[-1]] = value
        return f"tierup:{'.'.join(path)}"

    def get(self, *path: str) -> Any:
        """Return a value that was set; None if it was not."""
        value: Any = self.settings
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def mapped(self, value: Any, *path: str, note: str = "") -> Result:
        """Set a value with the same effect as the field."""
        return Result(outcome=Outcome.MAPPED, setting=self.put(value, *path), note=note)

    def differs(self, value: Any, *path: str, note: str) -> Result:
        """Set a value with a similar effect as the field."""
        return Result(outcome=Outcome.DIFFERS, setting=self.put(value, *path), note=note)

    def shared(self, value: Any, *path: str, note: str) -> Result:
        """Set a value that all workloads of the stack share. The first workload that sets it wins."""
        known = self.get(*path)
        if known is None or known == value:
            return Result(outcome=Outcome.MAPPED, setting=self.put(value, *path), note=note)
        return unmapped(f"{note} Another workload of this workspace sets {known}, which applies.")

    def needs(self, feature: Feature) -> Result | None:
        """Return the result for a field that the phase of the stack does not support; None if it does."""
        if self.has(feature):
            return None
        return unmapped(f"The stack is in phase {self.phase}; phase {introduced_in(feature)} introduces {feature}.")


def unmapped(note: str) -> Result:
    """Return the result for a field without a setting."""
    return Result(outcome=Outcome.UNMAPPED, note=note)


def same(note: str) -> Result:
    """Return the result for a field whose effect the stack always has."""
    return Result(outcome=Outcome.MAPPED, note=note)


def differs(note: str) -> Result:
    """Return the result for a field with a similar effect in every stack."""
    return Result(outcome=Outcome.DIFFERS, note=note)
