from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tierup.engine import credentials

SECRET = "wJalrXUtnFEMI-not-a-real-key"
CLOUDS = ("AWS_", "MONGODB_ATLAS_", "CLOUDFLARE_")


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variables and files of all clouds."""
    for name in [name for name in os.environ if name.startswith(CLOUDS)]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))


def _aws_config(tmp_path: Path, text: str) -> None:
    (tmp_path / "AWS_CONFIG_FILE").write_text(text)


def test_a_bare_machine_has_no_credentials_and_no_server_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere than on EC2, a call to the metadata service would wait until it times out."""
    with socket.create_server(("127.0.0.1", 0)) as metadata:
        metadata.setblocking(False)
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://127.0.0.1:{metadata.getsockname()[1]}")
        assert credentials.aws(tmp_path) is None
        assert credentials.atlas(tmp_path) is None
        assert credentials.cloudflare(tmp_path) is None
        with pytest.raises(BlockingIOError):
            metadata.accept()


@pytest.mark.parametrize(
    ("names", "cloud", "found"),
    [
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], credentials.aws, "environment variables"),
        (
            ["MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"],
            credentials.atlas,
            "MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_KEY in the environment",
        ),
        (
            ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"],
            credentials.atlas,
            "MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET in the environment",
        ),
        (["CLOUDFLARE_API_TOKEN"], credentials.cloudflare, "CLOUDFLARE_API_TOKEN in the environment"),
    ],
)
def test_credentials_in_the_environment_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], cloud: credentials.Cloud, found: str
) -> None:
    for name in names:
        monkeypatch.setenv(name, SECRET)
    assert cloud(tmp_path) == found


def test_half_a_pair_is_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_ATLAS_PUBLIC_KEY", SECRET)
    assert credentials.atlas(tmp_path) is None
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", SECRET)
    with pytest.raises(credentials.CredentialsError, match="missing: AWS_SECRET_ACCESS_KEY") as caught:
        credentials.aws(tmp_path)
    assert SECRET not in str(caught.value)


def test_credentials_in_a_stacks_config_are_found_by_key_and_file(tmp_path: Path) -> None:
    keys = f"  mongodbatlas:publicKey: {SECRET}\n  mongodbatlas:privateKey: {{secure: {SECRET}}}\n"
    (tmp_path / "Pulumi.prod.yaml").write_text(f"config:\n{keys}  aws:profile: live\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  mongodbatlas:publicKey: half\n")
    (tmp_path / "Pulumi.broken.yaml").write_text("config: [")
    assert credentials.atlas(tmp_path) == "mongodbatlas:publicKey and mongodbatlas:privateKey in Pulumi.prod.yaml"
    assert credentials.aws(tmp_path) == "aws:profile in Pulumi.prod.yaml"


def test_keys_of_a_profile_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "AWS_SHARED_CREDENTIALS_FILE").write_text(
        f"[live]\naws_access_key_id = {SECRET}\naws_secret_access_key = {SECRET}\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "live")
    assert credentials.aws(tmp_path) == "the shared credentials file, profile 'live'"


def test_a_missing_profile_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "missing")
    with pytest.raises(credentials.CredentialsError, match="missing"):
        credentials.aws(tmp_path)


def test_a_credential_process_that_waits_does_not_block_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "SECONDS_FOR_A_PROFILE", 0.5)
    _aws_config(tmp_path, "[profile slow]\ncredential_process = sleep 5\n")
    monkeypatch.setenv("AWS_PROFILE", "slow")
    with pytest.raises(credentials.CredentialsError, match="profile 'slow' returned no credentials"):
        credentials.aws(tmp_path)


def test_region_is_read_from_config_environment_or_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert credentials.aws_region(tmp_path) is None
    _aws_config(tmp_path, "[default]\nregion = eu-west-1\n")
    assert credentials.aws_region(tmp_path) == "eu-west-1 (AWS config file)"
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    assert credentials.aws_region(tmp_path) == "eu-north-1 (AWS_REGION)"
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {'aws:region': eu-central-1}\n")
    assert credentials.aws_region(tmp_path) == "aws:region in Pulumi.prod.yaml"
