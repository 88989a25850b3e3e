"""What all tasks of a stack share: image, sizes, environment, connection secrets and sidecars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pulumi import Input, Output

from components.ecr.repository import EcrRepository
from components.ecs.cluster import EcsCluster
from components.ecs.existing_cluster import ExistingCluster
from components.ecs.one_off_task import OneOffTaskArgs
from components.ecs.sidecars import LOG_ROUTER, Sidecar, datadog_agent, opentelemetry_collector
from components.ecs.task import TaskArgs
from components.ecs.task_permissions import TaskPermissions
from components.ecs.task_security_group import EgressTarget
from components.elasticache.replication_group import ReplicationGroup
from components.monitoring.business_metrics import BusinessMetrics
from components.secrets.app_secrets import AppSecrets, AppSecretsArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.config.containers import ContainerConfig, OneOffTaskConfig
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.database import Database
from stacks.resources.foundation import Foundation

_SIDECAR_SECRETS: Final = ("DATADOG_API_KEY", "OPENTELEMETRY_TOKEN")  # which the application's container does not get


def task_args(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup | None,
    images: EcrRepository,
    cluster: EcsCluster | ExistingCluster,
) -> TaskArgs:
    """Return the arguments of a task with the image and sizes of the service, and create its connection secrets."""
    settings, sizes = context.settings, context.settings.sizes
    secrets = _connection_secrets(context, foundation, credentials, database, cache)
    application = {name: arn for name, arn in secrets.arns.items() if name not in _SIDECAR_SECRETS}
    egress_targets = {"database": database.egress_target}
    if cache:
        egress_targets["cache"] = EgressTarget(
            from_port=cache.port, to_port=cache.port, security_group_id=cache.security_group_id
        )
    return TaskArgs(
        account_id=context.lookups.account_id,
        region=settings.region,
        cluster_arn=cluster.arn,
        vpc_id=foundation.network.vpc_id,
        subnet_ids=foundation.task_subnet_ids,
        assign_public_ip=foundation.tasks_are_public,
        ipv6=settings.ipv6,
        image=settings.image or versions.PLACEHOLDER_IMAGE,
        repository_arn=images.arn,
        cpu_units=sizes.task_cpu,
        memory_mib=sizes.task_memory,
        environment=_environment(context, cache),
        secrets={**credentials.signing, **application},
        secrets_key_arn=foundation.key_arn,
        log_key_arn=foundation.key_arn,
        exec_log_group_arn=cluster.exec_log_group_arn if settings.ecs_exec else None,
        restart_on=_restart_on(context, secrets),
        egress_targets=egress_targets,
        sidecars=_sidecars(context, secrets),
        log_retention_days=settings.log_retention_days,
        tags=context.tags,
    )


def application_task(context: StackContext, task: TaskArgs, secrets: AppSecrets | None) -> TaskArgs:
    """Return `task` with what tierup:backend and tierup:appSecrets add for every task of the service's image."""
    settings = context.settings
    given = with_app_secrets(task, secrets, settings.app_secrets)
    if settings.image:
        return with_container(given, settings.backend.shared)
    # The placeholder's image is public.
    return with_container(
        given, settings.backend.shared.model_copy(update={"repository_credentials": None, "pull_through_cache": False})
    )


def with_app_secrets(task: TaskArgs, secrets: AppSecrets | None, names: Iterable[str]) -> TaskArgs:
    """Return `task` with those of the application's secrets; a changed value deploys the task again."""
    if secrets is None:
        return task
    return replace(
        task,
        secrets={**task.secrets, **{name: secrets.arns[name] for name in names}},
        restart_on={**task.restart_on, **{name: secrets.version_ids[name] for name in names}},
    )


def create_app_secrets(context: StackContext, foundation: Foundation) -> AppSecrets | None:
    """Store tierup:appSecrets in Secrets Manager."""
    if not context.settings.app_secrets:
        return None
    args = AppSecretsArgs(
        given=context.settings.app_secrets,
        recovery_window_days=context.secret_recovery_days,
        kms_key_id=foundation.key_arn,
        tags=context.tags,
    )
    return AppSecrets(context.named("app-secret"), args, context.opts)


