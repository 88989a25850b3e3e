"""Builds an image with Docker and pushes it to the stack's own ECR repository."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tierup.deployment.errors import CommandError, ExitCode
from tierup.release.aws_errors import aws_errors

# ECR's lifecycle policy of the stack expires old images whose tags begin with this (stacks/resources/compute.py).
_TAG_PREFIX = "build-"


def check_docker(folder: Path, dockerfile: Path | None = None) -> str:
    """Return the path of Docker. Raises CommandError if it is missing, or if there is no Dockerfile.

    `dockerfile` is that of `folder` by default.
    """
    if dockerfile is not None and not dockerfile.is_file():
        raise CommandError(
            f"--dockerfile: no such file (got {dockerfile}). Give a Dockerfile.",
            ExitCode.SETTINGS,
        )
    if not folder.is_dir() or (dockerfile is None and not (folder / "Dockerfile").is_file()):
        raise CommandError(
            f"--build: no Dockerfile in the folder (got {folder}). Give the folder of the application, or the file "
            "with --dockerfile.",
            ExitCode.SETTINGS,
        )
    docker = shutil.which("docker")
    if docker is None:
        raise CommandError(
            "--build: Docker is not installed (got no `docker` on the PATH). Install it with buildx, or build and push "
            "the image elsewhere and give it with --image.",
            ExitCode.SETTINGS,
        )
    return docker


def ecr_login(client: Any) -> Mapping[str, Any]:
    """Return an authorization to push; `client` is that of ECR. Raises CommandError."""
    with aws_errors():
        return client.get_authorization_token()["authorizationData"][0]


def build_and_push(
    docker: str,
    folder: Path,
    repository: str,
    platform: str,
    authorization: Mapping[str, Any],
    notify: Callable[[str], None],
    *,
    dockerfile: Path | None = None,
) -> tuple[str, str]:
    """Build the image of `folder` and push it to `repository`. Return the reference by digest, and the tag.

    `dockerfile` is that of `folder` by default. `authorization` is an entry of ECR's GetAuthorizationToken. The login
    is stored in a temporary folder, so that the user's own Docker configuration does not change.

    Raises:
        CommandError: the build or the push failed.
    """
    tag = f"{_TAG_PREFIX}{datetime.now(UTC):%Y%m%d%H%M%S}"
    user, _, password = base64.b64decode(authorization["authorizationToken"]).decode().partition(":")
    host = repository.partition("/")[0]
    with tempfile.TemporaryDirectory(prefix="tierup-docker-") as temporary:
        config = Path(temporary) / "docker"
        _copy_plugins(config)
        metadata = Path(temporary) / "metadata.json"
        login = [docker, "--config", str(config), "login", "--username", user, "--password-stdin", host]
        _run(login, "The login to ECR", input_text=password)
        notify(f"Building {repository}:{tag} for {platform}.")
        arguments = ["buildx", "build", "--platform", platform, "--tag", f"{repository}:{tag}", "--push"]
        if dockerfile is not None:
            arguments += ["--file", str(dockerfile)]
        command = [docker, "--config", str(config), *arguments, "--metadata-file", str(metadata), str(folder)]
        _run(command, "The build", shown=True)
        digest = json.loads(metadata.read_text(encoding="utf-8")).get("containerimage.digest")
    if not isinstance(digest, str):
        raise CommandError("--build: Docker reported no digest of the image. Update buildx, or give --image.")
    return f"{repository}@{digest}", tag


def _copy_plugins(config: Path) -> None:
    """Make the user's CLI plugins and builders, such as buildx, available below another configuration folder."""
    config.mkdir(parents=True)
    own = Path.home() / ".docker"
    for name in ("cli-plugins", "buildx", "contexts"):
        if (own / name).is_dir():
            (config / name).symlink_to(own / name)


def _run(command: Sequence[str], what: str, *, input_text: str | None = None, shown: bool = False) -> None:
    if shown:
        # stdout is for the document of --json.
        done = subprocess.run(command, stdout=sys.stderr, check=False)
        detail = ""
    else:
        done = subprocess.run(command, input=input_text, capture_output=True, text=True, check=False)
        detail = f"\n{done.stderr.strip()}"
    if done.returncode:
        raise CommandError(f"{what} failed (exit code {done.returncode}). Nothing was deployed.{detail}")
