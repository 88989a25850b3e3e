"""ECS: where tasks run, whether they start and run, and which names they can call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial

from tierup.sandbox.aws.secret_replicas import key_at, secret_at
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..hop import Hop, World, fails, passes, unknown
from ..memory import SERVICE, containers, current_version, task_definition
from ..rows import Rows, label, listed
from . import iam, kms, network, routes, vpc_endpoints

CLUSTER = "aws:ecs/cluster:Cluster"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
REPOSITORY = "aws:ecr/repository:Repository"
SCALABLE_TARGET = "aws:appautoscaling/target:Target"
NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace"
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
            port_variable = next((v.get("value") for v in each.get("environment", ()) if v.get("name") == "PORT"), None)
            if port_variable is not None and str(port_variable) != str(port):
                reason = f"Container '{container}' listens on its variable PORT, {port_variable}, not on port {port}."
                return fails("task", label(definition), "containerDefinitions", reason, sources.ECS_SERVICE)
            reason = f"Container '{container}' listens on port {port}."
            return passes("task", label(definition), "containerDefinitions", reason, sources.ECS_SERVICE)
    reason = f"Container '{container}' has no port mapping for port {port}."
    return fails("task", label(definition), "containerDefinitions", reason, sources.ECS_SERVICE)


def listens_on(world: World, service: CloudResource, port: int) -> bool:
    """Return whether any container of a service has a port mapping for a port."""
    found = containers(definition_of(world.rows, service))
    return any(mapping.get("containerPort") == port for each in found for mapping in each.get("portMappings", ()))


def stays_at_0(rows: Rows, service: CloudResource) -> bool:
    """Return whether a service has no task, and autoscaling allows tasks without requiring one."""
    if int(service.value("desiredCount") or 0):
        return False
    target = rows.one(SCALABLE_TARGET, resourceId=_resource_id(service))
    if target is None:
        return False
    return not int(target.value("minCapacity") or 0) and bool(int(target.value("maxCapacity") or 0))


def _resource_id(service: CloudResource) -> str:
    cluster = str(service.value("cluster") or "")
    return f"service/{cluster.rpartition('/')[2]}/{service.value('name')}"


def running(world: World, service: CloudResource) -> Hop:
    """Return whether the service has running tasks: one is wanted, it can start, and nothing stops it."""
    return world.once(("running", service.key), partial(_running, world, service))


def _running(world: World, service: CloudResource) -> Hop:
    name = label(service)
    if condition_holds(world, ConditionKind.TASK_STOPPED, service):
        return fails("task", name, "desiredCount", "All tasks of the service have stopped.", sources.ECS_SERVICE)
    if service.type == SERVICE and not int(service.value("desiredCount") or 0):
        return fails("task", name, "desiredCount", "The service wants no task.", sources.ECS_SERVICE)
    stopped = _stopped(world, service)
    if stopped is not None:
        return stopped
    here = party(service)
    if here.subnets and not network.usable_subnets(world, here.subnets):
        reason = "All zones of the service are down."
        return fails("task", name, "networkConfiguration", reason, sources.ECS_SERVICE)
    for hop in starts(world, service) if service.id not in world.memory.running else ():
        if not hop.passed:
            return hop
    return passes("task", name, "desiredCount", f"{label(service)} has running tasks.", sources.ECS_SERVICE)


def _stopped(world: World, service: CloudResource) -> Hop | None:
    """Return the hop that fails if the cluster is gone, or autoscaling allows no task; else None."""
    if service.type != SERVICE:
        return None
    rows, cluster = world.rows, str(service.value("cluster") or "")
    if service.urn and cluster.startswith("arn:") and rows.one(CLUSTER, arn=cluster) is None:
        reason = "The cluster of the service does not exist."
        return fails("task", label(service), "cluster", reason, sources.ECS_SERVICE)
    target = rows.one(SCALABLE_TARGET, resourceId=_resource_id(service))
    maximum = target.value("maxCapacity") if target is not None else None
    if target is not None and maximum is not None and not int(maximum):
        reason = "Autoscaling allows at most 0 tasks of the service."
        return fails("task", label(target), "maxCapacity", reason, sources.ECS_SERVICE)
    return None


def starts(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops that a new task needs: its definition, image, secrets and log group."""
    definition = definition_of(world.rows, service)
    if definition is None:
        reason = f"The task definition of {label(service)} does not exist."
        yield fails("task", label(service), "taskDefinition", reason, sources.ECS_SERVICE)
        return
    resolver = vpc_endpoints.resolves(world, party(service))
    if resolver is not None:
        yield resolver
    yield from registry(world, service)
    yield from secrets(world, service)
    yield from logs(world, service)
    yield from _roles(world, definition)
    yield iam.task_start(world, definition)


