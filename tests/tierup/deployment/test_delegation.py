"""The delegation of a domain on real accounts, from a local name server."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.tierup.preflight.cloud_servers import DnsServer
from tierup.deployment import delegation
from tierup.deployment.delegation import check_delegation, provider_of
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace
from tierup.dns_queries import query_closest
from tierup.sandbox.registrar import DnsProvider

ROUTE53 = ["ns-1.awsdns-01.org.", "ns-2000.awsdns-58.co.uk."]
CLOUDFLARE = ["ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[DnsServer]:
    started = DnsServer()

    monkeypatch.setattr(delegation, "query_closest", partial(query_closest, name_server=started.address))
    yield started
    started.stop()


def workspace(folder: Path) -> Workspace:
    project: Any = None
    return Workspace(project=project, stack="prod", engine=project, folder=folder, environment={}, home=None)


@pytest.mark.parametrize(
    ("servers", "provider"),
    [
        (ROUTE53, DnsProvider.ROUTE53),
        (CLOUDFLARE, DnsProvider.CLOUDFLARE),
        ([*ROUTE53, *CLOUDFLARE], None),
        (["ns1.registrar.example."], None),
        ([], None),
    ],
)
def test_the_names_of_the_name_servers_tell_the_provider(servers: list[str], provider: DnsProvider | None) -> None:
    assert provider_of(servers) is provider


def test_the_nearest_zone_decides(server: DnsServer, tmp_path: Path) -> None:
    server.records["example.com.", "NS"] = ROUTE53
    server.records["app.example.com.", "NS"] = CLOUDFLARE
    with pytest.raises(CommandError, match="to Route 53") as caught:
        check_delegation(workspace(tmp_path), ["api.example.com", "app.example.com"], DnsProvider.ROUTE53)
    assert caught.value.code == ExitCode.PREFLIGHT
    assert "does not delegate app.example.com" in caught.value.message
    assert "(got Cloudflare)" in caught.value.message
    server.records["app.example.com.", "NS"] = ROUTE53
    check_delegation(workspace(tmp_path), ["api.example.com", "app.example.com"], DnsProvider.ROUTE53)


def test_a_new_zone_in_cloudflare_waits_for_its_certificate(server: DnsServer, tmp_path: Path) -> None:
    server.records["example.com.", "NS"] = ["ns1.registrar.example."]
    with pytest.raises(CommandError, match="Universal certificate as active") as caught:
        check_delegation(workspace(tmp_path), ["app.example.com"], DnsProvider.CLOUDFLARE)
    assert "(got another DNS provider)" in caught.value.message
