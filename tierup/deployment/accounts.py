"""The workspace of real accounts: the checkout itself, the user's own backend, and existing credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.sandbox_backend import PASSPHRASE
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine

PUBLIC_SALT: Final = "v1:9gABhJsi2yQ=:v1:gHF+FOfAX7MVRvHH:Sf+byc74fVMKcIPiH527PehM047GhQ=="
"""The `encryptionsalt` in Pulumi.dev.yaml of tierup's own repository, whose passphrase is PASSPHRASE."""


def open_workspace(project: Project, stack: str, engine: Engine) -> Workspace:
    """Return the workspace of a stack on real accounts.

    Raises:
        CommandError: the stack has no settings, there are no credentials, its secrets would be encrypted with a public
            passphrase, or the shell is set up for the sandbox.
    """
    settings = project.settings(stack)
    if os.environ.get("PULUMI_DEBUG_PROVIDERS"):
        raise CommandError(
            "PULUMI_DEBUG_PROVIDERS: must not be set on real accounts (got a shell that is set up for the sandbox). "
            "To run in the sandbox, add --sandbox; for real accounts, use a new shell.",
            ExitCode.SETTINGS,
        )
    config = settings.get("config")
    check_credentials(config if isinstance(config, dict) else {})
    check_secrets_provider(project, stack, settings)
    environment = {**os.environ, **engine.environment()}
    return Workspace(project=project, stack=stack, engine=engine, folder=project.folder, environment=environment)


def check_credentials(config: Mapping[str, Any]) -> None:
    """Reject a run without AWS credentials.

    Whether they are valid, and whether those of the other clouds exist, is checked by the providers: only the program
    knows which clouds a stack needs.

    Raises:
        CommandError: there are none in the places where AWS tools look for them.
    """
    profile = config.get("aws:profile") or os.environ.get("AWS_PROFILE")
    in_settings = "aws:accessKey" in config or "aws:assumeRoleWithWebIdentity" in config
    if in_settings or _has_aws_credentials(profile if isinstance(profile, str) else None):
        return
    searched = f"profile '{profile}'" if profile else "environment, ~/.aws, container and instance role"
    raise CommandError(
        f"AWS credentials: none found (searched {searched}). Add --sandbox to run without an account, or provide "
        "credentials for a real account (`aws sso login` and AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY).",
        ExitCode.CREDENTIALS,
    )


def check_secrets_provider(project: Project, stack: str, settings: Mapping[str, Any]) -> None:
    """Reject the sandbox's public passphrase: everyone could decrypt the secrets in the state.

    Raises:
        CommandError: the stack's salt is the published one, or the passphrase in the environment is the sandbox's.
    """
    if "encryptedkey" in settings:  # a cloud's key service encrypts the secrets
        return
    if settings.get("encryptionsalt") == PUBLIC_SALT:
        got, where = "the published salt of the sandbox", f"encryptionsalt in {project.settings_file(stack).name}"
    elif _passphrase() == PASSPHRASE:
        got, where = "the public passphrase of the sandbox", "PULUMI_CONFIG_PASSPHRASE"
    else:
        return
    provider = f'"awskms://alias/KEY?region=REGION" --stack {stack}'
    raise CommandError(
        f"{where}: must not be used on real accounts (got {got}, with which everyone can decrypt the stack's secrets). "
        "Remove it, then encrypt with your own key: "
        f"`pulumi stack init --secrets-provider {provider}`, or for a stack that exists "
        f"`pulumi stack change-secrets-provider {provider}`.",
        ExitCode.SETTINGS,
    )


def _passphrase() -> str | None:
    passphrase, file = os.environ.get("PULUMI_CONFIG_PASSPHRASE"), os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if passphrase is not None or not file:
        return passphrase
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None  # the engine reports it


def _has_aws_credentials(profile: str | None) -> bool:
    if os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"):
        return True
    import botocore.exceptions
    import botocore.session

    session = botocore.session.Session(profile=profile)
    # One second is enough for an EC2 instance to answer, and a machine that is no instance does not wait long.
    session.set_config_variable("metadata_service_timeout", 1)
    session.set_config_variable("metadata_service_num_attempts", 1)
    try:
        return session.get_credentials() is not None
    except botocore.exceptions.BotoCoreError:
        return False
