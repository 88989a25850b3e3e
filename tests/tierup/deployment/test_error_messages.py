"""The engine's errors as one message and an exit code. The texts are those of v3.259.0, read 2026-11-24."""

from __future__ import annotations

from pathlib import Path

import pytest

from tierup.deployment.error_messages import explain_engine_error
from tierup.deployment.errors import ExitCode
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "Pulumi.dev.yaml").write_text("")
    (tmp_path / "Pulumi.prod.yaml").write_text("")
    return Workspace(
        project=Project(folder=tmp_path, name="trial", document={}),
        stack="nope",
        engine=Engine(path=Path("/pulumi"), version="v3.259.0", origin="path", has_language_host=True),
        folder=tmp_path,
        environment={},
    )


@pytest.mark.parametrize(
    ("printed", "code", "message"),
    [
        ("error: no stack named 'nope' found", ExitCode.SETTINGS, "Stacks with settings here: dev, prod"),
        (
            "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
            ExitCode.SETTINGS,
            "PULUMI_CONFIG_PASSPHRASE",
        ),
        (
            "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete "
            "the lock file with `pulumi cancel`.\n  file:///s/.pulumi/locks/x.json: created by root@vm (pid 63) at now",
            ExitCode.LOCKED,
            "created by root@vm (pid 63)",
        ),
        (
            "error: could not unmarshal '/p/Pulumi.yaml': invalid YAML file: yaml: line 1: did not find expected node",
            ExitCode.SETTINGS,
            "/p/Pulumi.yaml: not valid YAML",
        ),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            ExitCode.CREDENTIALS,
            "--sandbox",
        ),
        (
            "error: writing snapshot: write /s/.pulumi/stacks/x/dev.json: no space left on device",
            ExitCode.FAILED,
            "No space left",
        ),
        ("error: open /s/.pulumi/meta.yaml: read-only file system", ExitCode.FAILED, "/s/.pulumi/meta.yaml"),
        ("error: something of its own", ExitCode.FAILED, "The engine failed: something of its own"),
        ("", ExitCode.FAILED, "it printed no error"),
    ],
)
def test_each_engine_error_has_a_message_and_an_exit_code(
    workspace: Workspace, printed: str, code: ExitCode, message: str
) -> None:
    failure = explain_engine_error(printed, workspace)
    assert failure.code == code
    assert message in failure.message
    assert "\n" not in failure.message
