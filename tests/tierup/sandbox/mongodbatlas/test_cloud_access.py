"""Atlas's access to AWS roles in the sandbox."""

from __future__ import annotations

import json
from typing import Any

from tierup.sandbox.mongodbatlas.cloud_access import AUTHORIZATION, SETUP

from ..aws.account import Account
from .test_project import project


def trust(principal: str, external: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": principal},
        "Condition": {"StringEquals": {"sts:ExternalId": external}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_authorization_needs_a_role_that_trusts_atlas() -> None:
    account = Account()
    group = project(account)
    setup = account.make(SETUP, projectId=group, providerName="AWS")
    (config,) = setup.outputs["awsConfigs"]
    atlas, external = config["atlasAwsAccountArn"], config["atlasAssumedRoleExternalId"]
    account.add_existing("aws:iam/role:Role", "good", arn="arn:good", assumeRolePolicy=trust(atlas, external))
    account.add_existing("aws:iam/role:Role", "open", arn="arn:open", assumeRolePolicy=trust(atlas, "guessed"))

    def authorization(role: str, **more: Any) -> dict[str, Any]:
        arn = {"iamAssumedRoleArn": role}
        return {"projectId": group, "roleId": setup.outputs["roleId"], "aws": arn, **more}

    made = account.make(AUTHORIZATION, **authorization("arn:good"))
    assert account.replaced_by(made, roleId="0" * 24) == {"roleId"}
    assert account.codes(AUTHORIZATION, "b", **authorization("arn:open")) == {"CANNOT_ASSUME_ROLE"}
    assert account.codes(AUTHORIZATION, "b", **authorization("arn:none")) == {"CANNOT_ASSUME_ROLE"}
    assert account.codes(AUTHORIZATION, "b", **authorization("arn:good", roleId="0" * 24)) == {
        "CLOUD_PROVIDER_ACCESS_NOT_FOUND"
    }
