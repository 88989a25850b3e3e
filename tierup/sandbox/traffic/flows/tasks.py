"""Flows of tasks: to the database, the cache, AWS services, the internet and other services; their starts; sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..flow import Flow, FlowKind, Trace
from ..hop import Hop, World, fails, passes, unknown
from ..hops import alb, atlas, aws_calls, ecs, efs, elasticache, iam, network, routes
from ..memory import SERVICE, Connection, connect_names, containers, secret_facts
from ..rows import Rows, label, listed

ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
FUNCTION = "aws:lambda/function:Function"
CONNECTION_TARGETS = {"mongodb": "database", "mongodb+srv": "database", "redis": "cache", "rediss": "cache"}
"""What a connection string leads to, by its scheme."""

_CONNECTION = " to-connection-"
"""What the description of an egress rule to a destination of the settings contains before its name."""
_INTERNET = network.Party(name="the internet", addresses=["198.51.100.1/32"])


def runners(rows: Rows) -> list[CloudResource]:
    """Return what runs tasks: services, and schedules that run a task.

    A service without tasks that autoscaling leaves at 0, such as the worker of a region that does not serve, runs none.
    """
    schedules = [
        each for each in rows.all(ecs.SCHEDULE) if (each.value("target") or {}).get("ecsParameters") is not None
    ]
    return [*(each for each in rows.all(SERVICE) if not ecs.stays_at_0(rows, each)), *schedules]


def _flow(runner: CloudResource, target: str, kind: str, trace: Trace, *, at_rest: bool = False) -> Flow:
    name = ecs.task_name(runner)
    return Flow(
        id=f"{name} to {target}", kind=kind, source=name, target=target, stack=runner.stack, trace=trace,
        at_rest=at_rest,
    )  # fmt: skip


def current(world: World, key: int) -> CloudResource | None:
    """Return a runner as it is now, by its key."""
    return next((each for each in runners(world.rows) if each.key == key), None)


def _with_runner(trace: object, runner: CloudResource) -> Trace:
    def run(world: World) -> Iterator[Hop]:
        found = current(world, runner.key)
        if found is None:
            yield fails("task", label(runner), "id", f"{label(runner)} does not exist.", sources.ECS_SERVICE)
            return
        if found.type == SERVICE:
            yield ecs.running(world, found)
        yield from trace(world, found)  # pyright: ignore[reportCallIssue, reportUnknownVariableType]

    return run


def _dependencies(rows: Rows) -> Iterable[Flow]:
    for runner in runners(rows):
        connections, _ = secret_facts(ecs.definition_of(rows, runner), rows)
        for variable, connection in sorted(connections.items()):
            target = CONNECTION_TARGETS[connection.scheme]
            yield _flow(runner, target, "task-data", _with_runner(partial(_connect, variable=variable), runner))


def _connect(world: World, runner: CloudResource, variable: str) -> Iterator[Hop]:
    connection = connection_of(world, runner, variable)
    if connection is None:
        reason = f"The tasks have no connection string in {variable}."
        yield fails("secret", label(runner), variable, reason, sources.ECS_SECRETS)
        return
    definition = ecs.definition_of(world.rows, runner)
    role = str(definition.value("taskRoleArn") or "") if definition is not None else ""
    yield from data_hops(world, ecs.party(runner), connection, role)


def data_hops(world: World, here: network.Party, connection: Connection, role: str) -> Iterator[Hop]:
    """Yield the hops of a connection to the cache or the database; `role` is the ARN of the client's role, or ""."""
    if CONNECTION_TARGETS[connection.scheme] == "cache":
        yield from elasticache.connect(world, here, connection)
    else:
        yield from atlas.connect(world, here, connection, role)


def task_hops(world: World, runner: CloudResource, variable: str) -> Iterator[Hop]:
    """Yield the hops of a task that runs once: its start, or with `variable` the connection string in it."""
    if variable:
        yield from _connect(world, runner, variable)
    else:
        yield from ecs.starts(world, runner)


def connection_of(world: World, runner: CloudResource, variable: str) -> Connection | None:
    """Return a connection as the running tasks have it: from the secret's version at their start."""
    started = world.memory.started.get(runner.id)
    if started is not None and variable in started.connections:
        return started.connections[variable]
    connections, _ = secret_facts(ecs.definition_of(world.rows, runner), world.rows)
    return connections.get(variable)


