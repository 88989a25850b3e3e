"""A hosted zone below a domain of another DNS provider, and its delegation in a Cloudflare zone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.cloudflare.delegation import CloudflareDelegation, CloudflareDelegationArgs
from components.dns.hosted_zone import HostedZone, HostedZoneArgs
from tests.engine_recorder import record

ARGS = HostedZoneArgs(domain_name="origin.api.example.com", tags={"Project": "shop"})
SERVERS = [f"ns-{number}.awsdns-00.com" for number in range(4)]
OUTPUTS = {"aws:route53/zone:Zone": {"nameServers": SERVERS}}


def deploy() -> None:
    """Create the zone, and delegate its name."""
    zone = HostedZone("origin", ARGS)
    args = CloudflareDelegationArgs(domain_name=ARGS.domain_name, zone_id="0" * 32, name_servers=zone.name_servers)
    CloudflareDelegation("delegation", args)


def test_zone_is_tagged_and_delegated_to_its_four_name_servers() -> None:
    recording = record(deploy, outputs=OUTPUTS)
    zone = recording.named("origin-zone").inputs
    assert (zone["name"], zone["tags"]) == ("origin.api.example.com", {"Project": "shop", "Name": "origin-zone"})
    records = [recording.named(f"delegation-ns{number}").inputs for number in range(1, 5)]
    assert [each["content"] for each in records] == SERVERS
    assert {(each["name"], each["type"], each["proxied"]) for each in records} == {(zone["name"], "NS", False)}


def test_name_that_is_no_host_name_is_refused() -> None:
    with pytest.raises(ValueError, match="domain_name"):
        replace(ARGS, domain_name="origin")
    with pytest.raises(ValueError, match="domain_name"):
        CloudflareDelegationArgs(domain_name="origin", zone_id="0" * 32, name_servers=SERVERS)
