"""The workspace of real accounts: the checkout as it is, the user's own backend, and credentials that exist."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from tierup.deployment.failure import ExitCode, Failure
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine

_REHEARSE = "rehearse without an account by adding --sandbox"


def open_workspace(project: Project, stack: str, engine: Engine) -> Workspace:
    """The workspace of a stack on real accounts.

    Raises:
        Failure: the stack has no settings, there are no credentials, or the shell is set up for the sandbox.
    """
    settings = project.settings(stack)
    if os.environ.get("PULUMI_DEBUG_PROVIDERS"):
        raise Failure(
            "This shell is set up for the sandbox (PULUMI_DEBUG_PROVIDERS is set): add --sandbox to rehearse, or run "
            "this in a new shell to reach the real accounts.",
            ExitCode.SETTINGS,
        )
    config = settings.get("config")
    check_credentials(config if isinstance(config, dict) else {})
    environment = {**os.environ, **engine.environment()}
    return Workspace(project=project, stack=stack, engine=engine, folder=project.folder, environment=environment)


def check_credentials(config: Mapping[str, Any]) -> None:
    """Refuse to start without credentials of AWS.

    Whether they are valid, and those of the other clouds, is for the providers to say: which clouds a stack needs is
    known to its program alone.

    Raises:
        Failure: none are found where AWS' own tools look for them.
    """
    profile = config.get("aws:profile") or os.environ.get("AWS_PROFILE")
    in_settings = "aws:accessKey" in config or "aws:assumeRoleWithWebIdentity" in config
    if in_settings or _aws_credentials(profile if isinstance(profile, str) else None):
        return
    tried = f"profile '{profile}'" if profile else "environment, ~/.aws, container and instance role"
    raise Failure(
        f"There are no AWS credentials ({tried}). Either {_REHEARSE}, or give this shell credentials "
        "(`aws sso login` and AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) for a real account.",
        ExitCode.CREDENTIALS,
    )


def _aws_credentials(profile: str | None) -> bool:
    if os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"):
        return True
    import botocore.exceptions
    import botocore.session

    session = botocore.session.Session(profile=profile)
    # One second is enough for an instance to answer, and nobody waits long for a machine that is none.
    session.set_config_variable("metadata_service_timeout", 1)
    session.set_config_variable("metadata_service_num_attempts", 1)
    try:
        return session.get_credentials() is not None
    except botocore.exceptions.BotoCoreError:
        return False
