"""A service grows from a rolling deployment to blue/green, alarms and Spot on the real engine, without replacement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.alb.existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
from components.alb.listener_rule import RequestMatch
from components.alb.load_balancer import LoadBalancer, LoadBalancerArgs
from components.alb.service_route import ServiceRoute, ServiceRouteArgs
from components.alb.target_group import TargetSettings
from components.ecs.autoscaling import ServiceAutoscaling, ServiceAutoscalingArgs
from components.ecs.blue_green import BlueGreen, BlueGreenArgs
from components.ecs.cluster import EcsCluster, EcsClusterArgs
from components.ecs.deployment import BlueGreenTraffic, Deployment, DeploymentStrategy
from components.ecs.existing_cluster import ExistingCluster, ExistingClusterArgs
from components.ecs.one_off_task import OneOffTask, OneOffTaskArgs
from components.ecs.scaling_targets import RequestTarget
from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
from components.ecs.service import EcsService, EcsServiceArgs
from components.ecs.service_connect import ServiceConnect
from components.ecs.service_namespace import ServiceNamespace, ServiceNamespaceArgs
from components.ecs.task import TaskArgs
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from components.s3.log_bucket import LogBucket, LogBucketArgs
from components.vpc.network import Network, NetworkArgs
from tests.engine.sandbox_stack import CreateStack, Program, SandboxStack
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource

pytestmark = [pytest.mark.engine, pytest.mark.exhaustive]

REGION = "eu-west-1"
TAGS = {"Stack": "dev"}
PORT = 5000
IMAGE = "public.ecr.aws/docker/library/node:22.11-alpine"
SERVICE = "aws:ecs/service:Service"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
KEPT = (SERVICE, "aws:lb/targetGroup:TargetGroup", "aws:lb/listener:Listener", "aws:lb/loadBalancer:LoadBalancer")


@dataclass(frozen=True, kw_only=True)
class Step:
    """The configuration of one `up`."""

    autoscaled: bool = False
    blue_green_resources: bool = False
    strategy: DeploymentStrategy = DeploymentStrategy.ROLLING
    alarms: bool = False
    spot_percent: int | None = None
    other_services: bool = False
    """Adds a worker, a scheduled task, a routed service with two versions, and a namespace."""


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """The resources that services need."""

    network: Network
    balancer: LoadBalancer
    cluster: EcsCluster
    task: TaskArgs
    """Arguments that all tasks share."""


def foundation() -> Foundation:
    account = aws.get_caller_identity_output().account_id
    zones = (f"{REGION}a", f"{REGION}b")
    network = Network(
        "net",
        NetworkArgs(
            vpc_cidr="10.20.0.0/16",
            availability_zones=zones,
            account_id=account,
            region=REGION,
            flow_log_retention_days=30,
            tags=TAGS,
        ),
    )
    logs = LogBucket("logs", LogBucketArgs(account_id=account, region=REGION, retention_days=30, tags=TAGS))
    subnets = list(network.public_subnet_ids.values())
    balancer = LoadBalancer(
        "api",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=subnets,
            certificate_arn=f"arn:aws:iam::{'1' * 12}:server-certificate/api",
            access_log_bucket=logs.bucket_name,
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            target_port=PORT,
            deletion_protection=False,
            tags=TAGS,
        ),
    )
    cluster = EcsCluster("app", EcsClusterArgs(exec_log_retention_days=30, tags=TAGS))
    return Foundation(
        network=network,
        balancer=balancer,
        cluster=cluster,
        task=TaskArgs(
            account_id=account,
            region=REGION,
            cluster_arn=cluster.arn,
            vpc_id=network.vpc_id,
            subnet_ids=subnets,
            assign_public_ip=True,
            image=IMAGE,
            repository_arn=f"arn:aws:ecr:{REGION}:{'1' * 12}:repository/api",
            cpu_units=256,
            memory_mib=512,
            log_retention_days=30,
            tags=TAGS,
        ),
    )


def program(step: Step) -> Program:
    def build() -> None:
        base = foundation()
        blue_green = blue_green_resources(base) if step.blue_green_resources else None
        traffic = BlueGreenTraffic(
            alternate_target_group_arn=blue_green.alternate_target_group_arn,
            production_rule_arn=blue_green.production_rule_arn,
            role_arn=blue_green.role_arn,
        ) if blue_green else None  # fmt: skip
        service = EcsService(
            "backend",
            EcsServiceArgs(
                task=base.task,
                container_port=PORT,
                desired_count=2,
                load_balancer_security_group_id=base.balancer.security_group_id,
                target_group_arn=base.balancer.target_group_arn,
                autoscaled=step.autoscaled,
                spot_percent=step.spot_percent,
                deployment=Deployment(
                    strategy=step.strategy,
                    traffic=traffic,
                    bake_minutes=10 if step.strategy is DeploymentStrategy.BLUE_GREEN else 0,
                    rollback_alarm_names=[errors_alarm(base).name] if step.alarms else [],
                ),
            ),
        )
        if step.autoscaled:
            autoscaling(base, service, blue_green)
        if step.other_services:
            other_services(base)
        pulumi.export("service", service.service_name)
        pulumi.export("cluster", base.cluster.cluster_name)
        pulumi.export("balancer", base.balancer.arn)
        pulumi.export("vpc", base.network.vpc_id)

    return build


def blue_green_resources(base: Foundation) -> BlueGreen:
    return BlueGreen(
        "backend",
        BlueGreenArgs(
            listener_arn=base.balancer.https_listener_arn,
            vpc_id=base.network.vpc_id,
            target_group_arn=base.balancer.target_group_arn,
            targets=TargetSettings(port=PORT),
            tags=TAGS,
        ),
    )


def errors_alarm(base: Foundation) -> aws.cloudwatch.MetricAlarm:
    return aws.cloudwatch.MetricAlarm(
        "errors",
        namespace="AWS/ApplicationELB",
        metric_name="HTTPCode_Target_5XX_Count",
        dimensions={"LoadBalancer": base.balancer.arn_suffix},
        statistic="Sum",
        period=60,
        evaluation_periods=1,
        threshold=10,
        comparison_operator="GreaterThanThreshold",
    )


def autoscaling(base: Foundation, service: EcsService, blue_green: BlueGreen | None) -> None:
    ServiceAutoscaling(
        "backend-scaling",
        ServiceAutoscalingArgs(
            cluster_name=base.cluster.cluster_name,
            service_name=service.service_name,
            min_tasks=2,
            max_tasks=6,
            requests=RequestTarget(
                requests_per_minute=1_000,
                load_balancer_arn_suffix=base.balancer.arn_suffix,
                target_group_arn_suffix=base.balancer.target_group_arn_suffix,
                alternate_target_group_arn_suffix=blue_green.alternate_target_group_arn_suffix if blue_green else None,
            ),
            tags=TAGS,
        ),
    )


def other_services(base: Foundation) -> None:
    namespace = ServiceNamespace("app", ServiceNamespaceArgs(tags=TAGS))
    WorkerService("worker", WorkerServiceArgs(task=replace(base.task, command=("node", "worker.js")), desired_count=1))
    once = OneOffTask("indexes", OneOffTaskArgs(task=replace(base.task, command=("node", "indexes.js"))))
    ScheduledTask(
        "nightly",
        ScheduledTaskArgs(
            account_id=base.task.account_id,
            region=base.task.region,
            cluster_arn=base.task.cluster_arn,
            subnet_ids=base.task.subnet_ids,
            assign_public_ip=base.task.assign_public_ip,
            task_definition_arn=once.task_definition_arn,
            execution_role_arn=once.execution_role_arn,
            task_role_arn=once.task_role_arn,
            security_group_id=once.security_group_id,
            schedule="cron(0 3 * * ? *)",
            tags=TAGS,
        ),
    )
    route = ServiceRoute(
        "reports",
        ServiceRouteArgs(
            listener_arn=base.balancer.https_listener_arn,
            vpc_id=base.network.vpc_id,
            match=RequestMatch(paths=("/api/reports/*",)),
            priority=100,
            targets=TargetSettings(port=PORT),
            weights={"a": 90, "b": 10},
            tags=TAGS,
        ),
    )
    for version, target_group_arn in route.target_group_arns.items():
        EcsService(
            f"reports-{version}",
            EcsServiceArgs(
                task=base.task,
                container_port=PORT,
                desired_count=1,
                load_balancer_security_group_id=base.balancer.security_group_id,
                target_group_arn=target_group_arn,
                connect=ServiceConnect(namespace_arn=namespace.arn, dns_name=f"reports-{version}"),
            ),
        )


def resources(stack: SandboxStack) -> dict[tuple[str, str], str]:
    """Return the ids of the resources that must not be replaced, by type and logical name."""
    return {(each.type, each.name): each.id for each in stack.resources() if each.type in KEPT}


def change_in_the_cloud(stack: SandboxStack, type_token: str, name: str, **outputs: Any) -> None:
    """Change properties of a resource in the sandbox, as ECS and Application Auto Scaling do in AWS."""
    cloud = Cloud(cloud_path(stack.home))
    found: CloudResource = next(each for each in stack.resources() if (each.type, each.name) == (type_token, name))
    cloud.change(replace(found, inputs={**found.inputs, **outputs}, outputs={**found.outputs, **outputs}))
    cloud.close()


ROLLING = Step()
AUTOSCALED = replace(ROLLING, autoscaled=True)
PREPARED = replace(AUTOSCALED, blue_green_resources=True)
BLUE_GREEN = replace(PREPARED, strategy=DeploymentStrategy.BLUE_GREEN, alarms=True)
SPOT = replace(BLUE_GREEN, spot_percent=60)
NO_SPOT = replace(BLUE_GREEN, spot_percent=0)
OTHER_SERVICES = replace(NO_SPOT, other_services=True)
ROLLING_AGAIN = replace(NO_SPOT, strategy=DeploymentStrategy.ROLLING)


def test_changes_of_strategy_scaling_and_spot_do_not_replace_the_service(create_stack: CreateStack) -> None:
    stack = create_stack()
    before: dict[tuple[str, str], str] = {}
    steps = (ROLLING, AUTOSCALED, PREPARED, BLUE_GREEN, SPOT, NO_SPOT, OTHER_SERVICES, ROLLING_AGAIN)
    for number, step in enumerate(steps):
        done = stack.up(program(step))
        assert not done.error, f"step {number}: {done.error}"
        after = resources(stack)
        assert before.items() <= after.items() or step is ROLLING_AGAIN, f"step {number}: {before} -> {after}"
        assert after[SERVICE, "backend-service"] == (before or after)[SERVICE, "backend-service"]
        assert stack.preview(program(step)).empty, f"step {number}"
        before = after


def test_target_weights_and_desired_count_are_ignored_after_creation(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(program(NO_SPOT)).error
    (rule,) = [each for each in stack.resources() if each.type == LISTENER_RULE]
    first, second = rule.inputs["actions"][0]["forward"]["targetGroups"]
    shifted = [{"type": "forward", "forward": {"targetGroups": [{**first, "weight": 0}, {**second, "weight": 100}]}}]

    change_in_the_cloud(stack, LISTENER_RULE, "backend-production", actions=shifted)
    change_in_the_cloud(stack, SERVICE, "backend-service", desiredCount=5)

    assert not stack.refresh(program(NO_SPOT)).error
    assert stack.preview(program(NO_SPOT)).empty


def test_change_of_an_existing_service_to_blue_green_in_one_update_is_rejected(create_stack: CreateStack) -> None:
    stack = create_stack()
    assert not stack.up(program(ROLLING)).error

    error = stack.up(program(BLUE_GREEN)).error

    assert "blue-green-in-two-updates" in error


def test_existing_load_balancer_and_cluster_of_another_stack_are_looked_up(create_stack: CreateStack) -> None:
    owner = create_stack(stack="owner")
    outputs = owner.up(program(ROLLING)).outputs
    stack = create_stack(stack="guest", account=owner.account)

    def guest() -> None:
        vpc = aws.ec2.get_vpc_output(id=outputs["vpc"])
        balancer = ExistingLoadBalancer(
            "api",
            ExistingLoadBalancerArgs(
                arn=outputs["balancer"],
                vpc_id=vpc.id,
                match=RequestMatch(hosts=("other.example.com",)),
                priority=7,
                targets=TargetSettings(port=PORT),
                tags=TAGS,
            ),
        )
        cluster = ExistingCluster("app", ExistingClusterArgs(cluster_name=outputs["cluster"]))
        for each in ("security_group_id", "https_listener_arn", "target_group_arn", "dns_name", "zone_id"):
            pulumi.export(each, getattr(balancer, each))
        pulumi.export("cluster", cluster.arn)

    done = stack.up(guest)

    assert not done.error
    assert len(done.outputs) == 6
    assert all(done.outputs.values())
    assert stack.preview(guest).empty
    assert stack.destroy(guest).error == ""
