"""The project: its name, its alerts, and what stays off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.atlas_project import AtlasProject, AtlasProjectArgs
from tests.engine_recorder import record

ARGS = AtlasProjectArgs(org_id="5f0000000000000000000001", project_name="tasks dev", tags={"Stack": "dev"})


def test_one_project_with_atlass_alerts_and_without_a_third_partys_model() -> None:
    recording = record(lambda: AtlasProject("atlas", ARGS))
    project = recording.one("mongodbatlas:index/project:Project").inputs

    assert recording.tree() == {"atlas": None, "atlas-project": "atlas"}
    assert (project["name"], project["orgId"]) == ("tasks dev", "5f0000000000000000000001")
    assert project["withDefaultAlertsSettings"] is True
    assert project["isPerformanceAdvisorEnabled"] is True
    assert project["isDataExplorerGenAiFeaturesEnabled"] is False
    assert recording.value(recording.result.project_id) == "atlas-project-id"


@pytest.mark.parametrize("name", ["", "x" * 65, "tasks/dev", "tasks#1"])
def test_a_name_that_atlas_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="Atlas allows 1 to 64"):
        replace(ARGS, project_name=name)
