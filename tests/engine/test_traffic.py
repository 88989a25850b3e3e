"""The traffic of deployed stacks: no flow is broken or unknown, and a fault at each hop stops its flow there.

One cell is deployed without the engine whenever the tests run. `make exhaustive` deploys it and two more with the
engine, and `test_matrix.py` evaluates the traffic of the other cells.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml

from tests.engine import property_faults
from tests.engine.program import CHECKOUT, Program
from tests.engine.resource_checks import problems
from tests.engine.test_matrix import drift
from tests.stacks.deployed import deployment
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.traffic.conditions import Condition, ConditionKind, Conditions
from tierup.sandbox.traffic.evaluation import Evaluator, Report, world_of
from tierup.sandbox.traffic.flow import FlowResult, follow
from tierup.sandbox.traffic.hop import Hop, Verdict, World
from tierup.sandbox.traffic.memory import Memory
from tierup.sandbox.traffic.rows import Rows, label

ZONE = "0123456789abcdef0123456789abcdef"
CELLS: Mapping[str, Mapping[str, Any]] = {
    "mvp-small": {"phase": "mvp", "tier": "small"},
    "scale-small-cloudflare": {"phase": "scale", "tier": "small", "cdn": "cloudflare", "cloudflareZoneId": ZONE},
    "enterprise-medium-services": {
        "phase": "enterprise",
        "tier": "medium",
        "services": {
            "reports": {
                "image": "public.ecr.aws/docker/library/nginx:1.29",
                "paths": ["/reports/*"],
                "priority": 100,
                "port": 8080,
                "tasks": 1,
                "maxTasks": 2,
            }
        },
        "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    },
}

IN_PROCESS = "scale-small-cloudflare without the engine"
ON_ENGINE = [pytest.param(name, marks=[pytest.mark.engine, pytest.mark.exhaustive]) for name in CELLS]


@pytest.fixture(scope="module", params=[IN_PROCESS, *ON_ENGINE])
def cell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Program | Cloud]:
    """A deployed cell: the cloud of one without the engine, else the program."""
    if request.param == IN_PROCESS:
        config = yaml.safe_load((CHECKOUT / "Pulumi.dev.yaml").read_text())["config"]
        dev = {key.removeprefix("tierup:"): value for key, value in config.items() if key.startswith("tierup:")}
        settings = {**dev, **CELLS["scale-small-cloudflare"]}
        with deployment({key: str(value) for key, value in settings.items()}) as made:
            assert made.errors == []
            yield made.cloud
        return
    program = Program(tmp_path_factory.mktemp("traffic") / str(request.param))
    program.set(**CELLS[request.param])
    up = program.run("up", "--no-policies")  # other tests evaluate them
    assert up.code == 0, str(up)
    yield program
    program.close()


@pytest.fixture
def cloud(cell: Program | Cloud) -> Generator[Cloud]:
    """The cloud of the cell."""
    if isinstance(cell, Cloud):
        yield cell
        return
    with closing(cell.cloud()) as opened:
        yield opened


@pytest.fixture
def world(cloud: Cloud) -> World:
    """The world of the cell."""
    return world_of(cloud)


def _broken(report: Report) -> list[str]:
    return [
        f"{each.flow.id}: {each.decisive.reason if each.decisive else 'arrives'}"
        for each in (*report.failed, *report.unknown, *report.opened)
    ]


def test_every_flow_of_a_new_stack_is_served_and_every_forbidden_flow_is_closed(world: World) -> None:
    report = Evaluator(world).report()
    assert _broken(report) == []
    assert len(report.served) >= 13
    assert len(report.closed) >= 9


# --- a fault at each hop ---

Plant = Callable[[World, CloudResource], None]


def _changed(**outputs: Any) -> Plant:
    def plant(world: World, row: CloudResource) -> None:
        world.rows.put(replace(row, inputs={**row.inputs, **outputs}, outputs={**row.outputs, **outputs}))

    return plant


def _dropped(world: World, row: CloudResource) -> None:
    world.rows.drop(row)


def _condition(kind: ConditionKind) -> Plant:
    def plant(world: World, row: CloudResource) -> None:
        targets = world.rows.all("aws:ecs/service:Service")
        conditions = {Condition(kind, row.name)} | {Condition(kind, each.name) for each in targets}
        world.conditions = Conditions(conditions)

    return plant


def _forgotten(world: World, row: CloudResource) -> None:
    """The tasks started with other values, and before the names existed."""
    world.memory = Memory(
        {
            service: replace(started, secrets=dict.fromkeys(started.secrets, "other"), names=frozenset())
            for service, started in world.memory.started.items()
        }
    )


def _secrets(world: World, row: CloudResource) -> None:
    definitions = json.loads(row.outputs["containerDefinitions"])
    for container in definitions:
        for secret in container.get("secrets", ()):
            secret["valueFrom"] = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-000000"
    _changed(containerDefinitions=json.dumps(definitions))(world, row)


def _listener(world: World, row: CloudResource) -> None:
    refused = [{"type": "fixed-response", "fixedResponse": {"statusCode": "503"}}]
    _changed(actions=refused, defaultActions=refused)(world, row)


def _task(world: World, row: CloudResource) -> None:
    if row.type == "aws:ecs/service:Service":
        _changed(desiredCount=0)(world, row)
    else:
        _dropped(world, row)


def _origin(world: World, row: CloudResource) -> None:
    gone = "gone-1.eu-west-1.elb.amazonaws.com"
    _changed(content=gone)(world, row)


def _certificate(world: World, row: CloudResource) -> None:
    if row.type == "cloudflare:index/zone:Zone":
        _changed(name="com")(world, row)
    else:
        _changed(domainName="other.example.org", subjectAlternativeNames=[])(world, row)


def _blocking(world: World, row: CloudResource) -> None:
    everything = [{"ref": "all", "expression": '(http.host ne "")', "action": "block", "enabled": True}]
    blocked = (
        {"rules": everything} if row.type.startswith("cloudflare:") else {"rules": [], "defaultAction": {"block": {}}}
    )
    _changed(**blocked)(world, row)


def _without_rights(world: World, row: CloudResource) -> None:
    """The role has no policies, and no service may assume it."""
    for type in ("aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        for policy in world.rows.all(type):
            if policy.value("role") in (row.id, row.value("name")):
                world.rows.drop(policy)
    _changed(assumeRolePolicy='{"Version": "2012-10-17", "Statement": []}')(world, row)


def _old_tls(world: World, row: CloudResource) -> None:
    """The edge or the load balancer accepts no version that clients have."""
    if row.type == "cloudflare:index/dnsRecord:DnsRecord":
        for setting in world.rows.find("cloudflare:index/zoneSetting:ZoneSetting", settingId="min_tls_version"):
            _changed(value="none")(world, setting)
    elif row.type == "aws:lb/listener:Listener":
        _changed(sslPolicy="ELBSecurityPolicy-None")(world, row)
    else:
        _changed(viewerCertificate={**row.outputs["viewerCertificate"], "minimumProtocolVersion": "none"})(world, row)


def _page_policy(world: World, row: CloudResource) -> None:
    text = json.dumps(dict(row.outputs)).replace("connect-src 'self' https://api", "connect-src 'self' https://no-api")
    _changed(**json.loads(text))(world, row)


def _origins(world: World, row: CloudResource) -> None:
    _changed(containerDefinitions=row.outputs["containerDefinitions"].replace("https://dev.", "https://no."))(
        world, row
    )


FAULTS: Mapping[str, Plant] = {
    "tls-version": _old_tls,
    "page-policy": _page_policy,
    "cors": _origins,
    "iam": _without_rights,
    "rotation": _dropped,
    "dns": _dropped,
    "tls": _certificate,
    "route": _dropped,
    "nat": _dropped,
    "security-group": _dropped,
    "endpoint": _dropped,
    "web-acl": _blocking,
    "cdn-alias": _changed(aliases=[]),
    "cdn-behavior": _changed(
        defaultCacheBehavior={"allowedMethods": [], "targetOriginId": "none"}, orderedCacheBehaviors=[]
    ),
    "cdn-origin": _origin,
    "cdn-headers": _changed(rules=[]),
    "bucket-policy": _changed(policy='{"Statement": []}'),
    "listener-rule": _listener,
    "task": _task,
    "target-health": _condition(ConditionKind.HEALTH_FAILING),
    "image": _dropped,
    "secret": _secrets,
    "secret-version": _forgotten,
    "service-connect": _forgotten,
    "logs": _dropped,
    "schedule": _dropped,
    "peering": _dropped,
    "private-endpoint": _dropped,
    "access-list": _dropped,
    "database-user": _changed(password="other"),
    "database": _changed(paused=True),
    "cache": _dropped,
    "cache-tls": _changed(transitEncryptionEnabled=False),
    "cache-auth": _changed(authToken="other"),
}
"""The fault that breaks a hop, by the hop's name."""

