"""The settings that a configuration may have, and the errors of an invalid one."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.errors import InvalidConfigError
from stacks.config.model import Settings, WafMode
from stacks.config.reading import parse
from stacks.config.secrets import SECRETS, secret_errors
from tierup.deployment.sandbox_backend import placeholder_secret

MINIMAL_CONFIG = {
    "aws:region": "eu-west-1",
    "tierup:phase": "mvp",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": "0123456789abcdef01234567",
}
DSN = "https://0123456789abcdef@o1.ingest.sentry.io/42"


def read(stack: str = "prod", secret_keys: Collection[str] = (), **changes: str | None) -> Settings:
    """Return the settings of MINIMAL_CONFIG with changed tierup: keys. None removes a key."""
    given = {**MINIMAL_CONFIG, **{f"tierup:{key}": value for key, value in changes.items()}}
    return parse(
        {key: value for key, value in given.items() if value is not None}, secret_keys=secret_keys, stack=stack
    )


def refused(secret_keys: Collection[str] = (), **changes: str | None) -> InvalidConfigError:
    with pytest.raises(InvalidConfigError) as caught:
        read("prod", secret_keys, **changes)
    return caught.value


def test_minimal_configuration_is_valid() -> None:
    settings = read()
    assert settings.phase is Phase.MVP
    assert settings.tier is Tier.SMALL
    assert settings.api_host == "api.app.example.com"
    assert settings.waf_mode is WafMode.BLOCK
    assert settings.budget_usd > 0


@pytest.mark.parametrize(("stack", "protected"), [("dev", False), ("prod", True)])
def test_stack_files_of_the_project_are_valid(stack: str, protected: bool) -> None:
    text = (Path(__file__).parents[3] / f"Pulumi.{stack}.yaml").read_text()
    config = yaml.safe_load(text)["config"]
    given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    assert parse(given, secret_keys=(), stack=stack).protect is protected


def test_api_domain_sets_the_api_host() -> None:
    assert read(apiDomain="api.example.com").api_host == "api.example.com"


@pytest.mark.parametrize(("stack", "expected"), [("dev", False), ("prod", True), ("staging", True), ("devel", True)])
def test_all_stacks_except_dev_are_protected_by_default(stack: str, expected: bool) -> None:
    assert read(stack=stack).protect is expected
    assert read(stack=stack, protect="false").protect is False
    assert read(stack=stack, protect="true").protect is True


def test_one_message_reports_every_error_with_key_value_bounds_and_command() -> None:
    error = refused(
        phase="scaling",
        tier="smal",
        domain="Example",
        alertEmail=None,
        atlasOrgId="xyz",
        monthlyBudgetUsd="lots",
        vpcCidr="10.0.0.0/20",
        teir="small",
        sizeOverrides='{"tasks": 0, "taskCpus": 256}',
    )
    assert {each.key for each in error.errors} == {
        "tierup:phase",
        "tierup:tier",
        "tierup:domain",
        "tierup:alertEmail",
        "tierup:atlasOrgId",
        "tierup:monthlyBudgetUsd",
        "tierup:vpcCidr",
        "tierup:teir",
        "tierup:sizeOverrides.tasks",
        "tierup:sizeOverrides.taskCpus",
    }
    text = str(error)
    assert "stack 'prod'" in text
    assert (
        "tierup:tier: the value is not valid (got 'smal'). Allowed: 'small', 'medium' or 'large'.\n"
        "      pulumi config set tierup:tier small" in text
    )
    assert (
        "tierup:phase: the value is not valid (got 'scaling'). Allowed: 'mvp', 'optimization', 'scale' or 'enterprise'."
        in text
    )
    assert "tierup:alertEmail: the setting is missing." in text
    assert "Did you mean tierup:tier?\n      pulumi config rm tierup:teir" in text
    assert "Did you mean taskCpu?" in text
    assert "a whole number from 1 to 100" in text


def test_a_missing_region_is_reported() -> None:
    with pytest.raises(
        InvalidConfigError, match=r"aws:region: the setting is missing(.|\n)*pulumi config set aws:region eu-west-1"
    ):
        parse({key: text for key, text in MINIMAL_CONFIG.items() if key != "aws:region"}, secret_keys=(), stack="dev")


def test_keys_of_other_namespaces_are_ignored() -> None:
    given = {**MINIMAL_CONFIG, "aws:profile": "x", "mongodbatlas:publicKey": "y"}
    assert parse(given, secret_keys=(), stack="dev").domain == "app.example.com"


ZONE = "0123456789abcdef0123456789abcdef"
SHARED_BALANCER = (
    '{"arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/1", "priority": 20}'
)


@pytest.mark.parametrize(
    ("key", "message", "given"),
    [
        ("cloudflareZoneId", "the setting is missing, and tierup:cdn cloudflare requires it", {"cdn": "cloudflare"}),
        ("cloudflareZoneId", "tierup:cdn is cloudfront", {"cloudflareZoneId": ZONE}),
        (
            "hostedZoneId",
            "has no effect when tierup:cdn is cloudflare",
            {"cdn": "cloudflare", "cloudflareZoneId": ZONE, "hostedZoneId": "Z1"},
        ),
        (
            "wafMode",
            "only plan enterprise can log",
            {"cdn": "cloudflare", "cloudflareZoneId": ZONE, "wafMode": "count"},
        ),
        ("tier", "M30 or larger", {"phase": "enterprise"}),
        ("databaseRegions", "two regions near sa-east-1", {"phase": "enterprise", "tier": "large"}),
        ("nat", "Allowed from phase scale on", {"nat": "single"}),
        ("deployment", "Allowed from phase scale on", {"deployment": "blue-green"}),
        ("spotPercent", "Allowed from phase scale on", {"spotPercent": "50"}),
        ("stickySeconds", "Allowed before phase scale", {"phase": "scale", "stickySeconds": "60"}),
        ("cacheAuth", "Allowed from phase optimization on", {"cacheAuth": "users"}),
        ("cacheClusterMode", "compatible prepares the cache", {"phase": "scale", "cacheClusterMode": "enabled"}),
        ("services", "Allowed from phase enterprise on", {"phase": "scale", "services": "SERVICES"}),
        (
            "sizeOverrides.databaseMaxPoolSize",
            "pool",
            {"sizeOverrides": '{"databaseMaxPoolSize": 500, "tasks": 90}'},
        ),
        ("sizeOverrides.maxTasks", "Allowed: 8 (tasks) or more", {"phase": "scale", "sizeOverrides": '{"tasks": 8}'}),
        ("sizeOverrides.cacheNodes", "2 or more", {"phase": "scale", "sizeOverrides": '{"cacheNodes": 1}'}),
        ("sizeOverrides.databaseDiskGb", "up to 128", {"sizeOverrides": '{"databaseDiskGb": 200}'}),
        (
            "sizeOverrides.databaseMaxInstanceSize",
            "an instance size larger than M10",
            {"phase": "scale", "sizeOverrides": '{"databaseMaxInstanceSize": "M10"}'},
        ),
        ("nat", "cannot pull the default image", {"phase": "scale", "nat": "none"}),
        ("existingLoadBalancer", "only targets in its own VPC", {"existingLoadBalancer": SHARED_BALANCER}),
    ],
)
def test_invalid_combinations_are_refused_with_the_setting_to_change(
    key: str, message: str, given: dict[str, str]
) -> None:
    service = {"reports": {"image": "example.com/r:v1", "paths": ["/r"], "priority": 1}}
    changes = {name: json.dumps(service) if text == "SERVICES" else text for name, text in given.items()}
    region = {"aws:region": "sa-east-1"} if "sa-east-1" in message else {}
    with pytest.raises(InvalidConfigError) as caught:
        parse(
            {**MINIMAL_CONFIG, **region, **{f"tierup:{name}": text for name, text in changes.items()}},
            secret_keys=(),
            stack="prod",
        )
    (error,) = caught.value.errors
    assert error.key == f"tierup:{key}"
    assert message in str(error)
    assert error.command.startswith("pulumi config ")


@pytest.mark.parametrize(
    ("key", "value", "at"),
    [
        ("existingNetwork", '{"vpcId": "vpc-1"}', "existingNetwork.publicSubnetIds"),
        ("existingLoadBalancer", '{"arn": "x", "priority": 5}', "existingLoadBalancer.arn"),
        ("services", '{"a": {"image": "x:latest", "paths": ["/a"], "priority": 1}}', "services.a.image"),
        ("services", '{"a": {"image": "x:v1", "paths": ["a"], "priority": 1}}', "services.a"),
        ("services", '{"a": {"image": "x:v1", "paths": ["/a"], "priority": 1, "port0": 1}}', "services.a.port0"),
        ("capacitySchedules", '{"m": {"schedule": "daily", "minTasks": 1, "maxTasks": 2}}', "capacitySchedules.m"),
        ("databaseBackups", '{"dailyDays": 99}', "databaseBackups"),
    ],
)
def test_an_error_in_an_object_is_reported_with_its_path(key: str, value: str, at: str) -> None:
    keys = [each.key for each in refused(phase="enterprise", tier="large", **{key: value}).errors]
    assert f"tierup:{at}" in keys


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("domain", "example"),
        ("domain", "app.example.com."),
        ("domain", f"{'a' * 50}.example.com"),  # api.<domain> must fit into a certificate
        ("apiDomain", "app.example.com"),
        ("alertEmail", "ops"),
        ("atlasOrgId", "0123456789ABCDEF01234567"),
        ("hostedZoneId", "/hostedzone/Z1"),
        ("image", "app"),
        ("image", "app:latest"),
        ("databaseName", "admin"),
        ("databaseName", "a.b"),
        ("vpcCidr", "11.0.0.0/16"),
        ("vpcCidr", "10.0.0.1/16"),
        ("vpcCidr", "172.17.0.0/16"),
        ("atlasCidr", "10.0.8.0/21"),  # in the VPC
        ("atlasCidr", "192.168.0.0/16"),
        ("logRetentionDays", "100"),
        ("logRetentionDays", "0"),
        ("wafMode", "off"),
        ("protect", "yes"),
        ("monthlyBudgetUsd", "0"),
        ("monthlyBudgetUsd", "12.5"),
        ("availabilityZones", '["eu-west-1a"]'),
        ("availabilityZones", '["eu-west-1a", "us-east-1b"]'),
        ("availabilityZones", '["eu-west-1a", "eu-west-1a"]'),
        ("sizeOverrides", "[]"),
        ("sizeOverrides", '{"taskMemory": 512}'),  # Fargate does not offer it with the tier's 512 CPU units
        ("sizeOverrides", '{"taskCpu": 1024}'),  # Fargate does not offer it with the tier's 1,024 MiB
        ("sizeOverrides", '{"tasks": "2"}'),
        ("sizeOverrides", '{"databaseInstanceSize": "M0"}'),
        ("sizeOverrides", '{"cacheNodeType": "t4g.micro"}'),
    ],
)
def test_a_value_out_of_bounds_is_the_only_error_reported(key: str, value: str) -> None:
    errors = refused(**{key: value}).errors
    assert {each.key.partition(".")[0] for each in errors} == {f"tierup:{key}"}
    assert all(each.command.startswith("pulumi config ") for each in errors)


def test_a_vpc_that_overlaps_the_default_atlas_cidr_is_refused() -> None:
    (error,) = refused(vpcCidr="192.168.0.0/16").errors
    assert error.key == "tierup:atlasCidr"
    assert "overlaps tierup:vpcCidr (192.168.0.0/16)" in str(error)
    assert read(vpcCidr="192.168.0.0/16", atlasCidr="10.8.0.0/21").vpc_cidr == "192.168.0.0/16"


def test_size_overrides_replace_single_sizes_of_the_tier() -> None:
    sizes = read(sizeOverrides=json.dumps({"taskCpu": 1024, "taskMemory": 4096})).sizes
    assert (sizes.task_cpu, sizes.task_memory) == (1024, 4096)
    assert sizes.database_instance_size == "M10"


def test_an_unknown_tier_is_the_only_error_when_overrides_are_set() -> None:
    """1,024 CPU units are valid in medium and not in small, and the intended tier is unknown."""
    errors = refused(tier="medum", sizeOverrides='{"taskCpu": 1024}').errors
    assert [each.key for each in errors] == ["tierup:tier"]


def test_an_encrypted_dsn_is_accepted() -> None:
    assert read(secret_keys=["tierup:sentryDsn"], sentryDsn=DSN).domain == "app.example.com"


@pytest.mark.parametrize("key", SECRETS)
def test_the_placeholder_of_a_sandbox_run_is_accepted_for_every_secret(key: str) -> None:
    """`tierup` passes a placeholder instead of a secret that it cannot decrypt."""
    text = placeholder_secret(f"tierup:{key}")
    assert list(secret_errors(f"tierup:{key}", text, secret_keys=[f"tierup:{key}"])) == []


@pytest.mark.parametrize("dsn", [DSN, "hunter2"])
def test_a_plain_text_dsn_is_refused_and_not_shown(dsn: str) -> None:
    error = refused(sentryDsn=dsn)
    assert "tierup:sentryDsn: the value is stored in plain text." in str(error)
    assert "pulumi config set --secret tierup:sentryDsn" in str(error)
    assert dsn not in str(error)


def test_the_value_of_an_encrypted_setting_is_never_shown() -> None:
    error = refused(secret_keys=["tierup:databaseName"], databaseName="hunter 2")
    assert "hunter" not in str(error)
    assert "(got a value that is not shown)" in str(error)


def test_settings_are_immutable() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().domain = "other.example.com"  # pyright: ignore[reportAttributeAccessIssue]  # the assignment must fail
