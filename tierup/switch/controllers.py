"""What controllers have done to a stack in the sandbox: the effective size and disk of the database, and task counts.

Atlas and Application Auto Scaling change sizes after `up`. A switch starts from these sizes and does not go below them
without a note. On real accounts the provider's state does not contain the effective sizes, so this is not available
there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final, cast

from tierup.deployment.traffic import stack_urn
from tierup.deployment.workspace import Workspace
from tierup.program_settings import Settings
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.switch.interruptions import CLUSTER
from tierup.switch.rules import size_number

SERVICE: Final = "aws:ecs/service:Service"
DISK: Final = "tierup:sizeOverrides.databaseDiskGb"


@dataclass(frozen=True, kw_only=True, slots=True)
class ControllerSizes:
    """The sizes that controllers have set."""

    instance_size: str | None = None
    """The largest instance size that Atlas runs."""
    disk_gb: int | None = None
    """The largest disk of a node in GB."""
    tasks: Mapping[str, int] = field(default_factory=dict[str, int])
    """Logical name of a service → desired number of tasks."""

    def keep(self, wanted: Mapping[str, Any], target: Settings) -> Mapping[str, Any]:
        """Return the wanted values with a disk that Atlas has grown, if the target would have a smaller one.

        A disk that the user gives is not changed.
        """
        if self.disk_gb is None or DISK in wanted or self.disk_gb <= target.sizes.database_disk_gb:
            return wanted
        return {**wanted, DISK: self.disk_gb}

    def notes(self, before: Settings, after: Settings) -> Iterator[str]:
        """Yield a sentence for each size that differs from the settings, and for each that the switch lowers."""
        declared, target = before.sizes, after.sizes
        if self.disk_gb is not None and self.disk_gb > declared.database_disk_gb:
            yield f"Atlas has grown the disk of the database from {declared.database_disk_gb} to {self.disk_gb} GB."
        sizes = (declared.database_instance_size, target.database_instance_size)
        if self.instance_size is not None and size_number(self.instance_size) > max(map(size_number, sizes)):
            yield (
                f"The database runs on {self.instance_size}, to which Atlas has scaled it. The switch changes it to "
                f"{target.database_instance_size}."
            )
        tasks = self.tasks.get("backend-service")
        if tasks is not None and tasks > max(declared.tasks, target.tasks):
            yield f"The service runs {tasks} tasks. The minimum after the switch is {target.tasks}."


def read(workspace: Workspace) -> ControllerSizes:
    """Return the sizes of a stack in the sandbox; none on real accounts."""
    if workspace.home is None:
        return ControllerSizes()
    with closing(Cloud(cloud_path(workspace.home))) as cloud:
        return sizes_of([each for each in cloud.all() if each.stack == stack_urn(workspace)])


def sizes_of(resources: Sequence[CloudResource]) -> ControllerSizes:
    """Return the sizes in the rows of a stack."""
    specs = [spec for each in resources if each.type == CLUSTER for spec in _effective(each.outputs)]
    sizes = [str(spec["instanceSize"]) for spec in specs if spec.get("instanceSize")]
    disks = [int(spec["diskSizeGb"]) for spec in specs if spec.get("diskSizeGb")]
    return ControllerSizes(
        instance_size=max(sizes, key=size_number, default=None),
        disk_gb=max(disks, default=None),
        tasks={
            each.name: int(each.outputs["desiredCount"])
            for each in resources
            if each.type == SERVICE and each.outputs.get("desiredCount") is not None
        },
    )


def _effective(outputs: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for spec in cast("Sequence[Mapping[str, Any]]", outputs.get("replicationSpecs") or ()):
        for config in cast("Sequence[Mapping[str, Any]]", spec.get("regionConfigs") or ()):
            yield config.get("effectiveElectableSpecs") or config.get("electableSpecs") or {}
