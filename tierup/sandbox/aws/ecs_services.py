"""ECS: services (Fargate first)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
)

from .access.needs import denials
from .access.tasks import start_needs
from .ecs import CLUSTER, CLUSTER_CAPACITY_PROVIDERS, NAME_CHARACTERS, NAME_PATTERN, QUOTAS
from .ecs_blue_green import (
    FOR_BLUE_GREEN,
    STRATEGIES,
    prepared_for_blue_green,
    production_rule_fits,
    shifts_between_two,
    strategy_has_its_steps,
)
from .ecs_container_definitions import containers_of, start_violations
from .ecs_lifecycle_hooks import failed_hook, hook_roles, hooks_are_complete
from .ecs_task_definitions import is_inactive, task_definition_of
from .ecs_vcpu_quotas import VCPU_QUOTAS
from .elb import LISTENER, LISTENER_RULE, TARGET_GROUP
from .elb_actions import load_balancers_using
from .iam import to_role
from .network import APPLY, SUBNET, subnets_in_vpc, to_security_group, to_subnet, vpc_of_group, vpc_of_subnets
from .regions import FARGATE_ZONE_IDS
from .same_scope import known, output_of
from .servicediscovery import HTTP_NAMESPACE, PRIVATE_NAMESPACE, PUBLIC_NAMESPACE
from .sources import api, quoted, schema_of, sdk

SERVICE = "aws:ecs/service:Service"

CONNECT = api("ecs", "ServiceConnectService")

EXECUTION_ROLE = documented(
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html", read="2026-11-24"
)
"""What the role must allow. ECS creates the service; its tasks stop and start again until the role allows it."""

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


def runs_on_fargate(call: Call) -> bool:
    """Return whether the service's tasks run on Fargate, by launch type or capacity providers."""
    providers = [value for _, value in located(call.inputs, "capacityProviderStrategies[*].capacityProvider")]
    return call.get("launchType") == "FARGATE" or any(each in FARGATE_PROVIDERS for each in providers)


def default_strategy(call: Call) -> list[Plain]:
    """Return the cluster's default capacity provider strategy, if the service sets no launch type and no strategy."""
    if call.get("launchType") is not None or call.get("capacityProviderStrategies"):
        return []
    cluster = _cluster_name(call)
    found = next(call.nearby(CLUSTER_CAPACITY_PROVIDERS, clusterName=cluster), None)
    return list(found.outputs.get("defaultCapacityProviderStrategies") or ()) if found else []


def _adopted(call: Call) -> list[Plain] | None:
    return default_strategy(call) or None


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
    for path, maximum in (("subnets", 16), ("securityGroups", 5)):
        given = call.get(f"{at}.{path}")
        if isinstance(given, list) and len(given) > maximum:
            yield Rejection(
                f"{at}.{path}",
                f"too many {path} (got {len(given)}). Allowed are at most {maximum}.",
                "InvalidParameterException",
            )
    if call.get(f"{at}.assignPublicIp") is True and known(call, "launchType") == "EC2":
        yield Rejection(
            f"{at}.assignPublicIp", "assignPublicIp is not supported for launchType EC2", "InvalidParameterException"
        )


@rule("service-in-one-vpc", *APPLY, source=api("ecs", "CreateService"))
def service_in_one_vpc(call: Call) -> Iterator[Rejection]:
    at = "networkConfiguration"
    subnets = list(located(call.inputs, f"{at}.subnets[*]"))
    vpc = vpc_of_subnets(call, subnets)
    yield from subnets_in_vpc(call, subnets, vpc, code="InvalidParameterException")
    for path, group in located(call.inputs, f"{at}.securityGroups[*]"):
        other_vpc = vpc_of_group(call, group)
        if vpc and other_vpc and other_vpc != vpc:
            yield Rejection(
                path, f"{group} belongs to {other_vpc}, the subnets belong to {vpc}", "InvalidParameterException"
            )


@rule("service-matches-task-definition", *APPLY, source=api("ecs", "CreateService"))
def service_fits_task(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is None:
        if call.get("taskDefinition") and is_inactive(call):
            yield Rejection(
                "taskDefinition",
                f"TaskDefinition is inactive (got {call.get('taskDefinition')}). A deregistered revision cannot be"
                " deployed. Use an ACTIVE one, or set skipDestroy on the task definition.",
                "ClientException",
            )
        elif call.get("taskDefinition"):
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
    if is_awsvpc and call.get("iamRole") is not None:
        yield Rejection(
            "iamRole",
            "network mode awsvpc requires the service-linked role. Omit iamRole.",
            "InvalidParameterException",
        )
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
    source=quoted("does not have an associated load balancer"),
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
                " Make the service depend on the listener.",
                "InvalidParameterException",
                retried=True,
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
                " Add it with ClusterCapacityProviders.",
                "InvalidParameterException",
            )