def _secrets_current(world: World, runner: CloudResource) -> Iterator[Hop]:
    started = world.memory.started.get(runner.id)
    definition = ecs.definition_of(world.rows, runner)
    connections, versions = secret_facts(definition, world.rows)
    if started is None:
        reason = "The model does not know when the tasks started."
        yield unknown("secret-version", label(runner), "taskDefinition", reason, sources.ECS_SECRETS)
        return
    stale = started.stale_secrets(connections, versions)
    if stale:
        reason = f"The running tasks still have the previous value of {', '.join(stale)}. Redeploy the service."
        yield fails("secret-version", label(runner), "taskDefinition", reason, sources.ECS_SECRETS, memory=True)
        return
    reason = "The running tasks have the current value of each secret."
    yield passes("secret-version", label(runner), "taskDefinition", reason, sources.ECS_SECRETS)


def _services(rows: Rows) -> Iterable[Flow]:
    for runner in runners(rows):
        definition = ecs.definition_of(rows, runner)
        has_secrets = any(container.get("secrets") for container in containers(definition))
        hops = [("registry", ecs.registry), ("logs", ecs.logs), ("internet", _internet)]
        if has_secrets:
            hops.append(("Secrets Manager", ecs.secrets))
            if runner.type == SERVICE:
                hops.append(("current secrets", _secrets_current))
        for target, trace in hops:
            # Between the change of a secret and the deployment that follows, tasks have the previous value. Whether it
            # still works is the question of the flow that uses it. Running tasks pull no image and read no secret.
            at_rest = target in ("registry", "Secrets Manager", "current secrets")
            yield _flow(runner, target, "task-platform", _with_runner(trace, runner), at_rest=at_rest)


def _internet(world: World, runner: CloudResource) -> Iterator[Hop]:
    yield from internet_hops(world, ecs.party(runner))


def internet_hops(world: World, here: network.Party) -> Iterator[Hop]:
    """Yield the hops of an HTTPS request from tasks or pods to an address in the internet."""
    yield network.security_group(world, here, _INTERNET, 443, ingress=False)
    acl = network.network_acl(world, network.usable_subnets(world, here.subnets), 443, ingress=False)
    if acl is not None:
        yield acl
    yield routes.to_internet(world, here)


def _connections(rows: Rows) -> Iterable[Flow]:
    for runner in runners(rows):
        for name in _connection_rules(rows, runner):
            yield _flow(runner, name, "task-connection", _with_runner(partial(_reach, name=name), runner))


def _connection_rules(rows: Rows, runner: CloudResource) -> Mapping[str, CloudResource]:
    """Return the egress rules of the destinations that the settings name for a runner, by name."""
    found: dict[str, CloudResource] = {}
    for group in ecs.party(runner).groups:
        for rule in rows.find(network.EGRESS, securityGroupId=group):
            _, marker, name = str(rule.value("description") or "").partition(_CONNECTION)
            if marker:
                found[name] = rule
    return found


def _reach(world: World, runner: CloudResource, name: str) -> Iterator[Hop]:
    rule = _connection_rules(world.rows, runner).get(name)
    if rule is None:
        reason = f"The tasks have no rule for {name}."
        yield fails("security-group", label(runner), "securityGroups", reason, sources.SECURITY_GROUPS)
        return
    here, port = ecs.party(runner), int(rule.value("fromPort"))
    group, block = rule.value("referencedSecurityGroupId"), rule.value("cidrIpv4")
    there = network.Party(name=name, groups=[str(group)] if group else (), addresses=[str(block)] if block else ())
    yield network.security_group(world, here, there, port, ingress=False)
    acl = network.network_acl(world, network.usable_subnets(world, here.subnets), port, ingress=False)
    if acl is not None:
        yield acl
    if group:
        yield network.security_group(world, there, here, port, ingress=True)
    else:
        yield from routes.to_block(world, here, str(block))


def _aws_calls(rows: Rows) -> Iterable[Flow]:
    for runner in runners(rows):
        for service in sorted(aws_calls.services_of(rows, runner)):
            trace = partial(aws_calls.call, service=service)
            yield _flow(runner, f"AWS {service}", "task-aws", _with_runner(trace, runner))


