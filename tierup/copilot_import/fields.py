"""What becomes of each field that Copilot documents: one row a field, in the order of Copilot's pages.

`*` in a path stands for any name. A row without `convert` reports its outcome as it is. A field whose rows are all
below it has none of its own. `tools/docs` writes the rows to docs/reference/copilot-fields.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tierup.copilot_import.conversion import (
    containers,
    environments,
    http,
    images,
    scaling,
    schedules,
    sidecars,
)
from tierup.copilot_import.conversion.values import Found
from tierup.copilot_import.draft import Draft, Kind
from tierup.copilot_import.manifest import Node
from tierup.copilot_import.report import Outcome

MAPPED, DIFFERS, UNMAPPED = Outcome.MAPPED, Outcome.DIFFERS, Outcome.UNMAPPED


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestField:
    """What becomes of one field of a manifest."""

    path: str
    outcome: Outcome
    """The outcome of a usual value; the conversion of a value may find another one."""
    setting: str = ""
    """The setting, without the namespace; <container> is that of the service, the worker or the task."""
    note: str = ""
    """What differs, why the field does not map, or what to do."""
    convert: Callable[[Draft, Node], Found] | None = None
    recurse: bool = False
    """Whether a mapping is converted by the rows below this one."""

    @property
    def segments(self) -> tuple[str, ...]:
        """The keys of the path."""
        return tuple(self.path.split("."))

    def matches(self, path: Sequence[str]) -> bool:
        """Return whether the row is for the field at `path`."""
        own = self.segments
        return len(own) == len(path) and all(a in (b, "*") for a, b in zip(own, path, strict=True))


def _row(
    path: str,
    outcome: Outcome,
    setting: str = "",
    note: str = "",
    convert: Callable[[Draft, Node], Found] | None = None,
    *,
    recurse: bool = False,
) -> ManifestField:
    return ManifestField(path=path, outcome=outcome, setting=setting, note=note, convert=convert, recurse=recurse)


_IMAGE: Final = (
    _row(
        "image.build",
        UNMAPPED,
        "image",
        "The command that builds the image is reported; --image sets it.",
        images.image_build,
    ),
    _row("image.location", MAPPED, "image", "The tag latest is refused.", images.image_location),
    _row("image.credentials", MAPPED, "<container>.repositoryCredentials", "", images.image_credentials),
    _row("image.labels", UNMAPPED, "", "The stack sets no Docker labels; put them into the Dockerfile."),
    _row(
        "image.depends_on",
        UNMAPPED,
        "",
        "The containers of a task start together. Let the application retry, or run preparation as tierup:releaseTask.",
    ),
)

_IMAGE_HEALTH: Final = (
    _row("image.healthcheck.command", MAPPED, "<container>.containerHealthCheck", "", images.container_health_command),
    _row("image.healthcheck.interval", DIFFERS, "", "ECS runs the check every 30 seconds."),
    _row("image.healthcheck.retries", DIFFERS, "", "A container is unhealthy after 3 failed checks."),
    _row("image.healthcheck.timeout", DIFFERS, "", "A check fails after 10 seconds."),
    _row("image.healthcheck.start_period", DIFFERS, "", "Checks of the first 60 seconds do not count."),
)

_SIZE: Final = (
    _row("cpu", MAPPED, "sizeOverrides.taskCpu", "The cpu of an entry of services and scheduledTasks.", images.cpu),
    _row("memory", MAPPED, "sizeOverrides.taskMemory", "The memory of such an entry.", images.memory),
    _row(
        "platform",
        MAPPED,
        "<container>.architecture",
        "Copilot's default is x86_64, that of the stack ARM64. Windows is not supported.",
        images.platform,
        recurse=True,
    ),
    _row("platform.osfamily", MAPPED, "", "Linux only.", images.platform_system),
    _row("platform.architecture", MAPPED, "<container>.architecture", "", images.platform_architecture),
)

_COOLDOWN: Final = "The stack waits 60 seconds between scale-out and 300 seconds between scale-in activities."


def _target(name: str, setting: str, note: str, convert: Callable[[Draft, Node], Found]) -> Sequence[ManifestField]:
    """Return the rows of an autoscaling target, which is a number or a map."""
    return (
        _row(f"count.{name}", MAPPED, setting, note, convert, recurse=True),
        _row(f"count.{name}.value", MAPPED, setting, note, convert),
        _row(f"count.{name}.cooldown", DIFFERS, "", _COOLDOWN),
    )


_COUNT: Final = (
    _row("count", MAPPED, "sizeOverrides.tasks", "sizeOverrides.workers for the worker.", scaling.count, recurse=True),
    _row(
        "count.spot", DIFFERS, "spotPercent", "At most 90 %, as the manifest of the stack's service says.", scaling.spot
    ),
    _row("count.range", MAPPED, "sizeOverrides.tasks", "And maxTasks.", scaling.count_range, recurse=True),
    _row("count.range.min", MAPPED, "sizeOverrides.tasks", "", scaling.count_min),
    _row("count.range.max", MAPPED, "sizeOverrides.maxTasks", "", scaling.count_max),
    _row("count.range.spot_from", DIFFERS, "spotPercent", "The stack has a percentage.", scaling.spot_from),
    _row("count.cooldown", DIFFERS, "", _COOLDOWN),
    *_target("cpu_percentage", "autoscaling.cpuPercent", "For all services of the stack.", scaling.cpu_target),
    *_target("memory_percentage", "autoscaling.memoryPercent", "For all services of the stack.", scaling.memory_target),
)

_COUNT_HTTP: Final = (
    *_target("requests", "autoscaling.requestsPerMinute", "For the stack's service.", scaling.requests_target),
    _row("count.response_time", UNMAPPED, "", "Scale on CPU or requests; an alarm fires on slow responses."),
)

_EXEC: Final = (
    _row("exec", DIFFERS, "ecsExec", "For all tasks of the stack.", containers.execute),
    _row("deployment.rolling", MAPPED, "resourceOverrides", "Only recreate is written.", containers.rolling),
    _row(
        "deployment.rollback_alarms",
        DIFFERS,
        "",
        "A failed deployment rolls back; from phase scale on it does so on errors of the load balancer too.",
    ),
)

_COMMAND: Final = (
    _row(
        "entrypoint", UNMAPPED, "", "The image's entrypoint applies; set the whole command, or change the Dockerfile."
    ),
    _row("command", MAPPED, "<container>.command", "", containers.command),
)

_NETWORK: Final = (
    _row("network.connect", MAPPED, "", "From phase enterprise on.", containers.connect, recurse=True),
    _row("network.connect.alias", UNMAPPED, "", "A service has its name of tierup:services in Service Connect."),
    _row("network.vpc.placement", MAPPED, "", "The phase decides the subnets.", containers.placement, recurse=True),
    _row("network.vpc.placement.subnets", UNMAPPED, "", "tierup:existingNetwork takes the subnets of a VPC by zone."),
    _row(
        "network.vpc.security_groups",
        UNMAPPED,
        "",
        "Each task has its own security group, which allows what the stack's resources need.",
    ),
)

_CFN: Final = "Read the export's value (aws cloudformation list-exports), and set it with pulumi config set."

_VARIABLES: Final = (
    _row("variables.*", MAPPED, "<container>.environment.<NAME>", "", containers.variable, recurse=True),
    _row("variables.*.from_cfn", UNMAPPED, "", _CFN),
    _row(
        "env_file",
        MAPPED,
        "<container>.environment",
        "The file's variables, except secrets.",
        containers.variables_file,
    ),
    _row(
        "secrets.*",
        MAPPED,
        "<container>.secrets.<NAME>",
        "A parameter without an ARN needs --account.",
        containers.secret,
        recurse=True,
    ),
    _row(
        "secrets.*.secretsmanager",
        MAPPED,
        "<container>.secrets.<NAME>",
        "A secret without an ARN needs --secret.",
        containers.secret_name,
        recurse=True,
    ),
    _row("secrets.*.secretsmanager.from_cfn", UNMAPPED, "", _CFN),
    _row("secrets.*.from_cfn", UNMAPPED, "", _CFN),
)

_STORAGE: Final = (
    _row("storage.ephemeral", UNMAPPED, "", "A task has the 20 GiB of Fargate's default.", containers.ephemeral),
    _row("storage.readonly_fs", DIFFERS, "", "Always read-only, except with ecsExec.", containers.readonly_root),
    _row("storage.volumes.*", UNMAPPED, "", "Tasks keep no files: use an S3 bucket (<container>.permissions.buckets)."),
)

_PUBLISH: Final = (
    _row(
        "publish.topics",
        UNMAPPED,
        "",
        "The stack creates no topics. Keep or create them elsewhere, and allow sns:Publish in "
        "<container>.permissions.statements. COPILOT_SNS_TOPIC_ARNS is a variable that you set.",
    ),
)

_LOGGING: Final = (
    _row("logging.retention", MAPPED, "logRetentionDays", "For all logs of the stack.", containers.log_retention),
    _row("logging.image", MAPPED, "<container>.logRouter.image", "", containers.log_image),
    _row("logging.destination", MAPPED, "<container>.logRouter.options", "", containers.log_destination),
    _row("logging.enableMetadata", MAPPED, "", "The log router always adds the task's metadata."),
    _row("logging.secretOptions.*", MAPPED, "<container>.logRouter.secretOptions", "", containers.log_secret),
    _row("logging.configFilePath", UNMAPPED, "", "The log router's options are settings, not a file of its image."),
    _row("logging.env_file", UNMAPPED, "", "The log router has no variables."),
)

_OBSERVABILITY: Final = (
    _row(
        "observability.tracing", UNMAPPED, "", "tierup:openTelemetryConfig runs a collector, which can export to X-Ray."
    ),
)

_OVERRIDES: Final = (
    _row(
        "taskdef_overrides",
        UNMAPPED,
        "resourceOverrides",
        "StopTimeout, User, nofile and CpuArchitecture map.",
        containers.task_definition_rule,
    ),
)

_SIDECARS: Final = (
    _row(
        "sidecars.*.image",
        DIFFERS,
        "<container>.sidecars.<name>.image",
        "With 128 MiB.",
        sidecars.sidecar_image,
        recurse=True,
    ),
    _row("sidecars.*.image.location", DIFFERS, "<container>.sidecars.<name>.image", "", sidecars.sidecar_image),
    _row("sidecars.*.image.build", UNMAPPED, "", "Build and push the image, and set the sidecar's image."),
    _row("sidecars.*.image.credentials", UNMAPPED, "", "Copy the sidecar's image to ECR or a public registry."),
    _row("sidecars.*.image.labels", UNMAPPED, "", "The stack sets no Docker labels."),
    _row("sidecars.*.image.depends_on", UNMAPPED, "", "The containers of a task start together."),
    _row("sidecars.*.port", MAPPED, "", "The application reaches every port of a sidecar on localhost."),
    _row("sidecars.*.essential", MAPPED, "<container>.sidecars.<name>.essential", "", sidecars.sidecar_essential),
    _row("sidecars.*.command", MAPPED, "<container>.sidecars.<name>.command", "", sidecars.sidecar_command),
    _row(
        "sidecars.*.variables.*",
        MAPPED,
        "<container>.sidecars.<name>.environment",
        "",
        sidecars.sidecar_variable,
        recurse=True,
    ),
    _row("sidecars.*.variables.*.from_cfn", UNMAPPED, "", _CFN),
    _row(
        "sidecars.*.secrets.*", MAPPED, "<container>.sidecars.<name>.secrets", "", sidecars.sidecar_secret, recurse=True
    ),
    _row(
        "sidecars.*.secrets.*.secretsmanager",
        MAPPED,
        "<container>.sidecars.<name>.secrets",
        "",
        sidecars.sidecar_secret_name,
    ),
    _row("sidecars.*.secrets.*.from_cfn", UNMAPPED, "", _CFN),
    _row("sidecars.*.env_file", MAPPED, "<container>.sidecars.<name>.environment", "", sidecars.sidecar_variables_file),
    _row("sidecars.*.entrypoint", UNMAPPED, "", "The image's entrypoint applies."),
    _row("sidecars.*.credentialsParameter", UNMAPPED, "", "Copy the sidecar's image to ECR or a public registry."),
    _row("sidecars.*.mount_points", UNMAPPED, "", "The containers of a task share no volume."),
    _row("sidecars.*.labels", UNMAPPED, "", "The stack sets no Docker labels."),
    _row("sidecars.*.depends_on", UNMAPPED, "", "The containers of a task start together."),
    _row("sidecars.*.healthcheck", UNMAPPED, "", "A sidecar has no health check; set essential if the task needs it."),
)


def _health(*keys: str) -> Iterator[ManifestField]:
    """Yield the rows of a target group's health check."""
    yield _row(
        "http.healthcheck",
        MAPPED,
        "<container>.healthCheckPath",
        "Copilot's default is /.",
        http.health_path,
        recurse=True,
    )
    yield _row("http.healthcheck.path", MAPPED, "<container>.healthCheckPath", "", http.health_path)
    for key in keys:
        yield _row(f"http.healthcheck.{key}", MAPPED, "resourceOverrides", "Of the target group.", http.health_detail)


