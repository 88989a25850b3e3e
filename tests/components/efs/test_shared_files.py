"""Tests of the file system that tasks share."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.ecs.volumes import Volume
from components.efs.shared_files import SharedFiles, SharedFilesArgs, shared_files_permissions
from tests.engine_recorder import Recording, record

ARGS: dict[str, Any] = {
    "vpc_id": "vpc-1",
    "subnet_ids": {"eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b"},
    "volumes": ("uploads", "cache"),
    "tags": {"Stack": "dev"},
}


@pytest.fixture(scope="module")
def recording() -> Recording[SharedFiles]:
    return record(lambda: SharedFiles("files", SharedFilesArgs(**ARGS)))


def test_the_file_system_is_encrypted_and_backed_up(recording: Recording[SharedFiles]) -> None:
    files = recording.named("files-system").inputs
    assert (files["encrypted"], files["throughputMode"]) == (True, "elastic")
    assert recording.named("files-backups").inputs["backupPolicy"] == {"status": "ENABLED"}
    (statement,) = json.loads(recording.named("files-policy").inputs["policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_each_zone_has_a_mount_target_in_one_group(recording: Recording[SharedFiles]) -> None:
    targets = recording.of("aws:efs/mountTarget:MountTarget")
    assert {each.inputs["subnetId"] for each in targets} == {"subnet-a", "subnet-b"}
    assert len({tuple(each.inputs["securityGroups"]) for each in targets}) == 1


def test_each_volume_has_a_folder_of_one_user(recording: Recording[SharedFiles]) -> None:
    points = {each.name: each.inputs for each in recording.of("aws:efs/accessPoint:AccessPoint")}
    assert {name: each["rootDirectory"]["path"] for name, each in points.items()} == {
        "files-uploads": "/uploads",
        "files-cache": "/cache",
    }
    assert points["files-uploads"]["posixUser"] == {"uid": 1000, "gid": 1000}


def test_permissions_name_the_access_points() -> None:
    document = shared_files_permissions("arn:files", ["arn:uploads"]).document()
    assert document["Resource"] == ["arn:files"]
    assert document["Condition"] == {"StringEquals": {"elasticfilesystem:AccessPointArn": ["arn:uploads"]}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"volumes": ()}, "volumes, subnet_ids: one is empty"),
        ({"subnet_ids": {}}, "volumes, subnet_ids: one is empty"),
        ({"volumes": ("Up loads",)}, r"volumes: not names of volumes \(got Up loads\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SharedFilesArgs(**{**ARGS, **change})


@pytest.mark.parametrize("path", ["uploads", "/", "/etc/app", "/var/../etc", "/var/up loads"])
def test_a_volume_at_a_folder_of_the_system_is_rejected(path: str) -> None:
    with pytest.raises(ValueError, match="path: not a path that a volume can have"):
        Volume(name="uploads", path=path, file_system_id="fs-1", access_point_id="fsap-1")
