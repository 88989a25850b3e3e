"""Encryption with a customer managed key: the role's trust, its permissions and the order of creation."""

from __future__ import annotations

import json

import pytest

from components.atlas.encryption import AtlasEncryption, AtlasEncryptionArgs
from tests.engine_recorder import Recording, record

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
SETUP = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
ARGS = AtlasEncryptionArgs(project_id="project-1", key_arn=KEY, region="eu-west-1", tags={"Stack": "dev"})


@pytest.fixture(scope="module")
def recording() -> Recording[AtlasEncryption]:
    config = {"atlasAwsAccountArn": "arn:aws:iam::536727724300:root", "atlasAssumedRoleExternalId": "external-1"}
    outputs = {SETUP: {"awsConfigs": [config], "roleId": "role-1"}}
    return record(lambda: AtlasEncryption("enc", ARGS), outputs=outputs)


def test_creates_exactly_these_resources(recording: Recording[AtlasEncryption]) -> None:
    parts = ("setup", "role", "use", "authorization", "encryption")

    assert recording.named("enc-setup").opts.replace_on_changes == ("projectId",)
    assert recording.tree() == {"enc": None, **{f"enc-{part}": "enc" for part in parts}}


def test_atlas_may_assume_the_role_for_this_project_only(recording: Recording[AtlasEncryption]) -> None:
    (statement,) = json.loads(recording.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]

    assert statement["Principal"] == {"AWS": "arn:aws:iam::536727724300:root"}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "external-1"}}


def test_role_may_use_the_given_key_only(recording: Recording[AtlasEncryption]) -> None:
    (statement,) = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]

    assert statement["Resource"] == KEY
    assert all(action.startswith("kms:") and "*" not in action for action in statement["Action"])


def test_encryption_depends_on_the_roles_permissions(recording: Recording[AtlasEncryption]) -> None:
    encryption = recording.one("mongodbatlas:index/encryptionAtRest:EncryptionAtRest")

    assert encryption.inputs["awsKmsConfig"] == {
        "enabled": True, "customerMasterKeyId": "1234abcd", "region": "EU_WEST_1", "roleId": "role-1",
    }  # fmt: skip
    assert {"enc-use", "enc-authorization"} <= encryption.opts.depends_on
    assert "enc-encryption" in recording.sources(recording.result.project_id)


def test_invalid_region_is_rejected() -> None:
    with pytest.raises(ValueError, match="AWS region's name"):
        AtlasEncryptionArgs(project_id="p", key_arn=KEY, region="EU_WEST_1", tags={})
