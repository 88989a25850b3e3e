"""Roles in AWS accounts that Atlas takes on: set up with Atlas, trusted in IAM, authorized."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, assumed, rule
from ..cloud import CloudResource
from .ids import object_id, packed_id
from .project import of_project, project_id_shape
from .sources import ERRORS, sdk

SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
_ROLE = "aws:iam/role:Role"
_UNIFIED = assumed(
    "Atlas takes the role on when it is authorized and refuses if it cannot; page to check:"
    " https://www.mongodb.com/docs/atlas/security/set-up-unified-aws-access/"
)
ATLAS_ACCOUNT = "536727724300"
"""The AWS account of Atlas, as trust policies in public repositories have it (read 2026-11-24)."""


def _configs(call: Call) -> list[dict[str, str]]:
    if call.get("providerName") != "AWS":
        return []
    external = f"{call.hex(8, 'a')}-{call.hex(4, 'b')}-{call.hex(4, 'c')}-{call.hex(4, 'd')}-{call.hex(12, 'e')}"
    return [{"atlasAwsAccountArn": f"arn:aws:iam::{ATLAS_ACCOUNT}:root", "atlasAssumedRoleExternalId": external}]


def _setup(call: Call) -> CloudResource | None:
    return next(call.cloud.find(SETUP, roleId=call.get("roleId")), None)


def _trusted(role: CloudResource, setup: CloudResource) -> bool:
    config = setup.outputs["awsConfigs"][0]
    for statement in json.loads(str(role.inputs.get("assumeRolePolicy"))).get("Statement", []):
        principal: Any = (statement.get("Principal") or {}).get("AWS")
        external = ((statement.get("Condition") or {}).get("StringEquals") or {}).get("sts:ExternalId")
        if principal == config["atlasAwsAccountArn"] and external == config["atlasAssumedRoleExternalId"]:
            return True
    return False


@rule("role-trusts-atlas", Stage.CREATE, Stage.UPDATE, source=_UNIFIED)
def _trusts(call: Call) -> Iterator[Rejection]:
    setup, arn = _setup(call), call.get("aws.iamAssumedRoleArn")
    if setup is None:
        yield Rejection(
            "roleId", f"'{call.get('roleId')}' was not set up with Atlas", "CLOUD_PROVIDER_ACCESS_NOT_FOUND"
        )
        return
    role = next(call.cloud.find(_ROLE, arn=arn), None)
    if role is not None and not _trusted(role, setup):
        yield Rejection(
            "aws.iamAssumedRoleArn",
            f"{arn} does not trust Atlas: its policy needs the setup's atlasAwsAccountArn as principal and its"
            " atlasAssumedRoleExternalId as sts:ExternalId",
            "CANNOT_ASSUME_ROLE",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SETUP,
        source=sdk("cloudprovideraccesssetup"),
        id=packed_id(id="#", project_id="projectId", provider_name="providerName"),
        outputs={
            "roleId": object_id,
            "awsConfigs": _configs,
            "azureConfigs": (),
            "gcpConfigs": (),
            "createdDate": "2026-11-24T00:00:00Z",
            "lastUpdatedDate": "2026-11-24T00:00:00Z",
        },
        replaces=frozenset({"projectId", "providerName"}),
        replace_source=sdk("cloudprovideraccesssetup"),
        enums={"providerName": ("AWS", "AZURE", "GCP")},
        references=(of_project(),),
        rules=(project_id_shape,),
    ),
    Behaviour(
        type=AUTHORIZATION,
        source=sdk("cloudprovideraccessauthorization"),
        id=packed_id(id="roleId", project_id="projectId"),
        outputs={"authorizedDate": "2026-11-24T00:00:00Z", "featureUsages": (), "gcps": ()},
        replaces=frozenset({"projectId", "roleId"}),
        replace_source=sdk("cloudprovideraccessauthorization"),
        references=(
            of_project(),
            Reference(
                path="aws.iamAssumedRoleArn",
                to=_ROLE,
                by="arn",
                holds=False,
                same_region=False,
                code="CANNOT_ASSUME_ROLE",
                source=ERRORS,
            ),
        ),
        rules=(project_id_shape, _trusts),
    ),
)
