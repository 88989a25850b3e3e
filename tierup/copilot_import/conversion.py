"""How one field of a manifest becomes settings. tierup/copilot_import/fields.py says which function converts which
field."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from tierup.copilot_import.draft import SKIPPED, Draft, Kind, Result, Role, differs, same, unmapped
from tierup.copilot_import.manifest import Node, WorkspaceError, environment_file
from tierup.program_loader import import_path
from tierup.program_settings import Feature

with import_path():
    from components.ecs.fargate_sizes import FARGATE_SIZES
    from components.monitoring.log_retention import RETENTION_DAYS
    from components.scheduling.expression import check_schedule
    from stacks.config.containers import (
        HttpContainerConfig,
        LogRouterConfig,
        PermissionsConfig,
        ServiceConfig,
        SidecarConfig,
    )

Found = Result | str | None
"""None is the row's own outcome, `SKIPPED` leaves the field to another conversion."""

_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|s|m|h|d)")
_SECONDS: Final[Mapping[str, float]] = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "m": 60,
    "h": 3_600,
    "d": 86_400,
}
_ARN: Final = re.compile(r"arn:aws[a-z-]*:")
# Copilot's template sets no cookie_duration, whose default is a day:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html (from memory)
_STICKY_SECONDS: Final = 86_400
_MAX_SPOT_PERCENT: Final = 90
_TARGET_GROUP_CHECK: Final[Mapping[str, str | int | bool]] = {
    "enabled": True,
    "protocol": "HTTP",
    "port": "traffic-port",
    "matcher": "200",
    "interval": 30,
    "timeout": 5,
    "healthyThreshold": 5,
    "unhealthyThreshold": 2,
}
"""Copilot's defaults of a target group's health check (site/content/docs/include/http-healthcheck.en.md)."""

FLUENT_BIT: Final = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
"""Copilot's default image of the log router."""


def seconds(node: Node) -> float | None:
    """Return a duration in Go's form (`1m30s`) in seconds; a number is seconds. None if it is neither."""
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = node.text().strip()
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def words(node: Node) -> list[str]:
    """Return a command given as a list or as a line of a shell."""
    return [each.text() for each in node.items] if node.is_list else shlex.split(node.text())


def problem(model: type[BaseModel], values: Mapping[str, Any]) -> str | None:
    """Return why a group of settings rejects values; None if it accepts them. Missing keys are not reported."""
    try:
        model.model_validate(values, strict=False)
    except ValidationError as error:
        details = [each for each in error.errors(include_url=False) if each["type"] != "missing"]
        if not details:
            return None
        cause = details[0].get("ctx", {}).get("error")
        return str(cause) if cause else details[0]["msg"]
    return None


def whole(node: Node) -> int | None:
    """Return a whole number; None for anything else."""
    value: Any = node.value
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def _invalid(node: Node, what: str) -> Result:
    return unmapped(f"The value is not {what} (got {node.plain()!r}).")


# --- name, image ---


def name(draft: Draft, _: Node) -> Found:
    workload = draft.current
    if workload.role is Role.API:
        return differs("The stack's service has the logical name backend; ECS, Copilot and the stack have own names.")
    if workload.role is Role.WORKER:
        return differs("The stack's worker has the logical name worker.")
    if workload.role is Role.SITE:
        return same("The stack has one site.")
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join(workload.container)}")


def image_location(draft: Draft, node: Node) -> Found:
    workload, location = draft.current, node.text()
    if workload.role in (Role.WORKER, Role.TASK):
        return _shared_image(draft)
    if workload.image is not None:
        return draft.mapped(workload.image, *_image_path(draft), note="It is the image of --image.")
    error = problem(ServiceConfig, {"image": location})
    if error is None:
        return draft.mapped(location, *_image_path(draft))
    return unmapped(f"{location} cannot be used: {error}. Set one with --image {workload.name}=<image>.")


def image_build(draft: Draft, node: Node) -> Found:
    workload, build = draft.current, _docker_build(draft, node)
    if workload.role in (Role.WORKER, Role.TASK):
        return _shared_image(draft)
    if workload.image is not None:
        return draft.mapped(workload.image, *_image_path(draft), note=f"Build and push it with: {build}.")
    return unmapped(
        f"Build and push the image ({build}), then set it with --image {workload.name}=<image>, or with "
        f"pulumi config set tierup:{'.'.join(_image_path(draft))} <image>."
    )


def _image_path(draft: Draft) -> tuple[str, ...]:
    return ("image",) if draft.current.role is Role.API else (*draft.current.container, "image")


