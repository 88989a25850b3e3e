"""The Atlas project: its name, default alerts, maintenance window and auditing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from components.atlas.project import AtlasProject, AtlasProjectArgs
from components.scheduling.maintenance_windows import MaintenanceStart
from tests.engine_recorder import record

ARGS = AtlasProjectArgs(org_id="5f0000000000000000000001", project_name="tasks dev", tags={"Stack": "dev"})


def test_project_has_default_alerts_and_no_generative_ai_features() -> None:
    recording = record(lambda: AtlasProject("atlas", ARGS))
    project = recording.one("mongodbatlas:index/project:Project").inputs

    assert recording.tree() == {"atlas": None, "atlas-project": "atlas"}
    assert (project["name"], project["orgId"]) == ("tasks dev", "5f0000000000000000000001")
    assert project["withDefaultAlertsSettings"] is True
    assert project["isPerformanceAdvisorEnabled"] is True
    assert project["isDataExplorerGenAiFeaturesEnabled"] is False
    assert recording.value(recording.result.project_id) == "atlas-project-id"


@pytest.mark.parametrize("name", ["", "x" * 65, "tasks/dev", "tasks#1"])
def test_invalid_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match=r"^project_name: .*Use 1 to 64"):
        replace(ARGS, project_name=name)


def test_maintenance_window_and_auditing_are_created_if_given() -> None:
    args = replace(ARGS, maintenance=MaintenanceStart(day="sun", hour=3), audit=True)
    recording = record(lambda: AtlasProject("atlas", args))
    window = recording.one("mongodbatlas:index/maintenanceWindow:MaintenanceWindow").inputs
    audit = recording.one("mongodbatlas:index/auditing:Auditing").inputs

    assert recording.tree() == {
        "atlas": None,
        **{f"atlas-{part}": "atlas" for part in ("project", "maintenance", "audit")},
    }
    assert recording.named("atlas-maintenance").opts.replace_on_changes == ("projectId",)
    assert (window["dayOfWeek"], window["hourOfDay"]) == (1, 3)
    assert (audit["enabled"], audit["auditAuthorizationSuccess"]) == (True, False)
    logins, operations = json.loads(audit["auditFilter"])["$or"]
    assert logins == {"atype": "authenticate", "result": {"$ne": 0}}
    assert {"createUser", "grantRolesToUser", "dropDatabase"} <= set(operations["atype"]["$in"])
