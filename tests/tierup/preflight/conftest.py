"""Fixtures: the clouds' servers, an account in which everything is right, and a project on it."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
import yaml

from tests.tierup.preflight.cloud_servers import AtlasServer, AwsServer, CloudflareServer, DnsServer
from tierup.cost.rules import PricedResource
from tierup.deployment.project import find
from tierup.mocked_program import list_configured_resources
from tierup.preflight.check import PreflightFinding, PreflightStatus
from tierup.preflight.context import PreflightContext
from tierup.preflight.linked_roles import LINKED_ROLES
from tierup.preflight.registry import CHECKS
from tierup.preflight.runner import findings_of
from tierup.preflight.stack_plan import StackPlan, read_plan

REGION = "eu-west-1"
BUCKET = "example-state"
KEY_ALIAS = "alias/example-secrets"
CONFIG = {
    "aws:region": REGION,
    "tierup:phase": "mvp",
    "tierup:tier": "small",
    "tierup:domain": "app.example.com",
    "tierup:apiDomain": "api.example.com",
    "tierup:alertEmail": "ops@example.com",
    "tierup:atlasOrgId": AtlasServer.ORGANIZATION,
}
CLOUDFLARE = {"tierup:cdn": "cloudflare", "tierup:cloudflareZoneId": CloudflareServer.ZONE}
LARGE = {"tierup:phase": "scale", "tierup:tier": "large"}
_STRIPPED = ("AWS_", "PULUMI_", "CLOUDFLARE_", "MONGODB_")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Remove what the machine has, and let no SDK find credentials."""
    for name in os.environ:
        if name.startswith(_STRIPPED):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))


@pytest.fixture(scope="session")
def aws_server() -> Generator[AwsServer]:
    """Start moto's server."""
    server = AwsServer()
    stop = server.start()
    yield server
    stop()


def _no_delay(*_: object) -> float:
    return 0.0


@pytest.fixture
def aws(aws_server: AwsServer, monkeypatch: pytest.MonkeyPatch) -> AwsServer:
    """Return an empty AWS account, and set credentials for it."""
    # Repeated requests wait for no time, so that a test of an API that always fails takes none.
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", _no_delay)
    monkeypatch.setattr("tierup.http_session.backoff_seconds", 0)
    requests.post(f"{aws_server.url}/moto-api/reset", timeout=120).raise_for_status()
    for table in (
        aws_server.quotas,
        aws_server.default_quotas,
        aws_server.errors,
        aws_server.calls,
        aws_server.policies,
        aws_server.tasks,
        aws_server.zones,
        aws_server.answers,
    ):
        table.clear()
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    return aws_server


@pytest.fixture
def atlas(monkeypatch: pytest.MonkeyPatch) -> Generator[AtlasServer]:
    """Start the Atlas API, and set a service account for it."""
    server = AtlasServer()
    monkeypatch.setenv("MONGODB_ATLAS_BASE_URL", server.url)
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_ID", server.CLIENT)
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_SECRET", server.SECRET)
    yield server
    server.stop()


@pytest.fixture
def cloudflare(monkeypatch: pytest.MonkeyPatch) -> Generator[CloudflareServer]:
    """Start the API of Cloudflare, and set a token for it."""
    server = CloudflareServer()
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", server.url)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", server.TOKEN)
    yield server
    server.stop()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Generator[DnsServer]:
    """Start a DNS server that the checks query."""
    server = DnsServer()
    monkeypatch.setattr(PreflightContext, "name_server", server.address)
    yield server
    server.stop()


@dataclass
class Account:
    """Everything that a stack needs, and the project whose stack `prod` is checked."""

    aws: AwsServer
    atlas: AtlasServer
    cloudflare: CloudflareServer
    dns: DnsServer
    folder: Path
    document: dict[str, Any]
    zone_id: str
    chosen_zone: str | None = None
    """The hosted zone in the settings. Ids of moto do not begin with Z, so a settings file cannot have them."""

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a client of the account."""
        return boto3.client(service, region_name=region)

    def configure(self, **config: Any) -> None:
        """Set keys of the stack's configuration; `cdn` is `tierup:cdn`. None removes a key."""
        for key, value in config.items():
            full = key if ":" in key else f"tierup:{key}"
            self.document["config"].pop(full, None)
            if value is not None:
                self.document["config"][full] = value
        self._write()

    def _write(self) -> None:
        (self.folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump(self.document))

    def context(self) -> PreflightContext:
        """Return the context of the stack's checks. The program's resources are computed once for a configuration."""
        plan = read_plan(find(self.folder), "prod")
        if self.chosen_zone is not None and plan.settings is not None:
            plan = replace(plan, settings=plan.settings.model_copy(update={"hosted_zone_id": self.chosen_zone}))
        context = PreflightContext(plan)
        resources = planned(plan)
        context.resources = lambda: resources
        return context

    def check(self, name: str) -> Sequence[PreflightFinding]:
        """Make one check."""
        (check,) = (each for each in CHECKS if each.name == name)
        return findings_of(self.context(), check)


_PLANS: dict[str, StackPlan] = {}


def planned(plan: StackPlan) -> Sequence[PricedResource]:
    """Return the resources of a plan's program, which runs in this process, and once for a configuration."""
    key = json.dumps(dict(plan.config), sort_keys=True)
    _PLANS.setdefault(key, plan)
    return _planned(key)


@functools.cache
def _planned(key: str) -> Sequence[PricedResource]:
    plan = _PLANS[key]
    return list_configured_resources(
        plan.config, secret_keys=plan.secret_keys, project=plan.project.name, stack=plan.short_name
    )


@pytest.fixture
def account(
    aws: AwsServer,
    atlas: AtlasServer,
    cloudflare: CloudflareServer,
    name_server: DnsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Account:
    """Return an account in which everything is right, for a stack in its first phase."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    document: dict[str, Any] = {
        "secretsprovider": f"awskms://{KEY_ALIAS}?region={REGION}",
        "encryptedkey": "AQICAHg=",
        "config": dict(CONFIG),
    }
    key = boto3.client("kms", region_name=REGION).create_key()["KeyMetadata"]["KeyId"]
    boto3.client("kms", region_name=REGION).create_alias(AliasName=KEY_ALIAS, TargetKeyId=key)
    iam = boto3.client("iam", region_name="us-east-1")
    for role, _ in LINKED_ROLES.values():  # moto gives service-linked roles other names
        iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    zone = boto3.client("route53", region_name="us-east-1").create_hosted_zone(Name="example.com", CallerReference="1")
    name_server.records["example.com.", "NS"] = [f"{each}." for each in zone["DelegationSet"]["NameServers"]]
    boto3.client("budgets", region_name="us-east-1").create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": "all",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
        },
    )
    make_state_bucket(BUCKET)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"s3://{BUCKET}?region={REGION}")
    aws.quotas["fargate"] = {"L-3032A538": 256, "L-36FBB829": 256}
    made = Account(
        aws=aws,
        atlas=atlas,
        cloudflare=cloudflare,
        dns=name_server,
        folder=folder,
        document=document,
        zone_id=zone["HostedZone"]["Id"].rpartition("/")[2],
    )
    made.configure()
    return made


def make_state_bucket(name: str) -> None:
    """Create a bucket as preflight wants it."""
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        ),
    )


def statuses(findings: Sequence[PreflightFinding]) -> list[PreflightStatus]:
    """Return the statuses of findings."""
    return [each.status for each in findings]
