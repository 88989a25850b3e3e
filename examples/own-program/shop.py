"""A network, a load balancer, a cache and a service of tierup, in a program that has its own settings and resources."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from tierup.components.alb import LoadBalancer, LoadBalancerArgs
from tierup.components.ecr import EcrRepository, EcrRepositoryArgs
from tierup.components.ecs import EcsCluster, EcsClusterArgs, EcsService, EcsServiceArgs, EgressTarget, TaskArgs
from tierup.components.elasticache import ReplicationGroup, ReplicationGroupArgs
from tierup.components.s3 import LogBucket, LogBucketArgs
from tierup.components.secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from tierup.components.vpc import Network, NetworkArgs

PORT = 8080
LOG_DAYS = 30


def create() -> EcsService:
    """Create all resources and return the service."""
    config = pulumi.Config()
    region = pulumi.Config("aws").require("region")
    account = aws.get_caller_identity_output().account_id
    tags = {"Project": pulumi.get_project(), "Stack": pulumi.get_stack()}

    network = Network(
        "shop",
        NetworkArgs(
            vpc_cidr="10.20.0.0/16",
            availability_zones=[f"{region}a", f"{region}b"],
            account_id=account,
            region=region,
            flow_log_retention_days=LOG_DAYS,
            tags=tags,
        ),
    )
    logs = LogBucket("shop-logs", LogBucketArgs(account_id=account, region=region, retention_days=LOG_DAYS, tags=tags))
    load_balancer = LoadBalancer(
        "shop",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            certificate_arn=config.require("certificateArn"),
            access_log_bucket=logs.bucket_name,
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            target_port=PORT,
            tags=tags,
        ),
    )
    token = AppSecrets(
        "shop-token",
        AppSecretsArgs(recovery_window_days=7, generated={"CACHE_TOKEN": GeneratedSecret(length=64)}, tags=tags),
    )
    cache = ReplicationGroup(
        "shop-cache",
        ReplicationGroupArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.data_subnet_ids.values()),
            engine_version="8.1",
            node_type="cache.t4g.micro",
            auth_token=token.generated["CACHE_TOKEN"],
            log_retention_days=LOG_DAYS,
            tags=tags,
        ),
    )
    connection = AppSecrets(
        "shop-connection", AppSecretsArgs(recovery_window_days=7, given={"REDIS_URL": cache.url}, tags=tags)
    )
    repository = EcrRepository("shop-images", EcrRepositoryArgs(tags=tags))
    cluster = EcsCluster("shop", EcsClusterArgs(exec_log_retention_days=LOG_DAYS, tags=tags))
    return EcsService(
        "shop",
        EcsServiceArgs(
            task=TaskArgs(
                account_id=account,
                region=region,
                cluster_arn=cluster.arn,
                vpc_id=network.vpc_id,
                subnet_ids=list(network.public_subnet_ids.values()),
                assign_public_ip=True,
                image=config.get("image") or "public.ecr.aws/docker/library/node:22-alpine",
                repository_arn=repository.arn,
                cpu_units=256,
                memory_mib=512,
                environment={"LOG_LEVEL": "info"},
                secrets={"REDIS_URL": connection.arns["REDIS_URL"]},
                restart_on=connection.version_ids,
                egress_targets={
                    "cache": EgressTarget(
                        from_port=cache.port, to_port=cache.port, security_group_id=cache.security_group_id
                    )
                },
                log_retention_days=LOG_DAYS,
                tags=tags,
            ),
            desired_count=2,
            container_port=PORT,
            load_balancer_security_group_id=load_balancer.security_group_id,
            target_group_arn=load_balancer.target_group_arn,
        ),
        pulumi.ResourceOptions(depends_on=[load_balancer]),
    )