def _shared_image(draft: Draft) -> Result:
    """Return the result for the image of a worker or task, which run the image of the service."""
    images = [each.manifest.at("image") if each else None for each in (draft.api, draft.current)]
    sources = [{key: node.at(key) for key in ("build", "location")} if node else {} for node in images]
    of_api, own = ({key: node.plain() for key, node in source.items() if node} for source in sources)
    if own and own == of_api:
        return same("It is the image of the stack's service.")
    return differs(
        "The stack runs tierup:image with another command. Put the code of both into one image, and set the command."
    )


def _docker_build(draft: Draft, node: Node) -> str:
    """Return the `docker build` of Copilot: site/content/docs/include/image-config.en.md."""
    if not node.is_mapping:
        file = node.text()
        folder = file.rpartition("/")[0] or "."
        arguments = ["--file", file, folder]
    else:
        given = {key: node.at(key) for key in ("dockerfile", "context", "target")}
        texts = {key: value.text() for key, value in given.items() if value is not None}
        context = texts.get("context") or (texts.get("dockerfile", "").rpartition("/")[0] or ".")
        file = texts.get("dockerfile") or f"{context}/Dockerfile"
        target = ["--target", texts["target"]] if "target" in texts else []
        cached = node.at("cache_from")
        args = node.at("args")
        arguments = [
            *("--file", file),
            *target,
            *(part for each in (cached.items if cached else ()) for part in ("--cache-from", each.text())),
            *(
                part
                for key, each in (args.fields if args else {}).items()
                for part in ("--build-arg", f"{key}={each.text()}")
            ),
            context,
        ]
    platform = draft.current.manifest.at("platform")
    of = platform.text() if platform is not None and not platform.is_mapping else "linux/x86_64"
    return shlex.join(["docker", "build", "--platform", of.replace("x86_64", "amd64"), *arguments])


def image_credentials(draft: Draft, node: Node) -> Found:
    error = problem(HttpContainerConfig, {"repository_credentials": node.text()})
    if error is not None:
        return unmapped(f"{error}. Set the complete ARN.")
    return draft.mapped(node.text(), *draft.current.container, "repositoryCredentials")


