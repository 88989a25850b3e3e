"""Roles in AWS accounts that Atlas assumes: set up in Atlas, trusted in IAM, authorized in Atlas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..behaviour import Behaviour, Call, Reference, Rejection, Stage, assumed, rule
from ..cloud import CloudResource
from .ids import object_id, state_id_of
from .project import of_project, project_id_shape
from .sources import ERRORS, MEASURED, sdk

SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
AUTHORIZATION = "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
_ROLE = "aws:iam/role:Role"
_UNIFIED = assumed(
    "Atlas assumes the role when it is authorized and rejects the call if it cannot: the step Validate and Finish of"
    " https://www.mongodb.com/docs/atlas/security/set-up-unified-aws-access/ (read 2026-11-29) does not say so"
)
ATLAS_ACCOUNT = "536727724300"
"""The AWS account of Atlas, from trust policies in public repositories (read 2026-11-24)."""


def _configs(call: Call) -> list[dict[str, str]]:
    if call.get("providerName") != "AWS":
        return []
    external = f"{call.hex(8, 'a')}-{call.hex(4, 'b')}-{call.hex(4, 'c')}-{call.hex(4, 'd')}-{call.hex(12, 'e')}"
    return [{"atlasAwsAccountArn": f"arn:aws:iam::{ATLAS_ACCOUNT}:root", "atlasAssumedRoleExternalId": external}]


def _setup(call: Call) -> CloudResource | None:
    return next(call.cloud.find(SETUP, roleId=call.get("roleId")), None)


def _trusted(role: CloudResource, setup: CloudResource) -> bool:
    config = setup.outputs["awsConfigs"][0]
    try:
        document = json.loads(str(role.outputs.get("assumeRolePolicy")))
        statements = document["Statement"]
    except (ValueError, TypeError, KeyError):
        return True  # a seeded role has no policy that could be read
    for statement in statements if isinstance(statements, list) else [statements]:
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
            "roleId",
            f"'{call.get('roleId')}' does not exist. Create a CloudProviderAccessSetup first.",
            "CLOUD_PROVIDER_ACCESS_NOT_FOUND",
        )
        return
    role = next(call.cloud.find(_ROLE, arn=arn), None)
    if role is not None and not _trusted(role, setup):
        yield Rejection(
            "aws.iamAssumedRoleArn",
            f"{arn} does not trust Atlas. Its trust policy requires the setup's atlasAwsAccountArn as principal and"
            " its atlasAssumedRoleExternalId as sts:ExternalId.",
            "CANNOT_ASSUME_ROLE",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SETUP,
        source=sdk("cloudprovideraccesssetup"),
        id=state_id_of(id="#", project_id="projectId", provider_name="providerName"),
        outputs={
            "roleId": object_id,
            "awsConfigs": _configs,
            "azureConfigs": (),
            "gcpConfigs": (),
            "createdDate": "2026-11-24T00:00:00Z",
            "lastUpdatedDate": "2026-11-24T00:00:00Z",
        },
        replaces=frozenset({"providerName"}),
        patches_old=frozenset({"projectId"}),
        replace_source=MEASURED,
        enums={"providerName": ("AWS", "AZURE", "GCP")},
        references=(of_project(),),
        rules=(project_id_shape,),
    ),
    Behaviour(
        type=AUTHORIZATION,
        source=sdk("cloudprovideraccessauthorization"),
        id=state_id_of(id="roleId", project_id="projectId"),
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
