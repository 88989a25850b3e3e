"""The table of fields: it has each field that Copilot documents, and each conversion writes the right setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tierup.copilot_import.draft import Kind, Options
from tierup.copilot_import.fields import ENVIRONMENT_FIELDS, FIELDS, PIPELINE_FIELDS, ManifestField
from tierup.copilot_import.manifest import load
from tierup.copilot_import.planning import import_workspace
from tierup.copilot_import.report import Finding, ImportedStack, Outcome
from tierup.program_settings import Phase

MAPPED, DIFFERS, UNMAPPED = Outcome.MAPPED, Outcome.DIFFERS, Outcome.UNMAPPED
ROWS: Mapping[str, Sequence[ManifestField]] = {
    **{kind.value: rows for kind, rows in FIELDS.items()},
    "Environment": ENVIRONMENT_FIELDS,
    "Pipeline": PIPELINE_FIELDS,
    "sidecar": FIELDS[Kind.BACKEND],
}
# A service lets each environment override its fields; for_environment does it before any field is converted.
_NOT_CONVERTED = {"environments"}
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mysql-AbCdEf"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"


def _documented() -> list[tuple[str, str]]:
    section, fields = "", list[tuple[str, str]]()
    for line in (Path(__file__).parent / "documented_fields.txt").read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            fields.append((section, line))
    return fields


def _related(row: str, field: str) -> bool:
    """Return whether a row is for a field, for what contains it, or for what it contains."""
    return all(a == b or "*" in (a, b) for a, b in zip(row.split("."), field.split("."), strict=False))


@pytest.mark.parametrize("section", sorted(ROWS))
def test_every_documented_field_has_a_row(section: str) -> None:
    fields = [field for name, field in _documented() if name == section and field not in _NOT_CONVERTED]
    assert fields
    assert [field for field in fields if not any(_related(row.path, field) for row in ROWS[section])] == []


@pytest.mark.parametrize("section", sorted(ROWS))
def test_every_row_is_a_documented_field(section: str) -> None:
    # The page of jobs leaves out what a job shares with services.
    also = [Kind.WORKER.value] if section == Kind.SCHEDULED_JOB.value else [*ROWS] if section == "sidecar" else []
    known = [field for name, field in _documented() if name in (section, "sidecar", *also)]
    undocumented = {"type"}  # of environments and sidecars, and of the rows that a map has below a number
    rows = [row.path for row in ROWS[section] if row.path not in undocumented]
    assert rows
    assert [path for path in rows if not any(_related(path, field) for field in known)] == []


@pytest.mark.parametrize("section", sorted(ROWS))
def test_a_field_without_a_setting_says_why(section: str) -> None:
    silent = [row.path for row in ROWS[section] if row.outcome is not MAPPED and not (row.note or row.convert)]
    assert silent == []


# --- one case for each conversion ---


def _workspace(folder: Path, manifests: Mapping[str, Mapping[str, Any]]) -> Path:
    for path, manifest in manifests.items():
        file = folder / "copilot" / path / "manifest.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(dict(manifest)))
    return folder


def _imported(folder: Path, manifests: Mapping[str, Mapping[str, Any]], **options: Any) -> ImportedStack:
    given: dict[str, Any] = {"account": "111122223333", "secrets": {"mysql": SECRET}, "queue": QUEUE, **options}
    (stack,) = import_workspace(load(_workspace(folder, manifests)), Options(**given), ["test"])
    return stack


def _nested(path: str, value: Any) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


def _merged(one: Any, two: Any) -> Any:
    if isinstance(one, dict) and isinstance(two, dict):
        return {
            key: _merged(one.get(key), two.get(key)) if key in one and key in two else {**one, **two}[key]
            for key in {**one, **two}
        }
    return two


def _at(config: Mapping[str, Any], path: str) -> Any:
    key, _, rest = path.partition(".")
    value: Any = config.get(key if ":" in key else f"tierup:{key}")
    while rest and isinstance(value, dict):
        # A key of a permission is an ARN, which contains no dots but a queue's .fifo.
        key, _, rest = rest.partition(".")
        value = value.get(key)
    return value


def _of(stack: ImportedStack, field: str, file: str) -> Finding:
    found = [finding for finding in stack.findings if finding.field == field and f"/{file}/" in finding.file]
    assert len(found) >= 1, [finding.field for finding in stack.findings]
    return found[0]


API: Mapping[str, Any] = {"name": "api", "type": Kind.LOAD_BALANCED.value, "image": {"location": IMAGE, "port": 80}}
WORKER: Mapping[str, Any] = {"name": "jobs", "type": Kind.WORKER.value, "image": {"location": IMAGE}}
JOB: Mapping[str, Any] = {
    "name": "report",
    "type": Kind.SCHEDULED_JOB.value,
    "image": {"location": IMAGE},
    "on": {"schedule": "@daily"},
    "command": "node report.js",
}
SITE: Mapping[str, Any] = {"name": "site", "type": Kind.STATIC_SITE.value}

CHECK = {
    "enabled": True,
    "protocol": "HTTP",
    "port": "traffic-port",
    "matcher": "200",
    "interval": 30,
    "timeout": 5,
    "healthyThreshold": 5,
    "unhealthyThreshold": 2,
    "path": "/",
}
CHECKED = "resourceOverrides.api-targets.healthCheck"

# field, value, outcome, setting, value of the setting; of the service
SERVICE_CASES: Sequence[tuple[str, Any, Outcome, str, Any]] = (
    ("image.location", IMAGE, MAPPED, "image", IMAGE),
    ("image.location", "shop/app:latest", UNMAPPED, "image", None),
    ("image.credentials", SECRET, MAPPED, "backend.repositoryCredentials", SECRET),
    ("image.port", 3000, MAPPED, "backend.port", 3000),
    ("image.port", 443, DIFFERS, "backend.port", 443),
    ("image.labels", {"team": "shop"}, UNMAPPED, "", None),
    ("image.depends_on", {"nginx": "start"}, UNMAPPED, "", None),
    ("image.healthcheck.command", ["CMD-SHELL", "true"], MAPPED, "backend.containerHealthCheck", ["CMD-SHELL", "true"]),
    ("image.healthcheck.interval", "10s", DIFFERS, "", None),
    ("cpu", 512, UNMAPPED, "sizeOverrides.taskCpu", None),  # Fargate has no 512 MiB with it
    ("memory", 1024, MAPPED, "sizeOverrides.taskMemory", 1024),
    ("platform", "linux/arm64", MAPPED, "backend.architecture", "ARM64"),
    ("platform", "windows/x86_64", UNMAPPED, "backend.architecture", None),
    ("platform.architecture", "x86_64", MAPPED, "backend.architecture", "X86_64"),
    ("platform.osfamily", "windows_server_2022_core", UNMAPPED, "", None),
    ("count", 3, MAPPED, "sizeOverrides.tasks", 3),
    ("count", 0, UNMAPPED, "sizeOverrides.tasks", None),
    ("count.spot", 4, DIFFERS, "spotPercent", 90),
    ("count.range", "2-8", MAPPED, "sizeOverrides.maxTasks", 8),
    ("count.range.min", 2, MAPPED, "sizeOverrides.tasks", 2),
    ("count.range.max", 6, MAPPED, "sizeOverrides.maxTasks", 6),
    ("count.cooldown", {"in": "30s"}, DIFFERS, "", None),
    ("count.cpu_percentage", 60, MAPPED, "autoscaling.cpuPercent", 60),
    ("count.cpu_percentage", 99, UNMAPPED, "autoscaling.cpuPercent", None),
    ("count.cpu_percentage.value", 55, MAPPED, "autoscaling.cpuPercent", 55),
    ("count.cpu_percentage.cooldown", {"in": "30s"}, DIFFERS, "", None),
    ("count.memory_percentage", 80, MAPPED, "autoscaling.memoryPercent", 80),
    ("count.requests", 900, MAPPED, "autoscaling.requestsPerMinute", 900),
    ("count.response_time", "2s", UNMAPPED, "", None),
    ("exec", True, DIFFERS, "ecsExec", True),
    ("exec", False, MAPPED, "ecsExec", None),
    ("deployment.rolling", "default", MAPPED, "resourceOverrides", None),
    (
        "deployment.rolling",
        "recreate",
        MAPPED,
        "resourceOverrides.backend-service",
        {"deploymentMinimumHealthyPercent": 0, "deploymentMaximumPercent": 100},
    ),
    ("deployment.rollback_alarms", ["alarm"], DIFFERS, "", None),
    ("entrypoint", "/bin/run", UNMAPPED, "", None),
    ("command", "node server.js --port '80 80'", MAPPED, "backend.command", ["node", "server.js", "--port", "80 80"]),
    ("command", ["node", "server.js"], MAPPED, "backend.command", ["node", "server.js"]),
    ("network.connect", True, UNMAPPED, "", None),
    ("network.connect.alias", "api", UNMAPPED, "", None),
    ("network.vpc.placement", "private", MAPPED, "phase", "scale"),
    ("network.vpc.placement", "public", MAPPED, "phase", "mvp"),
    ("network.vpc.placement.subnets", ["subnet-1"], UNMAPPED, "", None),
    ("network.vpc.security_groups", ["sg-1"], UNMAPPED, "", None),
    ("variables.LEVEL", "info", MAPPED, "backend.environment.LEVEL", "info"),
    ("variables.LIMIT", 5, MAPPED, "backend.environment.LIMIT", "5"),
    ("variables.DEBUG", True, MAPPED, "backend.environment.DEBUG", "true"),
    ("variables.PORT", 80, UNMAPPED, "backend.environment.PORT", None),
    ("variables.API_TOKEN", "x", UNMAPPED, "backend.environment.API_TOKEN", None),
    ("variables.TABLE.from_cfn", "export", UNMAPPED, "", None),
    ("env_file", "missing.env", UNMAPPED, "backend.environment", None),
    ("env_file", "../../../etc/passwd", UNMAPPED, "backend.environment", None),
    ("secrets.A", "/shop/a", MAPPED, "backend.secrets.A", "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/a"),
    ("secrets.A", SECRET, MAPPED, "backend.secrets.A", SECRET),
    ("secrets.A.secretsmanager", "mysql:key::", MAPPED, "backend.secrets.A", f"{SECRET}:key::"),
    ("secrets.A.secretsmanager", "unknown", UNMAPPED, "backend.secrets.A", None),
    ("secrets.A.from_cfn", "export", UNMAPPED, "", None),
    ("storage.ephemeral", 100, UNMAPPED, "resourceOverrides", None),
    ("storage.ephemeral", 20, MAPPED, "resourceOverrides", None),
    ("storage.readonly_fs", True, MAPPED, "", None),
    ("storage.readonly_fs", False, DIFFERS, "", None),
    ("storage.volumes.files", {"path": "/files", "efs": True}, UNMAPPED, "", None),
    ("publish.topics", [{"name": "orders"}], UNMAPPED, "", None),
    ("logging.retention", 90, MAPPED, "logRetentionDays", 90),
    ("logging.retention", 91, UNMAPPED, "logRetentionDays", None),
    ("logging.destination", {"Name": "cloudwatch"}, UNMAPPED, "backend.logRouter", None),  # the image is not pinned
    ("logging.destination", {"Host": "logs"}, UNMAPPED, "backend.logRouter", None),
    ("logging.image", "fluent/fluent-bit:3", UNMAPPED, "backend.logRouter", None),
    ("logging.configFilePath", "/x.conf", UNMAPPED, "", None),
    ("observability.tracing", "awsxray", UNMAPPED, "", None),
    (
        "taskdef_overrides",
        [{"path": "ContainerDefinitions[0].StopTimeout", "value": 90}],
        MAPPED,
        "backend.stopTimeoutSeconds",
        90,
    ),
    (
        "taskdef_overrides",
        [{"path": "ContainerDefinitions[0].Ulimits[-]", "value": {"Name": "nofile", "HardLimit": 4096}}],
        MAPPED,
        "backend.openFiles",
        4096,
    ),
    (
        "taskdef_overrides",
        [{"path": "ContainerDefinitions[0].User", "value": "2000:2000"}],
        MAPPED,
        "backend.user",
        "2000:2000",
    ),
    ("taskdef_overrides", [{"path": "ContainerDefinitions[0].User", "value": "0"}], UNMAPPED, "backend.user", None),
    ("sidecars.nginx.image", "nginx:1", DIFFERS, "backend.sidecars.nginx", {"image": "nginx:1", "essential": True}),
    ("sidecars.nginx.image", "nginx:latest", UNMAPPED, "backend.sidecars", None),
    ("sidecars.nginx.image.location", "nginx:1", DIFFERS, "backend.sidecars.nginx.image", "nginx:1"),
    ("sidecars.nginx.image.build", "nginx/Dockerfile", UNMAPPED, "backend.sidecars", None),
    ("sidecars.nginx.command", "nginx -g", UNMAPPED, "backend.sidecars", None),  # without an image
    ("http", False, UNMAPPED, "", None),
    ("http.path", "/", MAPPED, "", None),
    ("http.path", "api", DIFFERS, "", None),
    ("http.alb", "shared", UNMAPPED, "", None),
    ("http.healthcheck", "/health", MAPPED, "backend.healthCheckPath", "/health"),
    ("http.healthcheck.path", "/health", MAPPED, "backend.healthCheckPath", "/health"),
    ("http.healthcheck.port", 8081, MAPPED, CHECKED, {**CHECK, "port": "8081"}),
    ("http.healthcheck.success_codes", "200,301", MAPPED, CHECKED, {**CHECK, "matcher": "200,301"}),
    ("http.healthcheck.healthy_threshold", 3, MAPPED, CHECKED, {**CHECK, "healthyThreshold": 3}),
    ("http.healthcheck.unhealthy_threshold", 4, MAPPED, CHECKED, {**CHECK, "unhealthyThreshold": 4}),
    ("http.healthcheck.interval", "15s", MAPPED, CHECKED, {**CHECK, "interval": 15}),
    ("http.healthcheck.interval", "1s", DIFFERS, CHECKED, {**CHECK, "interval": 5}),
    ("http.healthcheck.timeout", "10s", MAPPED, CHECKED, {**CHECK, "timeout": 10}),
    ("http.healthcheck.grace_period", "2m", MAPPED, "backend.healthCheckGraceSeconds", 120),
    ("http.deregistration_delay", "50s", MAPPED, "resourceOverrides.api-targets.deregistrationDelay", 50),
    ("http.target_container", "nginx", UNMAPPED, "", None),
    ("http.target_port", 8083, MAPPED, "backend.port", 8083),
    ("http.stickiness", True, MAPPED, "stickySeconds", 86_400),
    ("http.stickiness", False, MAPPED, "stickySeconds", None),
    ("http.allowed_source_ips", ["192.0.2.0/24"], UNMAPPED, "", None),
    ("http.alias", "api.shop.example", MAPPED, "apiDomain", "api.shop.example"),
    ("http.alias", ["api.shop.example", "v1.shop.example"], DIFFERS, "apiDomain", "api.shop.example"),
    ("http.alias", [{"name": "api.shop.example", "hosted_zone": "Z1"}], MAPPED, "hostedZoneId", "Z1"),
    ("http.hosted_zone", "Z0873220N255IR3MTNR4", MAPPED, "hostedZoneId", "Z0873220N255IR3MTNR4"),
    ("http.redirect_to_https", True, MAPPED, "", None),
    ("http.redirect_to_https", False, UNMAPPED, "", None),
    ("http.version", "http1", MAPPED, "", None),
    ("http.version", "grpc", UNMAPPED, "", None),
    ("http.additional_rules", [{"path": "admin", "target_port": 81}], DIFFERS, "", None),
    ("nlb", {"port": "80/tcp"}, UNMAPPED, "", None),
    ("undocumented", "x", UNMAPPED, "", None),
)


def _set(field: str, value: Any, base: Mapping[str, Any]) -> dict[str, Any]:
    given = _nested(field, value)
    if field.startswith("count.range.m"):
        given = {"count": {"range": {"min": 2, "max": 6}}}
    if field == "image.location":
        return {**base, "image": {"location": value}}
    return _merged(dict(base), given)


@pytest.mark.parametrize(
    ("field", "value", "outcome", "setting", "expected"), SERVICE_CASES, ids=[str(case[:2]) for case in SERVICE_CASES]
)
def test_a_field_of_a_service_becomes_its_setting(
    tmp_path: Path, field: str, value: Any, outcome: Outcome, setting: str, expected: Any
) -> None:
    stack = _imported(tmp_path, {"api": _set(field, value, API)})
    found = _of(stack, field, "api")
    assert found.outcome is outcome, found
    if setting:
        assert _at(stack.config, setting) == expected
    if outcome is not MAPPED:
        assert found.note


ENVIRONMENT_CASES: Sequence[tuple[str, Any, Outcome, str, Any]] = (
    ("network.vpc.id", "vpc-1", UNMAPPED, "", None),
    ("network.vpc.cidr", "10.9.0.0/16", MAPPED, "vpcCidr", "10.9.0.0/16"),
    ("network.vpc.cidr", "10.9.0.0/20", UNMAPPED, "vpcCidr", None),
    (
        "network.vpc.subnets.public",
        [{"cidr": "10.9.0.0/24", "az": "eu-west-1a"}, {"cidr": "10.9.1.0/24", "az": "eu-west-1b"}],
        DIFFERS,
        "availabilityZones",
        ["eu-west-1a", "eu-west-1b"],
    ),
    ("network.vpc.subnets.private", [{"id": "subnet-1"}], UNMAPPED, "", None),
    ("network.vpc.security_group", {"ingress": [{"ip_protocol": "tcp"}]}, UNMAPPED, "", None),
    ("network.vpc.flow_logs", True, MAPPED, "", None),
    ("network.vpc.flow_logs", False, DIFFERS, "", None),
    ("network.vpc.flow_logs.retention", 30, DIFFERS, "", None),
    ("cdn", True, DIFFERS, "", None),
    ("cdn.certificate", CERTIFICATE, MAPPED, "edgeCertificateArn", CERTIFICATE),
    ("cdn.static_assets", {"path": "static/*"}, UNMAPPED, "", None),
    ("cdn.terminate_tls", True, UNMAPPED, "", None),
    (
        "http.public.certificates",
        [CERTIFICATE.replace("us-east-1", "eu-west-1")],
        MAPPED,
        "certificateArn",
        CERTIFICATE.replace("us-east-1", "eu-west-1"),
    ),
    ("http.public.access_logs", True, MAPPED, "", None),
    ("http.public.access_logs.bucket_name", "logs", UNMAPPED, "", None),
    ("http.public.ssl_policy", "ELBSecurityPolicy-TLS-1-1-2017-01", UNMAPPED, "", None),
    ("http.public.ingress.cdn", True, UNMAPPED, "originLock", None),
    ("http.public.ingress.source_ips", ["192.0.2.0/24"], UNMAPPED, "", None),
    ("http.private", {"certificates": ["x"]}, UNMAPPED, "", None),
    ("observability.container_insights", False, MAPPED, "", None),
    ("observability.container_insights", True, UNMAPPED, "", None),
)


@pytest.mark.parametrize(
    ("field", "value", "outcome", "setting", "expected"),
    ENVIRONMENT_CASES,
    ids=[str(case[:2]) for case in ENVIRONMENT_CASES],
)
def test_a_field_of_an_environment_becomes_its_setting(
    tmp_path: Path, field: str, value: Any, outcome: Outcome, setting: str, expected: Any
) -> None:
    environment = {"name": "test", "type": "Environment", **_nested(field, value)}
    stack = _imported(tmp_path, {"api": API, "environments/test": environment})
    assert _of(stack, field, "test").outcome is outcome
    if setting:
        assert _at(stack.config, setting) == expected


OTHER_CASES: Sequence[tuple[Mapping[str, Any], str, Any, Outcome, str, Any]] = (
    (WORKER, "subscribe.queue", {"timeout": "45s"}, DIFFERS, f"worker.permissions.queues.{QUEUE}", "receive"),
    (WORKER, "subscribe.topics", [{"name": "orders", "service": "api"}], UNMAPPED, "", None),
    (WORKER, "count", 3, MAPPED, "sizeOverrides.workers", 3),
    (WORKER, "count.spot", 3, UNMAPPED, "spotPercent", None),
    (WORKER, "cpu", 256, MAPPED, "", None),
    (WORKER, "image.healthcheck.command", ["CMD", "true"], UNMAPPED, "", None),
    (WORKER, "command", "node jobs.js", MAPPED, "worker.command", ["node", "jobs.js"]),
    (JOB, "on.schedule", "@weekly", MAPPED, "scheduledTasks.report.schedule", "cron(0 0 ? * 1 *)"),
    (JOB, "on.schedule", "none", MAPPED, "scheduledTasks.report.enabled", False),
    (JOB, "retries", 3, DIFFERS, "", None),
    (JOB, "timeout", "1h", UNMAPPED, "", None),
    (JOB, "memory", 1024, MAPPED, "scheduledTasks.report.memory", 1024),
    (SITE, "http.alias", "shop.example", MAPPED, "domain", "shop.example"),
    (SITE, "http.certificate", CERTIFICATE, MAPPED, "edgeCertificateArn", CERTIFICATE),
    (SITE, "files", [{"source": "dist"}], UNMAPPED, "", None),
)


@pytest.mark.parametrize(
    ("base", "field", "value", "outcome", "setting", "expected"),
    OTHER_CASES,
    ids=[f"{case[0]['name']} {case[1:3]}" for case in OTHER_CASES],
)
def test_a_field_of_a_worker_job_or_site_becomes_its_setting(
    tmp_path: Path,
    base: Mapping[str, Any],
    field: str,
    value: Any,
    outcome: Outcome,
    setting: str,
    expected: Any,
) -> None:
    name = str(base["name"])
    stack = _imported(tmp_path, {"api": API, name: _set(field, value, base)})
    assert _of(stack, field, name).outcome is outcome
    if setting:
        assert _at(stack.config, setting) == expected


def test_queue_delay_becomes_messages_for_each_task(tmp_path: Path) -> None:
    delay = {"acceptable_latency": "10m", "msg_processing_time": "250ms", "cooldown": {"in": "30s"}}
    worker = {**WORKER, "count": {"range": "1-4", "queue_delay": delay}}
    stack = _imported(tmp_path, {"api": API, "jobs": worker})
    # 2,400 is the number in Copilot's own test, TestQueueScaling_AcceptableBacklogPerTask.
    assert _at(stack.config, "worker.scaleOnQueue") == {"queueName": "jobs", "messagesPerTask": 2400}
    assert _of(stack, "count.queue_delay.acceptable_latency", "jobs").outcome is MAPPED
    assert _of(stack, "count.queue_delay.msg_processing_time", "jobs").outcome is MAPPED
    assert _of(stack, "count.queue_delay.cooldown", "jobs").outcome is DIFFERS


def test_spot_from_becomes_a_percentage(tmp_path: Path) -> None:
    api = {**API, "count": {"range": {"min": 1, "max": 10, "spot_from": 3}}}
    stack = _imported(tmp_path, {"api": api})
    assert _at(stack.config, "spotPercent") == 80
    assert _of(stack, "count.range.spot_from", "api").outcome is DIFFERS


def test_fields_of_a_sidecar_become_its_settings(tmp_path: Path) -> None:
    (tmp_path / "nginx.env").write_text("MODE=proxy\n# a comment\n\nLEVEL=1\n")
    sidecar = {
        "image": "nginx:1",
        "port": 80,
        "essential": False,
        "command": ["nginx", "-g"],
        "variables": {"LEVEL": 2},
        "secrets": {"TLS": "/shop/tls", "DB": {"secretsmanager": "mysql"}},
        "env_file": "nginx.env",
        "mount_points": [{"source_volume": "x", "path": "/x"}],
        "depends_on": {"init": "success"},
        "healthcheck": {"command": ["CMD", "true"]},
        "labels": {"a": "b"},
        "entrypoint": None,
    }
    stack = _imported(tmp_path, {"api": {**API, "sidecars": {"nginx": sidecar}}})
    assert _at(stack.config, "backend.sidecars.nginx") == {
        "image": "nginx:1",
        "essential": False,
        "command": ["nginx", "-g"],
        "environment": {"LEVEL": "2", "MODE": "proxy"},
        "secrets": {"TLS": "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/tls", "DB": SECRET},
    }
    outcomes = {
        finding.field.removeprefix("sidecars.nginx."): finding.outcome
        for finding in stack.findings
        if finding.field.startswith("sidecars.nginx.")
    }
    assert {field for field, outcome in outcomes.items() if outcome is UNMAPPED} == {
        *("mount_points", "depends_on", "healthcheck", "labels")
    }


def test_log_router_options_and_secrets_become_its_settings(tmp_path: Path) -> None:
    logging = {
        "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0",
        "destination": {"Name": "datadog", "Host": "logs"},
        "secretOptions": {"apikey": "/shop/datadog"},
        "enableMetadata": True,
    }
    stack = _imported(tmp_path, {"api": {**API, "logging": logging}})
    assert _at(stack.config, "backend.logRouter") == {
        "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0",
        "options": {"Name": "datadog", "Host": "logs"},
        "secretOptions": {"apikey": "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/datadog"},
    }


def test_app_runner_fields_become_settings_of_the_service(tmp_path: Path) -> None:
    service = {
        "name": "web",
        "type": Kind.REQUEST_DRIVEN.value,
        "image": {"location": "public.ecr.aws/shop/web:v1", "port": 80},
        "http": {"alias": "web.shop.example", "private": True, "healthcheck": {"path": "/ok", "interval": "3s"}},
        "cpu": 1024,
        "memory": 2048,
        "count": "high-availability/3",
        "tags": {"owner": "web"},
    }
    stack = _imported(tmp_path, {"web": service})
    assert _at(stack.config, "apiDomain") == "web.shop.example"
    assert _at(stack.config, "sizeOverrides.taskCpu") == 1024
    assert _at(stack.config, CHECKED)["interval"] == 5
    assert {_of(stack, field, "web").outcome for field in ("http.private", "count", "tags")} == {UNMAPPED}


def test_a_phase_that_lacks_a_feature_is_reported(tmp_path: Path) -> None:
    api = {**API, "count": {"range": "2-8", "cpu_percentage": 60}}
    stack = _imported(tmp_path, {"api": api}, phase=Phase.OPTIMIZATION)
    assert _at(stack.config, "phase") == "optimization"
    assert _of(stack, "count.range", "api").outcome is DIFFERS
    assert _of(stack, "count.cpu_percentage", "api").outcome is UNMAPPED
    assert _at(stack.config, "autoscaling") is None
