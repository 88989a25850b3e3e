"""`tierup preflight`: table, JSON document and exit codes, and the same checks before `up`."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.tierup.preflight.conftest import (
    BUCKET,
    Account,
    account,
    atlas,
    aws,
    aws_server,
    cloudflare,
    environment,
    name_server,
)
from tierup.cli.app import app
from tierup.cli.preflight import check_before_up
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import find
from tierup.preflight.registry import CHECKS

__all__ = ["account", "atlas", "aws", "aws_server", "cloudflare", "environment", "name_server"]

runner = CliRunner()


def preflight(of: Account, *arguments: str) -> Result:
    """Run the command in the account's project."""
    return runner.invoke(app, ["preflight", "--stack", "prod", "--cwd", str(of.folder), *arguments])


def test_a_good_account_exits_with_0_and_the_document_has_every_check(account: Account) -> None:
    result = preflight(account, "--json")
    document = json.loads(result.stdout)
    problems = [each for each in document["results"] if each["status"] not in ("pass", "skipped")]
    assert (problems, result.exit_code) == ([], 0)
    assert {each["check"] for each in document["results"]} == {check.name for check in CHECKS}
    assert document["summary"]["fail"] == 0


def test_a_failed_check_exits_with_8_and_shows_the_command(account: Account) -> None:
    account.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    result = preflight(account, "--check", "backend", "--check", "secrets-provider")
    assert result.exit_code == ExitCode.PREFLIGHT
    text = " ".join(result.stdout.split())
    assert "fail backend The state bucket example-state has no versioning" in text
    assert "→ aws s3api put-bucket-versioning --bucket example-state" in text
    assert text.endswith("1 pass, 1 fail")


def test_strict_fails_on_warnings(account: Account) -> None:
    account.client("iam").delete_role(RoleName="AWSServiceRoleForECS")
    assert preflight(account, "--check", "linked-roles").exit_code == 0
    assert preflight(account, "--check", "linked-roles", "--strict").exit_code == ExitCode.PREFLIGHT


def test_without_credentials_it_prints_one_sentence(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = preflight(account)
    assert result.exit_code == ExitCode.CREDENTIALS
    assert result.stdout == ""
    assert result.stderr.startswith("AWS credentials: none found")


def test_wrong_settings_are_reported_before_any_call(account: Account) -> None:
    account.configure(phase="none")
    account.aws.calls.clear()
    result = preflight(account)
    assert result.exit_code == ExitCode.SETTINGS
    assert "tierup:phase" in result.stderr
    assert not account.aws.calls


def test_an_unknown_check_is_rejected_with_the_list(account: Account) -> None:
    result = preflight(account, "--check", "none")
    assert result.exit_code == ExitCode.SETTINGS
    assert result.stderr.startswith("--check: no such check (got none). Checks: aws-credentials, ")


def test_the_list_needs_no_project() -> None:
    rows = json.loads(runner.invoke(app, ["preflight", "--list", "--json"]).stdout)
    assert [row["check"] for row in rows] == [check.name for check in CHECKS]


def test_a_program_that_is_not_tierups_is_checked_for_what_every_stack_needs(account: Account) -> None:
    account.document["config"] = {"aws:region": "eu-west-1"}
    account.configure()
    document = json.loads(preflight(account, "--json").stdout)
    by_check = {each["check"]: each["status"] for each in document["results"]}
    assert (by_check["aws-credentials"], by_check["backend"], by_check["quotas"]) == ("pass", "pass", "unknown")


def test_up_is_rejected_if_a_check_fails_and_shows_only_what_needs_attention(account: Account) -> None:
    account.aws.quotas["fargate"] = {"L-3032A538": 0}
    console = Console(file=io.StringIO(), width=400)
    with pytest.raises(CommandError) as caught:
        check_before_up(find(account.folder), "prod", console, allow_file_backend=False)
    assert caught.value.code is ExitCode.PREFLIGHT
    assert caught.value.message == (
        "Preflight: 1 check failed; nothing was changed. Correct the account, or add --skip-preflight."
    )
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "Fargate On-Demand vCPU resource count" in shown
    assert "aws-credentials" not in shown


def test_up_continues_on_a_good_account(account: Account) -> None:
    console = Console(file=io.StringIO(), width=400)
    check_before_up(find(account.folder), "prod", console, allow_file_backend=False)
    assert isinstance(console.file, io.StringIO)
    assert " fail" not in console.file.getvalue()
