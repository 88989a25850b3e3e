"""ECS: clusters, their capacity providers, task definitions and services (Fargate first)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Plain,
    Quota,
    Reference,
    Rejection,
    Source,
    Stage,
    assumed,
    documented,
    located,
    rule,
    values_at,
)

from .elasticloadbalancing import LISTENER, LISTENER_RULE, TARGET_GROUP, load_balancers_using
from .iam import to_role
from .logs import LOG_GROUP
from .network import APPLY, SUBNET, to_security_group, to_subnet, vpc_of_group
from .same_scope import known, output_of
from .servicediscovery import HTTP_NAMESPACE
from .sources import api, created_only, sdk

CLUSTER = "aws:ecs/cluster:Cluster"
CLUSTER_CAPACITY_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105  # a type token
PARAMETER = "aws:ssm/parameter:Parameter"

TASK_SIZES = documented(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html", read="2026-11-24"
)
QUOTAS = assumed(
    "ECS's default quotas from secondary sources; page to check:"
    " https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"
)
TO_BLUE_GREEN = documented(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html", read="2026-11-24"
)
FOR_BLUE_GREEN = api("ecs", "AdvancedConfiguration")
CONNECT = api("ecs", "ServiceConnectService")

MEMORY_BY_CPU: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
"""The memory sizes (MiB) of a Fargate task, by its CPU units (1,024 units are one vCPU)."""

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
_NAME = r"[A-Za-z0-9_-]+"
_NAME_CHARACTERS = "letters, digits, hyphens and underscores"


# ---------------------------------------------------------------------------------------------------------------
# Task definitions
# ---------------------------------------------------------------------------------------------------------------


def containers_of(definitions: Plain) -> list[dict[str, Any]]:
    """Return the container definitions in a JSON text, or [] if it is unknown or not a list of objects."""
    try:
        parsed = json.loads(definitions) if isinstance(definitions, str) else []
    except ValueError:
        return []
    return [each for each in parsed if isinstance(each, dict)] if isinstance(parsed, list) else []


def is_fargate(call: Call) -> bool:
    """Return whether the task definition requires compatibility with Fargate."""
    compatible = call.get("requiresCompatibilities")
    return isinstance(compatible, list) and "FARGATE" in compatible


def units(value: Plain, of: str) -> int | None:
    """Return the CPU units of "512" or ".5 vCPU", or the MiB of "1024" or "1 GB", or None for any other text."""
    found = re.fullmatch(r"\s*([\d.]+)\s*(vcpu|gb)?\s*", str(value), re.IGNORECASE)
    if not found or (found[2] and found[2].lower() != of):
        return None
    try:
        number = float(found[1])
    except ValueError:
        return None
    return int(number * 1024) if found[2] else int(number)


@rule("fargate-task-size", Stage.PLAN, source=TASK_SIZES)
def fargate_size(call: Call) -> Iterator[Rejection]:
    if not is_fargate(call):
        return
    for path in ("cpu", "memory"):
        if call.get(path) is None:
            yield Rejection(path, f"{path} is required for Fargate", "ClientException")
    cpu, memory = known(call, "cpu"), known(call, "memory")
    if cpu is None:
        return
    cpu_units = units(cpu, "vcpu")
    allowed = MEMORY_BY_CPU.get(cpu_units or 0)
    if allowed is None:
        choice = ", ".join(map(str, MEMORY_BY_CPU))
        yield Rejection(
            "cpu", f"no Fargate task size has this cpu (got '{cpu}'). Allowed: {choice}.", "ClientException"
        )
    elif memory is not None and units(memory, "gb") not in allowed:
        choice = (
            f"{allowed[0]} to {allowed[-1]} in steps of {allowed[-1] - allowed[-2]}"
            if cpu_units != 256
            else "512, 1024, 2048"
        )
        yield Rejection(
            "memory",
            f"no Fargate task size has cpu {cpu_units} with this memory (got '{memory}'). Allowed: {choice} (MiB).",
            "ClientException",
        )


@rule("fargate-network-mode", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def fargate_network_mode(call: Call) -> Iterator[Rejection]:
    mode = call.get("networkMode")
    if is_fargate(call) and mode is not UNKNOWN and mode != "awsvpc":
        yield Rejection(
            "networkMode", f"invalid network mode for Fargate (got {mode}). Allowed: awsvpc.", "ClientException"
        )


@rule("container-definitions-are-json", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def definitions_are_json(call: Call) -> Iterator[Rejection]:
    at, text = "containerDefinitions", known(call, "containerDefinitions")
    if text is None:
        return
    try:
        parsed = json.loads(text)
    except (TypeError, ValueError) as error:
        yield Rejection(at, f"containerDefinitions is not JSON: {error}", "ClientException")
        return
    if not isinstance(parsed, list) or not all(isinstance(each, dict) for each in parsed):
        yield Rejection(
            at, "containerDefinitions must be a JSON list of objects, one for each container", "ClientException"
        )
        return
    yield from (Rejection(at, violation, "ClientException") for violation in _container_violations(parsed, call))


def _container_violations(containers: list[dict[str, Any]], call: Call) -> Iterator[str]:
    """Yield what is wrong with container definitions. The sentences contain no values, which may be secret."""
    if not 1 <= len(containers) <= 10:
        yield f"a task has from 1 to 10 containers (got {len(containers)})"
    names = [str(each.get("name")) for each in containers]
    if len(set(names)) != len(names):
        yield f"container names must be unique (got {', '.join(names)})"
    if containers and all(each.get("essential") is False for each in containers):
        yield "at least one container must be essential"
    for position, each in enumerate(containers, 1):
        who = f"container {each.get('name') or position}"
        for key in ("name", "image"):
            if not each.get(key):
                yield f"{who} has no {key}"
        if each.get("name") and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", str(each["name"])):
            yield f"{who}: a name may have up to 255 letters, digits, hyphens and underscores"
        yield from _mapping_violations(who, each, call)
        yield from _entry_violations(who, each)
        yield from _log_violations(who, each, call)


def _mapping_violations(who: str, container: dict[str, Any], call: Call) -> Iterator[str]:
    for mapping in container.get("portMappings") or ():
        port, host = mapping.get("containerPort"), mapping.get("hostPort")
        if port is None and mapping.get("containerPortRange") is None:
            yield f"{who} has a port mapping without containerPort"
        elif port is not None and not (isinstance(port, int) and 1 <= port <= 65535):
            yield f"{who}: invalid containerPort (got {port!r}). Allowed: 1 to 65535."
        if call.get("networkMode") in ("awsvpc", "host") and host not in (None, 0, port):
            yield f"{who}: hostPort {host} must equal containerPort {port} in network mode {call.get('networkMode')}"
        if mapping.get("protocol", "tcp") not in ("tcp", "udp"):
            yield f"{who}: invalid protocol of port {port} (got {mapping.get('protocol')!r}). Allowed: tcp and udp."


def _entry_violations(who: str, container: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for entry in container.get("environment") or ():
        if not isinstance(entry.get("value", ""), str):
            yield f'{who}: environment {entry.get("name")} must be a string. Write a number as "5".'
    for entry in (*(container.get("environment") or ()), *(container.get("secrets") or ())):
        name = entry.get("name")
        if not name:
            yield f"{who} has an environment entry or secret without name"
        elif name in seen:
            yield f"{who}: duplicate name in environment and secrets (got {name}). The secret name must be unique."
        seen.add(str(name))
    for secret in container.get("secrets") or ():
        if not secret.get("valueFrom"):
            yield f"{who}: secret {secret.get('name')} has no valueFrom"
    command = (container.get("healthCheck") or {}).get("command")
    if container.get("healthCheck") and (not command or command[0] not in ("CMD", "CMD-SHELL", "NONE")):
        yield f"{who}: the health check's command must start with CMD or CMD-SHELL"


def _log_violations(who: str, container: dict[str, Any], call: Call) -> Iterator[str]:
    logging = container.get("logConfiguration") or {}
    driver = logging.get("logDriver")
    if is_fargate(call) and driver not in (None, "awslogs", "splunk", "awsfirelens"):
        yield f"{who}: Fargate does not support log driver {driver!r}. Allowed: awslogs, splunk, awsfirelens."
    if driver == "awslogs":
        options = logging.get("options") or {}
        wanted = ["awslogs-group", "awslogs-region", *(["awslogs-stream-prefix"] if is_fargate(call) else [])]
        if missing := [key for key in wanted if not options.get(key)]:
            yield f"{who}: awslogs requires the options {', '.join(missing)}"


@rule("execution-role-for-secrets-and-logs", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def execution_role(call: Call) -> Iterator[Rejection]:
    if call.get("executionRoleArn") is not None:
        return
    for each in containers_of(call.get("containerDefinitions")):
        driver = (each.get("logConfiguration") or {}).get("logDriver")
        needs = ["secrets"] if each.get("secrets") else []
        needs += ["the log driver awslogs"] if is_fargate(call) and driver == "awslogs" else []
        if needs:
            yield Rejection(
                "executionRoleArn",
                f"container {each.get('name')} uses {' and '.join(needs)}, which requires executionRoleArn",
                "ClientException",
            )
            return


@rule(
    "task-secrets-exist",
    Stage.CREATE,
    source=assumed("ECS registers the task definition; each task start fails with ResourceInitializationError"),
)
def secrets_exist(call: Call) -> Iterator[Rejection]:
    for each in containers_of(call.get("containerDefinitions")):
        for entry in each.get("secrets") or ():
            source = str(entry.get("valueFrom"))
            # arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:json-key:version-stage:version-id]
            arn = ":".join(source.split(":")[:7])
            if ":secretsmanager:" in source and next(call.cloud.find(SECRET, arn=arn), None) is None:
                yield Rejection(
                    "containerDefinitions",
                    f"container {each.get('name')}: {arn} of secret {entry.get('name')} does not exist",
                    "ResourceInitializationError",
                )
            if ":ssm:" in source and next(call.cloud.find(PARAMETER, arn=source), None) is None:
                yield Rejection(
                    "containerDefinitions",
                    f"container {each.get('name')}: {source} of secret {entry.get('name')} does not exist",
                    "ResourceInitializationError",
                )


@rule(
    "task-log-groups-exist",
    Stage.CREATE,
    source=assumed("ECS registers the task definition; each task start fails with ResourceInitializationError"),
)
def log_groups_exist(call: Call) -> Iterator[Rejection]:
    for each in containers_of(call.get("containerDefinitions")):
        logging = each.get("logConfiguration") or {}
        options = logging.get("options") or {}
        if logging.get("logDriver") != "awslogs" or str(options.get("awslogs-create-group")).lower() == "true":
            continue
        group, region = options.get("awslogs-group"), options.get("awslogs-region")
        if not any(found.region == region for found in call.cloud.find(LOG_GROUP, name=group)):
            yield Rejection(
                "containerDefinitions",
                f"container {each.get('name')} logs to the log group '{group}', which does not exist in {region}",
                "ResourceInitializationError",
            )


@rule("fargate-ephemeral-storage", Stage.PLAN, source=api("ecs", "RegisterTaskDefinition"))
def ephemeral_storage(call: Call) -> Iterator[Rejection]:
    size = known(call, "ephemeralStorage.sizeInGib")
    if size is not None and not 21 <= int(size) <= 200:
        yield Rejection(
            "ephemeralStorage.sizeInGib",
            f"invalid size (got {size} GiB). Allowed: 21 to 200 GiB (the default is 20).",
            "ClientException",
        )


def _family_arn(call: Call) -> str:
    return f"arn:aws:ecs:{call.region}:{call.account}:task-definition/{call.get('family')}"


def _revision(call: Call) -> int:
    """Return one more than the family's highest revision: ECS never reuses a number, not even of a deleted revision."""
    family = call.get("family")
    taken = [found.outputs.get("revision", 0) for found in call.nearby(TASK_DEFINITION, family=family)]
    # The cloud also remembers deleted revisions, without their outputs: each counts as one.
    gone = sum(1 for _ in call.cloud.tombstones(TASK_DEFINITION, family=family))
    return max([*taken, gone, len(taken) + gone]) + 1