def _cluster_name(call: Call) -> str:
    return str(call.get("cluster") or "default").rpartition("/")[2]


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


@rule(
    "service-connect-timeouts",
    Stage.PLAN,
    source=documented("AWS API model of ecs (botocore 1.44), TimeoutConfiguration", read="2026-11-28"),
)
def connect_timeouts(call: Call) -> Iterator[Rejection]:
    for at, timeout in located(call.inputs, "serviceConnectConfiguration.services[*].timeout"):
        if not isinstance(timeout, dict):
            continue
        for key in ("idleTimeoutSeconds", "perRequestTimeoutSeconds"):
            seconds = timeout.get(key)
            if isinstance(seconds, (int, float)) and not 0 <= seconds <= 2_147_483_647:
                yield Rejection(
                    f"{at}.{key}",
                    f"invalid time-out (got {seconds:g}). Allowed are 0, which disables it, to 2147483647.",
                    "InvalidParameterException",
                )


@rule(
    "service-connect-request-timeout-needs-a-protocol",
    *APPLY,
    source=documented("AWS API model of ecs (botocore 1.44), perRequestTimeoutSeconds", read="2026-11-28"),
)
def connect_protocol(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is None:
        return
    protocols = {
        mapping.get("name"): mapping.get("appProtocol")
        for each in containers_of(task.outputs.get("containerDefinitions"))
        for mapping in each.get("portMappings") or ()
    }
    for at, service in located(call.inputs, "serviceConnectConfiguration.services[*]"):
        if not isinstance(service, dict) or service.get("portName") not in protocols:
            continue
        if (service.get("timeout") or {}).get("perRequestTimeoutSeconds") and not protocols[service["portName"]]:
            yield Rejection(
                f"{at}.timeout.perRequestTimeoutSeconds",
                f"the port mapping '{service['portName']}' has no appProtocol, so it is TCP, which has"
                " idleTimeoutSeconds only. Set appProtocol to http, http2 or grpc.",
                "InvalidParameterException",
            )


_SERVICE_GO = documented(
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecs/service.go:"
    " capacityProviderStrategyCustomizeDiff, retryServiceCreate, resourceServiceUpdate",
    read="2026-11-28",
)


@rule("strategy-change-requires-forced-deployment", Stage.DIFF, source=_SERVICE_GO)
def strategy_change(call: Call) -> Iterator[Rejection]:
    """The provider compares the configuration with what ECS has: also with a strategy that the service adopted."""
    before = (call.old or {}).get("capacityProviderStrategies")
    if before is None and call.this is not None:
        before = call.this.outputs.get("capacityProviderStrategies")
    after = call.inputs.get("capacityProviderStrategies")
    if after is UNKNOWN or call.get("forceNewDeployment") is True or (before or []) == (after or []):
        return
    yield Rejection(
        "capacityProviderStrategies",
        "force_new_deployment should be true when capacity_provider_strategy is being updated. Set"
        " forceNewDeployment: true.",
        "PlanError",
    )


def _service_replaced(call: Call) -> Iterable[str]:
    """A changed launchType replaces, unless forceNewDeployment is set and the service gets a strategy instead."""
    if (call.old or {}).get("launchType") != call.get("launchType") and not call.get("forceNewDeployment"):
        yield "launchType"


_PLATFORMS = ("LATEST", "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0")
_CREATE_SERVICE = documented(
    "AWS API model of ecs (botocore 1.44), CreateServiceRequest: platformVersion, role, placementStrategy",
    read="2026-11-28",
)


@rule("service-options-match-launch-type", Stage.PLAN, source=_CREATE_SERVICE)
def launch_options(call: Call) -> Iterator[Rejection]:
    on_fargate, version = runs_on_fargate(call), known(call, "platformVersion")
    if version is not None and version not in _PLATFORMS:
        yield Rejection(
            "platformVersion",
            f"unknown platform version (got '{version}'). Allowed are {', '.join(_PLATFORMS)}.",
            "PlatformUnknownException",
        )
    if version is not None and known(call, "launchType") == "EC2":
        yield Rejection("platformVersion", "platformVersion is supported only on Fargate", "InvalidParameterException")
    for path in ("orderedPlacementStrategies", "placementConstraints"):
        if on_fargate and call.get(path):
            yield Rejection(path, f"{path} is not supported on Fargate", "InvalidParameterException")
    if call.get("iamRole") is not None and call.get("loadBalancers") is None:
        yield Rejection("iamRole", "iamRole requires loadBalancers", "InvalidParameterException")


@rule(
    "zone-rebalancing-requires-surplus",
    Stage.PLAN,
    source=assumed(
        "ECS rejects AZ rebalancing with a maximum of 100 %; page to check:"
        " https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html"
    ),
)
def rebalancing(call: Call) -> Iterator[Rejection]:
    if (
        known(call, "availabilityZoneRebalancing") == "ENABLED"
        and int(known(call, "deploymentMaximumPercent", 200)) <= 100
    ):
        yield Rejection(
            "availabilityZoneRebalancing",
            f"AZ rebalancing requires deploymentMaximumPercent above 100 (got {call.get('deploymentMaximumPercent')})",
            "InvalidParameterException",
        )


@rule(
    "tasks-can-start",
    *APPLY,
    source=assumed(
        "ECS registers the task definition and creates the service; each task start fails with"
        " ResourceInitializationError, and the scheduler starts tasks again until the resource exists"
    ),
)
def tasks_can_start(call: Call) -> Iterator[Rejection]:
    task = task_definition_of(call)
    if task is not None:
        for violation in start_violations(call, task):
            yield Rejection("taskDefinition", violation, "ResourceInitializationError", retried=True)


@rule("execution-role-may-start-tasks", *APPLY, source=EXECUTION_ROLE)
def execution_role_allows(call: Call) -> Iterator[Rejection]:
    """A service without tasks starts none, so that nothing fails."""
    task = task_definition_of(call)
    if task is not None and call.get("desiredCount", 1) != 0:
        for denial in denials(start_needs(task, call.cloud), call.cloud):
            yield Rejection("taskDefinition", denial.message, denial.need.code, retried=True)


@rule(
    "fargate-zones",
    *APPLY,
    source=documented(
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html", read="2026-11-28"
    ),
)
def fargate_zones(call: Call) -> Iterator[Rejection]:
    supported = FARGATE_ZONE_IDS.get(call.region)
    if supported is None or not runs_on_fargate(call):
        return
    for at, subnet in located(call.inputs, "networkConfiguration.subnets[*]"):
        zone_id = output_of(call, SUBNET, subnet, "availabilityZoneId")
        if zone_id is not None and zone_id not in supported:
            yield Rejection(
                at,
                f"Fargate is not available in the zone of {subnet} (got {zone_id}). Allowed are"
                f" {', '.join(supported)}.",
                "InvalidParameterException",
            )


def _platform(call: Call) -> str:
    return "LATEST" if runs_on_fargate(call) else ""


def _to_cluster(path: str, by: str) -> Reference:
    return Reference(
        path=path,
        to=CLUSTER,
        by=by,
        code="ClusterNotFoundException",
        in_use="ClusterContainsServicesException",
        retried=True,
        source=api("ecs", "DeleteCluster"),
    )


def _to_target_group(path: str, source: Source) -> Reference:
    return Reference(path=path, to=TARGET_GROUP, by="arn", code="InvalidParameterException", holds=False, source=source)


BEHAVIOURS: tuple[Behaviour, ...] = (
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
            "capacityProviderStrategies": _adopted,
            "launchType": lambda call: (
                "" if call.get("capacityProviderStrategies") or default_strategy(call) else "EC2"
            ),
            "platformVersion": _platform,
            "schedulingStrategy": "REPLICA",
            "triggers": {},
            "waitForSteadyState": False,
        },
        replaces=frozenset({"name", "cluster", "iamRole", "schedulingStrategy", "deploymentController.type"}),
        replaces_when=_service_replaced,
        replace_source=schema_of("ecs/service.go"),
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
            "deploymentConfiguration.canaryConfiguration.canaryPercent": (0.1, 100),
            "deploymentConfiguration.canaryConfiguration.canaryBakeTimeInMinutes": (0, 1440),
            "deploymentConfiguration.linearConfiguration.stepPercent": (3, 100),
            "deploymentConfiguration.linearConfiguration.stepBakeTimeInMinutes": (0, 1440),
        },
        name=Name(
            longest=255,
            pattern=NAME_PATTERN,
            allowed=NAME_CHARACTERS,
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
                to=(HTTP_NAMESPACE, PRIVATE_NAMESPACE, PUBLIC_NAMESPACE),
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
            *VCPU_QUOTAS,
        ),
        rolls_back=failed_hook,
        rules=(
            launch_type_or_strategies,
            strategy_change,
            launch_options,
            rebalancing,
            deployment_settings,
            service_network,
            service_in_one_vpc,
            service_fits_task,
            target_groups_attached,
            shifts_between_two,
            strategy_has_its_steps,
            prepared_for_blue_green,
            production_rule_fits,
            connected_ports,
            hooks_are_complete,
            hook_roles,
            connect_timeouts,
            connect_protocol,
            providers_of_cluster,
            fargate_zones,
            tasks_can_start,
            execution_role_allows,
        ),
    ),
)
