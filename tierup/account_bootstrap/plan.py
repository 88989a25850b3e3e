"""All steps of a stack's bootstrap, and the commands that follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import botocore.exceptions

from tierup.account_bootstrap.ci_role import CiRole, ci_steps
from tierup.account_bootstrap.deployer_policies import read_policies
from tierup.account_bootstrap.secrets_key import secrets_key
from tierup.account_bootstrap.state_bucket import state_bucket
from tierup.account_bootstrap.step import BootstrapStep, StepAction
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.preflight.aws_clients import GLOBAL_REGION, AwsClients, is_invalid, permission_hint, sentence
from tierup.preflight.check import CheckNotPossibleError
from tierup.preflight.stack_plan import read_config

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (read 2026-11-28)
_BUCKET_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class BootstrapOptions:
    """The options of `tierup bootstrap`. None is the default name."""

    bucket: str | None = None
    key_alias: str | None = None
    github: str | None = None
    environment: str | None = None
    role: str | None = None
    policies: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BootstrapPlan:
    """The steps, and what follows."""

    account: str
    region: str
    steps: Sequence[BootstrapStep]
    commands: Sequence[str]
    role_arn: str | None

    @property
    def changes(self) -> Sequence[BootstrapStep]:
        """The steps that change the account."""
        return [step for step in self.steps if step.action in (StepAction.CREATE, StepAction.UPDATE)]

    @property
    def rejected(self) -> Sequence[BootstrapStep]:
        """The steps of resources that exist and are wrong."""
        return [step for step in self.steps if step.action is StepAction.REJECT]


def make_plan(project: Project, stack: str, options: BootstrapOptions) -> BootstrapPlan:
    """Return what the account has, and what is to be created. It changes nothing.

    Raises:
        CommandError: an option or a setting is wrong, or AWS rejects a call.
    """
    config, hidden = read_config(project.name, project.settings(stack))
    region = config.get("aws:region")
    if region is None:
        raise CommandError(
            f"aws:region: must be set (got nothing). Run `pulumi config set aws:region REGION --stack {stack}`.",
            ExitCode.SETTINGS,
        )
    short = stack.rpartition("/")[2]
    word = re.sub(r"[^a-z0-9-]+", "-", project.name.lower()).strip("-")
    if options.github is not None and not _REPOSITORY.fullmatch(options.github):
        raise CommandError(f"--github: not a repository (got {options.github}). Give OWNER/NAME.", ExitCode.SETTINGS)
    policies = read_policies(options.policies, config.get("tierup:phase")) if options.github else None
    clients = AwsClients(config, region, hidden=hidden)
    try:
        account = str(clients.client("sts").get_caller_identity()["Account"])
        bucket = options.bucket or f"{word}-pulumi-state-{account}-{region}"[:63]
        if not _BUCKET_NAME.fullmatch(bucket):
            raise CommandError(
                f"--bucket: not a bucket name (got {bucket}). Allowed are 3 to 63 lower-case letters, digits and -.",
                ExitCode.SETTINGS,
            )
        alias = f"alias/{(options.key_alias or f'{word}-pulumi-secrets').removeprefix('alias/')}"
        steps = [
            state_bucket(clients.client("s3"), bucket, region, project.name),
            secrets_key(clients.client("kms"), clients.client("resourcegroupstaggingapi"), alias, project.name),
        ]
        role = None
        if options.github is not None and policies is not None:
            role = CiRole(
                account=account,
                region=region,
                project=project.name,
                name=options.role or f"{word}-{short}-deploy",
                repository=options.github,
                environment=options.environment or short,
                bucket=bucket,
                key_alias=alias,
                policies=policies,
            )
            steps += ci_steps(clients.client("iam", GLOBAL_REGION), role)
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, CheckNotPossibleError) as error:
        raise command_error(error) from error
    return BootstrapPlan(
        account=account,
        region=region,
        steps=steps,
        commands=_commands(project, stack, bucket, alias, region),
        role_arn=role.arn if role else None,
    )


def apply_step(step: BootstrapStep) -> None:
    """Create or complete a resource. Raises CommandError if AWS rejects a call."""
    try:
        step.apply()
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        failure = command_error(error)
        raise CommandError(
            f"{step.resource} {step.name}: {failure.message} Run the command again to continue.", failure.code
        ) from error


def command_error(error: Exception) -> CommandError:
    """Return the command error for an error of AWS."""
    code = ExitCode.CREDENTIALS if is_invalid(error) else ExitCode.FAILED
    text = str(error) if isinstance(error, CheckNotPossibleError) else sentence(error)
    hint = permission_hint(error)
    return CommandError(f"AWS: {text} {hint}".strip(), code)


def _commands(project: Project, stack: str, bucket: str, alias: str, region: str) -> Sequence[str]:
    """Return the commands that make Pulumi use the bucket and the key."""
    provider = f"awskms://{alias}?region={region}"
    settings = project.settings(stack)
    return (
        f"pulumi login 's3://{bucket}?region={region}'",
        f'pulumi stack change-secrets-provider "{provider}" --stack {stack}'
        if "encryptedkey" in settings or "encryptionsalt" in settings
        else f'pulumi stack init {stack} --secrets-provider "{provider}"',
        f"tierup preflight --stack {stack}",
    )