def _volumes(rows: Rows) -> Iterable[Flow]:
    for runner in runners(rows):
        for name in efs.mounted(ecs.definition_of(rows, runner)):
            yield _flow(runner, f"volume {name}", "task-volume", _with_runner(partial(_mount, name=name), runner))


def _mount(world: World, runner: CloudResource, name: str) -> Iterator[Hop]:
    definition = ecs.definition_of(world.rows, runner)
    volume = efs.mounted(definition).get(name)
    if definition is None or volume is None:
        reason = f"The task definition has no volume {name}."
        yield fails("file-system", label(runner), "volumes", reason, sources.EFS_MOUNT)
        return
    yield from efs.mount(world, ecs.party(runner), definition, volume)


def _service_connect(rows: Rows) -> Iterable[Flow]:
    callees = _callees(rows)
    for name, (callee, port, namespace) in callees.items():
        for runner in rows.all(SERVICE):
            configuration = runner.value("serviceConnectConfiguration") or {}
            if runner.key == callee.key or not _shares_cluster(runner, callee):
                continue
            if configuration.get("enabled") and configuration.get("namespace") != namespace:
                continue
            if listed(configuration.get("services")) and not _allows(rows, runner, callee, port):
                continue  # a service that is called itself calls only what its security group allows
            trace = partial(_call, name=name, port=port)
            yield _flow(runner, f"http://{name}:{port}", "service-connect", _with_runner(trace, runner))


def _shares_cluster(one: CloudResource, other: CloudResource) -> bool:
    return one.value("cluster") == other.value("cluster") and one.stack == other.stack


def _allows(rows: Rows, runner: CloudResource, callee: CloudResource, port: int) -> bool:
    here, there = ecs.party(runner), ecs.party(callee)
    return network.security_group(World(rows), here, there, port, ingress=False).passed


def _callees(rows: Rows) -> dict[str, tuple[CloudResource, int, str]]:
    found: dict[str, tuple[CloudResource, int, str]] = {}
    for service in rows.all(SERVICE):
        configuration = service.value("serviceConnectConfiguration") or {}
        for entry in listed(configuration.get("services")):
            for alias in listed(entry.get("clientAlias") or entry.get("clientAliases")):
                if alias.get("dnsName"):
                    port = int(alias.get("port") or 0)
                    found[str(alias["dnsName"])] = (service, port, str(configuration.get("namespace")))
    return found


def _call(world: World, runner: CloudResource, name: str, port: int) -> Iterator[Hop]:
    callee = connect_names(runner, world.rows).get(name)
    if callee is None:
        found = _callees(world.rows).get(name)
        callee = found[0] if found is not None else None
    if callee is None:
        reason = f"No service has the Service Connect name {name}."
        yield fails("service-connect", label(runner), "serviceConnectConfiguration", reason, sources.SERVICE_CONNECT)
        return
    yield from ecs.connect(world, runner, callee, name, port)


def _load_balancer(rows: Rows) -> Iterable[Flow]:
    for service in rows.all(SERVICE):
        for block in listed(service.value("loadBalancers")):
            arn = str(block.get("targetGroupArn"))
            name = ecs.task_name(service)
            yield Flow(
                id=f"load balancer to {name}", kind="load-balancer", source="load balancer", target=name,
                stack=service.stack, trace=partial(balancer_targets, arn=arn),
            )  # fmt: skip


def balancer_targets(world: World, arn: str) -> Iterator[Hop]:
    """Yield the hops from each load balancer that uses a target group to its targets."""
    group = world.rows.one(alb.TARGET_GROUP, arn=arn)
    balancers = _balancers(world.rows, arn)
    if group is None or not balancers:
        reason = "No listener of a load balancer forwards to the target group."
        yield fails("target-group", label(group) if group else arn, "arn", reason, sources.TARGET_HEALTH)
        return
    for load_balancer in balancers:
        yield from alb.targets(world, load_balancer, arn)


def _balancers(rows: Rows, arn: str) -> list[CloudResource]:
    """Return the load balancers with a rule or default action for a target group, whatever its weight."""
    found: dict[int, CloudResource] = {}
    for listener in rows.all(alb.LISTENER):
        actions = alb.actions_of(rows, listener)
        arns = {str(action.get("targetGroupArn")) for action in actions} | {
            str(group.get("arn"))
            for action in actions
            for group in listed((action.get("forward") or {}).get("targetGroups"))
        }
        if arn in arns:
            balancer = rows.one(alb.LOAD_BALANCER, id=str(listener.value("loadBalancerArn")))
            if balancer is not None:
                found[balancer.key] = balancer
    return list(found.values())


