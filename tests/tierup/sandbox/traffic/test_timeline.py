"""Runs on the virtual clock: what is interrupted, for whom, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.tierup.sandbox.traffic import small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row
from tierup.sandbox.cloud import CloudResource, Operation
from tierup.sandbox.traffic.hop import World
from tierup.sandbox.traffic.hops import dns, waf
from tierup.sandbox.traffic.memory import SECRET_VERSION, SERVICE
from tierup.sandbox.traffic.rows import Rows
from tierup.sandbox.traffic.timeline import CACHED_CLIENTS, Timeline, simulate

GET = "browser GET https://api.example.com/api/tasks"


def _world(rows: list[CloudResource]) -> World:
    world = World(Rows(rows))
    for each in rows:
        if each.type == SERVICE:
            world.memory.observe(None, each, world.rows)
    return world


def _find(rows: list[CloudResource], type: str) -> CloudResource:
    return next(each for each in rows if each.type == type)


def _update(rows: list[CloudResource], after: CloudResource) -> Operation:
    before = _find(rows, after.type)
    return Operation("update", before, small_stack.changed(before, after))


def _run(rows: list[CloudResource], *operations: Operation, depends: Mapping[str, list[str]] | None = None) -> Timeline:
    return simulate(_world(rows), operations, dependencies=depends or {})


def test_a_run_without_operations_interrupts_nothing() -> None:
    timeline = _run(small_stack.stack())
    assert (timeline.seconds, list(timeline.interruptions)) == (0, [])
    assert GET in {each.flow.id for each in timeline.report.served}


def test_a_lock_in_the_same_run_interrupts_clients_with_a_cached_address() -> None:
    """Cached addresses and open connections still lead to the load balancer."""
    rows = small_stack.stack(keep_alive=3600)
    cdn = Operation("create", None, small_stack.distribution())
    name = _update(rows, small_stack.record(small_stack.CDN_NAME))
    lock = _update(rows, small_stack.web_acl(locked=True))
    depends = {name.resource.urn: [cdn.resource.urn], lock.resource.urn: [name.resource.urn]}
    timeline = _run(rows, cdn, name, lock, depends=depends)
    assert [step.end for step in timeline.steps] == [300, 340, 350]
    found = [each for each in timeline.interruptions if each.flow == GET]
    assert [(each.clients, each.begin, each.seconds) for each in found] == [(CACHED_CLIENTS, 350, 3650)]
    assert found[0].hop is not None
    assert "cdn-only" in found[0].hop.reason
    assert timeline.settle_seconds == 3650


def test_a_lock_in_a_later_run_interrupts_no_flow_and_a_short_keep_alive_shortens_the_wait() -> None:
    rows = small_stack.stack(keep_alive=60)
    cdn = Operation("create", None, small_stack.distribution())
    name = _update(rows, small_stack.record(small_stack.CDN_NAME))
    timeline = _run(rows, cdn, name, depends={name.resource.urn: [cdn.resource.urn]})
    assert list(timeline.interruptions) == []
    assert timeline.settle_seconds == 120
    moved = [each for each in rows if each.type != dns.RECORD]
    moved += [small_stack.distribution(), small_stack.record(small_stack.CDN_NAME)]
    later = _run(moved, _update(moved, small_stack.web_acl(locked=True)))
    assert list(later.interruptions) == []
    assert "internet to the load balancer of api.example.com" in {each.flow.id for each in later.report.closed}


def test_a_lock_before_the_header_interrupts_all_clients() -> None:
    """The order of the operations is the order that clients see."""
    rows = small_stack.stack()
    headless = small_stack.distribution()
    origin = {**headless.outputs["origins"][0], "customHeaders": []}
    rows = [each for each in rows if each.type != dns.RECORD]
    rows += [
        replace(headless, outputs={**headless.outputs, "origins": [origin]}),
        small_stack.record(small_stack.CDN_NAME),
    ]
    header = _update(rows, small_stack.distribution())
    lock = _update(rows, small_stack.web_acl(locked=True))
    early = _run(rows, header, lock)
    assert [(each.clients, each.begin, each.end) for each in early.interruptions if each.flow == GET] == [
        ("all clients", 10, 300)
    ]
    ordered = _run(rows, header, lock, depends={lock.resource.urn: [header.resource.urn]})
    assert list(ordered.interruptions) == []


def test_tasks_keep_a_secret_until_they_are_deployed_again() -> None:
    """A new value behind a stable ARN restarts nothing."""
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sentry-000000"
    secret = row("aws:secretsmanager/secret:Secret", "sentry", arn=arn)
    versions = [
        row(
            SECRET_VERSION, "value", id=f"v{number}", secretId=arn, secretString="x", versionId=f"v{number}",
            versionStages=["AWSCURRENT"],
        )
        for number in (1, 2)
    ]  # fmt: skip
    task = small_stack.definition(1, secrets=[{"name": "SENTRY_DSN", "valueFrom": arn}])
    rows = [each for each in small_stack.stack() if each.type not in (SERVICE, task.type)]
    rows += [secret, versions[0], task, small_stack.service(task)]
    change = [Operation("create", None, versions[1]), Operation("delete", versions[0], None)]
    stale = _run(rows, *change)
    assert [each.flow.id for each in stale.report.failed] == ["backend to current secrets"]
    decisive = stale.report.failed[0].decisive
    assert decisive is not None
    assert (decisive.memory, decisive.name) == (True, "secret-version")
    new = small_stack.definition(2, secrets=[{"name": "SENTRY_DSN", "valueFrom": arn}])
    deploy = _update(rows, small_stack.service(new))
    fresh = _run(
        rows, change[0], Operation("create", None, new), deploy, change[1],
        depends={deploy.resource.urn: [versions[1].urn, new.urn]},
    )  # fmt: skip
    assert list(fresh.report.failed) == []
    assert list(fresh.interruptions) == []


def test_running_tasks_do_not_need_what_only_new_tasks_need() -> None:
    """The old log group is deleted before the service gets the definition that uses the new one."""

    def definition(revision: int, group: str) -> CloudResource:
        logging = {"logDriver": "awslogs", "options": {"awslogs-group": group, "awslogs-region": "eu-west-1"}}
        return small_stack.definition(revision, logConfiguration=logging)

    rows = small_stack.stack()
    old, new = definition(1, "old"), definition(2, "new")
    old_group, new_group = (row("aws:cloudwatch/logGroup:LogGroup", name, name=name) for name in ("old", "new"))
    rows = [old if each.type == old.type else each for each in rows] + [old_group]
    deployed = _update(rows, small_stack.service(new))
    moved = (Operation("create", None, new_group), Operation("create", None, new), deployed)
    lost = Operation("update", old_group, small_stack.changed(old_group, row(old_group.type, "old", name="lost")))
    timeline = _run(rows, lost, *moved, depends={deployed.resource.urn: [lost.resource.urn, new.urn, new_group.urn]})
    assert [each.flow for each in timeline.interruptions if each.flow.startswith("browser")] == []
    assert GET in {each.flow.id for each in timeline.report.served}
    at_rest = _run(rows, lost)
    assert GET in {each.flow.id for each in at_rest.report.failed}


def test_a_forbidden_flow_that_opens_for_a_moment_is_reported() -> None:
    rows = small_stack.stack()
    opened = small_stack.rule(
        "open", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "tasks", 5000, cidrIpv4="0.0.0.0/0"
    )
    timeline = _run(rows, Operation("create", None, opened), Operation("delete", opened, None))
    assert [(each.flow, each.forbidden) for each in timeline.interruptions] == [
        ("internet to the tasks of backend", True)
    ]
    lasting = _run(rows, Operation("create", None, opened))
    assert [each.flow.id for each in lasting.report.opened] == ["internet to the tasks of backend"]


def test_a_name_at_another_dns_provider_is_not_served_until_the_registrar_delegates() -> None:
    """Only one of the two providers is authoritative."""
    rows = small_stack.stack()
    before = _find(rows, dns.RECORD)
    moved = row(
        dns.CLOUDFLARE_RECORD, "api-name", type="CNAME", proxied=False, ttl=60, zoneId="z",
        content=small_stack.ALB_NAME, name=small_stack.HOST,
    )  # fmt: skip
    timeline = _run(rows, Operation("create", None, moved), Operation("delete", before, None))
    unknown = {each.flow.id: each for each in timeline.report.unknown}
    assert GET in unknown
    decisive = unknown[GET].decisive
    assert decisive is not None
    assert "registrar" in decisive.reason


def test_a_removed_flow_is_no_interruption() -> None:
    rows = small_stack.stack()
    removed = [each for each in rows if each.type in (dns.RECORD, "aws:lb/listener:Listener", dns.LOAD_BALANCER)]
    timeline = _run(rows, *(Operation("delete", each, None) for each in removed))
    assert GET in timeline.removed
    assert [each for each in timeline.interruptions if each.flow == GET] == []


def test_the_document_of_a_timeline_is_plain() -> None:
    import json

    rows = small_stack.stack()
    timeline = _run(rows, _update(rows, small_stack.web_acl(locked=True)))
    document: Any = json.loads(json.dumps(timeline.as_document()))
    assert document["interruptions"][0]["hop"]["hop"] == "web-acl"
    assert document["steps"][0]["type"] == waf.ACL


def test_an_undone_deletion_returns_in_the_order_of_creation() -> None:
    old, new = row(SECRET_VERSION, "old"), row(SECRET_VERSION, "new")
    rows = Rows([new])
    rows.undo(Operation("delete", old, None))
    assert [each.name for each in rows.all(SECRET_VERSION)] == ["old", "new"]
