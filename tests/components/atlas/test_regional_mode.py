"""The setting of regionalized private endpoints."""

from __future__ import annotations

from components.atlas.regional_mode import AtlasRegionalMode, AtlasRegionalModeArgs
from tests.engine_recorder import record

MODE = "mongodbatlas:index/privateEndpointRegionalMode:PrivateEndpointRegionalMode"


def test_project_id_waits_for_the_setting() -> None:
    recording = record(lambda: AtlasRegionalMode("regions", AtlasRegionalModeArgs(project_id="project-1")))

    assert recording.tree() == {"regions": None, "regions-mode": "regions"}
    assert recording.one(MODE).inputs == {"projectId": "project-1", "enabled": True}
    assert recording.sources(recording.result.project_id) == {"regions-mode"}