def _roles(world: World, definition: CloudResource) -> Iterator[Hop]:
    """Yield a hop if a role of a Fargate task is missing."""
    if "FARGATE" not in listed(definition.value("requiresCompatibilities")):
        return
    place = label(definition)
    defined = containers(definition)
    pulls = any(_ECR in _registry(str(each.get("image"))) for each in defined)
    writes = any((each.get("logConfiguration") or {}).get("logDriver") == "awslogs" for each in defined)
    if not definition.value("executionRoleArn") and (pulls or writes or any(each.get("secrets") for each in defined)):
        reason = "The task has no execution role, which its secrets, its logs or its image need."
        yield fails("iam", place, "executionRoleArn", reason, sources.ECS_TASK_START)
    for name in ("executionRoleArn", "taskRoleArn"):
        arn = str(definition.value(name) or "")
        if not arn or world.rows.one(iam.ROLE, arn=arn) is not None:
            continue
        if f":{definition.account}:" in arn:
            yield fails("iam", place, name, f"The role {arn} does not exist.", sources.ECS_TASK_START)
        else:
            yield unknown("iam", place, name, f"The role {arn} is not in the sandbox.", sources.ECS_TASK_START)


def _may(world: World, service: CloudResource, *services: str) -> Iterator[Hop]:
    definition = definition_of(world.rows, service)
    if definition is None:
        return
    here = party(service)
    found = {name: vpc_endpoints.endpoints_of(world, here, _ENDPOINTS[name]) for name in services if name in _ENDPOINTS}
    yield iam.task_start(
        world, definition, *services, endpoints={name: each[0] for name, each in found.items() if each}
    )


_ENDPOINTS = {"ecr": "ecr.api", "secretsmanager": "secretsmanager", "logs": "logs"}
"""The last part of the service name of an endpoint, by the prefix of the actions that pass it."""


