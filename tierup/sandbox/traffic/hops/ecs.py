"""ECS: where tasks run, whether they start and run, and which names they can call."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, World, fails, passes, unknown
from ..memory import SERVICE, containers, current_version, task_definition
from ..rows import Rows, label, listed
from . import iam, network

CLUSTER = "aws:ecs/cluster:Cluster"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a type token)
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
REPOSITORY = "aws:ecr/repository:Repository"
SCHEDULE = "aws:scheduler/schedule:Schedule"

_ECR = ".dkr.ecr."


def party(service: CloudResource) -> network.Party:
    """Return the tasks of a service, or of a schedule, as one end of a connection."""
    if service.type == SCHEDULE:
        parameters = (service.value("target") or {}).get("ecsParameters") or {}
        configuration = parameters.get("networkConfiguration") or {}
    else:
        configuration = service.value("networkConfiguration") or {}
    return network.Party(
        name=f"the tasks of {task_name(service)}",
        subnets=[str(each) for each in listed(configuration.get("subnets"))],
        groups=[str(each) for each in listed(configuration.get("securityGroups"))],
        public=configuration.get("assignPublicIp") in (True, "ENABLED"),
    )


def task_name(service: CloudResource) -> str:
    """Return the short name of a service or schedule: its logical name without the suffix of its kind."""
    for suffix in ("-service", "-clock-schedule", "-schedule", "-clock"):
        if service.name.endswith(suffix):
            return service.name.removesuffix(suffix)
    return service.name or service.id


def condition_holds(world: World, kind: ConditionKind, service: CloudResource) -> bool:
    """Return whether a condition of a kind holds for a service, by any of its names."""
    return world.conditions.holds(kind, service.name, task_name(service), str(service.value("name")))


def definition_of(rows: Rows, service: CloudResource) -> CloudResource | None:
    """Return the task definition of a service or schedule."""
    if service.type == SCHEDULE:
        parameters = (service.value("target") or {}).get("ecsParameters") or {}
        return task_definition(rows, str(parameters.get("taskDefinitionArn") or ""))
    return task_definition(rows, str(service.value("taskDefinition") or ""))


def listens(world: World, service: CloudResource, container: str, port: int) -> Hop:
    """Return whether a container of the service has a port mapping for a port."""
    definition = definition_of(world.rows, service)
    if definition is None:
        reason = f"The task definition of {label(service)} does not exist."
        return fails("task", label(service), "taskDefinition", reason, sources.ECS_SERVICE)
    for each in containers(definition):
        if each.get("name") == container and port in [m.get("containerPort") for m in each.get("portMappings", ())]:
            reason = f"Container '{container}' listens on port {port}."
            return passes("task", label(definition), "containerDefinitions", reason, sources.ECS_SERVICE)
    reason = f"Container '{container}' has no port mapping for port {port}."
    return fails("task", label(definition), "containerDefinitions", reason, sources.ECS_SERVICE)


def running(world: World, service: CloudResource) -> Hop:
    """Return whether the service has running tasks: one is wanted, it can start, and nothing stops it."""
    key = ("running", service.key)
    if key not in world.cache:
        world.cache[key] = _running(world, service)
    return world.cache[key]


def _running(world: World, service: CloudResource) -> Hop:
    name = label(service)
    if condition_holds(world, ConditionKind.TASK_STOPPED, service):
        return fails("task", name, "desiredCount", "All tasks of the service have stopped.", sources.ECS_SERVICE)
    if service.type == SERVICE and not int(service.value("desiredCount") or 0):
        return fails("task", name, "desiredCount", "The service wants no task.", sources.ECS_SERVICE)
    here = party(service)
    if here.subnets and not network.usable_subnets(world, here.subnets):
        reason = "All zones of the service are down."
        return fails("task", name, "networkConfiguration", reason, sources.ECS_SERVICE)
    for hop in starts(world, service):
        if not hop.passed:
            return hop
    return passes("task", name, "desiredCount", f"{label(service)} has running tasks.", sources.ECS_SERVICE)


def starts(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops that a new task needs: its definition, image, secrets and log group."""
    definition = definition_of(world.rows, service)
    if definition is None:
        reason = f"The task definition of {label(service)} does not exist."
        yield fails("task", label(service), "taskDefinition", reason, sources.ECS_SERVICE)
        return
    yield from registry(world, service)
    yield from secrets(world, service)
    yield from logs(world, service)
    yield iam.task_start(world, definition)


def _may(world: World, service: CloudResource, *services: str) -> Iterator[Hop]:
    definition = definition_of(world.rows, service)
    if definition is not None:
        yield iam.task_start(world, definition, *services)


