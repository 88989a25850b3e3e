"""`tierup bootstrap`: what it creates, that a second run changes nothing, and what it rejects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.tierup.preflight.cloud_servers import AwsServer
from tests.tierup.preflight.conftest import CONFIG, REGION, aws, aws_server, environment
from tierup.cli.app import app
from tierup.deployment.errors import ExitCode

__all__ = ["aws", "aws_server", "environment"]

runner = CliRunner()
ACCOUNT = "123456789012"
BUCKET = f"shop-pulumi-state-{ACCOUNT}-{REGION}"
ALIAS = "alias/shop-pulumi-secrets"
ROLE = "shop-prod-deploy"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}


class Bootstrap:
    """A project in which the tests run `tierup bootstrap`."""

    def __init__(self, folder: Path, server: AwsServer) -> None:
        self.folder = folder
        self.aws = server
        self.policy = folder / "policy.json"
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": CONFIG}))
        self.write_policy(POLICY)

    def write_policy(self, document: Any) -> None:
        """Write the file of `--policy`."""
        self.policy.write_text(json.dumps(document))

    def run(self, *arguments: str) -> Result:
        """Run the command."""
        return runner.invoke(app, ["bootstrap", "--stack", "prod", "--cwd", str(self.folder), *arguments])

    def apply(self, *arguments: str) -> dict[str, Any]:
        """Run the command with --yes, and return its document."""
        result = self.run("--yes", "--json", *arguments)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def with_ci(self, *arguments: str) -> dict[str, Any]:
        """Run the command with the role of CI."""
        return self.apply("--github", "example/shop", "--policy", str(self.policy), *arguments)


@pytest.fixture
def project(tmp_path: Path, aws: AwsServer) -> Bootstrap:
    folder = tmp_path / "project"
    folder.mkdir()
    return Bootstrap(folder, aws)


def client(service: str) -> Any:
    """Return a client of the account."""
    return boto3.client(service, region_name=REGION)


def actions(document: dict[str, Any]) -> set[str]:
    """Return the actions of a document's steps."""
    return {step["action"] for step in document["steps"]}


def test_the_state_bucket_is_versioned_encrypted_private_and_tls_only(project: Bootstrap) -> None:
    project.apply()
    s3 = client("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    access = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(access.values()) == {True}
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    # moto does not return NewerNoncurrentVersions.
    assert lifecycle["NoncurrentVersionExpiration"]["NoncurrentDays"] == 90


def test_the_key_has_an_alias_and_rotation(project: Bootstrap) -> None:
    project.apply()
    kms = client("kms")
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


def test_only_jobs_of_one_environment_may_assume_the_role_and_it_has_the_policies(project: Bootstrap) -> None:
    iam = client("iam")
    managed = iam.create_policy(PolicyName="managed", PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"]
    document = project.with_ci("--policy", managed, "--environment", "production")
    role = iam.get_role(RoleName=ROLE)["Role"]
    assert document["role_arn"] == role["Arn"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:example/shop:environment:production",
    }
    attached = {each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]}
    assert attached == {f"arn:aws:iam::{ACCOUNT}:policy/{ROLE}-1", managed}
    inline = iam.get_role_policy(RoleName=ROLE, PolicyName="pulumi-state-and-preflight")["PolicyDocument"]
    assert {each["Sid"] for each in inline["Statement"]} == {"StateBucket", "State", "Secrets", "Preflight"}
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert provider["Arn"].endswith(":oidc-provider/token.actions.githubusercontent.com")


def test_a_second_run_changes_nothing(project: Bootstrap) -> None:
    assert actions(project.with_ci()) == {"create"}
    project.aws.calls.clear()
    again = project.with_ci()
    assert (actions(again), again["applied"]) == ({"none"}, False)
    writes = ("Create", "Put", "Delete", "Attach", "Update", "Enable", "PUT ", "DELETE ", "POST /")
    assert [call for call in project.aws.calls if call.startswith(writes)] == []


def test_a_dry_run_creates_nothing(project: Bootstrap) -> None:
    result = project.run("--dry-run", "--github", "example/shop", "--policy", str(project.policy))
    assert result.exit_code == 0
    assert f"+ state bucket {BUCKET}: to create" in result.stdout
    assert "Dry run; nothing was changed." in result.stdout
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def test_the_next_commands_are_printed(project: Bootstrap) -> None:
    shown = project.run("--yes").stdout
    assert f"pulumi login 's3://{BUCKET}?region={REGION}'" in shown
    assert f'pulumi stack init prod --secrets-provider "awskms://{ALIAS}?region={REGION}"' in shown
    document = {"config": CONFIG, "encryptionsalt": "v1:x:v1:y"}
    (project.folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump(document))
    assert f'pulumi stack change-secrets-provider "awskms://{ALIAS}' in project.run("--yes").stdout


def test_without_a_terminal_and_yes_it_changes_nothing(project: Bootstrap) -> None:
    result = project.run()
    assert result.exit_code == ExitCode.SETTINGS
    assert "--yes: must be set" in result.stderr
    assert client("s3").list_buckets()["Buckets"] == []


def test_without_credentials_it_prints_one_line(project: Bootstrap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    project.aws.calls.clear()
    result = project.run("--yes")
    assert result.exit_code == ExitCode.CREDENTIALS
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)
    assert not project.aws.calls


def test_rejected_credentials_exit_with_5(project: Bootstrap) -> None:
    project.aws.errors["GetCallerIdentity"] = ["ExpiredToken"]
    assert project.run("--yes").exit_code == ExitCode.CREDENTIALS


def test_a_denied_call_names_the_permission(project: Bootstrap) -> None:
    project.aws.errors["CreateKey"] = ["AccessDeniedException"]
    result = project.run("--yes")
    assert result.exit_code == ExitCode.FAILED
    assert f"KMS key {ALIAS}: AWS: The credentials may not call CreateKey" in result.stderr
    assert "Run the command again to continue." in result.stderr


def test_a_run_after_an_interruption_completes_what_the_first_one_created(project: Bootstrap) -> None:
    project.aws.errors[f"PUT /{BUCKET}"] = ["", "", "", "AccessDenied"]  # the bucket, its tag and versions exist
    assert project.run("--yes").exit_code == ExitCode.FAILED
    project.aws.errors.clear()
    document = project.apply()
    assert {step["resource"]: step["action"] for step in document["steps"]} == {
        "state bucket": "update",
        "KMS key": "create",
    }
    assert actions(project.apply()) == {"none"}


def test_a_changed_policy_becomes_a_new_version_and_the_oldest_is_deleted(project: Bootstrap) -> None:
    project.with_ci()
    for number in range(6):
        statement = {"Effect": "Allow", "Action": f"ec2:Describe{number}", "Resource": "*"}
        project.write_policy({"Version": "2012-10-17", "Statement": [statement]})
        assert "update" in actions(project.with_ci())
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{ROLE}-1"
    assert len(client("iam").list_policy_versions(PolicyArn=arn)["Versions"]) == 5
    assert actions(project.with_ci()) == {"none"}


def test_the_generated_policies_of_the_phase_are_the_default(project: Bootstrap) -> None:
    groups = {"policies": {"mvp": {"a": POLICY, "b": POLICY}, "scale": {"c": POLICY}}}
    project.write_policy(groups)
    names = {step["name"] for step in project.with_ci()["steps"] if step["resource"] == "policy"}
    assert names == {f"{ROLE}-1", f"{ROLE}-2"}


# --- wrong existing resources ---


def _foreign_bucket() -> None:
    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


def _key_without_rotation() -> None:
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName=ALIAS, TargetKeyId=key)


