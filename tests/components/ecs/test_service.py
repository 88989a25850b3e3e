"""Tests of the service: its container, access to its tasks, and deployments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi import Output

from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
from components.ecs.service import CpuArchitecture, EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.task import TaskArgs
from components.ecs.task_security_group import EgressTarget
from tests.components.ecs.argument_changes import changed
from tests.engine_recorder import ACCOUNT, REGION, Recorded, Recording, record

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:jwt-AbCdEf"
ARGS = EcsServiceArgs(
    task=TaskArgs(
        account_id=ACCOUNT,
        region=REGION,
        cluster_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        image="public.ecr.aws/docker/library/node:22-alpine",
        repository_arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api",
        cpu_units=256,
        memory_mib=512,
        log_retention_days=30,
        environment={"NODE_ENV": "production", "ALLOWED_ORIGINS": "https://example.com"},
        secrets={"JWT_SECRET": SECRET},
        egress_targets={"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")},
        tags={"Stack": "dev"},
    ),
    load_balancer_security_group_id="sg-balancer",
    target_group_arn="arn:targets",
    container_port=5000,
    desired_count=2,
)
SERVICE = "aws:ecs/service:Service"
TRAFFIC = BlueGreenTraffic(
    alternate_target_group_arn="arn:second", production_rule_arn="arn:rule", role_arn="arn:blue-green"
)
CONNECT = ServiceConnect(namespace_arn="arn:namespace", dns_name="api")
# The inputs of a service without optional arguments.
REQUIRED_INPUTS = frozenset(
    {
        *("availabilityZoneRebalancing", "capacityProviderStrategies", "cluster", "deploymentCircuitBreaker"),
        *("deploymentMaximumPercent", "deploymentMinimumHealthyPercent", "desiredCount", "enableEcsManagedTags"),
        *("enableExecuteCommand", "healthCheckGracePeriodSeconds", "loadBalancers", "networkConfiguration"),
        *("propagateTags", "tags", "taskDefinition", "waitForSteadyState"),
    }
)


def service_of(args: EcsServiceArgs) -> Recording[EcsService]:
    return record(lambda: EcsService("api", args))


def container_of(recording: Recording[EcsService]) -> dict[str, Any]:
    (container,) = json.loads(task_of(recording).inputs["containerDefinitions"])
    return container


def task_of(recording: Recording[EcsService]) -> Recorded:
    return recording.one("aws:ecs/taskDefinition:TaskDefinition")


@pytest.fixture(scope="module")
def recording() -> Recording[EcsService]:
    return service_of(ARGS)


def test_creates_exactly_these_resources(recording: Recording[EcsService]) -> None:
    rules = {
        *("api-from-load-balancer", "api-load-balancer-to-tasks", "api-to-https"),
        *("api-to-cache", "api-into-cache"),
    }
    others = {"api-logs", "api-tasks", "api-execution", "api-task", "api-service"}

    assert recording.tree() == {"api": None, **dict.fromkeys(rules | others, "api")}
    assert sorted(resource.type for resource in recording.resources if resource.name == "api-task") == [
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:iam/role:Role",
    ]


def test_task_is_a_fargate_task_of_the_given_size(recording: Recording[EcsService]) -> None:
    task = task_of(recording).inputs

    assert (task["cpu"], task["memory"]) == ("256", "512")
    assert task["requiresCompatibilities"] == ["FARGATE"]
    assert task["networkMode"] == "awsvpc"
    assert task["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert "volumes" not in task  # a volume that the image does not declare belongs to root


def test_execution_and_task_role_differ(recording: Recording[EcsService]) -> None:
    task = task_of(recording).inputs

    assert task["executionRoleArn"].endswith(":api-execution")
    assert task["taskRoleArn"].endswith(":api-task")


def test_family_is_unique_to_the_stack(recording: Recording[EcsService]) -> None:
    assert task_of(recording).inputs["family"] == "api-task-name", "the physical name of the task role"


def test_container_is_read_only_and_has_every_variable(recording: Recording[EcsService]) -> None:
    container = container_of(recording)

    assert container["user"] == "1000:1000"
    assert container["readonlyRootFilesystem"] is True
    assert container["environment"] == [
        {"name": "ALLOWED_ORIGINS", "value": "https://example.com"},
        {"name": "NODE_ENV", "value": "production"},
        {"name": "NODE_OPTIONS", "value": "--max-old-space-size=384"},
        {"name": "PORT", "value": "5000"},
    ]
    assert container["secrets"] == [{"name": "JWT_SECRET", "valueFrom": SECRET}]
    assert container["logConfiguration"]["options"]["awslogs-group"] == "api-logs-name"
    assert recording.named("api-logs").inputs["retentionInDays"] == 30


def test_secret_arn_may_be_an_output() -> None:
    recording = record(
        lambda: EcsService("api", changed(ARGS, secrets={"MONGODB_URI": Output.from_input(SECRET)})),
    )

    assert container_of(recording)["secrets"] == [{"name": "MONGODB_URI", "valueFrom": SECRET}]


def test_heap_size_can_be_overridden() -> None:
    recording = service_of(changed(ARGS, environment={"NODE_OPTIONS": "--max-old-space-size=100"}))

    assert {"name": "NODE_OPTIONS", "value": "--max-old-space-size=100"} in container_of(recording)["environment"]


def test_service_has_the_given_subnets_and_load_balancer(recording: Recording[EcsService]) -> None:
    service = recording.one(SERVICE).inputs

    assert service["cluster"] == ARGS.task.cluster_arn
    assert service["desiredCount"] == 2
    assert service["networkConfiguration"] == {
        "subnets": ["subnet-a", "subnet-b"],
        "securityGroups": ["api-tasks-id"],
        "assignPublicIp": False,
    }
    assert service["loadBalancers"] == [
        {"targetGroupArn": "arn:targets", "containerName": container_of(recording)["name"], "containerPort": 5000}
    ]
    assert service["healthCheckGracePeriodSeconds"] == 60
    assert service["propagateTags"] == "SERVICE"


def test_service_has_a_capacity_provider_strategy_and_no_launch_type(recording: Recording[EcsService]) -> None:
    service = recording.one(SERVICE).inputs

    assert service["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
    assert "launchType" not in service


def test_optional_arguments_add_no_inputs_by_default(recording: Recording[EcsService]) -> None:
    assert recording.one(SERVICE).inputs.keys() == REQUIRED_INPUTS
    assert set(container_of(recording)["portMappings"][0]) == {"containerPort", "hostPort", "protocol"}


@pytest.mark.parametrize("spot", [0, 40])
def test_spot_share_changes_in_place(spot: int) -> None:
    service = service_of(changed(ARGS, spot_percent=spot)).one(SERVICE).inputs

    assert service["forceNewDeployment"] is True, "the provider replaces the service otherwise"
    assert len(service["capacityProviderStrategies"]) == (2 if spot else 1)


def test_blue_green_resources_are_set_before_the_strategy() -> None:
    rolling = service_of(changed(ARGS, deployment=Deployment(traffic=TRAFFIC))).one(SERVICE).inputs
    strategy = Deployment(strategy=DeploymentStrategy.BLUE_GREEN, traffic=TRAFFIC, bake_minutes=5)
    blue_green = service_of(changed(ARGS, deployment=strategy)).one(SERVICE).inputs

    assert rolling["deploymentConfiguration"] == {"strategy": "ROLLING"}
    assert blue_green["deploymentConfiguration"] == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "5"}
    assert blue_green["loadBalancers"] == rolling["loadBalancers"]
    assert blue_green["loadBalancers"][0]["advancedConfiguration"] == {
        "alternateTargetGroupArn": "arn:second",
        "productionListenerRule": "arn:rule",
        "roleArn": "arn:blue-green",
    }


def test_rollback_alarms_are_enabled() -> None:
    service = service_of(changed(ARGS, deployment=Deployment(rollback_alarm_names=("errors",)))).one(SERVICE).inputs

    assert service["alarms"] == {"alarmNames": ["errors"], "enable": True, "rollback": True}


def test_service_connect_uses_the_named_port_and_the_log_group() -> None:
    recording = service_of(changed(ARGS, connect=CONNECT))
    connect = recording.one(SERVICE).inputs["serviceConnectConfiguration"]

    assert connect["services"][0]["portName"] == container_of(recording)["portMappings"][0]["name"]
    assert connect["logConfiguration"]["options"]["awslogs-group"] == "api-logs-name"


def test_service_with_service_connect_needs_no_load_balancer() -> None:
    args = changed(
        ARGS, target_group_arn=None, load_balancer_security_group_id=None, connect=CONNECT, egress_targets={}
    )
    recording = service_of(args)

    assert not {"loadBalancers", "healthCheckGracePeriodSeconds"} & recording.one(SERVICE).inputs.keys()
    assert not recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")


def test_deployment_keeps_the_desired_count_and_rolls_back_on_failure(
    recording: Recording[EcsService],
) -> None:
    service = recording.one(SERVICE).inputs

    assert service["deploymentMinimumHealthyPercent"] == 100
    assert service["deploymentMaximumPercent"] == 200
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["waitForSteadyState"] is True
    # ECS supports rebalancing only with a maximum percent above 100.
    assert service["availabilityZoneRebalancing"] == "ENABLED"


def test_service_depends_on_every_rule_and_policy(recording: Recording[EcsService]) -> None:
    dependencies = recording.one(SERVICE).opts.depends_on

    assert {"api-from-load-balancer", "api-load-balancer-to-tasks", "api-to-https", "api-to-cache"} <= dependencies
    assert {"api-into-cache", "api-execution"} <= dependencies


def test_ecs_exec_is_disabled_without_a_log_group(recording: Recording[EcsService]) -> None:
    with_exec = service_of(changed(ARGS, exec_log_group_arn="arn:exec"))

    assert recording.one(SERVICE).inputs["enableExecuteCommand"] is False
    assert with_exec.one(SERVICE).inputs["enableExecuteCommand"] is True
    assert container_of(with_exec)["readonlyRootFilesystem"] is False, "its agent needs write access"
    assert "api-exec" in with_exec.one(SERVICE).opts.depends_on


@pytest.mark.parametrize(("autoscaled", "ignored"), [(False, ()), (True, ("desiredCount",))])
def test_autoscaled_service_ignores_desired_count(autoscaled: bool, ignored: tuple[str, ...]) -> None:
    recording = service_of(changed(ARGS, autoscaled=autoscaled))

    assert recording.one(SERVICE).opts.ignore_changes == ignored


def test_optional_arguments_are_inputs_of_the_resources() -> None:
    recording = service_of(
        changed(
            ARGS,
            architecture=CpuArchitecture.X86_64,
            assign_public_ip=True,
            command=("node", "-e", "1"),
            health_check_path="/live",
            health_check_grace_seconds=120,
            stop_timeout_seconds=90,
            user="2000:2000",
        )
    )
    service, container = recording.one(SERVICE).inputs, container_of(recording)

    assert task_of(recording).inputs["runtimePlatform"]["cpuArchitecture"] == "X86_64"
    assert service["networkConfiguration"]["assignPublicIp"] is True
    assert service["healthCheckGracePeriodSeconds"] == 120
    assert container["command"] == ["node", "-e", "1"]
    assert container["stopTimeout"] == 90
    assert container["user"] == "2000:2000"
    assert "/live" in container["healthCheck"]["command"][-1]


def test_task_definition_arn_is_the_desired_one(recording: Recording[EcsService]) -> None:
    assert recording.value(recording.result.task_definition_arn).endswith(":api-task")


def test_rolled_back_deployment_raises() -> None:
    before = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:1"

    with pytest.raises(
        RuntimeError, match=rf"rolled the deployment of .*:api-task back.*\(got {before}\).*api-logs-name"
    ):
        record(lambda: EcsService("api", ARGS), outputs={SERVICE: {"taskDefinition": before}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"memory_mib": 256}, r"memory_mib: .*\(got 256\)\. Set one of 512, 1024, 2048"),
        ({"cpu_units": 100}, r"cpu_units: .*\(got 100\)\. Set one of 256"),
        ({"log_retention_days": 31}, r"log_retention_days: .*got 31"),
        ({"environment": {"JWT_SECRET": "x"}}, r"environment: names that suggest a secret \(got JWT_SECRET\)"),
        (
            {"environment": {"PORT": "80"}},
            r"environment: PORT must not be set \(got PORT\)\. It is set from container_port \(5000\)",
        ),
        ({"secrets": {"NODE_ENV": SECRET}}, r"environment: names that are in secrets too \(got NODE_ENV\)"),
        ({"user": "root"}, r"user: not a numeric, non-root user \(got 'root'\)\. Set uid:gid"),
        ({"user": "0:0"}, r"user: .*\(got '0:0'\)"),
        ({"user": "1000"}, r"user: .*\(got '1000'\)"),
        ({"desired_count": -1}, r"desired_count: negative \(got -1\)"),
        ({"stop_timeout_seconds": 121}, r"stop_timeout_seconds: out of range \(got 121\)\. Set 2 to 120"),
        (
            {"health_check_path": "health"},
            r"health_check_path: not a path \(got 'health'\)\. Set a path that starts with /",
        ),
        ({"health_check_grace_seconds": -1}, r"health_check_grace_seconds: negative \(got -1\)\. Set 0 or more"),
        ({"container_port": 0}, r"container_port: out of range \(got 0\)"),
        ({"spot_percent": 95}, r"spot_percent: out of range \(got 95\)\. Set 0 to 90"),
        ({"target_group_arn": None}, "target_group_arn, load_balancer_security_group_id: one is missing"),
        (
            {"target_group_arn": None, "load_balancer_security_group_id": None},
            "target_group_arn: the service has no clients",
        ),
        (
            {"deployment": Deployment(strategy=DeploymentStrategy.BLUE_GREEN)},
            "deployment: traffic is missing",
        ),
        (
            {
                **{"target_group_arn": None, "load_balancer_security_group_id": None, "connect": CONNECT},
                "deployment": Deployment(traffic=TRAFFIC),
            },
            r"deployment\.traffic: needs a load balancer",
        ),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        changed(ARGS, **change)


def test_rollback_is_detected_although_the_state_has_the_desired_definition() -> None:
    before = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:1"
    live = {"aws:ecs/getService:getService": {"taskDefinition": before}}

    with pytest.raises(RuntimeError, match=rf"rolled the deployment of .*:api-task back.*\(got {before}\)"):
        record(lambda: EcsService("api", ARGS), calls=live)


def test_live_service_is_looked_up_by_name_in_its_cluster(recording: Recording[EcsService]) -> None:
    lookup = {
        "region": ARGS.task.region,
        "clusterArn": ARGS.task.cluster_arn,
        "serviceName": "api-service-name",
    }

    assert ("aws:ecs/getService:getService", lookup) in recording.calls


def test_container_health_check_can_be_replaced_or_disabled() -> None:
    command = ("CMD-SHELL", "curl -f http://127.0.0.1:5000/live")
    replaced = container_of(service_of(changed(ARGS, container_health_check=command)))
    disabled = container_of(service_of(changed(ARGS, container_health_check=None)))

    assert replaced["healthCheck"]["command"] == list(command)
    assert "healthCheck" not in disabled


@pytest.mark.parametrize("command", [(), ("CMD",), ("curl", "-f", "http://127.0.0.1")])
def test_malformed_container_health_check_is_rejected(command: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="container_health_check: not a health check command"):
        changed(ARGS, container_health_check=command)
