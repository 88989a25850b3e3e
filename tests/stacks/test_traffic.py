"""What keeps requests flowing during a change: order, locks, restarts and names. The engine's tests run the changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from stacks.config.reading import parse
from tests.engine_recorder import Recording
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.test_architecture import CLOUDFLARE_ZONE
from tests.stacks.test_options import built_anew, built_with_secrets, containers, errors, in_order

SERVICES = json.dumps(
    {
        "reports": {
            "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:v1",
            "paths": ["/reports/*"],
            "priority": 100,
            "port": 8080,
            "tasks": 1,
            "maxTasks": 2,
        }
    }
)
LOCK = "aws:wafv2/webAcl:WebAcl"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def _locks(recording: Recording[Any]) -> list[Any]:
    """Return the actions of the rule `cdn-only`."""
    return [
        list(rule["action"]) for acl in recording.of(LOCK) for rule in acl.inputs["rules"] if rule["name"] == "cdn-only"
    ]


def _open_to_everyone(recording: Recording[Any]) -> bool:
    return any(rule.name == "api-from-internet-https-ipv4" for rule in recording.of(INGRESS))


@pytest.mark.parametrize(
    ("lock", "actions", "is_open", "keep_alive"),
    [("on", [["block"]], False, 3600), ("count", [["count"]], True, 60), ("off", [], True, 60)],
)
def test_the_origin_lock_closes_the_load_balancer_only_when_it_is_on(
    lock: str, actions: list[Any], is_open: bool, keep_alive: int
) -> None:
    recording = built_with_secrets(originLock=lock)
    assert (_locks(recording), _open_to_everyone(recording)) == (actions, is_open)
    assert recording.one("aws:lb/loadBalancer:LoadBalancer").inputs["clientKeepAlive"] == keep_alive


def test_connections_end_after_a_minute_before_the_api_is_behind_the_cdn() -> None:
    recording = built_with_secrets(phase=Phase.OPTIMIZATION)
    assert recording.one("aws:lb/loadBalancer:LoadBalancer").inputs["clientKeepAlive"] == 60
    assert "tierup:originLock" in errors(Phase.OPTIMIZATION, originLock="count")


def test_cloudflare_sets_headers_and_caching_before_the_name_is_proxied_and_the_lock_last() -> None:
    recording = built_with_secrets(cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE)
    assert in_order(recording, "origin-keys", "api-record-cname", "api-web-acl-acl")
    assert in_order(recording, "cdn-rules", "api-record-cname")
    assert in_order(recording, "origin-keys", "site-record-cname")


def test_an_unproxied_record_of_cloudflare_has_a_ttl_of_a_minute() -> None:
    recording = built_with_secrets(phase=Phase.MVP, cdn="cloudflare", cloudflareZoneId=CLOUDFLARE_ZONE)
    assert recording.named("api-record-cname").inputs["ttl"] == 60
    assert recording.named("site-record-cname").inputs["ttl"] == 1


@pytest.mark.parametrize(
    ("domain", "changes", "host"),
    [
        ("app.example.com", {}, "api-app.example.com"),
        ("example.com", {}, "api.example.com"),
        ("app.example.com", {"cloudflareAdvancedCertificate": "true"}, "api.app.example.com"),
        ("app.example.com", {"apiDomain": "api.example.com"}, "api.example.com"),
    ],
)
def test_the_default_api_name_behind_cloudflare_has_a_certificate(
    domain: str, changes: dict[str, str], host: str
) -> None:
    """Universal SSL covers the apex and one level of names."""
    given = {
        **MINIMAL_CONFIG,
        "tierup:domain": domain, "tierup:cdn": "cloudflare", "tierup:cloudflareZoneId": CLOUDFLARE_ZONE,
        **{f"tierup:{key}": value for key, value in changes.items()},
    }  # fmt: skip
    assert parse(given, secret_keys=set(), stack="prod").api_host == host


def test_callers_reach_services_on_both_ends_and_start_after_them() -> None:
    """Security group rules of both services, and the order of their creation."""
    recording = built_with_secrets(phase=Phase.ENTERPRISE, services=SERVICES)
    for caller in ("backend", "worker"):
        egress = recording.named(f"{caller}-to-reports")
        ingress = recording.named(f"{caller}-into-reports")
        assert (egress.inputs["fromPort"], ingress.inputs["fromPort"]) == (8080, 8080)
        assert in_order(recording, "reports-service", f"{caller}-service")
        connect = recording.named(f"{caller}-service").inputs["serviceConnectConfiguration"]
        assert (connect["enabled"], connect.get("services")) == (True, None)


def _restart_label(recording: Recording[Any]) -> str:
    return containers(recording, "backend-task")[0]["dockerLabels"]["tierup.restart-on"]


def test_a_further_service_deploys_its_callers_again() -> None:
    def label(**changes: str) -> str:
        return _restart_label(built_with_secrets(None, Phase.ENTERPRISE, **changes))

    more = json.dumps({**json.loads(SERVICES), "search": {**json.loads(SERVICES)["reports"], "priority": 200}})
    assert len({label(), label(services=SERVICES), label(services=more)}) == 3
    again = built_anew({}, Phase.ENTERPRISE, services=SERVICES)
    assert label(services=SERVICES) == _restart_label(again)


def test_a_task_restarts_when_a_connection_secret_or_the_topology_of_the_database_changes() -> None:
    scale, enterprise = (_restart_label(built_with_secrets(None, phase)) for phase in (Phase.SCALE, Phase.ENTERPRISE))
    assert scale != enterprise  # a replica set becomes shards
    assert scale == _restart_label(built_anew({}, Phase.SCALE))
