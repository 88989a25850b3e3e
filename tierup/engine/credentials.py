"""Finds out where each cloud's credentials come from, without reading their values.

Nothing here calls a cloud. A finding names a variable, a file or a config key, and never a value.
The names are the providers' own (Cloudflare's: docstrings of its SDK, read 2026-11-24; the others' pages from memory):
AWS        https://www.pulumi.com/registry/packages/aws/installation-configuration/
Atlas      https://www.pulumi.com/registry/packages/mongodbatlas/installation-configuration/
Cloudflare https://www.pulumi.com/registry/packages/cloudflare/installation-configuration/
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import botocore.exceptions
import botocore.session
import yaml

# Returns where a cloud's credentials are set, given the project's folder, or None.
Cloud = Callable[[Path], str | None]

ATLAS_VARIABLES = (
    ("MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
    ("MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"),
)
ATLAS_CONFIG = (
    ("mongodbatlas:publicKey", "mongodbatlas:privateKey"),
    ("mongodbatlas:clientId", "mongodbatlas:clientSecret"),
)
CLOUDFLARE_VARIABLES = (("CLOUDFLARE_API_TOKEN",), ("CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL"))
CLOUDFLARE_CONFIG = (("cloudflare:apiToken",), ("cloudflare:apiKey", "cloudflare:email"))
AWS_CONFIG = (("aws:profile",), ("aws:accessKey", "aws:secretKey"))

# A profile may run a program for its credentials (credential_process), which may wait for a password.
SECONDS_FOR_A_PROFILE = 5.0
# The sources of botocore that call a server: the metadata services of EC2 and ECS.
_NETWORK_SOURCES = ("iam-role", "container-role")

_AWS_SOURCES = {
    "env": "environment variables",
    "shared-credentials-file": "the shared credentials file",
    "config-file": "the AWS config file",
    "custom-process": "the profile's credential_process",
    "assume-role": "a role that the profile assumes",
    "assume-role-with-web-identity": "a web identity token",
    "sso": "AWS IAM Identity Center (sso)",
    "login": "aws login",
}


def atlas(project: Path) -> str | None:
    """Return where MongoDB Atlas credentials are set, or None."""
    return _in_environment(ATLAS_VARIABLES) or in_config(project, ATLAS_CONFIG)


def cloudflare(project: Path) -> str | None:
    """Return where Cloudflare credentials are set, or None."""
    return _in_environment(CLOUDFLARE_VARIABLES) or in_config(project, CLOUDFLARE_CONFIG)


def aws(project: Path) -> str | None:
    """Return where AWS credentials come from, or None.

    Raises:
        CredentialsError: they are configured, but do not work.
    """
    return in_config(project, AWS_CONFIG) or _by_botocore()


class CredentialsError(Exception):
    """Credentials are configured wrongly. The text names the profile or the file, and never a value."""


def in_config(project: Path, pairs: Sequence[tuple[str, ...]]) -> str | None:
    """Return the config files (Pulumi.<stack>.yaml) that set all keys of one of these groups, or None."""
    for keys in pairs:
        files = [file.name for file in sorted(project.glob("Pulumi.*.yaml")) if _config_keys(file).issuperset(keys)]
        if files:
            return f"{' and '.join(keys)} in {', '.join(files)}"
    return None


def _in_environment(pairs: Sequence[tuple[str, ...]]) -> str | None:
    for names in pairs:
        if all(os.environ.get(name) for name in names):
            return f"{' and '.join(names)} in the environment"
    return None


def _config_keys(file: Path) -> set[str]:
    try:
        content = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError):
        return set()
    config = content.get("config") if isinstance(content, dict) else None
    return {str(key) for key in config} if isinstance(config, dict) else set()


def _by_botocore() -> str | None:
    session = botocore.session.Session()
    result: list[str | Exception | None] = []

    def look() -> None:
        try:
            resolver = session.get_component("credential_provider")
            for source in _NETWORK_SOURCES:
                resolver.remove(source)
            credentials = resolver.load_credentials()
            result.append(None if credentials is None else str(credentials.method))
        except (botocore.exceptions.BotoCoreError, OSError, ValueError) as error:
            result.append(error)

    worker = threading.Thread(target=look, daemon=True)
    worker.start()
    worker.join(SECONDS_FOR_A_PROFILE)
    if not result:
        raise CredentialsError(
            f"profile {_profile(session)!r} returned no credentials within {SECONDS_FOR_A_PROFILE:.0f} s"
        )
    match result[0]:
        case None:
            return None
        case str(method):
            source = _AWS_SOURCES.get(method, method)
            return source if method == "env" else f"{source}, profile {_profile(session)!r}"
        case error:
            raise CredentialsError(str(error))


def _profile(session: botocore.session.Session) -> str:
    return str(session.get_config_variable("profile") or "default")


def aws_region(project: Path) -> str | None:
    """Return where the AWS region is set: in a stack's config, or for this machine; None if nowhere."""
    return in_config(project, (("aws:region",),)) or _region_of_machine()


def _region_of_machine() -> str | None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if os.environ.get(name):
            return f"{os.environ[name]} ({name})"
    try:
        region = botocore.session.Session().get_config_variable("region")
    except botocore.exceptions.BotoCoreError:
        return None
    return None if region is None else f"{region} (AWS config file)"
