"""The reference of the components and of their costs is as the code has it: a page each, none stale, none left over.

docs/reference/costs.md is what `tierup cost` finds, and the stacks' budgets leave room above it.

TIERUP_REFRESH_DOCS=1 .venv/bin/pytest tests/test_docs_components.py
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Mapping

import pytest

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import AWS_BUDGET_USD, Tier
from tests import docs_costs
from tests.docs_components import INDEX, PAGES, REFRESH, Component, components, made_by, pages, token
from tests.stacks.test_architecture import CLOUDFLARE, built


@pytest.fixture(scope="module", autouse=True)
def refreshed() -> None:
    if not os.environ.get("TIERUP_REFRESH_DOCS"):
        return
    PAGES.mkdir(parents=True, exist_ok=True)
    fresh = pages()
    for left_over in {path.name for path in PAGES.iterdir()} - set(fresh):
        (PAGES / left_over).unlink()
    for name, text in fresh.items():
        (PAGES / name).write_text(text, encoding="utf-8")


def test_every_page_is_as_the_code_has_it() -> None:
    fresh = pages()
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    wrong = {
        "missing": sorted(set(fresh) - set(written)),
        "of no component": sorted(set(written) - set(fresh)),
        "stale": sorted(name for name in set(fresh) & set(written) if fresh[name] != written[name]),
    }
    assert not any(wrong.values()), f"{wrong}; run: {REFRESH}"


def test_the_index_leads_to_every_component() -> None:
    index = (PAGES / INDEX).read_text(encoding="utf-8")
    assert len(components()) > 50
    assert not [each.page for each in components() if f"]({each.page})" not in index]


def component(name: str) -> Component:
    return next(each for each in components() if each.cls.__name__ == name)


@pytest.mark.parametrize(
    ("name", "made", "not_made"),
    [
        # by a function of another file
        ("LoadBalancer", "aws:lb/targetGroup:TargetGroup", "aws:lb/listenerRule:ListenerRule"),
        # by a class of another file, which itself uses a third
        ("WorkerService", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:lb/targetGroup:TargetGroup"),
        ("Network", "aws:ec2/natGateway:NatGateway", "aws:lb/loadBalancer:LoadBalancer"),
        # its annotations name what another made
        ("ScheduledTask", "aws:scheduler/schedule:Schedule", "aws:ecs/taskDefinition:TaskDefinition"),
    ],
)
def test_what_a_component_makes_is_followed_through_the_files(name: str, made: str, not_made: str) -> None:
    found = made_by(component(name))
    assert made in found
    assert not_made not in found


@pytest.mark.parametrize("changes", [{}, CLOUDFLARE], ids=["cloudfront", "cloudflare"])
def test_what_the_whole_program_makes_is_on_the_pages(changes: Mapping[str, str]) -> None:
    told = {token(each): set(made_by(each)) for each in components()}
    told["tierup:aws:Certificate"].add("cloudflare:index/dnsRecord:DnsRecord")  # by the `prove` that the stack gives it
    resources = built(Phase.ENTERPRISE, Tier.LARGE, **changes).resources
    by_parent: dict[str, set[str]] = {}  # a service and its autoscaling have one name
    for each in resources:
        if not each.custom:
            by_parent.setdefault(each.name, set()).update(told[each.type])
    made = [each for each in resources if each.custom and each.parent in by_parent]
    assert len(made) > 100
    assert not [(each.name, each.type) for each in made if each.type not in by_parent[str(each.parent)]]


def test_a_page_tells_units_defaults_and_what_replaces() -> None:
    page = pages()[component("LoadBalancer").page]
    assert "| `idle_timeout_seconds` | `int` | `60` | The tasks must keep idle connections longer than this" in page
    assert "| `vpc_id` | `Input[str]` | **required** |" in page
    assert "### `Caller`" in page
    assert "| `zone_id` | `Output[str]` | Hosted zone of `dns_name`, for alias records. |" in page
    assert "| `aws:ec2/securityGroup:SecurityGroup` | `description`, `name`" in page


def test_every_input_and_output_says_what_it_is() -> None:
    """A cell that is empty but in tables of replacements, whose last column is for some types alone."""
    empty = re.compile(r"^\| `\w[^|]*` \|.*\|  \|$", re.MULTILINE)
    told = {name: text.split("## What a change replaces")[0] for name, text in pages().items() if name != INDEX}
    assert {name: found for name, text in told.items() if (found := empty.findall(text))} == {}


def test_a_page_tells_what_is_refused() -> None:
    cache = pages()[component("Cache").page]
    assert "- snapshot_days: out of range (got …). Set 0 (off) to 35 days." in cache
    assert "- log_retention_days: got …, allowed" in cache  # by a function of another file, with the name it is given
    worker = pages()[component("WorkerService").page]
    assert "- stop_timeout_seconds: got …, allowed 2 to 120" in worker  # by the class before it
    cluster = pages()[component("AtlasCluster").page]
    assert "- floor … is not below ceiling …; leave Atlas a range" in cluster  # by the type of an input
    assert "- authorized_last_name is empty" in pages()[component("AtlasBackupCompliance").page]  # in a loop


def test_a_page_tells_what_is_paid_for() -> None:
    assert "capacity unit (LCU) of a load balancer 0.008 per hour" in pages()[component("LoadBalancer").page]
    assert "Nothing by itself." in pages()[component("CloudflareHeaders").page]


def test_the_page_of_costs_is_as_the_prices_and_the_program_have_it() -> None:
    fresh = docs_costs.page()
    if os.environ.get("TIERUP_REFRESH_DOCS"):
        docs_costs.PAGE.write_text(fresh, encoding="utf-8")
    assert docs_costs.PAGE.read_text(encoding="utf-8") == fresh, f"stale; run: {REFRESH}"


@pytest.mark.parametrize(("phase", "tier"), list(itertools.product(Phase, Tier)))
def test_a_budget_leaves_room_for_use_above_what_the_stack_costs_and_not_too_much(phase: Phase, tier: Tier) -> None:
    """Small in enterprise takes a larger database, and has no sum of its own."""
    of = docs_costs.estimates().get((phase, tier))
    if of is None:
        assert (phase, tier) == (Phase.ENTERPRISE, Tier.SMALL)
        assert AWS_BUDGET_USD[phase][tier] > AWS_BUDGET_USD[Phase.SCALE][tier]
        return
    times = AWS_BUDGET_USD[phase][tier] / float(of.usd("AWS"))
    assert 1.3 < times < 2.1, f"of ${of.usd('AWS'):,.2f}; half as much again is about right"
