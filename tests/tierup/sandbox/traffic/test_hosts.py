"""Managed hosts in the traffic model: who answers for a name, a fault at each hop, and the move to AWS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.render.outbound_addresses import OUTBOUND_RANGES
from tests.tierup.sandbox.traffic import small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import Cloud, CloudResource, Operation
from tierup.sandbox.traffic import evaluate
from tierup.sandbox.traffic.evaluation import Evaluator, Report
from tierup.sandbox.traffic.hops import atlas, dns, hosts
from tierup.sandbox.traffic.memory import SERVICE
from tierup.sandbox.traffic.timeline import CACHED_CLIENTS, simulate

SITE, API = "app.example.com", small_stack.HOST
GET_API, GET_SITE, DATABASE = (
    f"browser GET https://{API}/api/tasks",
    f"browser GET https://{SITE}/",
    "API host to database",
)
_URI = "mongodb+srv://app:word@db.1.mongodb.net/app"  # pragma: allowlist secret


def record(host: str, target: str) -> CloudResource:
    kind = "A" if target[0].isdecimal() else "CNAME"
    return row(dns.RECORD, f"{host}-a", fqdn=host, type=kind, records=[target], ttl=60)


def database(*blocks: str) -> list[CloudResource]:
    return [
        row(
            atlas.CLUSTER, "database", projectId="project", name="db",
            connectionStrings={"standardSrv": "mongodb+srv://db.1.mongodb.net"},
        ),
        row(
            atlas.USER, "database-user", projectId="project", username="app",
            password="word", authDatabaseName="admin",  # pragma: allowlist secret
            roles=[{"roleName": "readWriteAnyDatabase"}],
        ),
        *(row(atlas.ACCESS_LIST, f"access-{block}", projectId="project", cidrBlock=block) for block in blocks),
    ]  # fmt: skip


def on_render(**changes: Any) -> list[CloudResource]:
    """Return an API on Render and a site on Vercel."""
    service: dict[str, Any] = {
        "slug": "api", "suspended": "not_suspended", "serviceDetails": {"region": "frankfurt", "numInstances": 1},
        "envVars": [{"key": "MONGODB_URI", "value": _URI}, {"key": "ALLOWED_ORIGINS", "value": f"https://{SITE}"}],
        **changes,
    }  # fmt: skip
    return [
        record(API, "api.onrender.com"),
        row(hosts.RENDER_SERVICE, "api-host", id="srv-1", **service),
        row(hosts.RENDER_DOMAIN, "api-domain", serviceId="srv-1", name=API),
        record(SITE, "76.76.21.21"),
        row(hosts.VERCEL_PROJECT, "site-host", id="prj-1"),
        row(hosts.VERCEL_DOMAIN, "site-domain", projectId="prj-1", domain=SITE, verified=True),
        *database(*hosts.RENDER_RANGES["frankfurt"]),
    ]


def on_railway(**changes: Any) -> list[CloudResource]:
    """Return an API on Railway and a site on Netlify."""
    service: dict[str, Any] = {
        "deployments": 1, "variables": {"PORT": "5000", "MONGODB_URI": _URI}, "egress": [{"ipv4": "203.0.113.9"}],
        **changes,
    }  # fmt: skip
    return [
        record(API, "x1.up.railway.app"),
        row(hosts.RAILWAY_SERVICE, "backend", id="s1", **service),
        row(hosts.RAILWAY_DOMAIN, "domain", serviceId="s1", domain=API, targetPort=5000),
        record(SITE, "75.2.60.5"),
        row(hosts.NETLIFY_SITE, "site", custom_domain=SITE, builds=1),
        *database("203.0.113.9/32"),
    ]


def evaluated(rows: Sequence[CloudResource]) -> Report:
    return Evaluator(world(*rows)).report()


@pytest.mark.parametrize("rows", [on_render(), on_railway()], ids=["vercel-render", "netlify-railway"])
def test_requests_reach_hosts_and_their_api_the_database(rows: list[CloudResource]) -> None:
    report = evaluated(rows)
    assert {GET_API, GET_SITE, DATABASE, f"page of https://{SITE} to https://{API}"} <= {
        each.flow.id for each in report.served
    }
    assert [(each.flow.id, each.decisive) for each in (*report.failed, *report.unknown, *report.opened)] == []


def without(rows: list[CloudResource], type: str) -> list[CloudResource]:
    return [each for each in rows if each.type != type]


FAULTS: dict[str, tuple[list[CloudResource], str, str]] = {
    "no domain on Render": (without(on_render(), hosts.RENDER_DOMAIN), GET_API, "host"),
    "record of another service": (on_render(slug="other"), GET_API, "host"),
    "service suspended": (on_render(suspended="suspended"), GET_API, "host"),
    "no instance": (on_render(serviceDetails={"region": "frankfurt", "numInstances": 0}), GET_API, "host"),
    "no domain on Vercel": (without(on_render(), hosts.VERCEL_DOMAIN), GET_SITE, "host"),
    "no project on Vercel": (without(on_render(), hosts.VERCEL_PROJECT), GET_SITE, "host"),
    "origin not allowed": (
        on_render(envVars=[{"key": "ALLOWED_ORIGINS", "value": "https://other.example.com"}]),
        f"page of https://{SITE} to https://{API}",
        "cors",
    ),
    "host not in the access list": (
        without(on_render(), atlas.ACCESS_LIST), DATABASE, "access-list",
    ),
    "one range not in the access list": (
        [*without(on_render(), atlas.ACCESS_LIST), *database("74.220.51.0/24")[2:]], DATABASE, "access-list",
    ),
    "private endpoint": (
        on_render(envVars=[{"key": "MONGODB_URI", "value": _URI.replace("@db.", "@db-pl-0.")}]), DATABASE,
        "private-endpoint",
    ),
    "user removed": (without(on_render(), atlas.USER), DATABASE, "database-user"),
    "no domain on Railway": (without(on_railway(), hosts.RAILWAY_DOMAIN), GET_API, "host"),
    "never deployed": (on_railway(deployments=0), GET_API, "host"),
    "other port": (on_railway(variables={"PORT": "8080", "MONGODB_URI": _URI}), GET_API, "host"),
    "addresses of Railway changed": (on_railway(egress=[{"ipv4": "203.0.113.10"}]), DATABASE, "access-list"),
    "site never built": (
        [replace(each, outputs={**each.outputs, "builds": 0}) if each.type == hosts.NETLIFY_SITE else each
         for each in on_railway()], GET_SITE, "host",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_at_a_hop_of_a_host_is_found(fault: str) -> None:
    rows, flow, hop = FAULTS[fault]
    result = evaluated(rows).result(flow)
    assert result is not None
    assert result.decisive is not None
    assert (result.verdict.value, result.decisive.name) == ("fail", hop)


def test_objects_of_the_host_apis_count_as_rows(tmp_path: Path) -> None:
    objects = {
        "netlify/site": {"1": {"name": "site", "custom_domain": SITE, "builds": 1}},
        "railway/service": {"s1": {"name": "backend", "deployments": 1, "variables": {"PORT": "5000"}}},
        "railway/domain": {"d1": {"serviceId": "s1", "domain": API, "targetPort": 5000}},
    }
    (tmp_path / "hosts.json").write_text(json.dumps({"objects": objects, "created": 3}), encoding="utf-8")
    with closing(Cloud(tmp_path / "cloud.db")) as cloud:
        cloud.add(record(SITE, "75.2.60.5"))
        cloud.add(record(API, "x1.up.railway.app"))
        assert {GET_SITE, GET_API} <= {each.flow.id for each in evaluate(cloud).served}


def moved(*, old_host_stays: bool) -> list[tuple[str, int | None]]:
    """Return who is interrupted, and for how long, when the API moves from Render to AWS."""
    rows = [*without(small_stack.stack(keep_alive=60), dns.RECORD), *on_render()]
    found = world(*rows)
    for each in rows:
        found.memory.observe(None, each, found.rows)
    before = next(each for each in rows if each.type == dns.RECORD and each.value("fqdn") == API)
    operations = [Operation("update", before, replace(small_stack.record(small_stack.ALB_NAME), key=before.key))]
    if not old_host_stays:
        service = next(each for each in rows if each.type == hosts.RENDER_SERVICE)
        operations.append(Operation("delete", service, None))
    assert [each for each in rows if each.type == SERVICE]
    timeline = simulate(found, operations)
    return [(each.clients, each.seconds) for each in timeline.interruptions if each.flow == GET_API]


def test_move_to_aws_interrupts_nobody_while_the_host_stays() -> None:
    assert moved(old_host_stays=True) == []


def test_host_that_is_deleted_at_once_interrupts_clients_with_a_cached_address() -> None:
    assert moved(old_host_stays=False) == [(CACHED_CLIENTS, 60)]


def test_addresses_of_render_are_those_of_the_component() -> None:
    assert dict(OUTBOUND_RANGES) == hosts.RENDER_RANGES