_TARGET_GROUP_KEYS: Final = ("port", "success_codes", "healthy_threshold", "unhealthy_threshold", "interval", "timeout")

_HTTP: Final = (
    _row("http", UNMAPPED, "", "Services are always behind the load balancer.", http.http_off, recurse=True),
    _row("http.path", MAPPED, "services.<name>.paths", "The stack's service gets all other requests.", http.http_path),
    _row(
        "http.alb", UNMAPPED, "", "tierup:existingLoadBalancer and tierup:existingNetwork take a shared load balancer."
    ),
    *_health(*_TARGET_GROUP_KEYS),
    _row("http.healthcheck.grace_period", MAPPED, "<container>.healthCheckGraceSeconds", "", http.grace_period),
    _row(
        "http.deregistration_delay",
        MAPPED,
        "resourceOverrides",
        "Of the target group; <container>.stopTimeoutSeconds follows.",
        http.deregistration_delay,
    ),
    _row("http.target_container", UNMAPPED, "", "The load balancer connects to the application's container."),
    _row("http.target_port", MAPPED, "<container>.port", "", images.port),
    _row("http.stickiness", MAPPED, "stickySeconds", "Before phase scale.", http.stickiness),
    _row(
        "http.allowed_source_ips",
        UNMAPPED,
        "",
        "tierup:allowedAddresses limits the whole stack, site and API.",
    ),
    _row("http.alias", MAPPED, "apiDomain", "One host name of the API.", http.alias),
    _row("http.hosted_zone", MAPPED, "hostedZoneId", "", http.hosted_zone),
    _row("http.redirect_to_https", MAPPED, "", "Always.", http.redirect),
    _row("http.version", MAPPED, "", "http1 only.", http.protocol),
    _row("http.additional_rules", DIFFERS, "services.<name>.paths", "The path only.", http.http_rule),
)

