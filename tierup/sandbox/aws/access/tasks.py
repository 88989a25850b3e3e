"""The rights with which ECS starts a Fargate task, and with which the task runs.

ECS assumes the execution role to pull images, read secrets and create log streams:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (read 2026-11-24). The texts of
stopped tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html and
.../task_cannot_pull_image.html, and public issues that quote them (github.com/aws/aws-app-mesh-examples/issues/413;
read 2026-11-28).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tierup.sandbox.cloud import Cloud, CloudResource

from ..arns import region_of, service_of
from ..secret_replicas import key_at, secret_at
from .cloud_policies import SECRET
from .decisions import Values
from .needs import Need, assumes, customer_key, is_known_role, session_context

ASSUME: Final = (
    "ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role being"
    " passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this"
    " role: "
)
_SECRETS: Final = "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve "
_FILES: Final = "failed to download env files: file download command: non empty error stream: "
"""ECS's text for files of environment variables (from memory)."""
_RETRIED: Final = "service call has been retried 1 time(s): "
_IMAGE: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<repository>[a-z0-9._/-]+?)"
    r"(:[^@/]+)?(@.+)?"
)
_PARAMETER: Final = "aws:ssm/parameter:Parameter"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
INITIALIZATION: Final = "ResourceInitializationError"
PULL: Final = "CannotPullContainerError"
_SESSION: Final = "0123456789abcdef0123456789abcdef"  # ECS names the session after the task's id


def containers(task: CloudResource) -> list[dict[str, Any]]:
    """Return the container definitions of a task definition."""
    try:
        parsed = json.loads(str(task.outputs.get("containerDefinitions") or "[]"))
    except ValueError:
        return []
    return [each for each in parsed if isinstance(each, dict)] if isinstance(parsed, list) else []