def image_port(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("Only services behind the load balancer have a port.")
    if draft.current.manifest.at("http", "target_port") is not None:
        return SKIPPED
    return port(draft, node)


def port(draft: Draft, node: Node) -> Found:
    number = whole(node)
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("Only services behind the load balancer have a port.")
    if draft.current.manifest.at("http", "target_container") is not None:
        return unmapped("The load balancer connects to the application's container.")
    if number is None or not 1 <= number <= 65_535:
        return _invalid(node, "a port")
    note = "The load balancer connects by HTTP, also on port 443." if number == 443 else ""
    result = draft.mapped(number, *draft.current.container, "port", note=note)
    return draft.differs(number, *draft.current.container, "port", note=note) if note else result


def container_health_command(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("ECS replaces a worker or task whose process exits; it has no health check here.")
    command = words(node)
    if not command:
        return draft.mapped([], *draft.current.container, "containerHealthCheck", note="The check is disabled.")
    if command[0] not in ("CMD", "CMD-SHELL"):
        command = ["CMD-SHELL", node.text()] if not node.is_list else ["CMD", *command]
    error = problem(HttpContainerConfig, {"container_health_check": command})
    if error is not None:
        return unmapped(error)
    return draft.mapped(command, *draft.current.container, "containerHealthCheck")


# --- size, count ---


def _size(draft: Draft) -> tuple[int, int] | None:
    """Return CPU and memory of the workload, if Fargate has this size."""
    nodes = [draft.current.manifest.at(key) for key in ("cpu", "memory")]
    cpu, memory = ((whole(node) if node else None) or default for node, default in zip(nodes, (256, 512), strict=True))
    return (cpu, memory) if memory in FARGATE_SIZES.get(cpu, ()) else None


def _sized(draft: Draft, index: int) -> Found:
    size, role = _size(draft), draft.current.role
    if size is None:
        return unmapped("Fargate does not have this combination of cpu and memory; the size of the tier applies.")
    value = size[index]
    if role is Role.API:
        return draft.mapped(value, "sizeOverrides", ("taskCpu", "taskMemory")[index])
    if role is Role.WORKER:
        of_api = draft.get("sizeOverrides", ("taskCpu", "taskMemory")[index])
        if of_api == value:
            return same("The worker has the size of a task of the service.")
        return differs(f"The worker has the size of a task of the service ({of_api or 'that of the tier'}).")
    return draft.mapped(value, *draft.current.container, ("cpu", "memory")[index])


def cpu(draft: Draft, _: Node) -> Found:
    return _sized(draft, 0)


def memory(draft: Draft, _: Node) -> Found:
    return _sized(draft, 1)


def platform(draft: Draft, node: Node) -> Found:
    system, _, architecture = node.text().partition("/")
    if system.lower() != "linux":
        return unmapped("The stack runs Linux containers only.")
    return _architecture(draft, architecture)


def platform_system(_: Draft, node: Node) -> Found:
    if node.text().lower() == "linux":
        return same("The stack runs Linux containers.")
    return unmapped("The stack runs Linux containers only.")


def platform_architecture(draft: Draft, node: Node) -> Found:
    return _architecture(draft, node.text())


def _architecture(draft: Draft, name: str) -> Found:
    architecture = {"x86_64": "X86_64", "amd64": "X86_64", "arm64": "ARM64", "arm": "ARM64"}.get(name.lower())
    if architecture is None:
        return unmapped(f"Fargate has the architectures x86_64 and arm64 (got {name}).")
    return draft.mapped(architecture, *draft.current.container, "architecture")


def _count_paths(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the settings of the minimum and the maximum number of tasks."""
    return {
        Role.API: (("sizeOverrides", "tasks"), ("sizeOverrides", "maxTasks")),
        Role.WORKER: (("sizeOverrides", "workers"), ("sizeOverrides", "maxWorkers")),
        Role.SERVICE: ((*draft.current.container, "tasks"), (*draft.current.container, "maxTasks")),
    }[draft.current.role]


def _tasks(draft: Draft, minimum: int, maximum: int) -> Result:
    lowest = 0 if draft.current.role is Role.WORKER else 1
    if minimum < lowest or maximum < minimum:
        return unmapped(f"The stack runs {lowest} or more tasks (got {minimum} to {maximum}).")
    path, max_path = _count_paths(draft)
    scales = draft.has(Feature.AUTOSCALING)
    if minimum == maximum or scales:
        draft.put(minimum, *path)
        if scales:
            draft.put(maximum, *max_path)
        return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join(path)}")
    return draft.differs(
        minimum, *path, note=f"Phase {draft.phase} has a fixed number of tasks; scale has autoscaling."
    )


def count(draft: Draft, node: Node) -> Found:
    if draft.current.kind is Kind.REQUEST_DRIVEN:
        return unmapped("It names an App Runner configuration. Set tierup:sizeOverrides.tasks and maxTasks.")
    number = whole(node)
    return _invalid(node, "a number of tasks") if number is None else _tasks(draft, number, number)


def count_range(draft: Draft, node: Node) -> Found:
    bounds = node.text().split("-")
    if len(bounds) != 2 or not all(bound.strip().isdigit() for bound in bounds):
        return _invalid(node, "a range such as 1-10")
    return _tasks(draft, int(bounds[0]), int(bounds[1]))


def count_min(draft: Draft, node: Node) -> Found:
    minimum, maximum = whole(node), _maximum(draft)
    return _invalid(node, "a number of tasks") if minimum is None else _tasks(draft, minimum, maximum or minimum)


def count_max(draft: Draft, node: Node) -> Found:
    if not draft.has(Feature.AUTOSCALING):
        return draft.needs(Feature.AUTOSCALING)
    number = whole(node)
    if number is None:
        return _invalid(node, "a number of tasks")
    return draft.mapped(number, *_count_paths(draft)[1])


def _maximum(draft: Draft) -> int | None:
    node = draft.current.manifest.at("count", "range", "max")
    return whole(node) if node else None


def spot(draft: Draft, node: Node) -> Found:
    number = whole(node)
    if number is None:
        return _invalid(node, "a number of tasks")
    _tasks(draft, number, number)
    return _spot(draft, _MAX_SPOT_PERCENT, "At most 90 % of the tasks are on Spot, because AWS reclaims its capacity.")


def spot_from(draft: Draft, node: Node) -> Found:
    first, maximum = whole(node), _maximum(draft)
    if first is None or not maximum:
        return _invalid(node, "a number of tasks")
    percent = max(0, min(_MAX_SPOT_PERCENT, round(100 * (maximum - first + 1) / maximum)))
    return _spot(draft, percent, f"The stack has a percentage: {percent} % at the maximum of {maximum} tasks.")


def _spot(draft: Draft, percent: int, note: str) -> Found:
    """Write the percentage, which applies to the service too: only the manifest of the service decides it."""
    missing = draft.needs(Feature.AUTOSCALING)
    if missing:
        return missing
    known = draft.get("spotPercent")
    if draft.current.role is Role.API:
        return draft.differs(percent, "spotPercent", note=f"{note} It applies to all services and the worker.")
    if known is None:
        return unmapped("tierup:spotPercent applies to the service too, which is not on Spot in its manifest.")
    return differs(f"tierup:spotPercent is {known}, from the manifest of the service.")


def differs_as(found: Result, note: str) -> Result:
    """Return a result that set a value as one that differs."""
    return Result(outcome=differs("").outcome, setting=found.setting, note=f"{note} {found.note}".strip())


def _target(draft: Draft, node: Node, key: str, bounds: range, *, only_api: bool = False) -> Found:
    missing = draft.needs(Feature.AUTOSCALING)
    if missing:
        return missing
    value = whole(node)
    if value is None or value not in bounds:
        return unmapped(f"Allowed: {bounds.start} to {bounds.stop - 1} (got {node.text()}).")
    if only_api and draft.current.role is not Role.API:
        return unmapped("Only the stack's service scales on requests.")
    return draft.shared(value, "autoscaling", key, note="The target applies to all services of the stack.")


def cpu_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "cpuPercent", range(10, 96))


def memory_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "memoryPercent", range(10, 96))


def requests_target(draft: Draft, node: Node) -> Found:
    return _target(draft, node, "requestsPerMinute", range(1, 10**9), only_api=True)


def queue_latency(draft: Draft, node: Node) -> Found:
    """Convert `queue_delay` as Copilot does: AcceptableBacklogPerTask in internal/pkg/manifest/svc.go."""
    processing = draft.current.manifest.at("count", "queue_delay", "msg_processing_time")
    latency, each = seconds(node), seconds(processing) if processing else None
    if not latency or not each:
        return _invalid(node, "a duration with msg_processing_time beside it")
    messages = math.ceil(round(latency / each, 9))
    missing = draft.needs(Feature.WORKER)
    if missing:
        return missing
    queue = draft.options.queue
    if queue is None:
        return unmapped(
            f"Name the worker's queue with --queue <ARN>; then tierup:worker.scaleOnQueue gets {messages} messages for "
            "each task."
        )
    value = {"queueName": queue.rpartition(":")[2], "messagesPerTask": messages}
    return draft.mapped(value, "worker", "scaleOnQueue")


def queue_processing(draft: Draft, _: Node) -> Found:
    if draft.get("worker", "scaleOnQueue"):
        return same("It is part of messagesPerTask.")
    return unmapped("It is part of tierup:worker.scaleOnQueue.messagesPerTask.")


def queue(draft: Draft, _: Node) -> Found:
    """Convert `subscribe`: the queue of the worker, if `--queue` names it."""
    given = draft.options.queue
    if given is None:
        return unmapped(
            "The stack creates no queues and topics. Keep those of Copilot's CloudFormation stack, or create own ones, "
            "and name the worker's queue with --queue <ARN>."
        )
    error = problem(PermissionsConfig, {"queues": {given: "receive"}})
    if error is not None:
        return unmapped(f"--queue: {error} (got {given}).")
    region, account, queue_name = given.split(":")[3:6]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{queue_name}"
    draft.put(url, "worker", "environment", "COPILOT_QUEUE_URI")
    return draft.differs(
        "receive",
        *("worker", "permissions", "queues", given),
        note="The worker may receive from the queue and gets COPILOT_QUEUE_URI. Queue, topics and subscriptions stay "
        "outside the stack.",
    )


# --- container ---


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
        return _invalid(node, "default or recreate")
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
    return _put_secret(draft, parameter_arn(draft, node.text()), *draft.current.container, "secrets", draft.path[-1])


def secret_name(draft: Draft, node: Node) -> Found:
    """Convert `secretsmanager`: the name of a secret with `:json-key:stage:version`, or its ARN."""
    return _put_secret(draft, secret_arn(draft, node.text()), *draft.current.container, "secrets", draft.path[-2])


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


def _put_secret(draft: Draft, arn: str | Result, *path: str) -> Result:
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
        return _architecture(draft, value.text())
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


# --- sidecars ---


def sidecar_image(draft: Draft, node: Node) -> Found:
    sidecar = draft.path[-2] if draft.path[-1] == "image" else draft.path[-3]
    image = node.text()
    error = problem(SidecarConfig, {"image": image})
    if error is not None:
        return unmapped(f"{image} cannot be used: {error}. Set tierup:{'.'.join((*_sidecar(draft), sidecar))}.image.")
    draft.put(image, *_sidecar(draft), sidecar, "image")
    essential = draft.current.manifest.at("sidecars", sidecar, "essential")
    draft.put(essential is None or essential.value is not False, *_sidecar(draft), sidecar, "essential")
    return Result(
        outcome=differs("").outcome,
        setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.image",
        note="The sidecar gets 128 MiB of the task's memory; set its `memory` if it needs more. It runs as the user of "
        "its image on a writable root file system, which the policies task-user and task-read-only-root report.",
    )


def _sidecar(draft: Draft) -> tuple[str, ...]:
    return (*draft.current.container, "sidecars")


def _of_sidecar(draft: Draft, name: str) -> bool:
    given = draft.current.manifest.at("sidecars", name, "image")
    location = given.at("location") if given is not None and given.is_mapping else given
    return location is not None and problem(SidecarConfig, {"image": location.text()}) is None


_NO_SIDECAR: Final = unmapped("The sidecar was not written, because its image cannot be used.")


def sidecar_essential(draft: Draft, _: Node) -> Found:
    sidecar = draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.essential")


def sidecar_command(draft: Draft, node: Node) -> Found:
    if not _of_sidecar(draft, draft.path[-2]):
        return _NO_SIDECAR
    if draft.current.manifest.at("sidecars", draft.path[-2], "entrypoint") is not None:
        return unmapped("It belongs to the entrypoint, which has no setting. Set the command that both make together.")
    return draft.mapped(words(node), *_sidecar(draft), draft.path[-2], "command")


def sidecar_variable(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-3], draft.path[-1]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    error = problem(SidecarConfig, {"image": "a/b:1", "environment": {key: node.text()}})
    if error is not None:
        return unmapped(error)
    return draft.mapped(node.text(), *_sidecar(draft), sidecar, "environment", key)


def sidecar_secret(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-3], draft.path[-1]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return _put_secret(draft, parameter_arn(draft, node.text()), *_sidecar(draft), sidecar, "secrets", key)


def sidecar_secret_name(draft: Draft, node: Node) -> Found:
    sidecar, key = draft.path[-4], draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    return _put_secret(draft, secret_arn(draft, node.text()), *_sidecar(draft), sidecar, "secrets", key)


def sidecar_variables_file(draft: Draft, node: Node) -> Found:
    sidecar = draft.path[-2]
    if not _of_sidecar(draft, sidecar):
        return _NO_SIDECAR
    try:
        variables = environment_file(draft.workspace.root, node.text())
    except (OSError, WorkspaceError, UnicodeDecodeError) as error:
        return unmapped(f"The file cannot be read ({error.__class__.__name__}: {node.text()}).")
    own = draft.current.manifest.at("sidecars", sidecar, "variables")
    for key, value in variables.items():
        if own is not None and key in own.fields:
            continue
        if problem(SidecarConfig, {"image": "a/b:1", "environment": {key: value}}) is None:
            draft.put(value, *_sidecar(draft), sidecar, "environment", key)
    return Result(outcome=same("").outcome, setting=f"tierup:{'.'.join((*_sidecar(draft), sidecar))}.environment")


# --- http ---


def http_off(_: Draft, node: Node) -> Found:
    if node.value is False:
        return unmapped("Services of the stack are always behind its Application Load Balancer.")
    return _invalid(node, "false or a map")


def _patterns(path: str) -> list[str]:
    path = f"/{path.strip('/')}"
    return ["/*"] if path == "/" else [path, f"{path}/*"]


def http_path(draft: Draft, node: Node) -> Found:
    role = draft.current.role
    if role is Role.API:
        if node.text().strip("/") == "":
            return same("The load balancer forwards every request that no other service takes to the service.")
        return differs("The load balancer forwards every request that no other service takes to the service.")
    if role is not Role.SERVICE:
        return unmapped("The workload is not behind the load balancer.")
    known = draft.get(*draft.current.container, "paths") or []
    return _paths(draft, [*known, *_patterns(node.text())])


def _paths(draft: Draft, paths: list[str]) -> Result:
    values = list(dict.fromkeys(paths))
    error = problem(ServiceConfig, {"image": "a/b:1", "priority": 1, "paths": values})
    if error is not None:
        return unmapped(f"{error} The paths are those of one rule.")
    return draft.mapped(values, *draft.current.container, "paths")


def http_rule(draft: Draft, node: Node) -> Found:
    """Convert one of `http.additional_rules`."""
    path = node.at("path")
    others = sorted(node.fields.keys() - {"path"})
    ignored = f" Not taken over: {', '.join(others)}." if others else ""
    if path is None:
        return unmapped(f"The rule has no path.{ignored}")
    if draft.current.role is Role.API:
        return differs(f"The load balancer forwards every request that no other service takes to the service.{ignored}")
    if draft.current.role is not Role.SERVICE:
        return unmapped("The workload is not behind the load balancer.")
    known = draft.get(*draft.current.container, "paths") or []
    found = _paths(draft, [*known, *_patterns(path.text())])
    return differs_as(found, ignored.strip()) if others and found.setting else found


def health_path(draft: Draft, node: Node) -> Found:
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("The workload is not behind the load balancer.")
    path = node.text() or "/"
    if not path.startswith("/"):
        return _invalid(node, "a path that starts with /")
    _check_override(draft)
    return draft.mapped(path, *draft.current.container, "healthCheckPath")


_CHECK_KEYS: Final[Mapping[str, str]] = {
    "port": "port",
    "success_codes": "matcher",
    "healthy_threshold": "healthyThreshold",
    "unhealthy_threshold": "unhealthyThreshold",
    "interval": "interval",
    "timeout": "timeout",
}


_BOUNDS: Final[Mapping[str, range]] = {
    "healthy_threshold": range(2, 11),
    "unhealthy_threshold": range(2, 11),
    "interval": range(5, 301),
    "timeout": range(2, 121),
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html (from memory)"""


def _target_groups(draft: Draft) -> list[str]:
    """Return the logical names of the service's target groups."""
    if draft.current.role is Role.API:
        return ["api-targets", *(["backend-alternate"] if draft.has(Feature.BLUE_GREEN) else [])]
    return [f"{draft.current.name}-main"]


def _check_override(draft: Draft) -> Mapping[str, Any]:
    """Write the whole health check of the target groups, if the manifest gives more than its path."""
    given = draft.current.manifest.at("http", "healthcheck")
    own = {key: node for key, node in (given.fields if given else {}).items() if key in _CHECK_KEYS}
    if not own:
        return {}
    path = given.at("path") if given else None
    defaults = _TARGET_GROUP_CHECK
    if draft.current.kind is Kind.REQUEST_DRIVEN:
        # site/content/docs/manifest/rd-web-service.en.md; a target group allows an interval of 5 seconds or more.
        defaults = {**defaults, "interval": 5, "timeout": 2, "healthyThreshold": 3, "unhealthyThreshold": 3}
    check: dict[str, Any] = {**defaults, "path": path.text() if path else "/"}
    for key, node in own.items():
        number = (seconds(node) if key in ("interval", "timeout") else whole(node)) or 0
        bounds = _BOUNDS.get(key)
        nearest = min(max(int(number), bounds.start), bounds.stop - 1) if bounds else node.text()
        check[_CHECK_KEYS[key]] = nearest
    for group in _target_groups(draft):
        draft.put(dict(check), "resourceOverrides", group, "healthCheck")
    return check


def health_detail(draft: Draft, node: Node) -> Found:
    """Convert what a health check has beside its path and grace period."""
    if draft.current.role not in (Role.API, Role.SERVICE):
        return unmapped("The workload is not behind the load balancer.")
    key = draft.path[-1]
    written = _check_override(draft)[_CHECK_KEYS[key]]
    setting = f"tierup:resourceOverrides.{_target_groups(draft)[0]}.healthCheck"
    bounds = _BOUNDS.get(key)
    if bounds is not None and written != (seconds(node) if key in ("interval", "timeout") else whole(node)):
        note = f"A target group allows {bounds.start} to {bounds.stop - 1}; {written} was written."
        return Result(outcome=differs("").outcome, setting=setting, note=note)
    return Result(outcome=same("").outcome, setting=setting)


def grace_period(draft: Draft, node: Node) -> Found:
    value = seconds(node)
    if draft.current.role not in (Role.API, Role.SERVICE) or value is None:
        return _invalid(node, "the duration of a service behind the load balancer")
    return draft.mapped(int(value), *draft.current.container, "healthCheckGraceSeconds")


def deregistration_delay(draft: Draft, node: Node) -> Found:
    value = seconds(node)
    if draft.current.role not in (Role.API, Role.SERVICE) or value is None:
        return _invalid(node, "the duration of a service behind the load balancer")
    for group in _target_groups(draft):
        draft.put(int(value), "resourceOverrides", group, "deregistrationDelay")
    note = ""
    if value > 30 and draft.get(*draft.current.container, "stopTimeoutSeconds") is None:
        draft.put(int(min(value, 120)), *draft.current.container, "stopTimeoutSeconds")
        note = "stopTimeoutSeconds is set to it, up to the 120 seconds of Fargate."
    return Result(
        outcome=same("").outcome,
        setting=f"tierup:resourceOverrides.{_target_groups(draft)[0]}.deregistrationDelay",
        note=note,
    )


def stickiness(draft: Draft, node: Node) -> Found:
    if node.value is not True:
        return same("Sticky sessions are disabled by default.")
    if draft.current.role is not Role.API or draft.has(Feature.BLUE_GREEN):
        return unmapped(
            "Phases with blue/green deployments, and further services, have no target stickiness. Keep the sessions in "
            "the cache."
        )
    return draft.mapped(_STICKY_SECONDS, "stickySeconds")


def alias(draft: Draft, node: Node) -> Found:
    names = [each.text() for each in node.items] if node.is_list else [node.text()]
    if node.is_mapping:
        given, zone = node.at("name"), node.at("hosted_zone")
        names = [given.text()] if given else []
        if zone is not None and draft.get("hostedZoneId") is None:
            hosted_zone(draft, zone)
    if not names:
        return unmapped("The alias has no name.")
    return _alias(draft, names)


def _alias(draft: Draft, names: list[str]) -> Found:
    role = draft.current.role
    first = names[0].lower()
    if role is Role.SITE:
        return (
            draft.mapped(first, "domain") if len(names) == 1 else draft.differs(first, "domain", note="One name only.")
        )
    host = draft.get("apiDomain")
    if role is Role.API and host is None and draft.options.api_domain is None:
        more = f" Not served: {', '.join(names[1:])}." if names[1:] else ""
        if more:
            return draft.differs(first, "apiDomain", note=f"The API has one host name.{more}")
        return draft.mapped(first, "apiDomain")
    if first == (draft.options.api_domain or host):
        return same("It is the host name of the API.")
    return differs(f"The load balancer serves the API's host name only; not served: {', '.join(names)}.")


def hosted_zone(draft: Draft, node: Node) -> Found:
    if draft.current.kind is Kind.BACKEND:
        return unmapped("The stack has no private hosted zone; its record is in the public zone of the API's name.")
    if not re.fullmatch(r"Z[A-Z0-9]{1,31}", node.text()):
        return _invalid(node, "the id of a hosted zone, which begins with Z")
    return draft.shared(node.text(), "hostedZoneId", note="One zone holds site and API.")


def redirect(_: Draft, node: Node) -> Found:
    if node.value is False:
        return unmapped("The load balancer always redirects HTTP to HTTPS.")
    return same("The load balancer always redirects HTTP to HTTPS.")


def protocol(_: Draft, node: Node) -> Found:
    if node.text() == "http1":
        return same("The load balancer connects to tasks by HTTP/1.1.")
    return unmapped(
        "The load balancer connects to tasks by HTTP/1.1; the target groups of gRPC and HTTP/2 are missing."
    )


# --- network ---


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


# --- jobs ---

_PRESETS: Final[Mapping[str, str]] = {
    # internal/pkg/deploy/cloudformation/stack/scheduled_job.go; @weekly is Sunday, day 1 of AWS.
    "@hourly": "cron(0 * * * ? *)",
    "@daily": "cron(0 0 * * ? *)",
    "@midnight": "cron(0 0 * * ? *)",
    "@weekly": "cron(0 0 ? * 1 *)",
    "@monthly": "cron(0 0 1 * ? *)",
    "@yearly": "cron(0 0 1 1 ? *)",
    "@annually": "cron(0 0 1 1 ? *)",
}


def aws_schedule(text: str) -> str:
    """Return Copilot's schedule as an expression of EventBridge Scheduler. Raises ValueError if it is not one.

    This follows awsSchedule, toRate and toAWSCron in internal/pkg/deploy/cloudformation/stack/scheduled_job.go.
    """
    text = text.strip()
    if text in _PRESETS:
        return _PRESETS[text]
    if text.startswith("@every "):
        duration = seconds(Node(value=text.removeprefix("@every ").strip(), file="", line=0))
        if not duration or duration % 60:
            raise ValueError("the duration is not a whole number of minutes")
        minutes = int(duration // 60)
        return f"rate({minutes} minute{'' if minutes == 1 else 's'})"
    if not text.startswith(("cron(", "rate(")):
        text = _cron(text.split())
    check_schedule(text)
    return text


def _cron(fields: list[str]) -> str:
    if len(fields) != 5:
        raise ValueError("a cron schedule has five fields")
    minute, hour, day, month, weekday = fields
    any_day, any_weekday = any(each in day for each in "*?"), any(each in weekday for each in "*?")
    if not any_day and not any_weekday:
        raise ValueError("AWS does not support a day of the month together with a day of the week")
    if any_weekday:
        weekday, day = "?", "*" if any_day else day
    else:
        # Days of the week are 0 to 6 (7 is Sunday again) in cron, and 1 to 7 in AWS; a step is not a day.
        weekday = re.sub(r"(?<![\d/#])\d", lambda match: str(int(match[0]) % 7 + 1), weekday)
        day = "?"
    return f"cron({minute} {hour} {day} {month} {weekday} *)"


def schedule(draft: Draft, node: Node) -> Found:
    container = draft.current.container
    if node.text() == "none":
        draft.put("rate(1 day)", *container, "schedule")
        return draft.mapped(False, *container, "enabled", note="The schedule is created disabled.")
    try:
        expression = aws_schedule(node.text())
    except ValueError as error:
        return unmapped(f"{node.text()}: {error}.")
    return draft.mapped(expression, *container, "schedule")


# --- environment ---


def vpc_cidr(draft: Draft, node: Node) -> Found:
    block = node.text()
    if not re.fullmatch(r"\d+\.\d+\.0\.0/16", block):
        return unmapped(f"The stack's VPC is a /16 (got {block}); tierup:vpcCidr applies.")
    return draft.mapped(block, "vpcCidr")


def subnet(draft: Draft, node: Node) -> Found:
    """Convert one public or private subnet of the environment."""
    if node.at("id") is not None:
        return unmapped("tierup:existingNetwork takes it: the ids of subnets by zone, and their route tables.")
    zone, block = node.at("az"), node.at("cidr")
    note = "The stack divides the VPC's block itself." if block else ""
    if zone is None:
        return differs(note or "The stack creates its subnets.")
    if not re.fullmatch(rf"{draft.options.region}[a-z]", zone.text()):
        return unmapped(f"{zone.text()} is not a zone of {draft.options.region}; give the region with --region.")
    zones = list(dict.fromkeys([*(draft.get("availabilityZones") or []), zone.text()]))
    return draft.differs(
        zones, "availabilityZones", note=f"{note} Each zone has public, private and data subnets.".strip()
    )


def flow_logs(_: Draft, node: Node) -> Found:
    if node.value is True:
        return same("The stack's VPC has flow logs.")
    return differs("The stack's VPC has flow logs.")


def cdn(draft: Draft, node: Node) -> Found:
    if node.value is True:
        if draft.has(Feature.API_BEHIND_CDN):
            return same("The API is behind the CDN from phase scale on; the site always is.")
        return differs("The site is behind the CDN; the API is from phase scale on.")
    return differs("The site is always behind the CDN, and the API from phase scale on.")


def _certificate(draft: Draft, text: str, key: str, pattern: str) -> Found:
    if not re.fullmatch(pattern, text):
        return unmapped(f"{text} is not the ARN of a certificate in the region that tierup:{key} needs.")
    return draft.mapped(text, key)


def edge_certificate(draft: Draft, node: Node) -> Found:
    pattern = r"arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}"
    return _certificate(draft, node.text(), "edgeCertificateArn", pattern)


def certificates(draft: Draft, node: Node) -> Found:
    arns = [each.text() for each in node.items] or [node.text()]
    found = _certificate(draft, arns[0], "certificateArn", r"arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}")
    if len(arns) > 1 and isinstance(found, Result) and found.setting:
        return differs_as(found, f"The listener has one certificate; {len(arns) - 1} of {len(arns)} are left out.")
    return found


def access_logs(_: Draft, node: Node) -> Found:
    if node.value is True:
        return same("The load balancer writes access logs to a bucket of the stack.")
    return differs("The load balancer always writes access logs to a bucket of the stack.")


def cdn_ingress(draft: Draft, node: Node) -> Found:
    if not draft.has(Feature.API_BEHIND_CDN):
        return draft.needs(Feature.API_BEHIND_CDN) if node.value is True else same("Clients may connect directly.")
    if node.value is True:
        return draft.mapped("on", "originLock")
    return draft.mapped("off", "originLock")


def container_insights(draft: Draft, node: Node) -> Found:
    enabled = draft.has(Feature.CONTAINER_INSIGHTS)
    if bool(node.value) is enabled:
        return same(f"Container Insights is {'on' if enabled else 'off'} in phase {draft.phase}.")
    if enabled:
        return differs("Container Insights is on from phase scale on.")
    return draft.needs(Feature.CONTAINER_INSIGHTS)