# ---------------------------------------------------------------------------------------------------------------
# Services
# ---------------------------------------------------------------------------------------------------------------


def task_definition_of(call: Call) -> Any:
    """Return the task definition with an ARN, a "family:revision" or a family (its latest revision), or None."""
    wanted = str(call.get("taskDefinition") or "")
    family = wanted.rpartition("/")[2]
    for found in sorted(call.nearby(TASK_DEFINITION), key=lambda each: -each.outputs.get("revision", 0)):
        if wanted == found.outputs.get("arn") or family in (
            found.outputs.get("family"),
            f"{found.outputs.get('family')}:{found.outputs.get('revision')}",
        ):
            return found
    return None


def runs_on_fargate(call: Call) -> bool:
    """Return whether the service's tasks run on Fargate, by launch type or capacity providers."""
    providers = [value for _, value in located(call.inputs, "capacityProviderStrategies[*].capacityProvider")]
    return call.get("launchType") == "FARGATE" or any(each in FARGATE_PROVIDERS for each in providers)


@rule("launch-type-or-capacity-providers", Stage.PLAN, source=sdk("ecs/service"))
def launch_type_or_strategies(call: Call) -> Iterator[Rejection]:
    if call.get("launchType") is not None and call.get("capacityProviderStrategies"):
        yield Rejection(
            "capacityProviderStrategies",
            "launchType and capacityProviderStrategies are mutually exclusive. Fargate Spot requires"
            " capacityProviderStrategies.",
            "InvalidParameterException",
        )
    bases = [
        value
        for _, value in located(call.inputs, "capacityProviderStrategies[*].base")
        if value and value is not UNKNOWN
    ]
    if len(bases) > 1:
        yield Rejection(
            "capacityProviderStrategies", "only one capacity provider may have a base", "InvalidParameterException"
        )
    providers = {value for _, value in located(call.inputs, "capacityProviderStrategies[*].capacityProvider")}
    if providers & set(FARGATE_PROVIDERS) and providers - set(FARGATE_PROVIDERS) - {UNKNOWN}:
        yield Rejection(
            "capacityProviderStrategies",
            "Fargate providers cannot be mixed with others in one strategy",
            "InvalidParameterException",
        )


