"""The service: a shut container, tasks that only the load balancer reaches, deployments that tell when they failed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi import Output

from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
from components.ecs.service import CpuArchitecture, EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.task_security_group import EgressTarget
from tests.engine_recorder import ACCOUNT, REGION, Recorded, Recording, record

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:jwt-AbCdEf"
ARGS = EcsServiceArgs(
    account_id=ACCOUNT,
    region=REGION,
    cluster_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app",
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b"],
    load_balancer_security_group_id="sg-balancer",
    target_group_arn="arn:targets",
    image="public.ecr.aws/docker/library/node:22-alpine",
    repository_arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api",
    container_port=5000,
    cpu_units=256,
    memory_mib=512,
    desired_count=2,
    log_retention_days=30,
    environment={"NODE_ENV": "production", "ALLOWED_ORIGINS": "https://example.com"},
    secrets={"JWT_SECRET": SECRET},
    egress_targets={"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")},
    tags={"Stack": "dev"},
)
SERVICE = "aws:ecs/service:Service"
TRAFFIC = BlueGreenTraffic(
    alternate_target_group_arn="arn:second", production_rule_arn="arn:rule", role_arn="arn:shift"
)
CONNECT = ServiceConnect(namespace_arn="arn:namespace", known_as="api")
# What a service is given that takes none of the arguments which came after the first release.
FIRST_INPUTS = frozenset(
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


def test_it_is_made_of_these_and_no_others(recording: Recording[EcsService]) -> None:
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


def test_the_task_is_a_fargate_task_of_the_size_asked(recording: Recording[EcsService]) -> None:
    task = task_of(recording).inputs

    assert (task["cpu"], task["memory"]) == ("256", "512")
    assert task["requiresCompatibilities"] == ["FARGATE"]
    assert task["networkMode"] == "awsvpc"
    assert task["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert "volumes" not in task  # a volume that the image does not declare is root's own


def test_ecs_and_the_program_act_as_different_roles(recording: Recording[EcsService]) -> None:
    task = task_of(recording).inputs

    assert task["executionRoleArn"].endswith(":api-execution")
    assert task["taskRoleArn"].endswith(":api-task")


def test_the_family_is_this_stacks_alone(recording: Recording[EcsService]) -> None:
    assert task_of(recording).inputs["family"] == "api-task-name", "the physical name of the task role"


def test_the_container_is_shut_and_its_variables_are_complete(recording: Recording[EcsService]) -> None:
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


def test_a_secret_may_be_an_output() -> None:
    recording = record(
        lambda: EcsService("api", replace(ARGS, secrets={"MONGODB_URI": Output.from_input(SECRET)})),
    )

    assert container_of(recording)["secrets"] == [{"name": "MONGODB_URI", "valueFrom": SECRET}]


def test_the_heap_may_be_set_by_hand() -> None:
    recording = service_of(replace(ARGS, environment={"NODE_OPTIONS": "--max-old-space-size=100"}))

    assert {"name": "NODE_OPTIONS", "value": "--max-old-space-size=100"} in container_of(recording)["environment"]


def test_tasks_stand_where_asked_behind_the_load_balancer(recording: Recording[EcsService]) -> None:
    service = recording.one(SERVICE).inputs

    assert service["cluster"] == ARGS.cluster_arn
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


def test_capacity_is_a_strategy_from_the_first_day(recording: Recording[EcsService]) -> None:
    service = recording.one(SERVICE).inputs

    assert service["capacityProviderStrategies"] == [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
    assert "launchType" not in service


def test_what_came_later_leaves_a_first_service_as_it_was(recording: Recording[EcsService]) -> None:
    assert recording.one(SERVICE).inputs.keys() == FIRST_INPUTS
    assert set(container_of(recording)["portMappings"][0]) == {"containerPort", "hostPort", "protocol"}


@pytest.mark.parametrize("spot", [0, 40])
def test_a_share_of_spot_changes_in_place(spot: int) -> None:
    service = service_of(replace(ARGS, spot_percent=spot)).one(SERVICE).inputs

    assert service["forceNewDeployment"] is True, "or the provider makes a new service"
    assert len(service["capacityProviderStrategies"]) == (2 if spot else 1)


def test_the_traffic_shift_comes_first_and_blue_green_after_it() -> None:
    prepared = service_of(replace(ARGS, deployment=Deployment(traffic=TRAFFIC))).one(SERVICE).inputs
    strategy = Deployment(strategy=DeploymentStrategy.BLUE_GREEN, traffic=TRAFFIC, bake_minutes=5)
    shifting = service_of(replace(ARGS, deployment=strategy)).one(SERVICE).inputs

    assert prepared["deploymentConfiguration"] == {"strategy": "ROLLING"}
    assert shifting["deploymentConfiguration"] == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "5"}
    assert shifting["loadBalancers"] == prepared["loadBalancers"]
    assert shifting["loadBalancers"][0]["advancedConfiguration"] == {
        "alternateTargetGroupArn": "arn:second",
        "productionListenerRule": "arn:rule",
        "roleArn": "arn:shift",
    }


def test_alarms_undo_a_deployment() -> None:
    service = service_of(replace(ARGS, deployment=Deployment(rollback_alarm_names=("errors",)))).one(SERVICE).inputs

    assert service["alarms"] == {"alarmNames": ["errors"], "enable": True, "rollback": True}


def test_others_call_it_by_its_name() -> None:
    recording = service_of(replace(ARGS, connect=CONNECT))
    connect = recording.one(SERVICE).inputs["serviceConnectConfiguration"]

    assert connect["services"][0]["portName"] == container_of(recording)["portMappings"][0]["name"]
    assert connect["logConfiguration"]["options"]["awslogs-group"] == "api-logs-name"


def test_one_that_only_services_call_needs_no_load_balancer() -> None:
    args = replace(
        ARGS, target_group_arn=None, load_balancer_security_group_id=None, connect=CONNECT, egress_targets={}
    )
    recording = service_of(args)

    assert not {"loadBalancers", "healthCheckGracePeriodSeconds"} & recording.one(SERVICE).inputs.keys()
    assert not recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")


def test_a_deployment_never_has_fewer_tasks_and_is_waited_for_and_undone_when_it_fails(
    recording: Recording[EcsService],
) -> None:
    service = recording.one(SERVICE).inputs

    assert service["deploymentMinimumHealthyPercent"] == 100
    assert service["deploymentMaximumPercent"] == 200
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["waitForSteadyState"] is True
    # ECS takes rebalancing only where a deployment may go above 100 percent.
    assert service["availabilityZoneRebalancing"] == "ENABLED"


def test_tasks_start_after_every_rule_and_right_they_need(recording: Recording[EcsService]) -> None:
    waits = recording.one(SERVICE).opts.depends_on

    assert {"api-from-load-balancer", "api-load-balancer-to-tasks", "api-to-https", "api-to-cache"} <= waits
    assert {"api-into-cache", "api-execution"} <= waits


def test_ecs_exec_is_off_unless_its_log_is_given(recording: Recording[EcsService]) -> None:
    with_exec = service_of(replace(ARGS, exec_log_group_arn="arn:exec"))

    assert recording.one(SERVICE).inputs["enableExecuteCommand"] is False
    assert with_exec.one(SERVICE).inputs["enableExecuteCommand"] is True
    assert container_of(with_exec)["readonlyRootFilesystem"] is False, "its agent has to write"
    assert "api-exec" in with_exec.one(SERVICE).opts.depends_on


@pytest.mark.parametrize(("autoscaled", "ignored"), [(False, ()), (True, ("desiredCount",))])
def test_the_number_of_tasks_is_left_alone_only_where_autoscaling_owns_it(
    autoscaled: bool, ignored: tuple[str, ...]
) -> None:
    recording = service_of(replace(ARGS, autoscaled=autoscaled))

    assert recording.one(SERVICE).opts.ignore_changes == ignored


def test_arguments_reach_the_resources() -> None:
    recording = service_of(
        replace(
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


def test_what_runs_is_what_was_asked_for(recording: Recording[EcsService]) -> None:
    assert recording.value(recording.result.task_definition_arn).endswith(":api-task")


def test_a_deployment_that_ecs_rolled_back_fails_the_update() -> None:
    before = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:1"

    with pytest.raises(RuntimeError, match=rf"rolled the deployment of .*:api-task back to {before}.*api-logs-name"):
        record(lambda: EcsService("api", ARGS), outputs={SERVICE: {"taskDefinition": before}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"memory_mib": 256}, "memory_mib: got 256, allowed 512, 1024, 2048"),
        ({"cpu_units": 100}, "cpu_units: got 100, allowed 256"),
        ({"log_retention_days": 31}, "log_retention_days: got 31"),
        ({"environment": {"JWT_SECRET": "x"}}, "environment: got JWT_SECRET"),
        ({"environment": {"PORT": "80"}}, r"environment: got PORT, allowed without: it is container_port \(5000\)"),
        ({"secrets": {"NODE_ENV": SECRET}}, "got NODE_ENV as secrets too"),
        ({"user": "root"}, "user: got 'root', allowed uid:gid"),
        ({"user": "0:0"}, "user: got '0:0'"),
        ({"user": "1000"}, "user: got '1000'"),
        ({"desired_count": -1}, "desired_count: got -1"),
        ({"stop_timeout_seconds": 121}, "stop_timeout_seconds: got 121, allowed 2 to 120"),
        ({"health_check_path": "health"}, "health_check_path: got 'health', allowed a path that starts with /"),
        ({"health_check_grace_seconds": -1}, "health_check_grace_seconds: got -1, allowed 0 or more"),
        ({"container_port": 0}, "container_port: got 0"),
        ({"spot_percent": 95}, "spot_percent: got 95, allowed 0 to 90"),
        ({"target_group_arn": None}, "target_group_arn, load_balancer_security_group_id: got one, allowed both"),
        (
            {"target_group_arn": None, "load_balancer_security_group_id": None},
            "target_group_arn: got none, and no connect.known_as",
        ),
        (
            {"deployment": Deployment(strategy=DeploymentStrategy.BLUE_GREEN)},
            "deployment: got BLUE_GREEN without traffic",
        ),
        (
            {
                **{"target_group_arn": None, "load_balancer_security_group_id": None, "connect": CONNECT},
                "deployment": Deployment(traffic=TRAFFIC),
            },
            "deployment.traffic: got one without target_group_arn",
        ),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