def _schedules(rows: Rows) -> Iterable[Flow]:
    for schedule in rows.all(ecs.SCHEDULE):
        if (schedule.value("target") or {}).get("ecsParameters") is None:
            continue
        if str(schedule.value("state") or "ENABLED") == "DISABLED":
            continue
        name = ecs.task_name(schedule)
        yield Flow(
            id=f"scheduler to RunTask {name}", kind="scheduler", source="scheduler", target=f"RunTask {name}",
            stack=schedule.stack, trace=partial(_run_task, key=schedule.key),
        )  # fmt: skip


def _run_task(world: World, key: int) -> Iterator[Hop]:
    schedule = current(world, key)
    if schedule is None:
        yield fails("schedule", "", "id", "The schedule does not exist.", sources.SCHEDULER)
        return
    target = schedule.value("target") or {}
    cluster = world.rows.one(ecs.CLUSTER, arn=str(target.get("arn")))
    if cluster is None:
        reason = "The cluster of the schedule is not in the sandbox."
        yield unknown("schedule", label(schedule), "target.arn", reason, sources.SCHEDULER)
    yield from ecs.starts(world, schedule)
    yield iam.needs_of(world, schedule)
    reason = "The schedule starts its task."
    yield passes("schedule", label(schedule), "target", reason, sources.SCHEDULER)


def _rotations(rows: Rows) -> Iterable[Flow]:
    for rotation in rows.all(ROTATION):
        name = rotation.name.removesuffix("-schedule")
        yield Flow(
            id=f"Secrets Manager to {name}", kind="rotation", source="Secrets Manager", target=name,
            stack=rotation.stack, trace=partial(_rotate, key=rotation.key),
        )  # fmt: skip


def _rotate(world: World, key: int) -> Iterator[Hop]:
    rotation = next((each for each in world.rows.all(ROTATION) if each.key == key), None)
    if rotation is None:
        yield fails("rotation", "", "id", "The rotation does not exist.", sources.ROTATION)
        return
    arn = str(rotation.value("rotationLambdaArn") or "")
    if arn and world.rows.one(FUNCTION, arn=arn) is None:
        reason = "The function that rotates the secret does not exist."
        yield fails("rotation", label(rotation), "rotationLambdaArn", reason, sources.ROTATION)
    yield iam.needs_of(world, rotation)
    reason = "Secrets Manager calls the function, which writes the secret and deploys the services."
    yield passes("rotation", label(rotation), "rotationLambdaArn", reason, sources.ROTATION)


def _sessions(rows: Rows) -> Iterable[Flow]:
    for service in rows.all(SERVICE):
        if not service.value("enableExecuteCommand"):
            continue
        name = ecs.task_name(service)
        yield Flow(
            id=f"user to a session in {name}", kind="session", source="user", target=name, stack=service.stack,
            trace=_with_runner(ecs.session, service),
        )  # fmt: skip


FLOW_KINDS = (
    FlowKind(
        id="load-balancer", description="The load balancer's health check reaches the tasks.", derive=_load_balancer
    ),
    FlowKind(id="task-data", description="Tasks connect to the database and the cache.", derive=_dependencies),
    FlowKind(id="task-connection", description="Tasks connect to destinations outside the stack.", derive=_connections),
    FlowKind(
        id="task-aws",
        description="Tasks call the AWS services that the permissions of the application name.",
        derive=_aws_calls,
    ),
    FlowKind(id="task-volume", description="Tasks mount the volumes of EFS.", derive=_volumes),
    FlowKind(
        id="task-platform",
        description="Tasks pull images, read secrets, write logs and reach the internet.",
        derive=_services,
    ),
    FlowKind(id="service-connect", description="Services call each other by Service Connect.", derive=_service_connect),
    FlowKind(id="rotation", description="Secrets Manager rotates a secret by a function.", derive=_rotations),
    FlowKind(
        id="session",
        description="A user opens a session in a task: `tierup exec`, and the forwarded port of `tierup connect`.",
        derive=_sessions,
    ),
    FlowKind(id="scheduler", description="EventBridge Scheduler starts a task.", derive=_schedules),
)
