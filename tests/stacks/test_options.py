"""Options that no phase enables: each changes its resources when it is set, and no others."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from stacks import architecture
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.errors import InvalidConfigError
from stacks.config.reading import parse
from tests.engine_recorder import Recording, record
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.test_architecture import CALLS, CLOUDFLARE_ZONE, OUTPUTS, built

PEM = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"
COLLECTOR = "receivers: {otlp: {}}\nexporters: {otlphttp: {headers: {api-key: '${env:OPENTELEMETRY_TOKEN}'}}}"
AUTHORITIES = json.dumps({"bucket": "authorities", "key": "clients.pem"})
COMPLIANCE = {
    "authorizedEmail": "legal@example.com",
    "authorizedFirstName": "Ada",
    "authorizedLastName": "Byron",
    "acknowledgeIrreversible": True,
}
REPORT = {"report": {"command": ["node", "report.js"], "schedule": "cron(0 3 * * ? *)", "timezone": "Europe/Berlin"}}


ATLAS_ROLE = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
MOCK_OUTPUTS = {
    **OUTPUTS,
    ATLAS_ROLE: {
        "awsConfigs": [{"atlasAwsAccountArn": "arn:aws:iam::1:root", "atlasAssumedRoleExternalId": "x"}],
        "roleId": "r",
    },
}


PROD: Any = {"secret_keys": (), "stack": "prod"}


def built_with_secrets(
    secrets: Mapping[str, str] | None = None, phase: Phase = Phase.SCALE, **changes: str
) -> Recording[Any]:
    """Record the program in tier medium with values for secret settings: field -> value.

    A recording without secrets is cached, because a run takes a second.
    """
    return _built(phase, **changes) if not secrets else built_anew(secrets, phase, **changes)


@functools.cache
def _built(phase: Phase, **changes: str) -> Recording[Any]:
    return built_anew({}, phase, **changes)


def built_anew(secrets: Mapping[str, str], phase: Phase, **changes: str) -> Recording[Any]:
    """Record the program as `built_with_secrets` does, without the cache."""
    given = {**MINIMAL_CONFIG, "tierup:phase": phase, "tierup:tier": "medium"}
    given |= {f"tierup:{key}": text for key, text in changes.items()}
    keys = {"cloudflare_client_key": "cloudflareClientKey", "open_telemetry_token": "openTelemetryToken"}
    raw = {f"tierup:{keys[field]}": value for field, value in secrets.items()}
    settings = parse({**given, **raw}, secret_keys=set(raw), stack="prod")
    outputs = {field: pulumi.Output.secret(value) for field, value in secrets.items()}
    settings = settings.model_copy(update=outputs)
    return record(lambda: architecture.create(settings), outputs=MOCK_OUTPUTS, calls=CALLS, stack="prod")


def with_options() -> Recording[Any]:
    """Record the program with several options at once that do not affect one another, because a run takes a second."""
    return built_with_secrets(
        databaseKmsKey="true",
        databaseBackupCompliance=json.dumps(COMPLIANCE),
        scheduledTasks=json.dumps(REPORT),
        databaseAuth="iam",
        rateLimit=json.dumps(UNLIMITED),
        maxBodyBytes="4096",
        bodyExemptPaths='["/api/uploads/"]',
        contentSecurityPolicy='{"script-src": ["https://js.stripe.com"]}',
        priceClass="PriceClass_All",
        autoscaling='{"cpuPercent": 50, "memoryPercent": 80, "requestsPerMinute": 90}',
        nat="instance",
        natInstanceType="t4g.small",
    )


def in_order(recording: Recording[Any], *names: str) -> bool:
    """Return whether the resources were registered in this order. Pulumi registers dependencies in_order."""
    order = [each.name for each in recording.resources]
    return [order.index(name) for name in names] == sorted(order.index(name) for name in names)


def containers(recording: Recording[Any], name: str) -> Any:
    """Return the container definitions of a task definition."""
    (task,) = (each for each in recording.of("aws:ecs/taskDefinition:TaskDefinition") if each.name == name)
    return json.loads(task.inputs["containerDefinitions"])


def errors(phase: Phase = Phase.SCALE, secret: Mapping[str, str] | None = None, **changes: str) -> Mapping[str, str]:
    """Return the message and the command of each error, by key."""
    given = {**MINIMAL_CONFIG, "tierup:phase": phase, "tierup:tier": "medium"}
    raw = {f"tierup:{key}": text for key, text in (secret or {}).items()}
    with pytest.raises(InvalidConfigError) as caught:
        parse(
            {**given, **{f"tierup:{key}": text for key, text in changes.items()}, **raw},
            secret_keys=set(raw),
            stack="prod",
        )
    return {error.key: f"{error} {error.command}" for error in caught.value.errors}


# --- client certificates ---


def test_client_certificates_create_a_trust_store_that_the_listener_verifies_with() -> None:
    recording = built(clientCertificates=AUTHORITIES)
    store = recording.one("aws:lb/trustStore:TrustStore")
    assert store.inputs["caCertificatesBundleS3Bucket"] == "authorities"
    (listener,) = (each for each in recording.of("aws:lb/listener:Listener") if each.inputs["port"] == 443)
    assert listener.inputs["mutualAuthentication"]["mode"] == "verify"
    assert store.name in listener.opts.depends_on
    assert not built().of("aws:lb/trustStore:TrustStore")


def test_authenticated_origin_pulls_are_enabled_before_the_listener_verifies_certificates() -> None:
    recording = built_with_secrets(
        {"cloudflare_client_key": "-----BEGIN PRIVATE KEY-----\nx"},  # pragma: allowlist secret
        cdn="cloudflare",
        cloudflareZoneId=CLOUDFLARE_ZONE,
        clientCertificates=AUTHORITIES,
        cloudflareClientCertificate=PEM,
    )
    certificate = recording.one(
        "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
    )
    assert certificate.inputs["certificate"] == PEM
    assert "privateKey" in certificate.secret_inputs
    pulls = recording.one("cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings")
    assert in_order(recording, certificate.name, pulls.name, "api-https")


def test_client_certificates_are_rejected_behind_a_cdn_that_has_no_certificate() -> None:
    behind_cloudfront = errors(clientCertificates=AUTHORITIES)
    assert "CloudFront connects to the load balancer" in behind_cloudfront["tierup:clientCertificates"]
    behind_cloudflare = errors(cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE, clientCertificates=AUTHORITIES)
    assert (
        "tierup:clientCertificates makes the load balancer refuse Cloudflare without it"
        in behind_cloudflare["tierup:cloudflareClientCertificate"]
    )
    too_early = errors(
        Phase.MVP,
        {"cloudflareClientKey": "-----BEGIN PRIVATE KEY-----"},  # pragma: allowlist secret
        cdn="cloudflare",
        cloudflareZoneId=CLOUDFLARE_ZONE,
        cloudflareClientCertificate=PEM,
    )
    assert "from phase scale on" in too_early["tierup:cloudflareClientCertificate"]


def test_cloudflare_client_certificate_and_key_require_each_other() -> None:
    assert (
        "tierup:cloudflareClientCertificate requires it"
        in (
            errors(cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE, cloudflareClientCertificate=PEM)[
                "tierup:cloudflareClientKey"
            ]
        )
    )
    alone = errors(secret={"cloudflareClientKey": "-----BEGIN RSA PRIVATE KEY-----"})  # pragma: allowlist secret
    assert "set without tierup:cloudflareClientCertificate" in alone["tierup:cloudflareClientKey"]
    wrong = errors(
        secret={"cloudflareClientKey": "a-key"},
        cdn="cloudflare",
        cloudflareZoneId=CLOUDFLARE_ZONE,
        cloudflareClientCertificate=PEM,
    )["tierup:cloudflareClientKey"]
    assert "does not have the form of this secret (got a value that is not shown)" in wrong
    assert "a-key" not in wrong


# --- the database ---


def test_database_kms_key_encrypts_the_cluster() -> None:
    recording = with_options()
    encryption = recording.one("mongodbatlas:index/encryptionAtRest:EncryptionAtRest")
    cluster = recording.one("mongodbatlas:index/advancedCluster:AdvancedCluster")
    assert cluster.inputs["encryptionAtRestProvider"] == "AWS"
    assert in_order(recording, encryption.name, cluster.name)
    assert "encryptionAtRestProvider" not in built(Phase.SCALE, Tier.MEDIUM).one(cluster.type).inputs
    assert "Allowed with tierup:kmsKey" in errors(Phase.MVP, databaseKmsKey="true")["tierup:databaseKmsKey"]


def test_backup_compliance_policy_is_created_after_the_backup_schedule() -> None:
    recording = with_options()
    policy = recording.one("mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy")
    schedule = recording.one("mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule")
    assert policy.inputs["policyItemDaily"]["retentionValue"] == schedule.inputs["policyItemDaily"]["retentionValue"]
    assert in_order(recording, schedule.name, policy.name)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"acknowledgeIrreversible": False}, "only Atlas's support can disable the policy"),
        ({"authorizedEmail": "legal"}, "Give one person's address"),
    ],
)
def test_invalid_backup_compliance_is_rejected(change: Mapping[str, Any], message: str) -> None:
    (error,) = errors(databaseBackupCompliance=json.dumps({**COMPLIANCE, **change})).values()
    assert message in error


def test_backup_compliance_is_rejected_in_an_unprotected_stack() -> None:
    error = errors(protect="false", databaseBackupCompliance=json.dumps(COMPLIANCE))["tierup:databaseBackupCompliance"]
    assert "nobody can delete a project with a backup compliance policy" in error


# --- services ---


SERVICE = {"image": "example.com/reports:v1", "paths": ["/reports"], "priority": 10, "maxTasks": 2}
VERSIONS = {**SERVICE, "priority": 20, "weights": {"a": 90, "b": 10}}


@pytest.mark.parametrize(
    ("services", "key", "message"),
    [
        ({"worker": SERVICE}, "tierup:services.worker", "name worker is taken by the stack's own"),
        ({"backend": SERVICE}, "tierup:services.backend", "name backend is taken by the stack's own"),
        ({"reports-a": SERVICE, "reports": VERSIONS}, "tierup:services.reports", "reports-a is taken by another"),
    ],
)
def test_services_with_names_that_are_taken_are_rejected(services: Mapping[str, Any], key: str, message: str) -> None:
    found = errors(Phase.ENTERPRISE, services=json.dumps(services), sizeOverrides='{"databaseMaxPoolSize": 20}')
    assert set(found) == {key}
    assert message in found[key]


def test_scheduled_task_with_the_name_of_a_service_version_is_rejected() -> None:
    found = errors(
        Phase.ENTERPRISE,
        services=json.dumps({"reports": VERSIONS}),
        scheduledTasks=json.dumps({"reports-a": REPORT["report"]}),
        sizeOverrides='{"databaseMaxPoolSize": 20}',
    )
    assert "a service has the same name" in found["tierup:scheduledTasks.reports-a"]


# --- tasks ---


def test_scheduled_task_has_its_schedule_command_secrets_and_database_user() -> None:
    recording = with_options()
    schedule = recording.one("aws:scheduler/schedule:Schedule")
    assert schedule.inputs["scheduleExpressionTimezone"] == "Europe/Berlin"
    (container,) = containers(recording, "report-task")
    assert container["command"] == ["node", "report.js"]
    assert "MONGODB_URI" in {each["name"] for each in container["secrets"]}
    users = recording.of("mongodbatlas:index/databaseUser:DatabaseUser")
    assert "database-users-report" in {each.name for each in users}


@pytest.mark.parametrize(
    ("tasks", "key", "message"),
    [
        ({"worker": REPORT["report"]}, "tierup:scheduledTasks.worker", "a service has the same name"),
        ({"report": REPORT["report"] | {"schedule": "daily"}}, "tierup:scheduledTasks.report", "got 'daily'"),
        ({"report": REPORT["report"] | {"timezone": "CEST"}}, "tierup:scheduledTasks.report", "got 'CEST'"),
        (
            {"report": REPORT["report"] | {"cpu": 300}},
            "tierup:scheduledTasks.report",
            "not a Fargate CPU size (got 300)",
        ),
    ],
)
def test_invalid_scheduled_tasks_are_rejected(tasks: Mapping[str, Any], key: str, message: str) -> None:
    assert message in errors(scheduledTasks=json.dumps(tasks))[key]


@pytest.mark.parametrize(
    ("phase", "tier"),
    [
        (Phase.SCALE, Tier.SMALL),
        (Phase.SCALE, Tier.MEDIUM),
        (Phase.SCALE, Tier.LARGE),
        (Phase.ENTERPRISE, Tier.MEDIUM),
        (Phase.ENTERPRISE, Tier.LARGE),
    ],
)
def test_default_connection_pools_allow_four_scheduled_tasks(phase: Phase, tier: Tier) -> None:
    tasks = json.dumps({f"report-{n}": REPORT["report"] for n in range(4)})
    given = {**MINIMAL_CONFIG, "tierup:phase": phase, "tierup:tier": tier, "tierup:scheduledTasks": tasks}
    assert len(parse(given, **PROD).scheduled_tasks) == 4


def test_connections_of_scheduled_tasks_count_towards_the_limit() -> None:
    sizes = json.dumps({"databaseMaxPoolSize": 100, "maxTasks": 10, "maxWorkers": 4})
    assert "backend-service" in built(Phase.SCALE, Tier.MEDIUM, sizeOverrides=sizes).types()
    tasks = json.dumps({f"report-{n}": REPORT["report"] for n in range(10)})
    assert "tierup:sizeOverrides.databaseMaxPoolSize" in errors(sizeOverrides=sizes, scheduledTasks=tasks)


def test_collector_runs_in_each_task_and_is_the_only_container_with_its_token() -> None:
    recording = built_with_secrets({"open_telemetry_token": "token"}, openTelemetryConfig=COLLECTOR)
    for name in ("backend-task", "worker-task"):
        program, collector = containers(recording, name)
        assert collector["environment"] == [{"name": "AOT_CONFIG_CONTENT", "value": COLLECTOR}]
        assert [each["name"] for each in collector["secrets"]] == ["OPENTELEMETRY_TOKEN"]
        assert "OPENTELEMETRY_TOKEN" not in {each["name"] for each in program["secrets"]}
        assert {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://localhost:4318"} in program["environment"]
    assert "receivers and exporters" in errors(openTelemetryConfig="exporters: {}")["tierup:openTelemetryConfig"]
    without_config = errors(secret={"openTelemetryToken": "token"})["tierup:openTelemetryToken"]
    assert "set without tierup:openTelemetryConfig" in without_config


# --- keys ---


def test_kms_key_uses_encrypt_cache_and_images_with_the_stacks_key() -> None:
    recording = built(Phase.SCALE, Tier.MEDIUM, kmsKeyUses='["cache", "images"]')
    cache, images = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:ecr/repository:Repository"
    assert "kmsKeyId" in recording.one(cache).inputs
    assert recording.one(images).inputs["encryptionConfigurations"][0]["encryptionType"] == "KMS"
    policy = json.loads(recording.named("stack-key").inputs["policy"])
    services = {each for statement in policy["Statement"] for each in _services(statement)}
    assert {"elasticache.eu-west-1.amazonaws.com", "ecr.eu-west-1.amazonaws.com"} <= services
    assert "kmsKeyId" not in built(Phase.SCALE, Tier.MEDIUM).one(cache).inputs
    assert "Allowed with tierup:kmsKey" in errors(Phase.MVP, kmsKeyUses='["images"]')["tierup:kmsKeyUses"]
    assert "tierup:kmsKeyUses.0" in errors(kmsKeyUses='["site"]')


def _services(statement: Mapping[str, Any]) -> list[str]:
    return statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", [])


# --- limits, scaling and headers ---

UNLIMITED = {
    "requests": 300,
    "windowSeconds": 60,
    "exemptPaths": ["/api/webhooks/"],
    "exemptAddresses": ["192.0.2.7/32"],
}


def web_acl_rules(recording: Recording[Any], acl: str) -> Mapping[str, Any]:
    return {rule["name"]: rule for rule in recording.named(f"{acl}-acl").inputs["rules"]}


def test_the_rate_limit_has_settings_for_requests_window_and_exemptions() -> None:
    recording = with_options()
    limit = web_acl_rules(recording, "api-edge-web-acl")["rate-limit"]["statement"]["rateBasedStatement"]
    assert (limit["limit"], limit["evaluationWindowSec"]) == (300, 60)
    scope = json.dumps(limit["scopeDownStatement"])
    assert "/api/webhooks/" in scope
    assert "ipSetReferenceStatement" in scope
    addresses = [each.inputs["addresses"] for each in recording.of("aws:wafv2/ipSet:IpSet")]
    assert addresses == [["192.0.2.7/32"]]
    assert "10 to 2000000000" in errors(rateLimit='{"requests": 9}')["tierup:rateLimit"].replace(",", "")
    assert "tierup:rateLimit.windowSeconds" in errors(rateLimit='{"windowSeconds": 900}')


def test_the_rate_limit_of_cloudflare_follows_the_setting_and_skips_preflights() -> None:
    recording = built_with_secrets(cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE, rateLimit=json.dumps(UNLIMITED))
    rulesets = {each.inputs["phase"]: each.inputs["rules"] for each in recording.of("cloudflare:index/ruleset:Ruleset")}
    (limit,) = rulesets["http_ratelimit"]
    assert limit["ratelimit"]["requestsPerPeriod"] == 50, "300 in 60 s, in the 10 s of plan free"
    assert 'and not starts_with(lower(http.request.uri.path), "/api/webhooks/")' in limit["expression"]
    skip = rulesets["http_request_firewall_custom"][-1]
    assert (skip["action"], skip["actionParameters"]) == ("skip", {"phases": ["http_ratelimit"]})
    assert skip["expression"] == '(http.request.method eq "OPTIONS") or (ip.src in {192.0.2.7/32})'


def test_blocks_carry_cors_headers_and_the_body_limit_is_a_setting() -> None:
    recording = with_options()
    for acl in ("api-web-acl", "api-edge-web-acl"):
        rules = web_acl_rules(recording, acl)
        body = rules["body-size"]
        assert '"size": 4096' in json.dumps(body["statement"])
        assert "/api/uploads/" in json.dumps(body["statement"])
        headers = body["action"]["block"]["customResponse"]["responseHeaders"]
        assert {"name": "Access-Control-Allow-Origin", "value": "https://app.example.com"} in headers
    assert "tierup:maxBodyBytes" in errors(maxBodyBytes="8193")


def test_sources_of_the_content_security_policy_are_added() -> None:
    recording = with_options()
    headers = recording.named("cdn-headers").inputs["securityHeadersConfig"]
    policy = headers["contentSecurityPolicy"]["contentSecurityPolicy"]
    assert "script-src 'self' https://js.stripe.com" in policy
    assert "not a directive" in errors(contentSecurityPolicy='{"script": []}')["tierup:contentSecurityPolicy"]


def test_the_price_class_is_a_setting_of_cloudfront() -> None:
    recording = with_options()
    classes = [each.inputs["priceClass"] for each in recording.of("aws:cloudfront/distribution:Distribution")]
    assert classes == ["PriceClass_All"] * 2
    unused = errors(cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE, priceClass="PriceClass_All")
    assert "has no effect when tierup:cdn is cloudflare" in unused["tierup:priceClass"]


def test_the_health_check_of_the_container_can_be_changed_and_disabled() -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1"
    assert containers(built_with_secrets(image=image), "backend-task")[0]["healthCheck"]["command"][:2] == [
        "CMD",
        "node",
    ]
    own = built_with_secrets(image=image, backend='{"containerHealthCheck": ["CMD", "/app/health"]}')
    assert containers(own, "backend-task")[0]["healthCheck"]["command"] == ["CMD", "/app/health"]
    assert (
        "healthCheck"
        not in containers(built_with_secrets(image=image, backend='{"containerHealthCheck": []}'), "backend-task")[0]
    )
    placeholder = built_with_secrets(backend='{"containerHealthCheck": []}')
    assert "healthCheck" in containers(placeholder, "backend-task")[0], "the placeholder's image has node"
    assert "CMD-SHELL" in errors(backend='{"containerHealthCheck": ["curl"]}')["tierup:backend.containerHealthCheck"]


def test_targets_of_autoscaling_are_settings_and_memory_is_not_tracked_by_default() -> None:
    def targets(recording: Recording[Any]) -> dict[str, float]:
        policies = recording.of("aws:appautoscaling/policy:Policy")
        return {each.name: each.inputs["targetTrackingScalingPolicyConfiguration"]["targetValue"] for each in policies}

    assert targets(built_with_secrets()) == {
        "backend-scaling-cpu": 70,
        "backend-scaling-requests": 1_200,
        "worker-scaling-cpu": 70,
    }
    changed = targets(with_options())
    assert changed == {
        "backend-scaling-cpu": 50,
        "backend-scaling-memory": 80,
        "backend-scaling-requests": 90,
        "worker-scaling-cpu": 50,
        "worker-scaling-memory": 80,
    }
    assert "fixed number of tasks" in errors(Phase.MVP, autoscaling='{"cpuPercent": 50}')["tierup:autoscaling"]


def test_the_instance_type_of_the_nat_instance_is_a_setting() -> None:
    recording = with_options()
    assert recording.one("aws:ec2/instance:Instance").inputs["instanceType"] == "t4g.small"
    assert "has no effect with tierup:nat" in errors(natInstanceType="t4g.small")["tierup:natInstanceType"]
    assert "Graviton" in errors(nat="instance", natInstanceType="t3.small")["tierup:natInstanceType"]


def test_excluded_zones_are_zone_ids_and_need_a_choice_of_zones() -> None:
    assert "not a zone id" in errors(excludedZoneIds='["eu-west-1a"]')["tierup:excludedZoneIds"]
    fixed = errors(excludedZoneIds='["euw1-az1"]', availabilityZones='["eu-west-1a", "eu-west-1b"]')
    assert "no effect with tierup:availabilityZones" in fixed["tierup:excludedZoneIds"]


def test_the_regions_of_the_checkers_are_checked() -> None:
    assert "too few regions" in errors(uptimeRegions='["eu-west-1"]')["tierup:uptimeRegions"]
    assert "no region of Route 53" in errors(uptimeRegions='["eu-central-1"]')["tierup:uptimeRegions"]


def test_a_deployment_shifts_the_traffic_by_its_setting() -> None:
    def configuration(**settings: str) -> Mapping[str, Any]:
        recording = built_with_secrets(None, Phase.SCALE, **settings)
        (service,) = (each for each in recording.of("aws:ecs/service:Service") if each.name == "backend-service")
        return service.inputs["deploymentConfiguration"]

    steps = {"shiftPercent": "20", "shiftMinutes": "3"}
    assert configuration() == {"strategy": "ROLLING"}
    assert configuration(deployment="blue-green", **steps) == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "10"}
    assert configuration(deployment="canary", **steps) == {
        "strategy": "CANARY",
        "bakeTimeInMinutes": "10",
        "canaryConfiguration": {"canaryPercent": 20, "canaryBakeTimeInMinutes": "3"},
    }
    assert configuration(deployment="linear", **steps) == {
        "strategy": "LINEAR",
        "bakeTimeInMinutes": "10",
        "linearConfiguration": {"stepPercent": 20, "stepBakeTimeInMinutes": "3"},
    }
    assert "Allowed from phase scale on" in errors(Phase.MVP, deployment="canary")["tierup:deployment"]
