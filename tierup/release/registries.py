"""Resolves the tag of an image to its digest: in ECR by its API, elsewhere by the OCI distribution API.

The distribution API is https://github.com/opencontainers/distribution-spec/blob/main/spec.md, and the
anonymous token is https://distribution.github.io/distribution/spec/auth/token/ (both read 2026-11-28).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final

import botocore.exceptions
import requests

from tierup.deployment.errors import CommandError, ExitCode
from tierup.http_session import TIMEOUT_SECONDS, open_session
from tierup.preflight.aws_clients import aws_error, error_code
from tierup.release.image_reference import DOCKER_HUB, ImageReference

_DOCKER_HUB_API: Final = "registry-1.docker.io"
_ACCEPTED: Final = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_PARAMETER: Final = re.compile(r'(\w+)="([^"]*)"')

EcrClient = Callable[[str], Any]
"""Returns the client of ECR in a region."""


def digest_of(image: ImageReference, ecr: EcrClient) -> str:
    """Return the digest of an image. A digest that was given is not looked up.

    Raises:
        CommandError: the image does not exist, or its registry does not answer or denies access.
    """
    if image.digest:
        return image.digest
    place = image.ecr
    if place is not None:
        return _ecr_digest(image, place, ecr)
    return _registry_digest(image)


def _ecr_digest(image: ImageReference, place: tuple[str, str], ecr: EcrClient) -> str:
    account, region = place
    try:
        answer = ecr(region).describe_images(
            registryId=account, repositoryName=image.repository, imageIds=[{"imageTag": image.tag}]
        )
    except botocore.exceptions.ClientError as error:
        code = error_code(error)
        if code == "ImageNotFoundException":
            raise _missing(image) from error
        if code == "RepositoryNotFoundException":
            raise CommandError(
                f"--image: no such ECR repository (got {image.repository} in account {account}, {region}). The stack "
                "output image_repository_url is the stack's own one.",
                ExitCode.SETTINGS,
            ) from error
        raise aws_error("AWS", error) from error
    except botocore.exceptions.BotoCoreError as error:
        raise aws_error("AWS", error) from error
    return str(answer["imageDetails"][0]["imageDigest"])


def _registry_digest(image: ImageReference, scheme: str = "https") -> str:
    host = _DOCKER_HUB_API if image.registry == DOCKER_HUB else image.registry
    scheme = "http" if re.fullmatch(r"(localhost|127\.0\.0\.1)(:\d+)?", host) else scheme
    url = f"{scheme}://{host}/v2/{image.repository}/manifests/{image.tag}"
    headers = {"Accept": _ACCEPTED}
    try:
        with open_session() as session:
            answer = session.get(url, headers=headers, timeout=TIMEOUT_SECONDS)
            if answer.status_code == requests.codes.unauthorized:
                token = _anonymous_token(session, answer.headers.get("WWW-Authenticate", ""))
                if token:
                    headers["Authorization"] = f"Bearer {token}"
                    answer = session.get(url, headers=headers, timeout=TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise CommandError(
            f"{host}: the registry could not be reached (got {type(error).__name__}). Give the image by digest "
            f"({image.given}@sha256:...), or try again."
        ) from error
    if answer.status_code == requests.codes.not_found:
        raise _missing(image)
    if answer.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise CommandError(
            f"{host}: the registry denies anonymous access to the image (got status {answer.status_code}). Give a "
            f"private image by digest ({image.given}@sha256:...).",
            ExitCode.SETTINGS,
        )
    if answer.status_code != requests.codes.ok:
        raise CommandError(
            f"{host}: the registry did not answer with the image (got status {answer.status_code}). Try again, or "
            f"give the image by digest ({image.given}@sha256:...)."
        )
    return answer.headers.get("Docker-Content-Digest") or f"sha256:{hashlib.sha256(answer.content).hexdigest()}"


def _anonymous_token(session: requests.Session, challenge: str) -> str | None:
    """Return the token that a registry gives to everyone, for the challenge of its first answer, or None."""
    parameters = dict(_PARAMETER.findall(challenge))
    realm = parameters.pop("realm", "")
    if not challenge.lower().startswith("bearer") or not realm.startswith(("https://", "http://127.0.0.1")):
        return None
    known = {name: value for name, value in parameters.items() if name in ("service", "scope")}
    answer = session.get(realm, params=known, timeout=TIMEOUT_SECONDS)
    if answer.status_code != requests.codes.ok:
        return None
    document = answer.json()
    token = document.get("token") or document.get("access_token")
    return str(token) if token else None


def _missing(image: ImageReference) -> CommandError:
    return CommandError(
        f"--image: no such image in its registry (got {image.given}:{image.tag}). Push it, or give another tag.",
        ExitCode.SETTINGS,
    )
