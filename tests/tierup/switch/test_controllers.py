"""A switch starts from the sizes that controllers have set, and says what it lowers."""

from __future__ import annotations

from typing import Any

from tests.tierup.switch.configs import config
from tierup.sandbox.cloud import CloudResource
from tierup.switch.config_values import value_at
from tierup.switch.controllers import DISK, SERVICE, ControllerSizes, sizes_of
from tierup.switch.interruptions import CLUSTER
from tierup.switch.planner import plan_switch, settings_of

STACK = "prod"
PREFIX = "urn:pulumi:prod::tierup::"


def row(kind: str, name: str, outputs: dict[str, Any]) -> CloudResource:
    return CloudResource(
        type=kind, id=name, urn=f"{PREFIX}{kind}::{name}", inputs={}, outputs=outputs, region="", account=""
    )


def cluster(size: str, disk: int) -> CloudResource:
    declared = {"instanceSize": "M30", "diskSizeGb": 40}
    effective = {"instanceSize": size, "diskSizeGb": disk}
    configs = [{"electableSpecs": declared, "effectiveElectableSpecs": effective}]
    return row(CLUSTER, "database-cluster", {"replicationSpecs": [{"regionConfigs": configs}]})


def test_the_largest_effective_sizes_are_read() -> None:
    found = sizes_of([cluster("M40", 55), row(SERVICE, "backend-service", {"desiredCount": 9})])
    assert found == ControllerSizes(instance_size="M40", disk_gb=55, tasks={"backend-service": 9})


def test_a_stack_without_a_database_has_no_sizes() -> None:
    assert sizes_of([]) == ControllerSizes()


def test_a_switch_keeps_the_disk_that_atlas_has_grown() -> None:
    lower = settings_of(config("scale", "small"), STACK)
    wanted = ControllerSizes(disk_gb=55).keep({"tierup:tier": "small"}, lower)
    found = plan_switch(config("scale", "medium"), wanted, STACK)
    assert value_at(found.steps[0].changes, "tierup:tier") == "small"
    assert found.steps[0].changes[DISK] == 55


def test_a_disk_that_the_target_contains_or_the_user_gives_is_not_changed() -> None:
    larger = settings_of(config("scale", "large"), STACK)
    assert ControllerSizes(disk_gb=55).keep({"tierup:tier": "large"}, larger) == {"tierup:tier": "large"}
    given = {"tierup:tier": "small", DISK: 50}
    assert ControllerSizes(disk_gb=55).keep(given, settings_of(config("scale", "small"), STACK)) == given


def test_a_note_names_each_size_that_the_switch_lowers() -> None:
    before, after = (settings_of(config("scale", tier), STACK) for tier in ("medium", "small"))
    notes = list(ControllerSizes(instance_size="M40", disk_gb=55, tasks={"backend-service": 9}).notes(before, after))
    assert len(notes) == 3
    assert "from 40 to 55 GB" in notes[0]
    assert "M40" in notes[1]
    assert "9 tasks" in notes[2]


def test_nothing_is_noted_on_the_way_to_a_larger_tier() -> None:
    before, after = (settings_of(config("scale", tier), STACK) for tier in ("medium", "large"))
    assert not list(ControllerSizes(instance_size="M40", disk_gb=40, tasks={"backend-service": 9}).notes(before, after))


def test_declared_sizes_are_not_noted() -> None:
    before, after = (settings_of(config("scale", tier), STACK) for tier in ("large", "medium"))
    declared = before.sizes
    sizes = ControllerSizes(
        instance_size=declared.database_instance_size,
        disk_gb=declared.database_disk_gb,
        tasks={"backend-service": declared.tasks},
    )
    assert not list(sizes.notes(before, after))