@rule("service-deployment-settings", Stage.PLAN, source=sdk("ecs/service"))
def deployment_settings(call: Call) -> Iterator[Rejection]:
    if call.get("taskDefinition") is None and known(call, "deploymentController.type", "ECS") != "EXTERNAL":
        yield Rejection(
            "taskDefinition",
            "taskDefinition is required. Only the EXTERNAL deployment controller does not require it.",
            "InvalidParameterException",
        )
    low = known(call, "deploymentMinimumHealthyPercent", 100)
    high = known(call, "deploymentMaximumPercent", 200)
    if int(high) <= 100 and int(low) >= 100:
        yield Rejection(
            "deploymentMaximumPercent",
            f"minimum {low}% and maximum {high}% block every deployment: ECS could neither stop nor start a task",
            "InvalidParameterException",
        )
    if call.get("healthCheckGracePeriodSeconds") is not None and call.get("loadBalancers") is None:
        yield Rejection(
            "healthCheckGracePeriodSeconds", "a grace period requires loadBalancers", "InvalidParameterException"
        )
    if known(call, "schedulingStrategy") == "DAEMON" and (
        runs_on_fargate(call) or call.get("desiredCount") is not None
    ):
        yield Rejection(
            "schedulingStrategy",
            "DAEMON does not support desiredCount or Fargate",
            "InvalidParameterException",
        )