def _disabled_key() -> None:
    _key_without_rotation()
    client("kms").disable_key(KeyId=client("kms").describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyId"])


def _foreign_role() -> None:
    client("iam").create_role(RoleName=ROLE, AssumeRolePolicyDocument='{"Statement": []}')


def _provider_without_audience() -> None:
    client("iam").create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["other"], ThumbprintList=["0" * 40]
    )


def _foreign_policy() -> None:
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    client("iam").create_policy(PolicyName=f"{ROLE}-1", PolicyDocument=json.dumps(other))


@pytest.mark.parametrize(
    ("create_wrong_resource", "message"),
    [
        (_foreign_bucket, f"state bucket {BUCKET}: The bucket lacks: versions."),
        (_key_without_rotation, f"KMS key {ALIAS}: The key "),
        (_disabled_key, "cannot encrypt (its state is Disabled"),
        (_foreign_role, f"role {ROLE}: A role of this name exists"),
        (_provider_without_audience, "The provider does not have the client id sts.amazonaws.com."),
        (_foreign_policy, f"policy {ROLE}-1: A policy of this name exists"),
    ],
)
def test_a_wrong_existing_resource_is_rejected_before_anything_is_created(
    project: Bootstrap, create_wrong_resource: Callable[[], None], message: str
) -> None:
    create_wrong_resource()
    project.aws.calls.clear()
    result = project.run("--yes", "--github", "example/shop", "--policy", str(project.policy))
    assert result.exit_code == ExitCode.PREFLIGHT
    assert message in result.stderr
    assert result.stderr.endswith("Nothing was changed.\n")
    assert [call for call in project.aws.calls if call.startswith(("Create", "Put", "PUT ", "Attach"))] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--github", "shop"], "--github: not a repository (got shop)"),
        (["--bucket", "Shop_State"], "--bucket: not a bucket name (got Shop_State)"),
        (["--github", "a/b", "--policy", "absent.json"], "--policy: the file cannot be read (got absent.json"),
        (["--github", "a/b", *["--policy", "arn:aws:iam::aws:policy/X"] * 11], "--policy: too many policies (got 11)"),
    ],
)
def test_wrong_options_are_rejected(project: Bootstrap, arguments: list[str], message: str) -> None:
    result = project.run("--yes", *arguments)
    assert result.exit_code == ExitCode.SETTINGS
    assert message in result.stderr


def test_a_managed_policy_that_does_not_exist_is_rejected(project: Bootstrap) -> None:
    result = project.run("--yes", "--github", "a/b", "--policy", f"arn:aws:iam::{ACCOUNT}:policy/absent")
    assert result.exit_code == ExitCode.PREFLIGHT
    assert f"policy arn:aws:iam::{ACCOUNT}:policy/absent: The policy does not exist." in result.stderr
    assert client("s3").list_buckets()["Buckets"] == []