_SERVICE: Final = (
    *_IMAGE,
    *_IMAGE_HEALTH,
    *_SIZE,
    *_COUNT,
    *_EXEC,
    *_COMMAND,
    *_NETWORK,
    *_VARIABLES,
    *_STORAGE,
    *_PUBLISH,
    *_LOGGING,
    *_OBSERVABILITY,
    *_OVERRIDES,
    *_SIDECARS,
)

_PORT: Final = _row("image.port", MAPPED, "<container>.port", "", images.image_port)

_NAME: Final = (
    _row(
        "name", DIFFERS, "", "The stack's service is called backend; an entry of services keeps its name.", images.name
    ),
    _row("type", MAPPED, "", "See above what becomes of each type."),
)

FIELDS: Final[Mapping[Kind, Sequence[ManifestField]]] = {
    Kind.LOAD_BALANCED: (
        *_NAME,
        *_HTTP,
        _row("nlb", UNMAPPED, "", "The stack has no Network Load Balancer: TCP and UDP services stay elsewhere."),
        _PORT,
        *_COUNT_HTTP,
        *_SERVICE,
    ),
    Kind.BACKEND: (*_NAME, *_HTTP, _PORT, *_COUNT_HTTP, *_SERVICE),
    Kind.WORKER: (
        *_NAME,
        _row("subscribe.queue", DIFFERS, "worker.permissions.queues", "With --queue.", scaling.queue),
        _row(
            "subscribe.topics",
            UNMAPPED,
            "",
            "The subscriptions of the queue stay where they are; the stack creates no topics.",
        ),
        _row(
            "count.queue_delay.acceptable_latency",
            MAPPED,
            "worker.scaleOnQueue.messagesPerTask",
            "With --queue.",
            scaling.queue_latency,
        ),
        _row(
            "count.queue_delay.msg_processing_time",
            MAPPED,
            "worker.scaleOnQueue.messagesPerTask",
            "",
            scaling.queue_processing,
        ),
        _row("count.queue_delay.cooldown", DIFFERS, "", _COOLDOWN),
        *_SERVICE,
    ),
    Kind.REQUEST_DRIVEN: (
        *_NAME,
        _row("http.private", UNMAPPED, "", "The load balancer is public."),
        *_health("healthy_threshold", "unhealthy_threshold", "interval", "timeout"),
        _row("http.alias", MAPPED, "apiDomain", "One host name of the API.", http.alias),
        _row("image.build", UNMAPPED, "image", "The command that builds the image is reported.", images.image_build),
        _row("image.location", MAPPED, "image", "", images.image_location),
        _PORT,
        _row("cpu", MAPPED, "sizeOverrides.taskCpu", "If Fargate has the size.", images.cpu),
        _row("memory", MAPPED, "sizeOverrides.taskMemory", "", images.memory),
        *_NETWORK,
        *_OBSERVABILITY,
        _row("command", MAPPED, "<container>.command", "", containers.command),
        *(row for row in _VARIABLES if row.path != "env_file"),
        *_PUBLISH,
        _row("tags", UNMAPPED, "", "The stack sets its own tags on all resources."),
        _row("count", UNMAPPED, "", "It names an App Runner configuration.", scaling.count),
    ),
    Kind.STATIC_SITE: (
        *_NAME,
        _row("http.alias", MAPPED, "domain", "", http.alias),
        _row(
            "http.certificate",
            MAPPED,
            "edgeCertificateArn",
            "It must cover the API's name too.",
            environments.edge_certificate,
        ),
        _row(
            "files",
            UNMAPPED,
            "",
            "Deploy the files to the site's bucket: aws s3 sync <source> s3://$(pulumi stack output site_bucket).",
        ),
    ),
    Kind.SCHEDULED_JOB: (
        *_NAME,
        _row("on.schedule", MAPPED, "scheduledTasks.<name>.schedule", "", schedules.schedule),
        *_IMAGE,
        *_COMMAND,
        *_SIZE,
        _row(
            "retries",
            DIFFERS,
            "",
            "EventBridge Scheduler retries 3 times if a task cannot start; a task that fails is not repeated.",
        ),
        _row("timeout", UNMAPPED, "", "No limit ends a scheduled task; let the program end itself."),
        *_NETWORK,
        *_VARIABLES,
        *_STORAGE,
        *_LOGGING,
        *_PUBLISH,
        *_OBSERVABILITY,
        *_OVERRIDES,
        *_SIDECARS,
    ),
}
"""The rows of each type of service and job."""