def registry(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which a task pulls its images."""
    here = party(service)
    for host in sorted({_registry(image) for image in images(world.rows, service)}):
        if _ECR in host:
            for part in ("ecr.api", "ecr.dkr", "s3"):  # layers are in S3
                yield from network.aws_service(world, here, part)
        else:
            outside = network.Party(name=f"the registry {host}", addresses=["198.51.100.1/32"])
            yield network.security_group(world, here, outside, 443, ingress=False)
            yield network.to_internet(world, here)
    for image in images(world.rows, service):
        if _ECR in _registry(image):
            yield _repository(world, image)
            yield from _may(world, service, "ecr")


def _repository(world: World, image: str) -> Hop:
    path = image.partition("/")[2].partition("@")[0].rpartition(":")[0] or image.partition("/")[2]
    account = image.partition(".")[0]
    found = world.rows.one(REPOSITORY, name=path)
    if found is not None:
        reason = f"The repository of {path} exists. The model does not know which images were pushed."
        return passes("image", label(found), "name", reason, sources.ECS_TASK_START)
    if not any(each.account == account for each in world.rows.all(CLUSTER)):
        reason = f"The image is in account {account}, whose repositories and their policies are not in the sandbox."
        return unknown("image", image, "image", reason, sources.ECS_TASK_START)
    reason = f"No repository {path} exists."
    return fails("image", image, "image", reason, sources.ECS_TASK_START)


def images(rows: Rows, service: CloudResource) -> list[str]:
    """Return the images of a task."""
    return [str(each.get("image")) for each in containers(definition_of(rows, service))]


def _registry(image: str) -> str:
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first) else "docker.io"


def secrets(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which ECS reads the secrets of a task."""
    definition = definition_of(world.rows, service)
    references = {
        str(secret["valueFrom"]) for container in containers(definition) for secret in container.get("secrets", ())
    }
    if not references:
        return
    yield from network.aws_service(world, party(service), "secretsmanager")
    for reference in sorted(references):
        arn = ":".join(reference.split(":")[:7])
        secret = world.rows.one(SECRET, arn=arn)
        if secret is None:
            reason = "A secret of the task does not exist."
            yield fails("secret", arn, "arn", reason, sources.ECS_SECRETS)
            continue
        version = current_version(world.rows, reference)
        if version is None:
            reason = "A secret of the task has no value."
            yield fails("secret", label(secret), "secretString", reason, sources.ECS_SECRETS)
            continue
        key = (reference.split(":")[7:] or [""])[0]
        if key and not _has_key(version, key):
            reason = f"The secret has no JSON key '{key}'."
            yield fails("secret", label(secret), "secretString", reason, sources.ECS_SECRETS)
    yield from _may(world, service, "secretsmanager", "kms")
    reason = f"The secrets of {task_name(service)} exist and have values."
    yield passes("secret", label(definition) if definition else "", "secrets", reason, sources.ECS_SECRETS)


def _has_key(version: CloudResource, key: str) -> bool:
    text = version.value("secretString")
    try:
        return isinstance(text, str) and key in json.loads(text)
    except ValueError:
        return False


def logs(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which a task writes its logs."""
    groups = {
        str((container.get("logConfiguration") or {}).get("options", {}).get("awslogs-group") or "")
        for container in containers(definition_of(world.rows, service))
        if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs"
    } - {""}
    if not groups:
        return
    yield from network.aws_service(world, party(service), "logs")
    for group in sorted(groups):
        found = world.rows.one(LOG_GROUP, name=group)
        if found is None:
            reason = f"The log group {group} does not exist."
            yield fails("logs", group, "name", reason, sources.ECS_TASK_START)
        else:
            yield passes("logs", label(found), "name", "The log group exists.", sources.ECS_TASK_START)
    yield from _may(world, service, "logs")


def connect(world: World, caller: CloudResource, callee: CloudResource, name: str, port: int) -> Iterator[Hop]:
    """Yield the hops from a service's tasks to another service's by its Service Connect name."""
    place, property = label(caller), "serviceConnectConfiguration"
    if not (caller.value(property) or {}).get("enabled"):
        reason = f"{place} has no Service Connect configuration, so it does not resolve {name}."
        yield fails("service-connect", place, property, reason, sources.SERVICE_CONNECT)
        return
    started = world.memory.started.get(caller.id)
    if started is None:
        reason = "The model does not know when the tasks of the caller started."
        yield unknown("service-connect", place, property, reason, sources.SERVICE_CONNECT)
    elif name not in started.names:
        reason = (
            f"The running tasks of {place} started before the name {name} existed, and do not resolve it."
            f" Redeploy {task_name(caller)} after {task_name(callee)}."
        )
        yield fails("service-connect", place, property, reason, sources.SERVICE_CONNECT, memory=True)
    else:
        reason = f"The tasks of {task_name(caller)} resolve {name}."
        yield passes("service-connect", place, property, reason, sources.SERVICE_CONNECT)
    yield from network.inside_vpc(world, party(caller), party(callee), port)
    yield running(world, callee)
