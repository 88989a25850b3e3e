"""Provider functions (data sources) that look up load balancers, listeners and ECS clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from ..cloud import Cloud, CloudResource
from .ecs import CLUSTER
from .ecs_services import SERVICE
from .elb import LISTENER, LOAD_BALANCER

Arguments = Mapping[str, Any]


def _only(
    type: str, what: str, arguments: Arguments, cloud: Cloud, own: Configuration, **properties: Any
) -> CloudResource:
    """Return the only resource with these outputs in the caller's account and region. Raises InvokeError otherwise."""
    region = str(arguments.get("region") or own.region)
    wanted = {key: value for key, value in properties.items() if value not in (None, "")}
    if not wanted:
        raise InvokeError(f"the sandbox looks up a {what} by {' or '.join(properties)}. Set one of them.")
    found = [each for each in cloud.find(type, **wanted) if each.account == own.account and each.region == region]
    if len(found) != 1:
        criteria = ", ".join(f"{key} {value}" for key, value in wanted.items())
        raise InvokeError(
            f"{len(found) or 'no'} matching {what} found for {criteria} in account {own.account}, {region}. Exactly"
            " one must match."
        )
    return found[0]


def _result_of(found: CloudResource, **more: Any) -> Arguments:
    tags = found.outputs.get("tagsAll") or {}
    return {**found.outputs, "id": found.id, "region": found.region, "tags": tags, **more}


def _load_balancer(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    found = _only(
        LOAD_BALANCER,
        "load balancer",
        arguments,
        cloud,
        configuration,
        arn=arguments.get("arn"),
        name=arguments.get("name"),
    )
    return _result_of(found)


def _listener(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    found = _only(
        LISTENER,
        "listener",
        arguments,
        cloud,
        configuration,
        arn=arguments.get("arn"),
        loadBalancerArn=arguments.get("loadBalancerArn"),
        port=arguments.get("port"),
    )
    mutual = found.outputs.get("mutualAuthentication")
    return _result_of(found, mutualAuthentications=[mutual] if mutual else [])


def _cluster(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    found = _only(CLUSTER, "ECS cluster", arguments, cloud, configuration, name=arguments.get("clusterName"))
    return _result_of(
        found,
        clusterName=found.outputs.get("name"),
        status="ACTIVE",
        pendingTasksCount=0,
        runningTasksCount=0,
        registeredContainerInstancesCount=0,
        serviceConnectDefaults=[],
    )


def _service(arguments: Arguments, cloud: Cloud, configuration: Configuration) -> Arguments:
    found = _only(
        SERVICE,
        "ECS service",
        arguments,
        cloud,
        configuration,
        name=arguments.get("serviceName"),
        cluster=arguments.get("clusterArn"),
    )
    return _result_of(found, serviceName=found.outputs.get("name"), clusterArn=found.outputs.get("cluster"))


INVOKES: Mapping[str, Invoke] = {
    "aws:lb/getLoadBalancer:getLoadBalancer": _load_balancer,
    "aws:lb/getListener:getListener": _listener,
    "aws:ecs/getCluster:getCluster": _cluster,
    "aws:ecs/getService:getService": _service,
}