def with_container(task: TaskArgs, config: ContainerConfig) -> TaskArgs:
    """Return `task` with what the configuration of its container adds; its variables replace those of `task`."""
    permissions = config.permissions.permissions()
    routers = [config.log_router.sidecar()] if config.log_router else []
    kept = [each for each in task.sidecars if not (routers and each.name == LOG_ROUTER)]
    return replace(
        task,
        environment=_merged(task.environment, config.environment, config.secrets),
        secrets=_merged(task.secrets, config.secrets, config.environment),
        secret_key_arns=[*task.secret_key_arns, *config.secret_kms_keys],
        egress_targets={
            **task.egress_targets,
            **{f"connection-{name}": each.target for name, each in sorted(config.connections.items())},
        },
        permissions=TaskPermissions(
            statements=[*task.permissions.statements, *permissions.statements],
            managed_policy_arns=sorted({*task.permissions.managed_policy_arns, *permissions.managed_policy_arns}),
        ),
        stop_timeout_seconds=config.stop_timeout_seconds or task.stop_timeout_seconds,
        architecture=config.architecture or task.architecture,
        user=config.user or task.user,
        open_files=config.open_files or task.open_files,
        repository_credentials_arn=config.repository_credentials or task.repository_credentials_arn,
        pull_through_cache=config.pull_through_cache or task.pull_through_cache,
        sidecars=[*kept, *(each.sidecar(name) for name, each in sorted(config.sidecars.items())), *routers],
    )


def one_off_task(task: TaskArgs, config: OneOffTaskConfig) -> OneOffTaskArgs:
    """Return the arguments of a task of the service's image with its own command and size."""
    own = with_container(task, config)
    return OneOffTaskArgs(task=replace(own, cpu_units=config.cpu, memory_mib=config.memory, command=config.command))


def _merged(
    given: Mapping[str, Input[str]], added: Mapping[str, str], elsewhere: Mapping[str, str]
) -> dict[str, Input[str]]:
    """Return both mappings without the names that are set elsewhere: ECS rejects a name that is plain and secret."""
    return {**{name: value for name, value in given.items() if name not in elsewhere}, **added}


def _restart_on(context: StackContext, secrets: AppSecrets) -> dict[str, Input[str]]:
    """Return what deploys the tasks when it changes: the connections' secrets, and whether the database is sharded.

    Drivers that connected to a replica set may read inconsistent data after its conversion to a sharded cluster, so
    all clients restart: https://www.mongodb.com/docs/atlas/scale-cluster/#scale-your-replica-set-to-a-sharded-cluster
    (read 2026-11-29)
    """
    return {**secrets.version_ids, "database": "sharded" if context.has(Feature.DATABASE_SHARDS) else "replica-set"}


def business_metrics(context: StackContext) -> BusinessMetrics:
    """Return the business metrics, with an id that no other stack of the account has."""
    return BusinessMetrics(stack_id=f"{context.project}/{context.stack}")


def _connection_secrets(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup | None,
) -> AppSecrets:
    settings = context.settings
    return AppSecrets(
        context.named("connection"),
        AppSecretsArgs(
            given={
                "MONGODB_URI": database.uri,
                **({"REDIS_URL": cache.url} if cache else {}),
                **({"SENTRY_DSN": credentials.sentry_dsn} if credentials.sentry_dsn is not None else {}),
                **({"DATADOG_API_KEY": settings.datadog_api_key} if settings.datadog_api_key is not None else {}),
                **(
                    {"OPENTELEMETRY_TOKEN": settings.open_telemetry_token}
                    if settings.open_telemetry_token is not None
                    else {}
                ),
            },
            recovery_window_days=context.secret_recovery_days,
            kms_key_id=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )


def _environment(context: StackContext, cache: ReplicationGroup | None) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "ALLOWED_ORIGINS": ",".join(context.settings.site_origins),
        # Behind the CDN a request passes the CDN and the load balancer, else the load balancer only.
        "TRUSTED_PROXIES": "2" if context.has(Feature.API_BEHIND_CDN) else "1",
        **({"REDIS_CLUSTER": "true"} if cache and cache.cluster_protocol else {}),
        **(business_metrics(context).environment if context.has(Feature.BUSINESS_METRICS) else {}),
    }


def _sidecars(context: StackContext, secrets: AppSecrets) -> Sequence[Sidecar]:
    datadog = "DATADOG_API_KEY" in secrets.arns
    config = context.settings.open_telemetry_config
    return [
        *([_datadog_agent(context, secrets.arns["DATADOG_API_KEY"])] if datadog else []),
        *([_collector(config, secrets)] if config is not None else []),
    ]


def _datadog_agent(context: StackContext, api_key_arn: Output[str]) -> Sidecar:
    return datadog_agent(
        image=versions.DATADOG_AGENT,
        api_key_arn=api_key_arn,
        site=context.settings.datadog_site,
        environment=context.stack,
        service="backend",
    )


def _collector(config: str, secrets: AppSecrets) -> Sidecar:
    tokens = {name: arn for name, arn in secrets.arns.items() if name == "OPENTELEMETRY_TOKEN"}
    return opentelemetry_collector(image=versions.OPENTELEMETRY_COLLECTOR, config=config, secrets=tokens)