def start_needs(task: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """Yield what must be allowed for a task to start: the task stops without it."""
    execution, own = task.outputs.get("executionRoleArn"), task.outputs.get("taskRoleArn")
    source = f"arn:aws:ecs:{task.region}:{task.account}:task/cluster/{_SESSION}"
    for role in (execution, own):
        if is_known_role(cloud, role):
            for need in assumes("ecs-tasks.amazonaws.com", role, source_arn=source, account=task.account):
                yield replace(need, prefix=ASSUME.format(role=role), code="ClientException")
    if not is_known_role(cloud, execution):
        return
    for need in _start_needs(task, cloud):
        yield replace(need, caller=str(execution), session=_SESSION)


def _start_needs(task: CloudResource, cloud: Cloud) -> Iterator[Need]:
    defined = containers(task)
    yield from image_needs(str(each.get("image")) for each in defined)
    seen: set[str] = set()
    for each in defined:
        for file in each.get("environmentFiles") or ():
            arn = str(file.get("value"))
            yield _initialization("s3:GetObject", arn, f"{_FILES}{_RETRIED}AccessDenied: ")
        for entry in each.get("secrets") or ():
            source = ":".join(str(entry.get("valueFrom")).split(":")[:7])
            if source not in seen:
                seen.add(source)
                yield from secret_needs(source, task, cloud)
        yield from _log_needs(each, task)


def image_needs(images: Iterable[str]) -> Iterator[Need]:
    """Yield what must be allowed to pull images from ECR; the caller is "". Other registries need nothing."""
    found = [each for image in images if (each := _IMAGE.fullmatch(image))]
    if found:
        login = f"{_SECRETS}ecr registry auth: {_RETRIED}AccessDeniedException: "
        yield _initialization("ecr:GetAuthorizationToken", "*", login)
    for image in {each["repository"]: each for each in found}.values():
        arn = f"arn:aws:ecr:{image['region']}:{image['account']}:repository/{image['repository']}"
        prefix = f"pull image manifest has been retried 1 time(s): failed to resolve ref {image[0]}: "
        for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"):
            yield Need(caller="", action=action, resource=arn, code=PULL, prefix=prefix)


def _initialization(action: str, resource: str, prefix: str, context: Mapping[str, Values] | None = None) -> Need:
    """Return a need without which the task stops with a ResourceInitializationError."""
    return Need(caller="", action=action, resource=resource, context=context or {}, code=INITIALIZATION, prefix=prefix)


def secret_needs(source: str, task: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """Yield what must be allowed to read a secret or parameter; the caller is "". `task` has its account and region."""
    region = region_of(source) or task.region
    if service_of(source) == "secretsmanager":
        type, arn, action, key_input = SECRET, source, "secretsmanager:GetSecretValue", "kmsKeyId"
        failed = f"secret from asm: {_RETRIED}failed to fetch secret {source} from secrets manager: "
        undecrypted = "Access to KMS is not allowed: "
        context = session_context(task.account, region, "secretsmanager", SecretARN=arn)
    else:
        arn = source if service_of(source) else f"arn:aws:ssm:{region}:{task.account}:parameter/{source.lstrip('/')}"
        type, action, key_input = _PARAMETER, "ssm:GetParameters", "keyId"
        failed = f"secrets from ssm: {_RETRIED}"
        undecrypted = "The ciphertext cannot be decrypted: "
        context = session_context(task.account, region, "ssm", PARAMETER_ARN=arn)
    prefix = f"{_SECRETS}{failed}AccessDeniedException: "
    yield _initialization(action, arn, prefix)
    stored = secret_at(cloud.find, arn) if type == SECRET else next(cloud.find(type, arn=arn), None)
    key = None
    if stored is not None:
        key_id = key_at(stored, arn) if type == SECRET else stored.inputs.get(key_input)
        key = customer_key(cloud, key_id, stored.account, region)
    if key is not None:
        yield _initialization("kms:Decrypt", str(key.outputs.get("arn")), f"{prefix}{undecrypted}", context)


def _log_needs(container: Mapping[str, Any], task: CloudResource) -> Iterator[Need]:
    stream = _log_stream(container, task)
    if stream is None:
        return
    options = container["logConfiguration"].get("options") or {}
    failed = (
        "failed to validate logger args: create {0} has been retried 1 times: failed to create Cloudwatch log {0}:"
        " AccessDeniedException: "
    )
    if str(options.get("awslogs-create-group")).lower() == "true":
        group = f"{stream.partition(':log-stream:')[0]}:log-stream:"
        yield _initialization("logs:CreateLogGroup", group, failed.format("group"))
    yield _initialization("logs:CreateLogStream", stream, failed.format("stream"))


def _log_stream(container: Mapping[str, Any], task: CloudResource) -> str | None:
    logging = container.get("logConfiguration") or {}
    options = logging.get("options") or {}
    if logging.get("logDriver") != "awslogs" or not options.get("awslogs-group"):
        return None
    region = options.get("awslogs-region") or task.region
    prefix = options.get("awslogs-stream-prefix") or "ecs"
    group = f"arn:aws:logs:{region}:{task.account}:log-group:{options['awslogs-group']}"
    return f"{group}:log-stream:{prefix}/{container.get('name')}/{_SESSION}"


def running_needs(task: CloudResource, cloud: Cloud, *, exec_enabled: bool = False) -> Iterator[Need]:
    """Yield what must be allowed while a task runs: without it the task runs, and no operation reports an error."""
    execution, own = task.outputs.get("executionRoleArn"), task.outputs.get("taskRoleArn")
    if is_known_role(cloud, execution):
        for each in containers(task):
            if stream := _log_stream(each, task):
                yield Need(
                    caller=str(execution),
                    action="logs:PutLogEvents",
                    resource=stream,
                    session=_SESSION,
                    effect=f"The log of container {each.get('name')} is lost.",
                )
    if exec_enabled and is_known_role(cloud, own):
        for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"):
            yield Need(
                caller=str(own),
                action=f"ssmmessages:{action}",
                resource="*",
                session=_SESSION,
                effect="ECS Exec cannot open a session in the task.",
            )
