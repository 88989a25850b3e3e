"""What a container has: commands, variables, secrets, storage, logs, and its network."""

from __future__ import annotations

import re
from typing import Final

from tierup.copilot_import.conversion.images import put_architecture
from tierup.copilot_import.conversion.values import Found, invalid, problem, whole, words
from tierup.copilot_import.draft import Draft, Result, Role, differs, same, unmapped
from tierup.copilot_import.manifest import Node, WorkspaceError, environment_file
from tierup.program_loader import import_path
from tierup.program_settings import Feature

with import_path():
    from components.monitoring.log_retention import RETENTION_DAYS
    from stacks.config.containers import HttpContainerConfig, LogRouterConfig

_ARN: Final = re.compile(r"arn:aws[a-z-]*:")


FLUENT_BIT: Final = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
"""Copilot's default image of the log router."""


def execute(draft: Draft, node: Node) -> Found:
    if node.value is not True:
        return same("ECS Exec is disabled by default.")
    return draft.differs(
        True,
        "ecsExec",
        note="It applies to all tasks of the stack and makes their root file systems writable, which the policy "
        "task-read-only-root reports.",
    )


def rolling(draft: Draft, node: Node) -> Found:
    if node.text() == "default":
        return same("A rolling deployment starts the new tasks before it stops the old ones.")
    if node.text() != "recreate":
        return invalid(node, "default or recreate")
    if draft.current.role not in (Role.API, Role.SERVICE, Role.WORKER):
        return unmapped("A scheduled task has no deployment.")
    logical = {Role.API: "backend", Role.WORKER: "worker"}.get(draft.current.role, draft.current.name)
    for key, value in (("deploymentMinimumHealthyPercent", 0), ("deploymentMaximumPercent", 100)):
        draft.put(value, "resourceOverrides", f"{logical}-service", key)
    return Result(
        outcome=same("").outcome,
        setting=f"tierup:resourceOverrides.{logical}-service",
        note="Each deployment interrupts the service.",
    )


def command(draft: Draft, node: Node) -> Found:
    value = words(node)
    if draft.current.manifest.at("entrypoint") is not None:
        return unmapped("It belongs to the entrypoint, which has no setting. Set the command that both make together.")
    return draft.mapped(value, *draft.current.container, "command")


def variable(draft: Draft, node: Node) -> Found:
    return _variable(draft, draft.path[-1], node.text())


def _variable(draft: Draft, key: str, value: str) -> Result:
    error = problem(HttpContainerConfig, {"environment": {key: value}})
    if error is None:
        return draft.mapped(value, *draft.current.container, "environment", key)
    if "suggest a secret" in error:
        return unmapped(
            f"The name suggests a secret. Store it: pulumi config set --secret --path tierup:appSecrets.{key.upper()}."
        )
    return unmapped(f"{error[0].upper()}{error[1:].rstrip('.')}.")


def variables_file(draft: Draft, node: Node) -> Found:
    try:
        variables = environment_file(draft.workspace.root, node.text())
    except (OSError, WorkspaceError, UnicodeDecodeError) as error:
        return unmapped(f"The file cannot be read ({error.__class__.__name__}: {node.text()}).")
    own = draft.current.manifest.at("variables")
    left_out: list[str] = []
    for key, value in variables.items():
        if own is not None and key in own.fields:
            continue  # the manifest wins, as in ECS
        if not _variable(draft, key, value).setting:
            left_out.append(key)
    setting = f"tierup:{'.'.join(draft.current.container)}.environment"
    if left_out:
        return Result(
            outcome=differs("").outcome,
            setting=setting,
            note=f"Left out, because the stack sets them or the name suggests a secret: {', '.join(sorted(left_out))}.",
        )
    return Result(outcome=same("").outcome, setting=setting, note=f"{len(variables)} variables of the file.")


def secret(draft: Draft, node: Node) -> Found:
    """Convert a secret given as the name or the ARN of an SSM parameter, or as the ARN of a secret."""
    return put_secret(draft, parameter_arn(draft, node.text()), *draft.current.container, "secrets", draft.path[-1])


def secret_name(draft: Draft, node: Node) -> Found:
    """Convert `secretsmanager`: the name of a secret with `:json-key:stage:version`, or its ARN."""
    return put_secret(draft, secret_arn(draft, node.text()), *draft.current.container, "secrets", draft.path[-2])


def parameter_arn(draft: Draft, text: str) -> str | Result:
    """Return the ARN of an SSM parameter, or the result that says what is missing."""
    if _ARN.match(text):
        return text
    if draft.options.account is None:
        return unmapped(f"Give the account of the SSM parameter {text} with --account.")
    return f"arn:aws:ssm:{draft.options.region}:{draft.options.account}:parameter/{text.lstrip('/')}"