def registry(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which a task pulls its images."""
    found = images(world.rows, service)
    yield from pulls(world, party(service), found)
    if any(_ECR in _registry(image) for image in found):
        yield from _may(world, service, "ecr")


def pulls(world: World, here: network.Party, images: Sequence[str]) -> Iterator[Hop]:
    """Yield the hops from what runs containers to the registries of their images, and whether the images exist."""
    for host in sorted({_registry(image) for image in images}):
        if _ECR in host:
            for part in ("ecr.api", "ecr.dkr", "s3"):  # layers are in S3
                yield from vpc_endpoints.aws_service(world, here, part)
        else:
            outside = network.Party(name=f"the registry {host}", addresses=["198.51.100.1/32"])
            yield network.security_group(world, here, outside, 443, ingress=False)
            yield routes.to_internet(world, here)
    for image in images:
        if _ECR in _registry(image):
            yield _repository(world, image)
            for endpoint in vpc_endpoints.endpoints_of(world, here, "s3"):
                layers = iam.pulls_layers(world, endpoint)
                if layers is not None:
                    yield layers


def _repository(world: World, image: str) -> Hop:
    path = image.partition("/")[2].partition("@")[0].partition(":")[0]
    account = image.partition(".")[0]
    found = world.rows.one(REPOSITORY, name=path)
    if found is not None:
        for encryption in listed(found.value("encryptionConfigurations")):
            stopped = kms.usable(world, encryption.get("kmsKey"), found)
            if stopped is not None:
                return stopped
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
    yield from vpc_endpoints.aws_service(world, party(service), "secretsmanager")
    for reference in sorted(references):
        arn = ":".join(reference.split(":")[:7])
        secret = secret_at(world.rows.find, arn)
        if secret is None:
            reason = "A secret of the task does not exist."
            yield fails("secret", arn, "arn", reason, sources.ECS_SECRETS)
            continue
        stopped = kms.usable(world, key_at(secret, arn), secret)
        if stopped is not None:
            yield stopped
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
    yield from vpc_endpoints.aws_service(world, party(service), "logs")
    for group in sorted(groups):
        found = world.rows.one(LOG_GROUP, name=group)
        if found is None:
            reason = f"The log group {group} does not exist."
            yield fails("logs", group, "name", reason, sources.ECS_TASK_START)
        else:
            stopped = kms.usable(world, found.value("kmsKeyId"), found)
            if stopped is not None:
                yield stopped
            yield passes("logs", label(found), "name", "The log group exists.", sources.ECS_TASK_START)
    yield from _may(world, service, "logs")


def session(world: World, service: CloudResource) -> Iterator[Hop]:
    """Yield the hops by which a person opens a session in a task: ECS Exec, through Systems Manager."""
    definition = definition_of(world.rows, service)
    if definition is None:
        reason = f"The task definition of {label(service)} does not exist."
        yield fails("task", label(service), "taskDefinition", reason, sources.ECS_SERVICE)
        return
    here = party(service)
    yield from vpc_endpoints.aws_service(world, here, "ssmmessages")
    found = vpc_endpoints.endpoints_of(world, here, "ssmmessages")
    yield iam.opens_sessions(world, definition, {"ssmmessages": found[0]} if found else {})
    cluster = world.rows.one(CLUSTER, arn=str(service.value("cluster") or ""))
    options = ((cluster.value("configuration") or {}) if cluster else {}).get("executeCommandConfiguration") or {}
    group = str((options.get("logConfiguration") or {}).get("cloudWatchLogGroupName") or "")
    if group:
        log_group = world.rows.one(LOG_GROUP, name=group)
        if log_group is None:
            reason = f"The log group of sessions, {group}, does not exist."
            yield fails("logs", group, "name", reason, sources.ECS_EXEC)
            return
        stopped = kms.usable(world, log_group.value("kmsKeyId"), log_group)
        if stopped is not None:
            yield stopped
        yield passes("logs", label(log_group), "name", "The log group of sessions exists.", sources.ECS_EXEC)


def connect(world: World, caller: CloudResource, callee: CloudResource, name: str, port: int) -> Iterator[Hop]:
    """Yield the hops from a service's tasks to another service's by its Service Connect name."""
    place, property = label(caller), "serviceConnectConfiguration"
    if not (caller.value(property) or {}).get("enabled"):
        reason = f"{place} has no Service Connect configuration, so it does not resolve {name}."
        yield fails("service-connect", place, property, reason, sources.SERVICE_CONNECT)
        return
    namespace = str((callee.value(property) or {}).get("namespace") or "")
    if callee.urn and namespace.startswith("arn:") and world.rows.one(NAMESPACE, arn=namespace) is None:
        reason = "The namespace of Service Connect does not exist."
        yield fails("service-connect", label(callee), f"{property}.namespace", reason, sources.SERVICE_CONNECT)
    yield from _named_port(world, callee, name)
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


def _named_port(world: World, callee: CloudResource, name: str) -> Iterator[Hop]:
    """Yield a hop if the port of a Service Connect name is not a named port of the callee's containers."""
    mappings = [m for each in containers(definition_of(world.rows, callee)) for m in each.get("portMappings", ())]
    for entry in listed((callee.value("serviceConnectConfiguration") or {}).get("services")):
        aliases = listed(entry.get("clientAlias") or entry.get("clientAliases"))
        if name not in [alias.get("dnsName") for alias in aliases]:
            continue
        if entry.get("portName") not in [mapping.get("name") for mapping in mappings]:
            reason = f"No container of {task_name(callee)} has a port with the name '{entry.get('portName')}'."
            yield fails("service-connect", label(callee), "portName", reason, sources.SERVICE_CONNECT)
