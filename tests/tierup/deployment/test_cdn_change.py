"""A deployed stack keeps its CDN, unless the user allows the change."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tierup.deployment.cdn_change import check_cdn, deployed_cdns
from tierup.deployment.delegation import DNS_PROVIDERS
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import find
from tierup.deployment.sandbox_backend import state_folder
from tierup.deployment.stack_state import read_state
from tierup.deployment.workspace import Workspace
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registrar import DnsProvider, delegate

CLOUDFRONT = "urn:pulumi:dev::p::tierup:aws:AliasRecord$aws:route53/record:Record::site-alias-a"
CLOUDFLARE = (
    "urn:pulumi:dev::p::tierup:cloudflare:CloudflareRecord$cloudflare:index/dnsRecord:DnsRecord::site-record-cname"
)


def _workspace(folder: Path, config: dict[str, str], *urns: str) -> Workspace:
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "p", "runtime": "python"}))
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    file = state_folder(folder) / ".pulumi" / "stacks" / "p" / "dev.json"
    file.parent.mkdir(parents=True)
    resources = [{"urn": urn, "type": urn.split("::")[2].rpartition("$")[2]} for urn in urns]
    file.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    engine: Any = None
    return Workspace(project=find(folder), stack="dev", engine=engine, folder=folder, environment={}, home=folder)


@pytest.mark.parametrize(
    ("urns", "cdns"),
    [
        ([], set[str]()),
        ([CLOUDFRONT], {"cloudfront"}),
        ([CLOUDFLARE], {"cloudflare"}),
        ([CLOUDFRONT, CLOUDFLARE], {"cloudfront", "cloudflare"}),
    ],
)
def test_the_records_of_the_site_show_the_deployed_cdns(urns: list[str], cdns: set[str]) -> None:
    assert deployed_cdns(urns) == cdns


def test_a_change_of_the_cdn_is_rejected_with_the_alternatives(tmp_path: Path) -> None:
    config = {"tierup:phase": "mvp", "tierup:cdn": "cloudflare"}
    workspace = _workspace(tmp_path, config, CLOUDFRONT)
    with pytest.raises(CommandError, match="--allow-cdn-change") as caught:
        check_cdn(workspace, read_state(workspace))
    assert caught.value.code == ExitCode.SETTINGS
    assert "got cloudflare, deployed is cloudfront" in str(caught.value)


@pytest.mark.parametrize(
    ("config", "urns"),
    [
        ({"tierup:phase": "mvp"}, [CLOUDFRONT]),
        ({"tierup:phase": "mvp", "tierup:cdn": "cloudflare"}, [CLOUDFLARE]),
        ({"tierup:phase": "mvp", "tierup:cdn": "cloudflare"}, []),
        ({"tierup:phase": "mvp", "tierup:cdnStandby": "cloudflare"}, [CLOUDFRONT, CLOUDFLARE]),
        ({"other:cdn": "cloudflare"}, [CLOUDFRONT]),
    ],
)
def test_an_unchanged_cdn_a_new_stack_and_another_program_pass(
    tmp_path: Path, config: dict[str, str], urns: list[str]
) -> None:
    workspace = _workspace(tmp_path, config, *urns)
    check_cdn(workspace, read_state(workspace))
    assert workspace.project.settings("dev")["config"] == config


@pytest.mark.parametrize(("kept", "other"), [("cloudfront", "cloudflare"), ("cloudflare", "route53")])
def test_a_standby_does_not_end_while_the_registrar_delegates_to_its_dns_provider(
    tmp_path: Path, kept: str, other: str
) -> None:
    config = {"tierup:phase": "mvp", "tierup:cdn": kept, "tierup:domain": "app.example.com"}
    workspace = _workspace(tmp_path, config, CLOUDFRONT, CLOUDFLARE)
    with closing(Cloud(cloud_path(tmp_path))) as cloud:
        delegate(cloud, "example.com", DnsProvider(other))
    with pytest.raises(CommandError, match="the registrar does not delegate") as caught:
        check_cdn(workspace, read_state(workspace))
    assert caught.value.code == ExitCode.PREFLIGHT
    with closing(Cloud(cloud_path(tmp_path))) as cloud:
        delegate(cloud, "example.com", DNS_PROVIDERS[kept])
    check_cdn(workspace, read_state(workspace))
    assert workspace.project.settings("dev")["config"] == config
