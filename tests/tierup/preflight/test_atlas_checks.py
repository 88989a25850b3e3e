"""The checks of MongoDB Atlas: both kinds of credentials, the access list, the organization and the project's name."""

from __future__ import annotations

import pytest

from tests.tierup.preflight.cloud_servers import AtlasServer
from tests.tierup.preflight.conftest import Account
from tierup.preflight.check import PreflightFinding, PreflightStatus

PASS, FAIL, UNKNOWN = PreflightStatus.PASS, PreflightStatus.FAIL, PreflightStatus.UNKNOWN


def one(account: Account, check: str) -> PreflightFinding:
    """Return the only finding of a check."""
    (finding,) = account.check(f"atlas-{check}")
    return finding


@pytest.fixture
def with_api_key(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account.atlas.url
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"MONGODB_ATLAS_{name}")
    monkeypatch.setenv("MONGODB_ATLAS_PUBLIC_KEY", AtlasServer.PUBLIC)
    monkeypatch.setenv("MONGODB_ATLAS_PRIVATE_KEY", AtlasServer.PRIVATE)


def test_a_service_account_gets_a_token(account: Account) -> None:
    assert one(account, "organization").status is PASS
    assert account.atlas.requests[0] == "POST /api/oauth/token"


@pytest.mark.usefixtures("with_api_key")
def test_an_api_key_authenticates_with_http_digest(account: Account) -> None:
    assert one(account, "organization").status is PASS
    assert "POST /api/oauth/token" not in account.atlas.requests


@pytest.mark.usefixtures("with_api_key")
def test_a_wrong_api_key_fails_and_is_not_shown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PRIVATE_KEY", "wrong-key")
    finding = one(account, "organization")
    assert finding.status is FAIL
    assert "wrong-key" not in finding.finding + finding.command


def test_a_wrong_service_account_fails(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_SECRET", "wrong-secret")
    finding = one(account, "organization")
    assert finding.status is FAIL
    assert "rejects the service account (got status 401)" in finding.finding
    assert one(account, "project").status is UNKNOWN


def test_missing_credentials_fail(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGODB_ATLAS_CLIENT_SECRET")
    assert one(account, "organization").finding == "There are no Atlas credentials."


def test_an_address_that_is_not_on_the_access_list_fails_with_the_step(account: Account) -> None:
    account.atlas.on_access_list = False
    finding = one(account, "organization")
    assert finding.status is FAIL
    assert "203.0.113.9, which is not on the API access list" in finding.finding
    assert "Organization Settings" in finding.command


def test_an_organization_that_does_not_exist_fails(account: Account) -> None:
    account.configure(atlasOrgId="0" * 24)
    finding = one(account, "organization")
    assert finding.status is FAIL
    assert finding.finding.startswith("tierup:atlasOrgId: ")


def test_a_project_name_that_is_taken_fails_and_the_stacks_own_project_does_not(account: Account) -> None:
    (name,) = (
        each.inputs["name"]
        for each in account.context().resources()
        if each.type == "mongodbatlas:index/project:Project"
    )
    assert one(account, "project").status is PASS
    account.atlas.projects[name] = {"id": "a" * 24, "name": name}
    finding = one(account, "project")
    assert finding.status is FAIL
    assert f"pulumi import mongodbatlas:index/project:Project NAME {'a' * 24} --stack prod" in finding.command
    tags = [{"key": "Project", "value": "shop"}, {"key": "Stack", "value": "prod"}]
    account.atlas.projects[name] = {"id": "a" * 24, "name": name, "tags": tags}
    assert one(account, "project").status is PASS


def test_credentials_that_are_encrypted_in_the_settings_are_unknown(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"MONGODB_ATLAS_{name}")
    secret = {"secure": "v1:abc"}
    account.configure(**{"mongodbatlas:publicKey": secret, "mongodbatlas:privateKey": secret})
    finding = one(account, "organization")
    assert finding.status is UNKNOWN
    assert "encrypted" in finding.finding