@rule("fargate-service-network", Stage.PLAN, source=api("ecs", "CreateService"))
def service_network(call: Call) -> Iterator[Rejection]:
    at = "networkConfiguration"
    if runs_on_fargate(call) and call.get(at) is None:
        yield Rejection(
            at, "Fargate requires networkConfiguration with subnets (network mode awsvpc)", "InvalidParameterException"
        )
    for path, most in (("subnets", 16), ("securityGroups", 5)):
        given = call.get(f"{at}.{path}")
        if isinstance(given, list) and len(given) > most:
            yield Rejection(
                f"{at}.{path}",
                f"too many {path} (got {len(given)}). Allowed: at most {most}.",
                "InvalidParameterException",
            )
    if call.get(f"{at}.assignPublicIp") is True and known(call, "launchType") == "EC2":
        yield Rejection(
            f"{at}.assignPublicIp", "assignPublicIp is not supported for launchType EC2", "InvalidParameterException"
        )


@rule("service-in-one-vpc", *APPLY, source=api("ecs", "CreateService"))
def service_in_one_vpc(call: Call) -> Iterator[Rejection]:
    at, vpc = "networkConfiguration", None
    for path, subnet in located(call.inputs, f"{at}.subnets[*]"):
        theirs = output_of(call, SUBNET, subnet, "vpcId")
        vpc = vpc or theirs
        if theirs and theirs != vpc:
            yield Rejection(
                path, f"{subnet} belongs to {theirs}, the first subnet belongs to {vpc}", "InvalidParameterException"
            )
    for path, group in located(call.inputs, f"{at}.securityGroups[*]"):
        theirs = vpc_of_group(call, group)
        if vpc and theirs and theirs != vpc:
            yield Rejection(
                path, f"{group} belongs to {theirs}, the subnets belong to {vpc}", "InvalidParameterException"
            )


