"""Real accounts: a run needs credentials, and never encrypts secrets with the sandbox's public passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tierup.deployment import accounts
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.sandbox_backend import PASSPHRASE

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(folder=tmp_path, name="trial", document={})


def test_missing_credentials_are_reported_with_both_remedies() -> None:
    with pytest.raises(CommandError) as caught:
        accounts.check_credentials({})
    assert caught.value.code == ExitCode.CREDENTIALS
    assert "--sandbox" in caught.value.message
    assert "AWS_ACCESS_KEY_ID" in caught.value.message


def test_a_missing_profile_is_named() -> None:
    with pytest.raises(CommandError, match="profile 'shop'"):
        accounts.check_credentials({"aws:profile": "shop"})


def test_half_a_key_pair_in_the_environment_is_rejected_and_a_whole_one_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    with pytest.raises(CommandError):
        accounts.check_credentials({})
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    accounts.check_credentials({})


def test_a_profile_in_the_credentials_file_is_accepted_once_it_has_keys(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        accounts.check_credentials({"aws:profile": "shop"})
    (tmp_path / "credentials").write_text("[shop]\naws_access_key_id = AKIA\naws_secret_access_key = x\n")
    accounts.check_credentials({"aws:profile": "shop"})


def test_the_published_salt_is_rejected_with_the_command_that_replaces_it(project: Project) -> None:
    committed = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text())
    assert committed["encryptionsalt"] == accounts.PUBLIC_SALT
    with pytest.raises(CommandError) as caught:
        accounts.check_secrets_provider(project, "dev", committed)
    assert caught.value.code == ExitCode.SETTINGS
    assert caught.value.message.startswith("encryptionsalt in Pulumi.dev.yaml: ")
    assert "`pulumi stack init --secrets-provider" in caught.value.message
    assert "`pulumi stack change-secrets-provider" in caught.value.message


@pytest.mark.parametrize("in_file", [False, True])
def test_the_public_passphrase_is_rejected_with_any_salt(
    project: Project, in_file: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if in_file:
        (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n")
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    else:
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    with pytest.raises(CommandError, match="PULUMI_CONFIG_PASSPHRASE: must not be used on real accounts"):
        accounts.check_secrets_provider(project, "dev", {"encryptionsalt": "v1:other"})
    accounts.check_secrets_provider(project, "dev", {"secretsprovider": "awskms://alias/x", "encryptedkey": "AQICAHi"})


def test_a_private_passphrase_is_accepted_and_the_public_one_is_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "private")
    accounts.check_secrets_provider(project, "dev", {"encryptionsalt": "v1:other"})
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    with pytest.raises(CommandError):
        accounts.check_secrets_provider(project, "dev", {})
