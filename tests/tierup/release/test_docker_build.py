"""Building an image and pushing it to ECR, with a program in place of Docker that records how it is called."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.tierup.preflight.cloud_servers import AwsServer
from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.docker_build import build_and_push, check_docker

REGION = "eu-west-1"
DIGEST = f"sha256:{'1' * 64}"
DOCKER = """#!{python}
import json, os, sys
arguments = sys.argv[1:]
calls = {calls!r}
config = arguments[arguments.index("--config") + 1]
login = sys.stdin.read() if "login" in arguments else ""
with open(calls, "a") as file:
    print(json.dumps({{"arguments": arguments, "login": login, "plugins": os.path.isdir(config)}}), file=file)
if "build" in arguments:
    print("step 1 of 1")
    with open(arguments[arguments.index("--metadata-file") + 1], "w") as file:
        json.dump({metadata!r}, file)
raise SystemExit({failing!r} in arguments)
"""


class Docker:
    """A program named docker, and its calls."""

    def __init__(self, folder: Path) -> None:
        self._program = folder / "docker"
        self._calls = folder / "calls"
        self.write()

    def write(self, *, metadata: Any = None, failing: str = "none") -> str:
        """Install it. `failing` is the command that ends with exit code 1."""
        found = {"containerimage.digest": DIGEST} if metadata is None else metadata
        self._program.write_text(
            DOCKER.format(python=sys.executable, calls=str(self._calls), metadata=found, failing=failing)
        )
        self._program.chmod(0o755)
        return str(self._program)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Its calls, oldest first."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()]


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    return Docker(folder)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch\n")
    return folder


def built(aws: AwsServer, app: Path, dockerfile: Path | None = None) -> tuple[tuple[str, str], list[str]]:
    ecr = boto3.client("ecr", region_name=REGION)
    repository = ecr.create_repository(repositoryName="images")["repository"]["repositoryUri"]
    login = ecr.get_authorization_token()["authorizationData"][0]
    said: list[str] = []
    program = check_docker(app, dockerfile)
    image = build_and_push(program, app, repository, "linux/arm64", login, said.append, dockerfile=dockerfile)
    assert image[0] == f"{repository}@{DIGEST}"
    return image, said


def test_an_image_is_built_for_its_architecture_and_pushed_by_digest(
    aws: AwsServer, docker: Docker, app: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (image, tag), said = built(aws, app)
    repository = image.partition("@")[0]
    login, build = docker.calls
    assert login["arguments"][2:] == ["login", "--username", "AWS", "--password-stdin", repository.partition("/")[0]]
    assert login["login"] not in ("", *login["arguments"])
    assert build["arguments"][2:9] == [
        "buildx", "build", "--platform", "linux/arm64", "--tag", f"{repository}:{tag}", "--push",
    ]  # fmt: skip
    assert build["arguments"][-1] == str(app)
    assert tag.startswith("build-")
    assert said == [f"Building {repository}:{tag} for linux/arm64."]
    assert capfd.readouterr().out == "", "stdout is for the document of --json"


def test_the_login_does_not_reach_the_users_configuration(aws: AwsServer, docker: Docker, app: Path) -> None:
    built(aws, app)
    folders = {each["arguments"][1] for each in docker.calls}
    assert len(folders) == 1
    assert not any(Path(each).exists() for each in folders)
    assert not (Path.home() / ".docker").exists()


def test_a_dockerfile_elsewhere_is_built_with_the_folder_as_context(
    aws: AwsServer, docker: Docker, app: Path, tmp_path: Path
) -> None:
    (app / "Dockerfile").unlink()
    dockerfile = tmp_path / "api.Dockerfile"
    dockerfile.write_text("FROM scratch\n")
    built(aws, app, dockerfile)
    arguments = docker.calls[-1]["arguments"]
    assert arguments[arguments.index("--file") + 1] == str(dockerfile)
    assert arguments[-1] == str(app)


@pytest.mark.parametrize(("failing", "what"), [("login", "The login to ECR"), ("build", "The build")])
def test_a_failed_step_deploys_nothing(aws: AwsServer, docker: Docker, app: Path, failing: str, what: str) -> None:
    docker.write(failing=failing)
    with pytest.raises(CommandError, match=rf"{what} failed \(exit code 1\)\. Nothing was deployed"):
        built(aws, app)


def test_a_build_without_a_digest_is_reported(aws: AwsServer, docker: Docker, app: Path) -> None:
    docker.write(metadata={"buildx.build.ref": "default"})
    with pytest.raises(CommandError, match="Docker reported no digest of the image"):
        built(aws, app)


def test_a_folder_without_a_dockerfile_is_rejected(docker: Docker, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--build: no Dockerfile in the folder") as raised:
        check_docker(tmp_path / "none")
    assert raised.value.code is ExitCode.SETTINGS
    with pytest.raises(CommandError, match="--dockerfile: no such file"):
        check_docker(tmp_path, tmp_path / "none")


def test_a_missing_docker_is_reported(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="--build: Docker is not installed") as raised:
        check_docker(app)
    assert raised.value.code is ExitCode.SETTINGS