_EXISTING: Final = "tierup:existingNetwork takes a VPC: its id, subnets by zone and route tables."
_INTERNAL: Final = "The stack has no internal load balancer."

ENVIRONMENT_FIELDS: Final = (
    _row("name", MAPPED, "", "The stack has the environment's name."),
    _row("type", MAPPED, "", ""),
    _row("network.vpc.id", UNMAPPED, "", _EXISTING),
    _row("network.vpc.cidr", MAPPED, "vpcCidr", "A /16 only.", environments.vpc_cidr),
    _row("network.vpc.subnets.public", DIFFERS, "availabilityZones", "The zones only.", environments.subnet),
    _row("network.vpc.subnets.private", DIFFERS, "availabilityZones", "The zones only.", environments.subnet),
    _row(
        "network.vpc.security_group", UNMAPPED, "", "Each service has its own security group, with the rules it needs."
    ),
    _row("network.vpc.flow_logs", MAPPED, "", "Always on.", environments.flow_logs, recurse=True),
    _row("network.vpc.flow_logs.retention", DIFFERS, "", "tierup:logRetentionDays applies."),
    _row("cdn", MAPPED, "", "The API is behind the CDN from phase scale on.", environments.cdn, recurse=True),
    _row("cdn.certificate", MAPPED, "edgeCertificateArn", "It must cover site and API.", environments.edge_certificate),
    _row("cdn.static_assets", UNMAPPED, "", "The stack creates the site's bucket and its distribution itself."),
    _row("cdn.terminate_tls", UNMAPPED, "", "The CDN connects to the load balancer by HTTPS."),
    _row("http.public.certificates", MAPPED, "certificateArn", "The first one.", environments.certificates),
    _row("http.public.access_logs", MAPPED, "", "Always on.", environments.access_logs, recurse=True),
    _row("http.public.access_logs.bucket_name", UNMAPPED, "", "The stack creates the bucket of the access logs."),
    _row("http.public.access_logs.prefix", UNMAPPED, "", "The stack creates the bucket of the access logs."),
    _row("http.public.ssl_policy", UNMAPPED, "", "The listener accepts TLS 1.2 and 1.3 only."),
    _row("http.public.ingress.cdn", MAPPED, "originLock", "From phase scale on.", environments.cdn_ingress),
    _row("http.public.ingress.source_ips", UNMAPPED, "", "The load balancer is public, or accepts the CDN only."),
    _row("http.private", UNMAPPED, "", _INTERNAL),
    _row("observability.container_insights", MAPPED, "", "From phase scale on.", environments.container_insights),
)
"""The rows of an environment's manifest."""

PIPELINE_FIELDS: Final = (
    _row("name", UNMAPPED, "", "tierup init writes a workflow of GitHub Actions in place of a pipeline."),
    _row("version", UNMAPPED, "", "It is the version of Copilot's file."),
    _row(
        "source", UNMAPPED, "", "tierup bootstrap creates the role that the workflow assumes by OIDC, without tokens."
    ),
    _row("build", UNMAPPED, "", "The workflow builds on its runner; move the commands of the buildspec there."),
    _row("stages", UNMAPPED, "", "Each stage is a stack; an environment of GitHub asks for its approval."),
)
"""The rows of a pipeline's manifest."""


def row_of(rows: Sequence[ManifestField], path: Sequence[str]) -> ManifestField | None:
    """Return the row of a field; one without `*` wins."""
    found = [row for row in rows if row.matches(path)]
    return min(found, key=lambda row: row.path.count("*")) if found else None
