"""The workspace of the sandbox: its working copy of the project, and its environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from tierup.deployment import project as projects
from tierup.deployment import sandbox_backend
from tierup.deployment.checkpoint import checkpoint_path
from tierup.engine import Engine

ENGINE = Engine(path=Path("/opt/pulumi/bin/pulumi"), version="v3.259.0", origin="path", has_language_host=True)


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "CLOUDFLARE_API_TOKEN",
        "MONGODB_ATLAS_PRIVATE_KEY",
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        "PULUMI_STACK",
        "PULUMI_OPTION_CONFIG_FILE",
    ],
)
def test_the_environment_has_no_credentials(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(name, "the user's own")
    assert "the user's own" not in sandbox_backend.environment(tmp_path, ENGINE, "aws:1").values()


def test_the_environment_points_to_the_sandbox_and_keeps_other_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    environment = sandbox_backend.environment(tmp_path, ENGINE, "aws:1,mongodbatlas:2")
    assert environment["PULUMI_DEBUG_PROVIDERS"] == "aws:1,mongodbatlas:2"
    assert environment["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/pulumi/state?metadata=skip"
    assert environment["PULUMI_CONFIG_PASSPHRASE"] == "sandbox"
    assert environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["LC_ALL"] == "C.UTF-8"
    assert environment["PATH"].startswith("/opt/pulumi/bin")


def test_the_project_copy_has_absolute_paths(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        yaml.safe_dump(
            {
                "name": "trial",
                "main": "stacks",
                "stackConfigDir": "settings",
                "backend": {"url": "s3://users-own"},
                "runtime": {"name": "python", "options": {"virtualenv": ".venv", "toolchain": "uv"}},
            }
        )
    )
    assert sandbox_backend.copy_project(projects.find(tmp_path)) == {
        "name": "trial",
        "main": str(tmp_path / "stacks"),
        "runtime": {"name": "python", "options": {"virtualenv": str(tmp_path / ".venv"), "toolchain": "uv"}},
    }


SECURE = {"secure": "v1:nonce:cipher"}


def test_projects_that_share_a_sandbox_have_a_working_copy_each(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folders: dict[str, Path] = {}
    for name in ("shop", "blog"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        (folder / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        state = checkpoint_path(sandbox_backend.state_folder(home), name, "dev")
        state.parent.mkdir(parents=True)
        state.write_text("{}")
        project = projects.find(folder)
        opened = sandbox_backend.open_workspace(project, "dev", home, ENGINE, "aws:1", create=False)
        folders[name] = opened.folder
    assert {name: yaml.safe_load((folders[name] / "Pulumi.yaml").read_text())["name"] for name in folders} == {
        "shop": "shop",
        "blog": "blog",
    }


def test_the_settings_copy_has_placeholders_for_secure_values() -> None:
    settings = {
        "secretsprovider": "awskms://alias/x",
        "encryptedkey": "abc",
        "encryptionsalt": "v1:users",
        "config": {
            "trial:phase": "mvp",
            "trial:sentryDsn": SECURE,
            "trial:clientKey": SECURE,
            "trial:keys": {"one": [1, SECURE], "two": {"a-b": SECURE}},
        },
    }
    copied, missing = sandbox_backend.copy_settings(settings, before={})
    assert copied == {
        "config": {
            "trial:phase": "mvp",
            "trial:sentryDsn": "https://sandbox@sandbox.invalid/1",
            # pragma: allowlist nextline secret
            "trial:clientKey": "-----BEGIN PRIVATE KEY-----\nsandbox\n-----END PRIVATE KEY-----",
            "trial:keys": {"one": [1, "sandbox"], "two": {"a-b": "sandbox"}},
        }
    }
    assert missing == ["trial:sentryDsn", "trial:clientKey", "trial:keys.one[1]", 'trial:keys.two["a-b"]']


def test_the_settings_copy_keeps_its_encrypted_values() -> None:
    encrypted = {"secure": "v1:sandbox:cipher"}
    before = {"encryptionsalt": "v1:sandbox", "config": {"trial:sentryDsn": encrypted, "trial:removed": encrypted}}
    copied, missing = sandbox_backend.copy_settings(
        {"config": {"trial:sentryDsn": SECURE, "trial:new": SECURE}}, before
    )
    assert copied["encryptionsalt"] == "v1:sandbox"
    assert copied["config"]["trial:sentryDsn"] == encrypted
    assert "trial:removed" not in copied["config"]
    assert missing == ["trial:new"]


def test_a_failed_write_leaves_the_previous_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    sandbox_backend.write_if_changed(path, "before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        sandbox_backend.write_if_changed(path, "after")
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