_REDUNDANT = frozenset({"endpoint"})
"""Hops without which the flow takes another way: AWS services are reachable through the internet, too."""

_FOLLOWING: Mapping[str, frozenset[str]] = {
    "cdn-headers": frozenset({"bucket-policy", "web-acl"}),  # the origin requires the header that the rule sets
    "nat": frozenset({"route"}),  # a route leads to a NAT gateway or instance that does not exist
    "peering": frozenset({"security-group"}),  # the way over the internet, which the tasks' egress rules do not allow
}
"""The hops that stop a flow in the place of a broken hop, by the name of the broken one."""


def test_a_fault_at_each_hop_of_each_flow_stops_the_flow_at_that_hop_or_at_one_that_follows_from_it(
    world: World,
) -> None:
    rows = world.rows.everything()
    by_label: dict[str, list[CloudResource]] = {}
    for row in rows:
        by_label.setdefault(label(row), []).append(row)
    planted: dict[str, int] = {}
    missed: list[str] = []
    for result in Evaluator(world).report().served:
        for hop in result.hops:
            found = by_label.get(hop.resource)
            if not found or hop.name in _REDUNDANT:
                continue
            broken = World(Rows(rows), Memory(dict(world.memory.started)))
            FAULTS[hop.name](broken, found[0])
            after = follow(result.flow, broken)
            planted[hop.name] = planted.get(hop.name, 0) + 1
            if not _stops_at(after, hop):
                stopping = f"{after.decisive.name} ({after.decisive.reason})" if after.decisive else "no hop"
                missed.append(
                    f"{result.flow.id}: a fault at {hop.name} ({hop.resource}) gives {after.verdict} by {stopping}"
                )
    assert sum(planted.values()) > 80
    assert missed == []


