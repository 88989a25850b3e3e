"""Log integrations of Atlas in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.mongodbatlas.cloud_access import AUTHORIZATION
from tierup.sandbox.mongodbatlas.log_export import INTEGRATION

from ..aws.account import Account
from .test_project import project

SPLUNK = {"type": "SPLUNK_LOG_EXPORT", "hecUrl": "https://splunk.example.com", "hecToken": "token"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"hecUrl": None}, "hecUrl"),
        ({"type": "FTP"}, "type"),
        ({"logTypes": ["MONGO"]}, "logTypes[0]"),
        ({"logTypes": []}, "logTypes"),
        ({"type": "S3_LOG_EXPORT", "bucketName": "b", "prefixPath": "p", "iamRoleId": "r"}, "iamRoleId"),
    ],
)
def test_incomplete_integrations_are_rejected(changes: dict[str, Any], path: str) -> None:
    account = Account()
    given = {"projectId": project(account), "logTypes": ["MONGOD"], **SPLUNK}
    assert account.make(INTEGRATION, **given).outputs["integrationId"]
    inputs = {key: value for key, value in {**given, **changes}.items() if value is not None}
    assert path in {each.path for each in account.rejections(INTEGRATION, "other", **inputs)}


def test_buckets_and_access_points_of_several_regions_receive_logs() -> None:
    account = Account()
    account.add_existing(AUTHORIZATION, "authorization", roleId="role-1")
    given = {"projectId": project(account), "logTypes": ["MONGOD"], "type": "S3_LOG_EXPORT", "iamRoleId": "role-1"}
    for bucket, codes in (
        ("missing", {"BUCKET_NOT_FOUND"}),
        ("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", set[str]()),
    ):
        assert account.codes(INTEGRATION, bucketName=bucket, prefixPath="logs", **given) == codes


def test_projects_have_ten_integrations_and_no_new_push_based_exports() -> None:
    account = Account()
    given = {"projectId": project(account), "logTypes": ["MONGOD"], **SPLUNK}
    for number in range(10):
        account.make(INTEGRATION, f"integration-{number}", **given)
    assert account.codes(INTEGRATION, "next", **given)
    export = {"projectId": given["projectId"], "bucketName": "b", "iamRoleId": "r", "prefixPath": "p"}
    assert "PUSH_BASED_LOG_EXPORT_DISABLED" in account.codes(
        "mongodbatlas:index/pushBasedLogExport:PushBasedLogExport", **export
    )


def test_another_type_replaces_the_integration() -> None:
    account = Account()
    made = account.make(INTEGRATION, projectId=project(account), logTypes=["MONGOD"], **SPLUNK)
    assert account.replaced_by(made, type="DATADOG_LOG_EXPORT") == {"type"}
    assert not account.replaced_by(made, logTypes=["MONGOS"])
