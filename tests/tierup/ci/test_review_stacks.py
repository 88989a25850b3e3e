"""Review stacks: their settings, the limit of their cost, their expiry, and one life on the engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from tests.tierup.ci.github_server import TOKEN, serve_github
from tests.tierup.deployment.conftest import SandboxProject, make_sandbox_project, sandbox_project
from tierup.ci.review_stacks import ReviewStack, check_cost, review_settings
from tierup.cli.app import app
from tierup.cli.review import is_closed
from tierup.deployment import project as projects
from tierup.deployment.errors import CommandError, ExitCode

__all__ = ["make_sandbox_project", "sandbox_project"]

BASE: dict[str, Any] = {
    "secretsprovider": "awskms://alias/key",
    "encryptedkey": "AQID",
    "config": {
        "aws:region": "eu-west-1",
        "tierup:phase": "mvp",
        "tierup:tier": "small",
        "tierup:domain": "dev.example.com",
        "tierup:apiDomain": "api-dev.example.com",
        "tierup:alertEmail": "ops@example.com",
        "tierup:atlasOrgId": "0" * 24,
    },
}


def base(**changed: Any) -> dict[str, Any]:
    return {**BASE, "config": {**BASE["config"], **{f"tierup:{key}": value for key, value in changed.items()}}}


def test_a_review_stack_has_its_own_names_in_the_zone_of_its_base_and_no_protection() -> None:
    certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
    settings = review_settings(base(certificateArn=certificate, sentryDsn={"secure": "v1:abc"}), 12)
    config = settings["config"]
    assert (config["tierup:domain"], config["tierup:apiDomain"]) == ("pr-12.example.com", "api-pr-12.example.com")
    assert config["tierup:protect"] is False
    assert "tierup:certificateArn" not in config
    assert config["tierup:sentryDsn"] == {"secure": "v1:abc"}
    assert settings["encryptedkey"] == "AQID", "the base stack's key decrypts its secrets"
    assert BASE["config"]["tierup:domain"] == "dev.example.com", "the base stack's settings are not changed"


def test_a_review_stack_of_a_base_whose_cdn_changes_has_cloudfront_alone() -> None:
    standby = base(cdn="cloudfront", cdnStandby="cloudflare", cloudflareZoneId="0" * 32, cloudflarePlan="pro")
    config = review_settings(standby, 12)["config"]
    assert config["tierup:cdn"] == "cloudfront"
    assert config.keys().isdisjoint({"tierup:cdnStandby", "tierup:cloudflareZoneId", "tierup:cloudflarePlan"})


def test_a_domain_of_two_labels_is_the_zone_itself() -> None:
    assert review_settings(base(domain="example.com"), 3)["config"]["tierup:domain"] == "pr-3.example.com"


def test_stacks_on_a_shared_load_balancer_have_different_priorities() -> None:
    balancer = {"arn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shared/1", "priority": 10}
    found = [
        review_settings(base(existingLoadBalancer=balancer), number)["config"]["tierup:existingLoadBalancer"][
            "priority"
        ]
        for number in (1, 2, 19_999, 123_456)
    ]
    assert len(set(found)) == 4
    assert all(2 < priority <= 49_999 for priority in found)
    assert balancer["priority"] == 10


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"config": {"aws:region": "eu-west-1"}}, "--from: the stack has no tierup:domain"),
        (base(cdn="cloudflare"), "--from: stacks with tierup:cdn cloudflare share no zone"),
    ],
)
def test_a_base_that_cannot_have_review_stacks_is_rejected(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message) as error:
        review_settings(settings, 1)
    assert error.value.code is ExitCode.SETTINGS


def test_a_stack_above_the_limit_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.pr-1.yaml").write_text(yaml.safe_dump(review_settings(base(), 1)))
    project = projects.find(tmp_path)
    usd = check_cost(project, "pr-1", Decimal(1000))
    assert 20 < usd < 1000
    with pytest.raises(CommandError, match=r"--max-usd: the fixed monthly cost of stack pr-1 is above the limit"):
        check_cost(project, "pr-1", usd - 1)


def test_a_stack_expires_at_its_time_and_one_without_a_time_has_expired() -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    expiries = (now - timedelta(seconds=1), now, now + timedelta(seconds=1), None)
    stacks = [ReviewStack(name="pr-1", pull_request=1, expires=expires) for expires in expiries]
    assert [each.is_expired(now) for each in stacks] == [True, True, False, True]


def test_closed_pull_requests_are_known_with_a_token_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    assert is_closed(7) is False
    with serve_github() as repository:
        repository.heads, repository.closed = {7: "a" * 40, 8: "b" * 40}, {7}
        monkeypatch.setenv("GITHUB_API_URL", repository.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        assert [is_closed(7), is_closed(8)] == [True, False]


@pytest.mark.engine
@pytest.mark.exhaustive
def test_a_review_stack_is_deployed_kept_and_swept(sandbox_project: SandboxProject) -> None:
    (sandbox_project.folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": BASE["config"]}))
    run = sandbox_project.run
    deployed = run("review", "up", "--pull-request", "12", "--sandbox", "--json")
    assert deployed.code == 0, deployed.stderr
    assert deployed.document["stack"] == "pr-12"
    assert run("review", "up", "--pull-request", "13", "--hours", "0", "--sandbox").code == 0
    swept = run("review", "sweep", "--sandbox", "--json")
    assert swept.code == 0, swept.stderr
    expected = {"ended": ["pr-13"], "kept": ["pr-12"], "destroyed": ["pr-13"], "failed": []}
    assert swept.document == expected
    assert {each.urn.split("::")[0].rpartition(":")[2] for each in sandbox_project.resources()} == {"pr-12"}
    closed = run("review", "destroy", "--pull-request", "12", "--sandbox", "--json")
    assert json.loads(closed.stdout) == {"destroyed": ["pr-12"]}
    assert sandbox_project.resources() == []
    assert not (sandbox_project.folder / "Pulumi.pr-12.yaml").exists()
    assert "has no review stack" in run("review", "destroy", "--pull-request", "12", "--sandbox").stdout


def test_a_stack_above_the_limit_leaves_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(base()))
    arguments = ["review", "up", "--pull-request", "1", "--max-usd", "1", "--sandbox", "--cwd", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "--max-usd: the fixed monthly cost of stack pr-1 is above the limit" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml"]
