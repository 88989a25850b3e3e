"""Tests of add-ons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.eks.addon import EksAddon, EksAddonArgs
from tests.engine_recorder import record

ARGS = EksAddonArgs(
    cluster_name="app-prod", addon_name="metrics-server", version="v0.8.1-eksbuild.5", tags={"Stack": "prod"}
)


def test_addon_has_the_pinned_version_and_the_configuration_of_the_program() -> None:
    recording = record(lambda: EksAddon("metrics", replace(ARGS, configuration={"replicas": 2})))
    inputs = recording.one("aws:eks/addon:Addon").inputs

    assert inputs["addonVersion"] == "v0.8.1-eksbuild.5"
    assert inputs["configurationValues"] == '{"replicas": 2}'
    assert (inputs["resolveConflictsOnCreate"], inputs["resolveConflictsOnUpdate"]) == ("OVERWRITE", "OVERWRITE")


@pytest.mark.parametrize("version", ["latest", "0.8.1", "v0.8.1"])
def test_version_that_is_not_pinned_is_rejected(version: str) -> None:
    with pytest.raises(ValueError, match="version: not the version of an add-on"):
        replace(ARGS, version=version)