def secret_arn(draft: Draft, text: str) -> str | Result:
    """Return the complete ARN of a secret, or the result that says what is missing.

    IAM compares whole ARNs, so the six characters that Secrets Manager appends to the name are needed.
    """
    if _ARN.match(text):
        return text
    known, _, rest = text.partition(":")
    arn = draft.options.secrets.get(known)
    if arn is None:
        return unmapped(
            f"The role needs the secret's complete ARN. Get it with aws secretsmanager describe-secret --secret-id "
            f"{known} --query ARN, and give it with --secret {known}=<ARN>."
        )
    return f"{arn}:{rest}" if rest else arn


def put_secret(draft: Draft, arn: str | Result, *path: str) -> Result:
    if isinstance(arn, Result):
        return arn
    error = problem(HttpContainerConfig, {"secrets": {path[-1]: arn}})
    if error is not None:
        return unmapped(f"{error[0].upper()}{error[1:].rstrip('.')}.")
    return draft.mapped(arn, *path)


def ephemeral(_: Draft, node: Node) -> Found:
    if whole(node) == 20:
        return same("It is Fargate's default.")
    return unmapped("No setting changes the 20 GiB of ephemeral storage, of which /tmp takes none: it is in memory.")


def readonly_root(_: Draft, node: Node) -> Found:
    if node.value is True:
        return same("The root file system is read-only, except with tierup:ecsExec; /tmp is writable.")
    return differs("The root file system is read-only, except with tierup:ecsExec; /tmp is writable.")


def log_retention(draft: Draft, node: Node) -> Found:
    days = whole(node)
    if days not in RETENTION_DAYS:
        return unmapped(f"CloudWatch Logs does not support {node.text()} days; tierup:logRetentionDays applies.")
    return draft.shared(days, "logRetentionDays", note="It applies to all logs of the stack.")


def log_destination(draft: Draft, node: Node) -> Found:
    given = draft.current.manifest.at("logging", "image")
    router = {
        "image": given.text() if given else FLUENT_BIT,
        "options": {key: each.text() for key, each in node.fields.items()},
    }
    if not any(key.lower() == "name" for key in router["options"]):
        return unmapped("FireLens needs the option Name, the Fluent Bit output.")
    error = problem(LogRouterConfig, router)
    if error is not None:
        return unmapped(f"logging.image: {error} Copilot's default is the tag stable.")
    if draft.current.role is Role.TASK:
        return same("Scheduled tasks use the log router of the service.")
    return draft.mapped(router, *draft.current.container, "logRouter")


def log_image(draft: Draft, _: Node) -> Found:
    if draft.current.manifest.at("logging", "destination") is None:
        return unmapped("Without a destination the logs go to CloudWatch Logs.")
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join(draft.current.container)}.logRouter.image")


def log_secret(draft: Draft, node: Node) -> Found:
    if draft.get(*draft.current.container, "logRouter") is None:
        return unmapped("It belongs to a log router, which was not written.")
    arn = parameter_arn(draft, node.text())
    if isinstance(arn, Result):
        return arn
    return draft.mapped(arn, *draft.current.container, "logRouter", "secretOptions", draft.path[-1])


def task_definition_rule(draft: Draft, node: Node) -> Found:
    """Convert one rule of `taskdef_overrides`."""
    path, value = node.at("path"), node.at("value")
    if path is None or value is None:
        return unmapped("The rule has no path or no value.")
    parts = path.text().replace("ContainerDefinitions[0].", "container ")
    container = draft.current.container
    if parts == "container StopTimeout" and (whole(value) or 0) in range(2, 121):
        return draft.mapped(whole(value), *container, "stopTimeoutSeconds")
    if parts == "container User" and re.fullmatch(r"[1-9]\d*:[1-9]\d*", value.text()):
        return draft.mapped(value.text(), *container, "user")
    if parts == "RuntimePlatform.CpuArchitecture":
        return put_architecture(draft, value.text())
    if parts.startswith("container Ulimits[") and parts.endswith("]"):
        limit = _open_files(value)
        if limit is not None:
            return draft.mapped(limit, *container, "openFiles")
    return unmapped(
        f"tierup sets {path.text()} itself. tierup:resourceOverrides replaces single arguments of a resource, such as "
        "those of its task definition."
    )


def _open_files(value: Node) -> int | None:
    kind, hard = value.at("Name"), value.at("HardLimit")
    limit = whole(hard) if hard else None
    if kind is None or kind.text() != "nofile" or limit is None:
        return None
    return limit if 1_024 <= limit <= 1_048_576 else None


def connect(draft: Draft, node: Node) -> Found:
    if draft.has(Feature.SERVICES):
        return same("Service Connect connects the service and those of tierup:services.")
    if node.value is not True:
        return same("Without tierup:services there is no Service Connect.")
    return draft.needs(Feature.SERVICES)


def placement(draft: Draft, node: Node) -> Found:
    private = draft.has(Feature.PRIVATE_SUBNETS)
    if node.text() == "private":
        return same("Tasks are in private subnets.") if private else draft.needs(Feature.PRIVATE_SUBNETS)
    if private:
        return differs("Tasks are in private subnets from phase scale on, with NAT.")
    return same("Tasks are in public subnets before phase scale; they accept only the load balancer's connections.")
