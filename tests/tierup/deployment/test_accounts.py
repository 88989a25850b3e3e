"""Without credentials nothing is started on real accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tierup.deployment import accounts
from tierup.deployment.errors import CommandError, ExitCode


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


def test_none_at_all_names_both_ways() -> None:
    with pytest.raises(CommandError) as caught:
        accounts.check_credentials({})
    assert caught.value.code == ExitCode.CREDENTIALS
    assert "--sandbox" in caught.value.message
    assert "AWS_ACCESS_KEY_ID" in caught.value.message


def test_a_profile_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match="profile 'shop'"):
        accounts.check_credentials({"aws:profile": "shop"})


def test_keys_in_the_environment_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    accounts.check_credentials({})


def test_a_profile_in_the_users_file_does(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[shop]\naws_access_key_id = AKIA\naws_secret_access_key = x\n")
    accounts.check_credentials({"aws:profile": "shop"})
