"""Log integrations: Atlas writes the logs of a project to a bucket, or to a vendor. The sandbox writes none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Quota,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)

from .cloud_access import AUTHORIZATION
from .ids import object_id
from .project import of_project, project_id_shape
from .sources import sdk

INTEGRATION = "mongodbatlas:index/logIntegration:LogIntegration"
_BUCKET = "aws:s3/bucket:Bucket"
_PAGE = sdk("logintegration")
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "S3_LOG_EXPORT": ("bucketName", "iamRoleId", "prefixPath"),
    "GCS_LOG_EXPORT": ("bucketName", "prefixPath", "roleId"),
    "AZURE_LOG_EXPORT": ("prefixPath", "roleId", "storageAccountName", "storageContainerName"),
    "DATADOG_LOG_EXPORT": ("apiKey", "region"),
    "SPLUNK_LOG_EXPORT": ("hecToken", "hecUrl"),
    "OTEL_LOG_EXPORT": ("otelEndpoint", "otelSuppliedHeaders"),
}
"""The inputs that each type requires, from the descriptions of the inputs."""
_EXPORT = documented("https://www.mongodb.com/docs/atlas/export-logs/", read="2026-11-29")
_LOGS = ("MONGOD", "MONGOS", "MONGOD_AUDIT", "MONGOS_AUDIT")


_ACCESS_POINT = re.compile(r"arn:aws[a-z-]*:s3::\d{12}:accesspoint/")  # of several regions


@rule("type-has-its-inputs", Stage.PLAN, source=_PAGE)
def _inputs(call: Call) -> Iterator[Rejection]:
    kind = str(call.get("type"))
    for name in _REQUIRED.get(kind, ()):
        if call.inputs.get(name) is None:
            yield Rejection(name, f"it is missing. The type {kind} requires it.", "INVALID_ATTRIBUTE")


@rule(
    "log-types-are-known",
    Stage.PLAN,
    source=_EXPORT,
)
def _logs(call: Call) -> Iterator[Rejection]:
    logs = call.get("logTypes")
    if isinstance(logs, list) and not logs:
        yield Rejection("logTypes", f"it is empty. Give one or more of {', '.join(_LOGS)}.", "INVALID_ATTRIBUTE")
    for at, log in located(call.inputs, "logTypes[*]"):
        if log is not UNKNOWN and log not in _LOGS:
            yield Rejection(at, f"invalid log (got '{log}'). Allowed are {', '.join(_LOGS)}.", "INVALID_ATTRIBUTE")


@rule(
    "bucket-and-role-exist",
    Stage.CREATE,
    Stage.UPDATE,
    source=assumed(
        "Atlas tests the access to the bucket when it creates the integration; in its web interface, Validate does it:"
        " https://www.mongodb.com/docs/atlas/export-logs-external-sinks/ (read 2026-11-29)"
    ),
)
def _access(call: Call) -> Iterator[Rejection]:
    if call.get("type") != "S3_LOG_EXPORT":
        return
    if next(call.cloud.find(AUTHORIZATION, roleId=call.get("iamRoleId")), None) is None:
        yield Rejection(
            "iamRoleId",
            f"Atlas is not authorized to assume '{call.get('iamRoleId')}'. Create a CloudProviderAccessAuthorization.",
            "CLOUD_PROVIDER_ACCESS_NOT_FOUND",
        )
    bucket = str(call.get("bucketName"))
    if not _ACCESS_POINT.match(bucket) and call.cloud.get(_BUCKET, bucket) is None:
        yield Rejection("bucketName", f"the bucket '{call.get('bucketName')}' does not exist.", "BUCKET_NOT_FOUND")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INTEGRATION,
        source=_PAGE,
        id=object_id,
        outputs={"integrationId": "{id}"},
        replaces=frozenset({"projectId", "type"}),
        replace_source=_PAGE,
        enums={"type": tuple(_REQUIRED)},
        references=(of_project(),),
        quotas=(Quota(limit=10, per="projectId", what="log integrations per project", source=_EXPORT),),
        rules=(project_id_shape, _inputs, _logs, _access),
    ),
)
