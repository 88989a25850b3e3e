"""The export of Atlas's logs: the role's permissions, the integration, and rejected arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.atlas.log_export import AtlasLog, AtlasLogExport, AtlasLogExportArgs
from tests.components.policy_documents import statements
from tests.engine_recorder import record

SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
BUCKET = "arn:aws:s3:::logs"
ARGS = AtlasLogExportArgs(
    project_id="project-1",
    bucket_name="logs",
    bucket_arn=BUCKET,
    logs=[AtlasLog.MONGOD, AtlasLog.MONGOS_AUDIT],
    tags={"Stack": "dev"},
)


def test_atlas_writes_the_chosen_logs_below_the_prefix_only() -> None:
    config = {"atlasAwsAccountArn": "arn:aws:iam::536727724300:root", "atlasAssumedRoleExternalId": "external-1"}
    outputs = {SETUP: {"awsConfigs": [config], "roleId": "role-1"}}
    recording = record(lambda: AtlasLogExport("logs", ARGS), outputs=outputs)
    parts = ("setup", "role", "write", "authorization", "integration")
    integration = recording.named("logs-integration")
    objects, bucket = statements(recording.named("logs-write"))

    assert recording.tree() == {"logs": None, **{f"logs-{part}": "logs" for part in parts}}
    assert recording.named("logs-role").inputs["maxSessionDuration"] == 43_200
    assert integration.inputs["logTypes"] == ["MONGOD", "MONGOS_AUDIT"]
    assert integration.inputs["iamRoleId"] == "role-1"
    assert {"logs-write", "logs-authorization"} <= integration.opts.depends_on
    assert (objects["Resource"], bucket["Resource"]) == (f"{BUCKET}/atlas/*", BUCKET)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"logs": []}, "logs: must have each log once"),
        ({"logs": [AtlasLog.MONGOD] * 2}, "logs: must have each log once"),
        ({"prefix": "atlas/"}, "prefix: begins or ends with a slash"),
    ],
)
def test_arguments_that_atlas_refuses_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
