"""What a configuration may say, and what a person reads who got it wrong."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.model import InvalidConfigError, Settings, WafMode, parse
from stacks.config.secrets import SECRETS, secret_errors
from tierup.deployment.sandbox_backend import placeholder_secret

LEAST = {
    "aws:region": "eu-west-1",
    "tierup:phase": "mvp",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": "0123456789abcdef01234567",
}
DSN = "https://0123456789abcdef@o1.ingest.sentry.io/42"


def read(stack: str = "prod", secret_keys: Collection[str] = (), **changes: str | None) -> Settings:
    """LEAST with changes to tierup: keys; None takes one away."""
    given = {**LEAST, **{f"tierup:{key}": value for key, value in changes.items()}}
    return parse(
        {key: value for key, value in given.items() if value is not None}, secret_keys=secret_keys, stack=stack
    )


def refused(secret_keys: Collection[str] = (), **changes: str | None) -> InvalidConfigError:
    with pytest.raises(InvalidConfigError) as caught:
        read("prod", secret_keys, **changes)
    return caught.value


def test_the_least_configuration_is_complete() -> None:
    settings = read()
    assert settings.phase is Phase.MVP
    assert settings.tier is Tier.SMALL
    assert settings.api_host == "api.app.example.com"
    assert settings.waf_mode is WafMode.BLOCK
    assert settings.budget_usd > 0


@pytest.mark.parametrize(("stack", "protected"), [("dev", False), ("prod", True)])
def test_the_stacks_that_come_with_the_project_are_right(stack: str, protected: bool) -> None:
    text = (Path(__file__).parents[3] / f"Pulumi.{stack}.yaml").read_text()
    config = yaml.safe_load(text)["config"]
    given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    assert parse(given, secret_keys=(), stack=stack).protect is protected


def test_the_api_may_have_a_name_of_its_own() -> None:
    assert read(apiDomain="api.example.com").api_host == "api.example.com"


@pytest.mark.parametrize(("stack", "expected"), [("dev", False), ("prod", True), ("staging", True), ("devel", True)])
def test_all_stacks_but_dev_are_protected_unless_told_otherwise(stack: str, expected: bool) -> None:
    assert read(stack=stack).protect is expected
    assert read(stack=stack, protect="false").protect is False
    assert read(stack=stack, protect="true").protect is True


def test_every_fault_is_in_one_message_with_key_value_bounds_and_remedy() -> None:
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
    assert {fault.key for fault in error.errors} == {
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
        "tierup:tier is 'smal'. Allowed: 'small', 'medium' or 'large'\n      pulumi config set tierup:tier small"
        in text
    )
    assert "tierup:phase is 'scaling'. Allowed: 'mvp', 'optimization', 'scale' or 'enterprise'" in text
    assert "tierup:alertEmail is missing" in text
    assert "Did you mean tierup:tier?\n      pulumi config rm tierup:teir" in text
    assert "Did you mean taskCpu?" in text
    assert "a whole number from 1 to 100" in text


def test_a_missing_region_is_named() -> None:
    with pytest.raises(InvalidConfigError, match=r"aws:region is missing(.|\n)*pulumi config set aws:region eu-west-1"):
        parse({key: text for key, text in LEAST.items() if key != "aws:region"}, secret_keys=(), stack="dev")


def test_keys_of_other_namespaces_are_left_alone() -> None:
    given = {**LEAST, "aws:profile": "x", "mongodbatlas:publicKey": "y"}
    assert parse(given, secret_keys=(), stack="dev").domain == "app.example.com"


ZONE = "0123456789abcdef0123456789abcdef"
SHARED_BALANCER = (
    '{"arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shared/1", "priority": 20}'
)


@pytest.mark.parametrize(
    ("key", "said", "given"),
    [
        ("cloudflareZoneId", "is missing. Needed with tierup:cdn cloudflare", {"cdn": "cloudflare"}),
        ("cloudflareZoneId", "tierup:cdn is cloudfront", {"cloudflareZoneId": ZONE}),
        ("hostedZoneId", "does not use it", {"cdn": "cloudflare", "cloudflareZoneId": ZONE, "hostedZoneId": "Z1"}),
        (
            "wafMode",
            "only enterprise can log",
            {"cdn": "cloudflare", "cloudflareZoneId": ZONE, "wafMode": "count"},
        ),
        ("tier", "M30 or larger, says Atlas", {"phase": "enterprise"}),
        ("databaseRegions", "two regions near sa-east-1", {"phase": "enterprise", "tier": "large"}),
        ("nat", "from phase scale on", {"nat": "single"}),
        ("deployment", "from phase scale on", {"deployment": "blue-green"}),
        ("spotPercent", "from phase scale on", {"spotPercent": "50"}),
        ("cacheAuth", "from phase optimization on", {"cacheAuth": "users"}),
        ("cacheClusterMode", "compatible prepares it", {"phase": "scale", "cacheClusterMode": "enabled"}),
        ("services", "from phase enterprise on", {"phase": "scale", "services": "SERVICES"}),
        (
            "sizeOverrides.databaseMaxPoolSize",
            "no pool fits|a pool of",
            {"sizeOverrides": '{"databaseMaxPoolSize": 500, "tasks": 90}'},
        ),
        ("sizeOverrides.maxTasks", "Allowed: 8 (tasks) or more", {"phase": "scale", "sizeOverrides": '{"tasks": 8}'}),
        ("sizeOverrides.cacheNodes", "2 or more", {"phase": "scale", "sizeOverrides": '{"cacheNodes": 1}'}),
        ("sizeOverrides.databaseDiskGb", "up to 128", {"sizeOverrides": '{"databaseDiskGb": 200}'}),
        (
            "sizeOverrides.databaseMaxInstanceSize",
            "a larger size",
            {"phase": "scale", "sizeOverrides": '{"databaseMaxInstanceSize": "M10"}'},
        ),
        ("nat", "could not pull", {"phase": "scale", "nat": "none"}),
        ("existingLoadBalancer", "no task outside its VPC", {"existingLoadBalancer": SHARED_BALANCER}),
    ],
)
def test_what_cannot_be_together_is_refused_with_the_setting_to_change(
    key: str, said: str, given: dict[str, str]
) -> None:
    service = {"reports": {"image": "example.com/r:v1", "paths": ["/r"], "priority": 1}}
    changes = {name: json.dumps(service) if text == "SERVICES" else text for name, text in given.items()}
    region = {"aws:region": "sa-east-1"} if "sa-east-1" in said else {}
    with pytest.raises(InvalidConfigError) as caught:
        parse(
            {**LEAST, **region, **{f"tierup:{name}": text for name, text in changes.items()}},
            secret_keys=(),
            stack="prod",
        )
    (fault,) = caught.value.errors
    assert fault.key == f"tierup:{key}"
    assert any(part in fault.problem for part in said.split("|")), fault.problem
    assert fault.remedy.startswith("pulumi config ")


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
def test_a_fault_within_a_group_of_settings_is_named_by_its_path(key: str, value: str, at: str) -> None:
    keys = [fault.key for fault in refused(phase="enterprise", tier="large", **{key: value}).errors]
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
        ("sizeOverrides", '{"taskMemory": 512}'),  # not sold with the tier's 512 CPU units
        ("sizeOverrides", '{"taskCpu": 1024}'),  # nor its 1,024 MiB with these
        ("sizeOverrides", '{"tasks": "2"}'),
        ("sizeOverrides", '{"databaseInstanceSize": "M0"}'),
        ("sizeOverrides", '{"cacheNodeType": "t4g.micro"}'),
    ],
)
def test_a_value_out_of_bounds_is_the_only_fault_reported(key: str, value: str) -> None:
    faults = refused(**{key: value}).errors
    (reported,) = {fault.key.partition(".")[0] for fault in faults}
    assert reported == f"tierup:{key}"
    assert all(fault.remedy.startswith("pulumi config ") for fault in faults)


def test_a_network_that_overlaps_atlass_default_is_refused() -> None:
    (fault,) = refused(vpcCidr="192.168.0.0/16").errors
    assert fault.key == "tierup:atlasCidr"
    assert "overlaps tierup:vpcCidr (192.168.0.0/16)" in fault.problem
    assert read(vpcCidr="192.168.0.0/16", atlasCidr="10.8.0.0/21").vpc_cidr == "192.168.0.0/16"


def test_overrides_replace_single_sizes_of_the_tier() -> None:
    sizes = read(sizeOverrides=json.dumps({"taskCpu": 1024, "taskMemory": 4096})).sizes
    assert (sizes.task_cpu, sizes.task_memory) == (1024, 4096)
    assert sizes.database_instance_size == "M10"


def test_overrides_are_not_blamed_for_a_tier_that_is_unknown() -> None:
    """1,024 CPU units fit medium and clash with small; nobody knows which was meant."""
    faults = refused(tier="medum", sizeOverrides='{"taskCpu": 1024}').errors
    assert [fault.key for fault in faults] == ["tierup:tier"]


def test_a_secret_dsn_is_taken() -> None:
    assert read(secret_keys=["tierup:sentryDsn"], sentryDsn=DSN)


def test_what_stands_for_a_secret_in_a_rehearsal_is_taken_for_each() -> None:
    """`tierup` puts it in the place of what only the user's own key opens."""
    for key in SECRETS:
        text = placeholder_secret(f"tierup:{key}")
        assert list(secret_errors(f"tierup:{key}", text, secret_keys=[f"tierup:{key}"])) == []


@pytest.mark.parametrize("dsn", [DSN, "hunter2"])
def test_a_dsn_in_plain_text_is_refused_without_showing_it(dsn: str) -> None:
    error = refused(sentryDsn=dsn)
    assert "tierup:sentryDsn is stored in plain text" in str(error)
    assert "pulumi config set --secret tierup:sentryDsn" in str(error)
    assert dsn not in str(error)


def test_the_value_of_any_setting_stored_as_a_secret_is_never_shown() -> None:
    error = refused(secret_keys=["tierup:databaseName"], databaseName="hunter 2")
    assert "hunter" not in str(error)
    assert "(value not shown)" in str(error)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read().domain = "other.example.com"  # pyright: ignore[reportAttributeAccessIssue]  # that is the test