def _stops_at(result: FlowResult, broken: Hop) -> bool:
    """Return whether the flow fails at the broken hop, or at one that follows from it, with a reason.

    A TLS policy that the model does not know leaves the flow unknown.
    """
    decisive = result.decisive
    return (
        result.verdict in ((Verdict.FAIL, Verdict.UNKNOWN) if broken.name == "tls-version" else (Verdict.FAIL,))
        and decisive is not None
        and decisive.name in {broken.name, *_FOLLOWING.get(broken.name, ())}
        and bool(decisive.reason)
    )


def test_a_fault_in_a_property_is_named_by_its_hop(world: World) -> None:
    evaluator = Evaluator(world)
    planted, missed = 0, list[str]()
    for fault in property_faults.FAULTS:
        for row in world.rows.all(fault.type):
            if not fnmatchcase(row.name, fault.name):
                continue
            outputs = fault.outputs(row)
            if outputs is None:
                world.rows.drop(row)
            else:
                world.rows.put(replace(row, outputs=outputs))
            named = {_named(after) for _, after in evaluator.changed({row.type}) if after is not None}
            world.rows.put(row)
            evaluator.changed({row.type})
            planted += 1
            if not named & set(fault.hops):
                missed.append(f"{label(row)}: {fault.fault}: {sorted(named) or 'no flow changes'}")
    assert planted > 30
    assert missed == []


def _named(result: FlowResult) -> str:
    """Return the name of the hop that stops a flow, or "open" for a forbidden flow that arrives."""
    if result.decisive is not None and not (result.flow.forbidden and result.verdict is Verdict.FAIL):
        return result.decisive.name
    return "open" if result.flow.forbidden and result.verdict is Verdict.PASS else ""


def test_a_trace_takes_less_than_100_ms(cloud: Cloud) -> None:
    from tierup.sandbox.traffic.tracing import trace_url

    took: list[float] = []
    for _ in range(3):  # the first fills caches, and another process may delay one of them
        began = time.process_time()
        trace_url(cloud, "https://api.dev.example.com/api/tasks")
        took.append(time.process_time() - began)
    assert min(took) < 0.1


@pytest.mark.parametrize("cell", ON_ENGINE, indirect=True)
def test_a_new_stack_has_no_drift_and_no_problem(cell: Program) -> None:
    assert [*drift(cell), *problems(cell)] == []
