"""The checks of the state backend and the secrets provider."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tierup.preflight.conftest import BUCKET, KEY_ALIAS, REGION, Account, statuses
from tierup.deployment.accounts import PUBLIC_SALT
from tierup.preflight.check import PreflightFinding, PreflightStatus
from tierup.preflight.registry import CHECKS
from tierup.preflight.runner import findings_of

PASS, WARN, FAIL, UNKNOWN = (
    PreflightStatus.PASS,
    PreflightStatus.WARN,
    PreflightStatus.FAIL,
    PreflightStatus.UNKNOWN,
)


def one(account: Account, check: str) -> PreflightFinding:
    """Return the only finding of a check."""
    (finding,) = account.check(check)
    return finding


def test_no_backend_fails(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    finding = one(account, "backend")
    assert finding.status is FAIL
    assert "tierup bootstrap --stack prod" in finding.command


def test_pulumi_cloud_passes(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    assert one(account, "backend").status is PASS


def test_a_file_backend_fails_unless_it_is_allowed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file://~")
    assert one(account, "backend").status is FAIL
    context = account.context()
    context.allow_file_backend = True
    (check,) = (each for each in CHECKS if each.name == "backend")
    assert statuses(findings_of(context, check)) == [WARN]


def test_a_backend_of_another_kind_is_unknown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "azblob://state")
    assert one(account, "backend").status is UNKNOWN


def _no_versions(account: Account) -> None:
    account.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})


def _public(account: Account) -> None:
    account.client("s3").delete_public_access_block(Bucket=BUCKET)


def _not_encrypted(account: Account) -> None:
    account.client("s3").delete_bucket_encryption(Bucket=BUCKET)


@pytest.mark.parametrize(
    ("add_wrong_resource", "part", "command"),
    [
        (_no_versions, "has no versioning", "aws s3api put-bucket-versioning"),
        (_public, "may become public", "aws s3api put-public-access-block"),
        (_not_encrypted, "is not encrypted", "aws s3api put-bucket-encryption"),
    ],
)
def test_a_state_bucket_that_is_not_safe_fails(
    account: Account, add_wrong_resource: Callable[[Account], None], part: str, command: str
) -> None:
    add_wrong_resource(account)
    finding = one(account, "backend")
    assert finding.status is FAIL
    assert part in finding.finding
    assert finding.command.startswith(f"{command} --bucket {BUCKET} ")


def test_a_state_bucket_that_does_not_exist_fails(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"s3://another?region={REGION}")
    assert "does not exist" in one(account, "backend").finding


def test_a_lock_of_another_run_is_a_warning(account: Account) -> None:
    account.client("s3").put_object(Bucket=BUCKET, Key=".pulumi/locks/organization/shop/prod/1.json", Body=b"{}")
    passing, lock = account.check("backend")
    assert (passing.status, lock.status) == (PASS, WARN)
    assert lock.command == "pulumi cancel --stack prod"


def _document(account: Account, **keys: str) -> None:
    for key in ("secretsprovider", "encryptedkey", "encryptionsalt"):
        account.document.pop(key, None)
    account.document |= keys
    account.configure()


def test_the_published_salt_fails(account: Account) -> None:
    _document(account, encryptionsalt=PUBLIC_SALT)
    finding = one(account, "secrets-provider")
    assert finding.status is FAIL
    assert "the published salt of the sandbox" in finding.finding
    assert "pulumi stack change-secrets-provider" in finding.command


def test_a_passphrase_must_be_set(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    _document(account, encryptionsalt="v1:other:v1:salt")
    assert one(account, "secrets-provider").status is FAIL
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse battery staple")
    assert one(account, "secrets-provider").status is PASS


def test_a_kms_key_must_exist_and_be_enabled(account: Account) -> None:
    assert one(account, "secrets-provider").status is PASS
    kms = account.client("kms")
    kms.disable_key(KeyId=kms.describe_key(KeyId=KEY_ALIAS)["KeyMetadata"]["KeyId"])
    finding = one(account, "secrets-provider")
    assert "its state is Disabled" in finding.finding
    assert finding.command.startswith("aws kms enable-key ")
    _document(account, secretsprovider=f"awskms://alias/absent?region={REGION}", encryptedkey="AQICAHg=")
    assert "has no KMS key alias/absent" in one(account, "secrets-provider").finding


def test_no_secrets_provider_fails_except_in_pulumi_cloud(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    _document(account)
    assert one(account, "secrets-provider").status is FAIL
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    assert one(account, "secrets-provider").status is PASS