@rule("service-matches-task-definition", *APPLY, source=api("ecs", "CreateService"))
def service_fits_task(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is None:
        if call.get("taskDefinition"):
            yield Rejection(
                "taskDefinition", f"task definition '{call.get('taskDefinition')}' does not exist", "ClientException"
            )
        return
    if runs_on_fargate(call) and "FARGATE" not in (task.outputs.get("requiresCompatibilities") or ()):
        yield Rejection(
            "taskDefinition",
            "the task definition does not support Fargate. Add FARGATE to requiresCompatibilities.",
            "InvalidParameterException",
        )
    is_awsvpc = task.outputs.get("networkMode") == "awsvpc"
    if is_awsvpc != (call.get("networkConfiguration") is not None):
        yield Rejection(
            "networkConfiguration",
            "network mode awsvpc requires networkConfiguration"
            if is_awsvpc
            else "networkConfiguration requires network mode awsvpc",
            "InvalidParameterException",
        )
    ports = {
        str(each.get("name")): [mapping.get("containerPort") for mapping in each.get("portMappings") or ()]
        for each in containers_of(task.outputs.get("containerDefinitions"))
    }
    for at, balancer in located(call.inputs, "loadBalancers[*]"):
        name, port = balancer.get("containerName"), balancer.get("containerPort")
        if name not in ports:
            yield Rejection(
                f"{at}.containerName",
                f"the task definition has no container {name}. It has {', '.join(ports)}.",
                "InvalidParameterException",
            )
        elif port not in ports[name]:
            yield Rejection(
                f"{at}.containerPort",
                f"the container {name} has no port {port} mapped. It has {', '.join(map(str, ports[name])) or 'none'}.",
                "InvalidParameterException",
            )


@rule(
    "service-target-group-is-attached",
    *APPLY,
    source=assumed("CreateService's message for a target group without a load balancer, from memory"),
)
def target_groups_attached(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    vpc = next(
        (
            output_of(call, SUBNET, subnet, "vpcId")
            for _, subnet in located(call.inputs, "networkConfiguration.subnets[*]")
        ),
        None,
    )
    for at, arn in located(call.inputs, "loadBalancers[*].targetGroupArn"):
        found = next(call.cloud.find(TARGET_GROUP, arn=arn), None)
        if found is None:
            continue
        if task and task.outputs.get("networkMode") == "awsvpc" and found.outputs.get("targetType") != "ip":
            yield Rejection(
                at,
                f"the target group has target type {found.outputs.get('targetType')}. Network mode awsvpc requires ip.",
                "InvalidParameterException",
            )
        if vpc and found.outputs.get("vpcId") != vpc:
            yield Rejection(
                at,
                f"the target group is in {found.outputs.get('vpcId')}, the service is in {vpc}",
                "InvalidParameterException",
            )
        if not load_balancers_using(call, arn):
            yield Rejection(
                at,
                f"the target group with targetGroupArn {arn} does not have an associated load balancer."
                " Make the service depend on the listener..",
                "InvalidParameterException",
            )


@rule("service-capacity-providers-in-cluster", *APPLY, source=api("ecs", "CreateService"))
def providers_of_cluster(call: Call) -> Iterator[Rejection]:
    cluster = _cluster_name(call)
    offered = {
        provider
        for found in call.nearby(CLUSTER_CAPACITY_PROVIDERS, clusterName=cluster)
        for provider in found.outputs.get("capacityProviders") or ()
    }
    for at, provider in located(call.inputs, "capacityProviderStrategies[*].capacityProvider"):
        if provider not in offered:
            yield Rejection(
                at,
                f"cluster {cluster} has no capacity provider {provider} (it has"
                f" {', '.join(sorted(offered)) or 'none'})."
                " Add it with ClusterCapacityProviders..",
                "InvalidParameterException",
            )


def _cluster_name(call: Call) -> str:
    return str(call.get("cluster") or "default").rpartition("/")[2]


@rule("cluster-strategy-in-capacity-providers", Stage.PLAN, source=api("ecs", "PutClusterCapacityProviders"))
def strategy_of_providers(call: Call) -> Iterator[Rejection]:
    offered = call.get("capacityProviders") or []
    if offered is UNKNOWN or UNKNOWN in offered:
        return
    for at, provider in located(call.inputs, "defaultCapacityProviderStrategies[*].capacityProvider"):
        if provider is not UNKNOWN and provider not in offered:
            yield Rejection(
                at, f"{provider} is not among capacityProviders ({', '.join(offered)})", "InvalidParameterException"
            )


STRATEGIES = ("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY")
_SHIFTING = STRATEGIES[1:]


@rule("blue-green-target-groups", Stage.PLAN, source=FOR_BLUE_GREEN)
def shifts_between_two(call: Call) -> Iterator[Rejection]:
    strategy = known(call, "deploymentConfiguration.strategy")
    for at, balancer in located(call.inputs, "loadBalancers[*]"):
        if balancer is UNKNOWN:
            continue
        advanced = balancer.get("advancedConfiguration")
        if strategy in _SHIFTING and advanced is None:
            yield Rejection(
                f"{at}.advancedConfiguration",
                f"strategy {strategy} requires advancedConfiguration: an alternate target group, a production listener"
                " rule and a role",
                "InvalidParameterException",
            )
        first = balancer.get("targetGroupArn")
        if isinstance(advanced, dict) and isinstance(first, str) and advanced.get("alternateTargetGroupArn") == first:
            yield Rejection(
                f"{at}.advancedConfiguration.alternateTargetGroupArn",
                "the alternate target group equals the first target group. Two different target groups are required.",
                "InvalidParameterException",
            )


@rule("blue-green-in-two-updates", Stage.UPDATE, source=TO_BLUE_GREEN)
def prepared_for_blue_green(call: Call) -> Iterator[Rejection]:
    old = call.old or {}
    before = (old.get("deploymentConfiguration") or {}).get("strategy") or "ROLLING"
    wanted = call.get("deploymentConfiguration.strategy")
    prepared = all(each.get("advancedConfiguration") for each in old.get("loadBalancers") or ())
    if before not in _SHIFTING and wanted in _SHIFTING and not prepared:
        yield Rejection(
            "deploymentConfiguration.strategy",
            f"the service is {before} and its load balancer has no advancedConfiguration yet. Add that in one update,"
            f" and change the strategy to {wanted} in a second update.",
            "InvalidParameterException",
        )


@rule("production-rule-forwards-to-service", *APPLY, source=FOR_BLUE_GREEN)
def production_rule_fits(call: Call) -> Iterator[Rejection]:
    for at, balancer in located(call.inputs, "loadBalancers[*]"):
        advanced = balancer.get("advancedConfiguration") or {}
        arn = advanced.get("productionListenerRule")
        found = next(call.cloud.find(LISTENER_RULE, arn=arn), None) if arn else None
        if found is None:
            continue
        groups = {
            *values_at(found.outputs, "actions[*].targetGroupArn"),
            *values_at(found.outputs, "actions[*].forward.targetGroups[*].arn"),
        }
        ours = {balancer.get("targetGroupArn"), advanced.get("alternateTargetGroupArn")}
        if not groups & ours or groups - ours:
            yield Rejection(
                f"{at}.advancedConfiguration.productionListenerRule",
                f"{arn} must forward to exactly the service's two target groups",
                "InvalidParameterException",
            )


@rule("service-connect-port-name", *APPLY, source=CONNECT)
def connected_ports(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is None:
        return
    names = {
        mapping.get("name")
        for each in containers_of(task.outputs.get("containerDefinitions"))
        for mapping in each.get("portMappings") or ()
    } - {None}
    for at, port in located(call.inputs, "serviceConnectConfiguration.services[*].portName"):
        if port not in names:
            yield Rejection(
                at,
                f"no port mapping of the task definition is named '{port}'. The task definition has"
                f" {', '.join(sorted(map(str, names))) or 'none'}.",
                "InvalidParameterException",
            )


def _service_replaced(call: Call) -> Iterable[str]:
    """Capacity providers replace, unless forceNewDeployment is set: a rule of the provider, not of ECS."""
    old = call.old or {}
    if call.get("forceNewDeployment"):
        return
    if old.get("capacityProviderStrategies") != call.get("capacityProviderStrategies"):
        yield "capacityProviderStrategies"
    if old.get("launchType") != call.get("launchType"):
        yield "launchType"


def _platform(call: Call) -> str:
    return "LATEST" if runs_on_fargate(call) else ""


def _to_cluster(path: str, by: str) -> Reference:
    return Reference(
        path=path,
        to=CLUSTER,
        by=by,
        code="ClusterNotFoundException",
        in_use="ClusterContainsServicesException",
        source=api("ecs", "DeleteCluster"),
    )


def _to_target_group(path: str, source: Source) -> Reference:
    return Reference(path=path, to=TARGET_GROUP, by="arn", code="InvalidParameterException", holds=False, source=source)


def _to_role(path: str) -> Reference:
    return to_role(
        path,
        code="ClientException",
        source=api("ecs", "RegisterTaskDefinition"),
        external=r"(?!arn:aws:iam::\d+:role/).*",
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CLUSTER,
        source=sdk("ecs/cluster"),
        id="arn:aws:ecs:{region}:{account}:cluster/{name}",
        outputs={"arn": "{id}", "settings": [{"name": "containerInsights", "value": "disabled"}]},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::ECS::Cluster"),
        enums={
            "settings[*].name": ("containerInsights",),
            "settings[*].value": ("enabled", "enhanced", "disabled"),
            "configuration.executeCommandConfiguration.logging": ("NONE", "DEFAULT", "OVERRIDE"),
        },
        name=Name(
            longest=255,
            pattern=_NAME,
            allowed=_NAME_CHARACTERS,
            taken="InvalidParameterException",
            source=api("ecs", "CreateCluster"),
        ),
        quotas=(
            Quota(limit=10_000, per="region", what="clusters per Region", code="LimitExceededException", source=QUOTAS),
        ),
    ),
    Behaviour(
        type=CLUSTER_CAPACITY_PROVIDERS,
        source=sdk("ecs/clustercapacityproviders"),
        id="{clusterName}",
        replaces=frozenset({"clusterName"}),
        replace_source=created_only("AWS::ECS::ClusterCapacityProviderAssociations"),
        ranges={
            "defaultCapacityProviderStrategies[*].weight": (0, 1000),
            "defaultCapacityProviderStrategies[*].base": (0, 100_000),
        },
        references=(
            Reference(
                path="clusterName",
                to=CLUSTER,
                by="name",
                code="ClusterNotFoundException",
                holds=False,
                source=api("ecs", "PutClusterCapacityProviders"),
            ),
            Reference(
                path="capacityProviders[*]",
                to=CAPACITY_PROVIDER,
                by="name",
                external="FARGATE|FARGATE_SPOT",
                code="InvalidParameterException",
                in_use="ResourceInUseException",
                source=api("ecs", "PutClusterCapacityProviders"),
            ),
        ),
        rules=(strategy_of_providers,),
    ),
    Behaviour(
        type=TASK_DEFINITION,
        # The provider's id is the family for all revisions; the sandbox needs a unique id for each revision.
        source=sdk("ecs/taskdefinition"),
        id=lambda call: f"{_family_arn(call)}:{_revision(call)}",
        outputs={
            "arn": "{id}",
            "revision": lambda call: int(call.id.rpartition(":")[2]),
            "arnWithoutRevision": _family_arn,
            "networkMode": "bridge",
            "enableFaultInjection": False,
            "skipDestroy": False,
            "trackLatest": False,
        },
        replaces=frozenset(
            {
                "containerDefinitions",
                "cpu",
                "enableFaultInjection",
                "ephemeralStorage",
                "executionRoleArn",
                "family",
                "ipcMode",
                "memory",
                "networkMode",
                "pidMode",
                "placementConstraints",
                "proxyConfiguration",
                "requiresCompatibilities",
                "runtimePlatform",
                "taskRoleArn",
                "volumes",
            }
        ),
        replace_source=assumed("ECS cannot update a revision: the provider registers a new one"),
        enums={
            "networkMode": ("awsvpc", "bridge", "host", "none"),
            "ipcMode": ("host", "task", "none"),
            "pidMode": ("host", "task"),
            "requiresCompatibilities[*]": ("EC2", "EXTERNAL", "FARGATE", "MANAGED_INSTANCES"),
            "runtimePlatform.cpuArchitecture": ("X86_64", "ARM64"),
            "runtimePlatform.operatingSystemFamily": (
                "LINUX",
                "WINDOWS_SERVER_2019_CORE",
                "WINDOWS_SERVER_2019_FULL",
                "WINDOWS_SERVER_2022_CORE",
                "WINDOWS_SERVER_2022_FULL",
                "WINDOWS_SERVER_2025_CORE",
                "WINDOWS_SERVER_2025_FULL",
            ),
        },
        name=Name(
            property="family",
            longest=255,
            pattern=_NAME,
            allowed=_NAME_CHARACTERS,
            automatic=False,
            unique=None,  # a family may have many revisions
            source=api("ecs", "RegisterTaskDefinition"),
        ),
        references=(_to_role("executionRoleArn"), _to_role("taskRoleArn")),
        rules=(
            definitions_are_json,
            fargate_size,
            fargate_network_mode,
            execution_role,
            ephemeral_storage,
            secrets_exist,
            log_groups_exist,
        ),
    ),
    Behaviour(
        type=SERVICE,
        source=sdk("ecs/service"),
        id=lambda call: f"arn:aws:ecs:{call.region}:{call.account}:service/{_cluster_name(call)}/{call.get('name')}",
        outputs={
            "arn": "{id}",
            "cluster": "arn:aws:ecs:{region}:{account}:cluster/default",
            "availabilityZoneRebalancing": "ENABLED",
            "deploymentConfiguration": {"strategy": "ROLLING", "bakeTimeInMinutes": "0"},
            "deploymentController": {"type": "ECS"},
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "desiredCount": 0,
            "enableEcsManagedTags": False,
            "enableExecuteCommand": False,
            "iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
            "launchType": lambda call: "" if call.get("capacityProviderStrategies") else "EC2",
            "platformVersion": _platform,
            "schedulingStrategy": "REPLICA",
            "triggers": {},
            "waitForSteadyState": False,
        },
        replaces=frozenset({"name", "cluster", "iamRole", "schedulingStrategy", "deploymentController"}),
        replaces_when=_service_replaced,
        replace_source=created_only("AWS::ECS::Service"),
        enums={
            "launchType": ("EC2", "FARGATE", "EXTERNAL"),
            "schedulingStrategy": ("REPLICA", "DAEMON"),
            "availabilityZoneRebalancing": ("ENABLED", "DISABLED"),
            "propagateTags": ("SERVICE", "TASK_DEFINITION", "NONE"),
            "deploymentController.type": ("ECS", "CODE_DEPLOY", "EXTERNAL"),
            "deploymentConfiguration.strategy": STRATEGIES,
        },
        ranges={
            "desiredCount": (0, 5000),
            "deploymentMinimumHealthyPercent": (0, 100),
            "deploymentMaximumPercent": (100, 200),
            "healthCheckGracePeriodSeconds": (0, 2_147_483_647),
            "capacityProviderStrategies[*].weight": (0, 1000),
            "capacityProviderStrategies[*].base": (0, 100_000),
            "loadBalancers[*].containerPort": (1, 65535),
            "deploymentConfiguration.bakeTimeInMinutes": (0, 1440),
        },
        name=Name(
            longest=255,
            pattern=_NAME,
            allowed=_NAME_CHARACTERS,
            unique="cluster",
            taken="InvalidParameterException",
            source=api("ecs", "CreateService"),
        ),
        references=(
            _to_cluster("cluster", "arn"),
            to_subnet("networkConfiguration.subnets[*]", "InvalidParameterException"),
            to_security_group("networkConfiguration.securityGroups[*]", "InvalidParameterException"),
            _to_target_group("loadBalancers[*].targetGroupArn", api("ecs", "CreateService")),
            _to_target_group("loadBalancers[*].advancedConfiguration.alternateTargetGroupArn", FOR_BLUE_GREEN),
            *(
                Reference(
                    path=f"loadBalancers[*].advancedConfiguration.{path}",
                    to=(LISTENER_RULE, LISTENER),
                    by="arn",
                    code="InvalidParameterException",
                    holds=False,
                    source=FOR_BLUE_GREEN,
                )
                for path in ("productionListenerRule", "testListenerRule")
            ),
            to_role(
                "loadBalancers[*].advancedConfiguration.roleArn",
                code="InvalidParameterException",
                source=FOR_BLUE_GREEN,
            ),
            Reference(
                path="serviceConnectConfiguration.namespace",
                to=HTTP_NAMESPACE,
                by="arn",
                external=r"(?!arn:aws:servicediscovery:).*",
                code="NamespaceNotFoundException",
                in_use="ResourceInUse",
                source=api("ecs", "CreateService"),
            ),
        ),
        quotas=(
            Quota(
                limit=5000, per="cluster", what="services per cluster", code="InvalidParameterException", source=QUOTAS
            ),
        ),
        rules=(
            launch_type_or_strategies,
            deployment_settings,
            service_network,
            service_in_one_vpc,
            service_fits_task,
            target_groups_attached,
            shifts_between_two,
            prepared_for_blue_green,
            production_rule_fits,
            connected_ports,
            providers_of_cluster,
        ),
    ),
)
